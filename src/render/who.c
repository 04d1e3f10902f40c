/* SPDX-License-Identifier: MIT */
/*
 * The answer of `nsview who`: one row per reference, what was searched and what not, and where to
 * let go. Reads the graph only; what the rows and sentences are is decided in query/hold.h.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <nsview/hold.h>
#include <nsview/render.h>
#include <nsview/who.h>

#include "words.h"

enum {
	SHOWN = 20,	     /* of each kind, unless all are asked for */
	NAME_MAX_WIDTH = 40, /* columns of a command line where it serves as a name */
};

static void say_named(struct words *w, const struct ns *ns)
{
	size_t start;

	words_ns(w, ns);
	buffer_char(w->out, ' ');
	start = w->out->len;
	if (ns_subject(ns) || ns->type != NS_MNT)
		words_who_ns(w, ns);
	else
		buffer_text(w->out, "(without any process)");
	words_cut(w, start, NAME_MAX_WIDTH);
}

static void say_process(struct words *w, const struct reference *ref)
{
	const struct process *p = ref->process;

	buffer_printf(w->out, "pid %d", (int)p->pid);
	if (p->facts && fact_is_known(p->facts->comm.fact)) {
		buffer_text(w->out, " (");
		words_comm(w, p);
		buffer_char(w->out, ')');
	}
	if (ref->tid)
		buffer_printf(w->out, " thread %d", (int)ref->tid);
	if (ref->holder && ref->holder->fd >= 0)
		buffer_printf(w->out, " fd %d", ref->holder->fd);
}

static void say_mount(struct words *w, const struct holder *h)
{
	words_escape(w, h->path, strlen(h->path));
	if (!h->mnt || h->mnt == w->graph->self[NS_MNT])
		return;
	buffer_text(w->out, " in ");
	say_named(w, h->mnt);
}

static void say_subject(struct words *w, const struct reference *ref)
{
	if (ref->ns) {
		say_named(w, ref->ns);
	} else if (ref->kind == HOLD_MOUNT && ref->holder->path) {
		say_mount(w, ref->holder);
	} else if (ref->process) {
		say_process(w, ref);
	}
}

static void put_reference(struct words *w, const struct reference *ref)
{
	const char *reason = reference_reason(ref);
	size_t start;

	buffer_clear(w->out);
	buffer_printf(w->out, "  %s%-8s%s ", term_style(w->term, STYLE_TYPE),
		      holder_names[ref->kind], term_style(w->term, STYLE_PLAIN));
	start = w->out->len;
	say_subject(w, ref);
	if (*reason)
		buffer_printf(w->out, "%s%s", w->out->len > start ? "   " : "", reason);
	fprintf(w->term->out, "%s\n", buffer_str(w->out));
}

static void put_references(struct words *w, const struct reference_list *list, bool all)
{
	for (size_t i = 0, end; i < list->n; i = end) {
		size_t shown = 0;

		for (end = i; end < list->n && list->at[end].kind == list->at[i].kind; end++)
			if (all || shown < SHOWN) {
				put_reference(w, &list->at[end]);
				shown++;
			}
		if (end - i > shown)
			fprintf(w->term->out, "  %-8s and %zu more (--all)\n",
				holder_names[list->at[i].kind], end - i - shown);
	}
}

static void put_header(struct words *w, const struct ns *ns, const struct reference_list *list)
{
	const char *end =
		list->n ? " and is kept alive by:" : "; nothing that could be seen keeps it alive";

	buffer_clear(w->out);
	buffer_text(w->out, term_style(w->term, STYLE_NAME));
	words_ns(w, ns);
	buffer_text(w->out, term_style(w->term, STYLE_PLAIN));
	if (ns_is_host(w->graph, ns)) {
		buffer_text(w->out, " is the host's own, which the kernel keeps, and");
		end = list->n ? " has beside that:" : " nothing else holds it";
		fprintf(w->term->out, "%s%s\n", buffer_str(w->out), end);
		return;
	}
	buffer_text(w->out, " has ");
	words_count(w, ns->nprocs, "process", "processes");
	fprintf(w->term->out, "%s%s\n", buffer_str(w->out), end);
}

static void put_unaccounted(struct words *w, const struct ns *ns, const struct reference_list *list)
{
	uint64_t n;

	if (references_unaccounted(ns, list, &n) && n)
		fprintf(w->term->out, "  %-8s %" PRIu64 " %s not accounted for\n",
			holder_names[HOLD_KERNEL], n, n == 1 ? "reference" : "references");
}

static void put_searched(struct words *w)
{
	autobuffer text = BUFFER_INIT;

	searched_words(w->graph, &text);
	fprintf(w->term->out, "searched: %s\n", buffer_str(&text));
	buffer_clear(&text);
	not_searched_words(w->graph, &text);
	if (text.len)
		fprintf(w->term->out, "not searched: %s\n", buffer_str(&text));
}

static void put_unknown(struct words *w)
{
	fputs("It lives, so something holds it that only the kernel sees: a file opened in it, a\n"
	      "socket being closed, a file system mounted in it.\n",
	      w->term->out);
}

static void put_advice(struct words *w, const struct ns *ns, const struct reference_list *list)
{
	autobuffer advice = BUFFER_INIT;
	struct span rest, sentence;
	bool many;

	release_advice(w->graph, ns, list, &advice);
	if (!advice.len)
		return;
	rest = (struct span){ advice.data, advice.len };
	many = memchr(advice.data, '\0', advice.len - 1) != NULL;
	fputs(many ? "To release it, all of:\n" : "To release it: ", w->term->out);
	while (advice_next(&rest, &sentence)) {
		buffer_clear(w->out);
		words_escape(w, sentence.data, sentence.len);
		fprintf(w->term->out, "%s%s%s\n", many ? "  " : "", buffer_str(w->out),
			many ? "" : ".");
	}
}

static void put_who(struct words *w, const struct ns *ns, bool all, bool alone)
{
	struct reference_list list;

	references_find(w->graph, ns, &list);
	put_header(w, ns, &list);
	put_references(w, &list, all);
	put_unaccounted(w, ns, &list);
	if (!list.n && !ns->initial)
		put_unknown(w);
	if (alone)
		put_searched(w);
	put_advice(w, ns, &list);
	references_release(&list);
}

int who_print(const struct term *t, const struct graph *g, struct ns *const *nss, size_t n,
	      bool all)
{
	autobuffer line = BUFFER_INIT;
	struct words w = { .term = t, .graph = g, .out = &line };

	for (size_t i = 0; i < n; i++) {
		put_who(&w, nss[i], all, n == 1);
		fputs(n > 1 ? "\n" : "", t->out);
	}
	if (n > 1)
		put_searched(&w);
	words_release(&w);
	return ferror(t->out) ? -EIO : 0;
}

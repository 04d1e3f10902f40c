/* SPDX-License-Identifier: MIT */
/* Calls the rooms in order for a command: targets, scan, facts; then says what was not seen. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <nsview/partial.h>
#include <nsview/who.h>

#include "view.h"

enum { TARGETS_MAX = 4096 };

static int parse_targets(char *const *words, size_t n, struct target *out, unsigned *out_needs,
			 struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		int ret = target_parse(words[i], &out[i], err);

		if (ret < 0)
			return ret;
		*out_needs |= target_needs(&out[i]);
	}
	return 0;
}

/* What the targets ask of networks is collected at once. */
static int collect_networks(struct view *v, const struct target *targets, size_t n,
			    struct error *err)
{
	unsigned what = 0;

	for (size_t i = 0; i < n; i++)
		what |= net_target_what(&targets[i]);
	return what ? net_collect(v->scan, v->graph, what, NULL, 0, &v->net, err) : 0;
}

static int resolve_target(struct view *v, struct target *t, struct error *err)
{
	return net_target_what(t) ? net_resolve(v->net, t, &v->sel, err)
				  : scan_resolve(v->scan, v->graph, t, &v->sel, err);
}

static int resolve_targets(struct view *v, struct target *targets, size_t n, unsigned needs,
			   struct error *err)
{
	struct graph *g = v->graph;
	int ret = collect_networks(v, targets, n, err);

	if (needs & NEEDS_OF_PROCESS)
		scan_processes(v->scan, g, g->processes, g->nprocesses, needs & NEEDS_OF_PROCESS);
	if (needs & NEEDS_OF_NS)
		scan_namespaces(v->scan, g, g->namespaces, g->nnamespaces, needs & NEEDS_OF_NS);
	for (size_t i = 0; ret == 0 && i < n; i++)
		ret = resolve_target(v, &targets[i], err);
	return ret;
}

int view_open(struct view *v, const struct invocation *inv, char *const *words, size_t nwords,
	      unsigned needs, struct error *err)
{
	struct target *targets = calloc(nwords + 1, sizeof(*targets));
	unsigned target_wants = 0;
	int ret;

	*v = (struct view){ .inv = inv, .selected = nwords > 0 };
	if (!targets)
		die("out of memory");
	term_init(&v->term, stdout, inv->color, inv->global.ascii);
	ret = nwords > TARGETS_MAX ? error_set(err, -EINVAL, "too many targets")
				   : parse_targets(words, nwords, targets, &target_wants, err);
	if (target_wants & NEEDS_OF_PROCESS)
		target_wants |= NEED_EVERY_PROCESS;
	if (target_wants & NEED_HOLDERS) /* any of them may be what is looked for */
		needs &= ~NEED_WAYS_IN;
	if (ret == 0)
		ret = scan_open(inv->global.proc, &v->scan, err);
	if (ret == 0)
		scan_choose(v->scan, inv->source);
	if (ret == 0)
		ret = scan_host(v->scan, needs | target_wants, 0, &v->graph, err);
	if (ret == 0)
		ret = resolve_targets(v, targets, nwords, target_wants, err);
	free(targets);
	return ret;
}

/* The processes that rows about these namespaces name. */
static size_t subjects(struct ns *const *list, size_t n, struct process **out)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		/* Borrowed from a graph that is ours to fill in. */
		struct process *p = (struct process *)ns_subject(list[i]);

		if (!p && list[i]->holders)
			p = list[i]->holders->process;
		if (p)
			out[count++] = p;
	}
	return count;
}

static int compare_pid(const void *a, const void *b)
{
	const struct process *x = *(struct process *const *)a, *y = *(struct process *const *)b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

void view_read_processes(struct view *v, struct process *const *list, size_t n, unsigned needs)
{
	struct process **own;
	size_t kept = 0;

	if (!n || !(needs & NEEDS_OF_PROCESS))
		return;
	own = malloc(n * sizeof(struct process *));
	if (!own)
		die("out of memory");
	for (size_t i = 0; i < n; i++)
		own[i] = list[i];
	qsort(own, n, sizeof(struct process *), compare_pid);
	for (size_t i = 0; i < n; i++)
		if (!kept || own[kept - 1] != own[i])
			own[kept++] = own[i];
	scan_processes(v->scan, v->graph, own, kept, needs & NEEDS_OF_PROCESS);
	free(own);
}

/* A namespace without any task has no process to give its UID; its owner's creator stands in. */
static void read_uid_sources(struct view *v, struct ns *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct ns *source = (struct ns *)ns_uid_source(list[i]);

		if (source)
			scan_namespaces(v->scan, v->graph, &source, 1, NEED_OWNER_UID);
	}
}

void view_read_ns(struct view *v, struct ns *const *list, size_t n, unsigned needs)
{
	struct process **processes = calloc(n + 1, sizeof(struct process *));

	if (!processes)
		die("out of memory");
	view_read_processes(v, processes, subjects(list, n, processes), needs);
	free(processes);
	if (needs & NEED_UID)
		read_uid_sources(v, list, n);
	if (needs & NEEDS_OF_NS)
		scan_namespaces(v->scan, v->graph, list, n, needs & NEEDS_OF_NS);
}

bool view_passes(struct view *v, const struct filter *f, const struct row *row)
{
	enum filter_answer answer = f ? filter_match(f, row) : FILTER_YES;

	v->undecided += answer == FILTER_UNKNOWN;
	return answer == FILTER_YES;
}

static void say_sources(const struct graph *g)
{
	const struct completeness *c = &g->completeness;

	for (int found = 1; found >= 0; found--) {
		const char *before = found ? "nsview: searched: " : "nsview: not searched: ";

		for (int i = 0; i < SCAN_SOURCES; i++)
			if ((c->searched >> i & 1) == (unsigned)found) {
				fprintf(stderr, "%s%s", before, scan_source_names[i]);
				before = ", ";
			}
		if (*before == ',')
			fputc('\n', stderr);
	}
	if (c->by_kernel)
		fprintf(stderr, "nsview: source: kernel%s%s%s\n",
			c->source_why ? " (holders by /proc: " : "",
			c->source_why ? c->source_why : "", c->source_why ? ")" : "");
	else
		fprintf(stderr, "nsview: source: /proc (kernel source: %s)\n", c->source_why);
	if (fact_is_known(c->kernel_total.fact))
		fprintf(stderr,
			"nsview: the kernel has %ju namespaces, this view shows %ju of them\n",
			(uintmax_t)c->kernel_total.num,
			(uintmax_t)(c->kernel_total.num - c->kernel_hidden));
	fprintf(stderr, "nsview: %u processes, of which %u ended while they were read\n",
		c->processes, c->vanished);
}

const struct process *view_unread(const struct selection *sel)
{
	for (size_t i = 0; i < sel->nprocesses; i++)
		if (sel->processes[i]->error)
			return sel->processes[i];
	return NULL;
}

const char *view_unread_why(const struct view *v, const struct process *p)
{
	/* With it only a security policy is left to say no, of which partial_sentence tells. */
	if ((p->error == -EACCES || p->error == -EPERM) && !v->graph->completeness.have_ptrace)
		return "permission denied; CAP_SYS_PTRACE would show it";
	return fact_why(fact_from_error(p->error));
}

/* Nothing was found, but not since there is nothing. */
static bool hangs_on_unread(const struct view *v)
{
	const struct process *p = view_unread(&v->sel);

	if (p && !v->inv->global.quiet)
		fprintf(stderr, "nsview: the namespaces of process %d could not be read: %s\n",
			(int)p->pid, view_unread_why(v, p));
	return p != NULL;
}

int view_finish(struct view *v, bool matched)
{
	const struct global_options *g = &v->inv->global;
	bool partial = view_is_partial(v->graph);
	autobuffer text = BUFFER_INIT;

	fflush(stdout);
	if (partial && !g->quiet) {
		partial_sentence(v->graph, &text);
		fprintf(stderr, "nsview: %s\n", buffer_str(&text));
	}
	if (v->undecided && !g->quiet)
		fprintf(stderr, "nsview: the filter could not judge %zu row%s: unknown cells\n",
			v->undecided, v->undecided == 1 ? "" : "s");
	if (g->verbose)
		say_sources(v->graph);
	if (g->strict && (partial || v->undecided))
		return EXIT_UNSURE;
	if (!matched && (v->undecided || hangs_on_unread(v)))
		return EXIT_UNSURE;
	return matched ? EXIT_YES : EXIT_NO;
}

void view_close(struct view *v)
{
	selection_release(&v->sel);
	net_free(v->net);
	graph_free(v->graph);
	scan_close(v->scan);
}

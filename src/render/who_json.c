/* SPDX-License-Identifier: MIT */
/* `nsview who` as JSON: the references of each namespace asked about, and the advice. */
#include <errno.h>
#include <string.h>

#include <nsview/hold.h>
#include <nsview/leak.h>
#include <nsview/render.h>
#include <nsview/who.h>

static void write_number(struct json *j, const char *key, int64_t value, bool given)
{
	if (given)
		json_int(j, key, value);
	else
		json_none(j, key);
}

static void write_string(struct json *j, const char *key, const char *text)
{
	if (text)
		json_str(j, key, text);
	else
		json_none(j, key);
}

static void write_ns(struct json *j, const char *key, const struct ns *ns)
{
	if (!ns) {
		json_none(j, key);
		return;
	}
	json_begin_object(j, key);
	json_str(j, "type", ns_types[ns->type].name);
	json_uint(j, "ns", ns->ino);
	json_end_object(j);
}

static void write_comm(struct json *j, const struct process *p)
{
	struct fact_text comm = p && p->facts ? p->facts->comm : (struct fact_text){ 0 };

	if (p && fact_is_known(comm.fact))
		json_text(j, "comm", comm.data, comm.len);
	else if (p)
		json_unknown(j, "comm", fact_why(comm.fact));
	else
		json_none(j, "comm");
}

static void write_reference(struct json *j, const struct reference *ref)
{
	const struct holder *h = ref->holder;
	const char *reason = reference_reason(ref);
	bool by_link = ref->kind <= HOLD_CHILDREN;

	json_begin_object(j, NULL);
	json_str(j, "kind", holder_names[ref->kind]);
	write_string(j, "reason", h ? holder_reason_names[h->reason] : NULL);
	write_string(j, "why", *reason ? reason : NULL);
	write_number(j, "pid", ref->process ? ref->process->pid : 0, ref->process != NULL);
	write_comm(j, ref->process);
	write_number(j, "tid", ref->tid, ref->tid != 0);
	write_number(j, "fd", h ? h->fd : -1, h && h->fd >= 0);
	write_string(j, "path", h ? h->path : NULL);
	write_number(j, "mnt", h && h->mnt ? (int64_t)h->mnt->ino : 0, h && h->mnt);
	write_string(j, "link", by_link ? ns_links[ref->link].name : NULL);
	write_ns(j, "needed_by", ref->ns);
	json_end_object(j);
}

static void write_advice(struct json *j, const struct graph *g, const struct ns *ns,
			 const struct reference_list *list)
{
	autobuffer advice = BUFFER_INIT;
	struct span rest, sentence;

	release_advice(g, ns, list, &advice);
	rest = (struct span){ buffer_str(&advice), advice.len };
	json_begin_array(j, "release");
	while (advice_next(&rest, &sentence))
		json_text(j, NULL, sentence.data, sentence.len);
	json_end_array(j);
}

static void write_refs(struct json *j, const struct ns *ns, const struct reference_list *list)
{
	uint64_t n;

	if (fact_is_known(ns->refs.fact))
		json_uint(j, "refs", ns->refs.num);
	else
		json_unknown(j, "refs", "only the kernel source tells");
	if (references_unaccounted(ns, list, &n))
		json_uint(j, "unaccounted", n);
	else
		json_unknown(j, "unaccounted", "cannot be told");
}

static void write_who(struct json *j, const struct graph *g, const struct ns *ns)
{
	struct reference_list list;

	references_find(g, ns, &list);
	json_begin_object(j, NULL);
	json_uint(j, "ns", ns->ino);
	json_str(j, "type", ns_types[ns->type].name);
	json_bool(j, "host", ns_is_host(g, ns));
	json_uint(j, "nprocs", ns->nprocs);
	json_str(j, "held", holder_names[ns_held(ns)]);
	json_begin_array(j, "holders");
	for (size_t i = 0; i < list.n; i++)
		write_reference(j, &list.at[i]);
	json_end_array(j);
	write_refs(j, ns, &list);
	write_advice(j, g, ns, &list);
	json_end_object(j);
	references_release(&list);
}

static void write_words(struct json *j, const struct graph *g, const char *key,
			void (*say)(const struct graph *g, struct buffer *out))
{
	autobuffer text = BUFFER_INIT;

	say(g, &text);
	json_str(j, key, buffer_str(&text));
}

int who_json(const struct term *t, const struct graph *g, struct ns *const *nss, size_t n)
{
	struct json j = { .out = t->out, .pretty = true };

	document_begin(&j, g);
	write_words(&j, g, "searched", searched_words);
	write_words(&j, g, "not_searched", not_searched_words);
	json_begin_array(&j, "namespaces");
	for (size_t i = 0; i < n; i++)
		write_who(&j, g, nss[i]);
	json_end_array(&j);
	document_end(&j);
	return ferror(t->out) ? -EIO : 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Phrases about namespaces, processes and facts. All text that a process could choose is escaped
 * here, so that pages and trees cannot forget to. Reads the graph only; knows nothing of lines.
 */
#include <grp.h>
#include <inttypes.h>

#include <nsview/form.h>
#include <nsview/who.h>

#include "measure.h"
#include "words.h"

void words_release(struct words *w)
{
	buffer_release(&w->scratch);
}

void words_escape(struct words *w, const char *text, size_t len)
{
	escape_text(w->out, text, len, term_escape(w->term));
}

void words_unknown(struct words *w, struct fact fact)
{
	if (fact.state == FACT_NONE)
		buffer_char(w->out, '-');
	else
		buffer_printf(w->out, "? (%s)", fact_why(fact));
}

/* What was put into the scratch buffer, or why it could not be. */
static void say_scratch(struct words *w, struct fact fact)
{
	if (fact_is_known(fact))
		words_escape(w, buffer_str(&w->scratch), w->scratch.len);
	else
		words_unknown(w, fact);
}

void words_fact_text(struct words *w, struct fact_text text)
{
	if (fact_is_known(text.fact))
		words_escape(w, text.data, text.len);
	else
		words_unknown(w, text.fact);
}

void words_count(struct words *w, uint64_t n, const char *one, const char *many)
{
	buffer_printf(w->out, "%" PRIu64 " %s", n, n == 1 ? one : many);
}

void words_ns(struct words *w, const struct ns *ns)
{
	buffer_printf(w->out, "%s:[%" PRIu64 "]", ns_types[ns->type].name, ns->ino);
}

void words_who_ns(struct words *w, const struct ns *ns)
{
	buffer_clear(&w->scratch);
	say_scratch(w, who_namespace(w->graph, ns, &w->scratch));
}

bool words_identity(struct words *w, const struct process *p)
{
	if (!p->facts || !fact_is_known(p->facts->identity_fact))
		return false;
	buffer_clear(&w->scratch);
	who_identity(p->facts->identity, &w->scratch);
	say_scratch(w, fact_known());
	return true;
}

void words_command(struct words *w, const struct process *p)
{
	buffer_clear(&w->scratch);
	say_scratch(w, who_command(p, &w->scratch));
}

void words_comm(struct words *w, const struct process *p)
{
	words_fact_text(w, p->facts ? p->facts->comm : (struct fact_text){ 0 });
}

void words_pids(struct words *w, const struct process *p)
{
	const struct process_facts *f = p->facts;

	buffer_printf(w->out, "%d", (int)p->pid);
	if (f && fact_is_known(f->nspid_fact) && f->nspid_count > 1)
		buffer_printf(w->out, " -> %d", (int)f->nspid[f->nspid_count - 1]);
}

void words_range(struct words *w, const struct id_range *range)
{
	buffer_printf(w->out, "%" PRIu32 " <- %" PRIu32 " x %" PRIu32, range->inside,
		      range->outside, range->count);
}

/* An id and the name in the scratch buffer, if it is one. */
static void say_id(struct words *w, struct fact_num id)
{
	buffer_printf(w->out, "%" PRIu64, id.num);
	/* Without a name the number comes back: saying it twice tells nothing. */
	if (!w->scratch.len || (w->scratch.data[0] >= '0' && w->scratch.data[0] <= '9'))
		return;
	buffer_char(w->out, ' ');
	say_scratch(w, fact_known());
}

void words_user(struct words *w, struct fact_num uid)
{
	if (!fact_is_known(uid.fact)) {
		words_unknown(w, uid.fact);
		return;
	}
	buffer_clear(&w->scratch);
	user_name((uid_t)uid.num, &w->scratch);
	say_id(w, uid);
}

void words_group(struct words *w, struct fact_num gid)
{
	struct group entry, *found = NULL;
	char record[16384];

	if (!fact_is_known(gid.fact)) {
		words_unknown(w, gid.fact);
		return;
	}
	buffer_clear(&w->scratch);
	/* A group too large for the record is shown by its number. */
	if (getgrgid_r((gid_t)gid.num, &entry, record, sizeof(record), &found) == 0 && found)
		buffer_text(&w->scratch, found->gr_name);
	say_id(w, gid);
}

void words_duration(struct words *w, uint64_t seconds)
{
	static const struct {
		uint64_t seconds;
		const char *one, *many;
	} units[] = { { 86400, "day", "days" }, { 3600, "h", "h" }, { 60, "min", "min" } };
	const char *before = "";

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		uint64_t n = seconds / units[i].seconds;

		seconds %= units[i].seconds;
		if (!n)
			continue;
		buffer_text(w->out, before);
		words_count(w, n, units[i].one, units[i].many);
		before = " ";
	}
}

void words_cut(struct words *w, size_t start, size_t columns)
{
	const char *sign = w->term->utf8 ? "…" : "...";
	size_t room = columns - (w->term->utf8 ? 1 : 3), len = w->out->len - start;

	if (!len || text_fit(w->out->data + start, len, columns) == len)
		return;
	w->out->len = start + text_fit(w->out->data + start, len, room);
	buffer_text(w->out, sign);
}

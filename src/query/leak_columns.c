/* SPDX-License-Identifier: MIT */
/* The columns of `nsview who --leaked`: whose a leaked namespace is, and why it is still there. */
#include <string.h>

#include <nsview/leak.h>
#include <nsview/need.h>
#include <nsview/who.h>

#include "internal.h"

static void get_owner(const struct row *row, struct value *out)
{
	struct fact_num uid = leak_uid(row->graph, row->ns);

	if (fact_is_known(uid.fact)) {
		user_name((uid_t)uid.num, value_scratch(out));
		value_set_scratch(out);
	} else {
		value_set_fact(out, uid.fact);
	}
}

static void get_leak(const struct row *row, struct value *out)
{
	const struct holder *by;

	value_set_str(out, leak_names[leak_judge(row->graph, row->ns, &by)]);
}

static void put_holder(const struct holder *h, struct buffer *b)
{
	if (!h->process) {
		buffer_text(b, "no process");
	} else {
		buffer_text(b, "pid ");
		buffer_uint(b, (uint64_t)h->process->pid);
		if (h->process->facts && fact_is_known(h->process->facts->comm.fact)) {
			buffer_text(b, " (");
			buffer_append(b, h->process->facts->comm.data, h->process->facts->comm.len);
			buffer_char(b, ')');
		}
	}
	if (h->fd >= 0) {
		buffer_text(b, " fd ");
		buffer_uint(b, (uint64_t)h->fd);
	}
}

static void put_mount(const struct graph *g, const struct holder *h, struct buffer *b)
{
	buffer_text(b, h->path ? h->path : "a place that nobody sees");
	if (!h->mnt || h->mnt == g->self[NS_MNT])
		return;
	buffer_text(b, " in mnt:[");
	buffer_uint(b, h->mnt->ino);
	buffer_text(b, "] ");
	if (h->mnt->nprocs)
		who_namespace(g, h->mnt, b);
	else
		buffer_text(b, "(without any process)");
}

static const char *const before[LEAK_KINDS] = {
	[LEAK_ENGINE] = "the container of ",
	[LEAK_NAME_GONE] = "unmounted here, but not ",
	[LEAK_ELSEWHERE] = "mounted only at ",
	[LEAK_FD] = "only open in ",
	[LEAK_SOCKET] = "only a socket of ",
	[LEAK_INFLIGHT] = "only in a queue of ",
	[LEAK_MEMORY] = "only shared memory of ",
	[LEAK_PROCFS] = "only a procfs at ",
	[LEAK_SUPER] = "only a file system at ",
	[LEAK_UNKNOWN] = "nothing that could be seen holds it",
};

static void get_why(const struct row *row, struct value *out)
{
	struct buffer *b = value_scratch(out);
	const struct holder *by;
	enum leak_kind kind = leak_judge(row->graph, row->ns, &by);

	buffer_text(b, before[kind] ? before[kind] : "");
	if (by && by->kind == HOLD_MOUNT)
		put_mount(row->graph, by, b);
	else if (by)
		put_holder(by, b);
	if (kind == LEAK_ENGINE)
		buffer_text(b, " is gone");
	if (by && by->reason == REASON_UNMOUNTED)
		buffer_text(b, ", its name deleted");
	value_set_scratch(out);
}

static const struct column own_columns[] = {
	{ "OWNER", "owner", VALUE_TEXT, false, false, NEED_OWNER_UID, get_owner, NULL,
	  "whose limits it counts against" },
	{ "LEAK", "leak", VALUE_TEXT, false, false, NEED_HOLDERS, get_leak, NULL,
	  "what kind of leak it is" },
	{ "WHY", "why", VALUE_TEXT, false, true, NEED_HOLDERS, get_why, NULL,
	  "what still holds it" },
	{ .heading = NULL },
};

static void add_own(struct column_list *out, const char *key)
{
	for (const struct column *c = own_columns; c->heading; c++)
		if (strcmp(c->key, key) == 0)
			out->at[out->n++] = c;
}

void leak_columns(struct column_list *out)
{
	static const char *const keys[] = { "ns", "type", "id", "owner", "held", "leak", "why" };

	out->n = 0;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const struct column *c = column_find(&ns_columns, keys[i], strlen(keys[i]));

		if (c)
			out->at[out->n++] = c;
		else
			add_own(out, keys[i]);
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * THE column table of processes, and its getters. The eight namespace columns show the letters of
 * the matrix where there is one, else inode numbers. Reads the graph and the matrix only.
 */
#include <nsview/need.h>
#include <nsview/who.h>

#include "internal.h"

static const struct fact unread = { FACT_UNREAD, 0 };

static const struct matrix_row *matrix_row_of(const struct row *row)
{
	return row->matrix ? matrix_find(row->matrix, row->process) : NULL;
}

/* A row that stands for many processes is named by what they have in common. */
static void get_who(const struct row *row, struct value *out)
{
	const struct matrix_row *m = matrix_row_of(row);
	struct fact fact;

	if (m && row->matrix->by_set && m->host && row->matrix->reference_is_host) {
		value_set_str(out, "host");
		return;
	}
	/* They may have nothing in common but that they could not be read. */
	if (m && row->matrix->by_set && m->nprocs > 1 && row->process->error) {
		value_set_fact(out, fact_from_error(row->process->error));
		return;
	}
	fact = who_process(row->process, !m || !row->matrix->by_set, value_scratch(out));
	value_set_scratch(out);
	value_set_fact(out, fact);
}

static void get_pid(const struct row *row, struct value *out)
{
	value_set_uint(out, (uint64_t)row->process->pid);
}

static void get_nprocs(const struct row *row, struct value *out)
{
	const struct matrix_row *m = matrix_row_of(row);

	value_set_uint(out, m ? m->nprocs : row->process->set->nprocs);
}

/* Why a process has no namespace of a type: unreadable, or exited and has left it. */
static struct fact no_ns(const struct process *p)
{
	return p->error ? fact_from_error(p->error) : fact_none();
}

static void get_letter(const struct matrix_row *m, enum ns_type type, struct value *out)
{
	const struct matrix_cell *cell = &m->cell[type];
	char letter[8];

	if (cell->host && !m->host) {
		value_set_str(out, cell->notable ? "=!" : "=");
		return;
	}
	matrix_letter(cell->letter, letter);
	buffer_text(value_scratch(out), letter);
	value_set_scratch(out);
}

static void get_ns(const struct row *row, enum ns_type type, struct value *out)
{
	const struct ns *ns = row->process->set->ns[type];
	const struct matrix_row *m = ns ? matrix_row_of(row) : NULL;

	if (m) {
		get_letter(m, type, out);
	} else if (ns) {
		buffer_uint(value_scratch(out), ns->ino);
		value_set_scratch(out);
	} else {
		value_set_fact(out, no_ns(row->process));
	}
}

static void json_ns(const struct row *row, enum ns_type type, const char *key, struct json *j)
{
	const struct ns *ns = row->process->set->ns[type];
	const struct matrix_row *m = matrix_row_of(row);
	char letter[8];

	if (!json_fact(j, key, ns ? fact_known() : no_ns(row->process)))
		return;
	json_begin_object(j, key);
	json_uint(j, "ino", ns->ino);
	json_bool(j, "host", ns_is_host(row->graph, ns));
	if (m) {
		matrix_letter(m->cell[type].letter, letter);
		json_str(j, "letter", letter);
	}
	json_end_object(j);
}

/* The column of one namespace type. */
#define NS_GETTERS(name, type)                                                                     \
	static void get_ns_##name(const struct row *row, struct value *out)                        \
	{                                                                                          \
		get_ns(row, type, out);                                                            \
	}                                                                                          \
	static void json_ns_##name(const struct row *row, const char *key, struct json *j)         \
	{                                                                                          \
		json_ns(row, type, key, j);                                                        \
	}
NS_GETTERS(user, NS_USER)
NS_GETTERS(pid, NS_PID)
NS_GETTERS(net, NS_NET)
NS_GETTERS(mnt, NS_MNT)
NS_GETTERS(uts, NS_UTS)
NS_GETTERS(ipc, NS_IPC)
NS_GETTERS(cgroup, NS_CGROUP)
NS_GETTERS(time, NS_TIME)

/* The getter of a fact; set is the value_set_ of the fact's own type. */
#define FACT_GETTER(field, set)                                                                    \
	static void get_##field(const struct row *row, struct value *out)                          \
	{                                                                                          \
		if (row->process->facts)                                                           \
			set(out, row->process->facts->field);                                      \
		else                                                                               \
			value_set_fact(out, unread);                                               \
	}
FACT_GETTER(ppid, value_set_fact_num)
FACT_GETTER(uid, value_set_fact_num)
FACT_GETTER(gid, value_set_fact_num)
FACT_GETTER(comm, value_set_fact_text)
FACT_GETTER(cgroup, value_set_fact_text)
FACT_GETTER(root, value_set_fact_text)

/* The same with a form: a fact that is a number, and is shown as something else. */
#define FORM_GETTER(name, field, put)                                                              \
	static void get_##name(const struct row *row, struct value *out)                           \
	{                                                                                          \
		const struct process_facts *facts = row->process->facts;                           \
                                                                                                   \
		if (facts && fact_is_known(facts->field.fact)) {                                   \
			put(facts->field.num, value_scratch(out));                                 \
			value_set_scratch(out);                                                    \
		} else {                                                                           \
			value_set_fact(out, facts ? facts->field.fact : unread);                   \
		}                                                                                  \
	}

static void put_user(uint64_t uid, struct buffer *b)
{
	user_name((uid_t)uid, b);
}

static void put_state(uint64_t letter, struct buffer *b)
{
	buffer_char(b, (char)letter);
}

static void put_seccomp(uint64_t mode, struct buffer *b)
{
	static const char *const modes[] = { "off", "strict", "filter" };

	if (mode < sizeof(modes) / sizeof(*modes))
		buffer_text(b, modes[mode]);
	else
		buffer_uint(b, mode);
}
FORM_GETTER(user, uid, put_user)
FORM_GETTER(state, state, put_state)
FORM_GETTER(seccomp, seccomp, put_seccomp)
FORM_GETTER(caps, cap_eff, form_caps)

static void get_start(const struct row *row, struct value *out)
{
	const struct process_facts *facts = row->process->facts;
	struct fact fact = facts ? facts->start.fact : unread;

	if (fact_is_known(fact))
		fact = form_start(row->graph, facts->start.num, value_scratch(out));
	if (fact_is_known(fact))
		value_set_scratch(out);
	value_set_fact(out, fact);
}

static void json_caps(const struct row *row, const char *key, struct json *j)
{
	const struct process_facts *facts = row->process->facts;

	if (json_fact(j, key, facts ? facts->cap_eff.fact : unread))
		form_caps_json(j, key, facts->cap_eff.num);
}

static void get_nspid(const struct row *row, struct value *out)
{
	const struct process_facts *facts = row->process->facts;

	if (facts && fact_is_known(facts->nspid_fact)) {
		form_chain(facts->nspid, facts->nspid_count, value_scratch(out));
		value_set_scratch(out);
	} else {
		value_set_fact(out, facts ? facts->nspid_fact : unread);
	}
}

static void json_nspid(const struct row *row, const char *key, struct json *j)
{
	const struct process_facts *facts = row->process->facts;

	if (!json_fact(j, key, facts ? facts->nspid_fact : unread))
		return;
	json_begin_array(j, key);
	for (uint32_t i = 0; i < facts->nspid_count; i++)
		json_int(j, NULL, facts->nspid[i]);
	json_end_array(j);
}

static void get_no_new_privs(const struct row *row, struct value *out)
{
	const struct process_facts *facts = row->process->facts;

	if (facts && fact_is_known(facts->no_new_privs.fact))
		value_set_bool(out, facts->no_new_privs.num != 0);
	else
		value_set_fact(out, facts ? facts->no_new_privs.fact : unread);
}

static void get_command(const struct row *row, struct value *out)
{
	struct fact fact = who_command(row->process, value_scratch(out));

	value_set_scratch(out);
	value_set_fact(out, fact);
}

static void get_threads(const struct row *row, struct value *out)
{
	uint64_t n = 0;

	for (const struct thread *t = row->process->threads; t; t = t->next)
		n++;
	value_set_uint(out, n);
}

static const struct identity *identity_of(const struct row *row, struct value *out)
{
	const struct process_facts *facts = row->process->facts;

	value_set_fact(out, facts ? facts->identity_fact : unread);
	return fact_is_known(out->fact) ? facts->identity : NULL;
}

static void get_identity(const struct row *row, struct value *out)
{
	const struct identity *id = identity_of(row, out);

	if (id) {
		who_identity(id, value_scratch(out));
		value_set_scratch(out);
	}
}

static void get_id(const struct row *row, struct value *out)
{
	const struct identity *id = identity_of(row, out);

	if (id)
		value_set_str(out, id->id);
}

static void get_evidence(const struct row *row, struct value *out)
{
	const struct identity *id = identity_of(row, out);

	if (id)
		value_set_str(out, id->evidence);
}

static void get_error(const struct row *row, struct value *out)
{
	if (row->process->error)
		value_set_str(out, fact_why(fact_from_error(row->process->error)));
	else
		value_set_fact(out, fact_none());
}

static const struct column columns[] = {
	{ "WHO", "who", VALUE_TEXT, false, true, NEED_CMDLINE | NEED_IDENTITY, get_who, NULL,
	  "best name: host, container, unit, else the command line" },
	{ "PID", "pid", VALUE_UINT, true, false, 0, get_pid, NULL,
	  "process id, as seen from here" },
	{ "NPROCS", "nprocs", VALUE_UINT, true, false, 0, get_nprocs, NULL,
	  "number of processes in the same set of namespaces" },
	{ "user", "ns_user", VALUE_TEXT, false, false, 0, get_ns_user, json_ns_user,
	  "user namespace: a letter, or = where it is the host's" },
	{ "pid", "ns_pid", VALUE_TEXT, false, false, NEED_IDENTITY, get_ns_pid, json_ns_pid,
	  "pid namespace: a letter, or = where it is the host's" },
	{ "net", "ns_net", VALUE_TEXT, false, false, NEED_IDENTITY, get_ns_net, json_ns_net,
	  "net namespace: a letter, or = where it is the host's" },
	{ "mnt", "ns_mnt", VALUE_TEXT, false, false, NEED_IDENTITY, get_ns_mnt, json_ns_mnt,
	  "mount namespace: a letter, or = where it is the host's" },
	{ "uts", "ns_uts", VALUE_TEXT, false, false, NEED_IDENTITY, get_ns_uts, json_ns_uts,
	  "uts namespace: a letter, or = where it is the host's" },
	{ "ipc", "ns_ipc", VALUE_TEXT, false, false, NEED_IDENTITY, get_ns_ipc, json_ns_ipc,
	  "ipc namespace: a letter, or = where it is the host's" },
	{ "cgroup", "ns_cgroup", VALUE_TEXT, false, false, 0, get_ns_cgroup, json_ns_cgroup,
	  "cgroup namespace: a letter, or = where it is the host's" },
	{ "time", "ns_time", VALUE_TEXT, false, false, 0, get_ns_time, json_ns_time,
	  "time namespace: a letter, or = where it is the host's" },
	{ "PPID", "ppid", VALUE_UINT, true, false, NEED_STAT, get_ppid, NULL, "parent process id" },
	{ "NSPID", "nspid", VALUE_TEXT, false, false, NEED_STATUS, get_nspid, json_nspid,
	  "process id in each pid namespace, from here inwards" },
	{ "UID", "uid", VALUE_UINT, true, false, NEED_UID, get_uid, NULL, "effective user id" },
	{ "GID", "gid", VALUE_UINT, true, false, NEED_STATUS, get_gid, NULL, "effective group id" },
	{ "USER", "user", VALUE_TEXT, false, false, NEED_UID, get_user, NULL,
	  "login name of the effective user" },
	{ "STATE", "state", VALUE_TEXT, false, false, NEED_STAT, get_state, NULL,
	  "state, as a letter of proc(5)" },
	{ "START", "start", VALUE_TEXT, false, false, NEED_STAT, get_start, NULL,
	  "when the process started" },
	{ "COMM", "comm", VALUE_TEXT, false, false, NEED_COMM, get_comm, NULL,
	  "name of the process (its main thread)" },
	{ "COMMAND", "command", VALUE_TEXT, false, true, NEED_CMDLINE, get_command, NULL,
	  "command line, or [name] where there is none" },
	{ "CGROUP", "cgroup", VALUE_TEXT, false, true, NEED_IDENTITY, get_cgroup, NULL,
	  "path of the cgroup" },
	{ "CAPS", "caps", VALUE_TEXT, false, true, NEED_STATUS, get_caps, json_caps,
	  "effective capabilities, in its own user namespace" },
	{ "NNP", "no_new_privs", VALUE_BOOL, false, false, NEED_STATUS, get_no_new_privs, NULL,
	  "whether no_new_privs is set" },
	{ "SECCOMP", "seccomp", VALUE_TEXT, false, false, NEED_STATUS, get_seccomp, NULL,
	  "seccomp mode: off, strict or filter" },
	{ "ROOT", "root", VALUE_TEXT, false, true, NEED_ROOT, get_root, NULL, "root directory" },
	{ "THREADS", "threads", VALUE_UINT, true, false, 0, get_threads, NULL,
	  "threads that are in other namespaces than the process" },
	{ "IDENTITY", "identity", VALUE_TEXT, false, true, NEED_IDENTITY, get_identity, NULL,
	  "container, unit, machine or session that it belongs to" },
	{ "EVIDENCE", "evidence", VALUE_TEXT, false, true, NEED_IDENTITY, get_evidence, NULL,
	  "what that was derived from" },
	{ "ID", "id", VALUE_TEXT, false, true, NEED_IDENTITY, get_id, NULL,
	  "full id of the container or name of the unit" },
	{ "ERROR", "error", VALUE_TEXT, false, false, 0, get_error, NULL,
	  "why its namespaces could not be read" },
	{ .heading = NULL },
};
_Static_assert(sizeof(columns) / sizeof(*columns) <= COLUMNS_MAX, "a list must hold them all");

/* The namespace columns by key: by heading, "user" could as well be the user's name. */
const struct column_table process_columns = {
	.name = "ps",
	.columns = columns,
	.defaults = "WHO,PID,NPROCS,ns_user,ns_pid,ns_net,ns_mnt,ns_uts,ns_ipc,ns_cgroup,ns_time",
};

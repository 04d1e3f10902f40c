/* SPDX-License-Identifier: MIT */
/*
 * THE column table of namespaces, and its getters. A column of lsns(8)'s name has lsns's meaning.
 * A column that does not apply to a namespace's type is none, not unknown. Reads the graph only;
 * getters of the default columns neither print formatted nor allocate, they run for every row.
 */
#include <nsview/need.h>
#include <nsview/who.h>

#include "internal.h"
#include "ns_facts.h"

static const struct fact unread = { FACT_UNREAD, 0 };

static void get_ns(const struct row *row, struct value *out)
{
	value_set_uint(out, row->ns->ino);
}

static void get_type(const struct row *row, struct value *out)
{
	value_set_str(out, ns_types[row->ns->type].name);
}

static void put_proc(pid_t pid, pid_t tid, const char *rest, struct buffer *b)
{
	buffer_text(b, "/proc/");
	buffer_uint(b, (uint64_t)pid);
	if (tid) {
		buffer_text(b, "/task/");
		buffer_uint(b, (uint64_t)tid);
	}
	buffer_text(b, rest);
}

static bool put_holder_path(const struct graph *g, const struct ns *ns, struct buffer *b)
{
	const struct holder *h = ns_mount(g, ns);

	/* A mount point elsewhere is reached through the root of a process over there, if any. */
	if (h && (h->process || !h->mnt || h->mnt == g->self[NS_MNT])) {
		if (h->process && h->mnt != g->self[NS_MNT])
			put_proc(h->process->pid, 0, "/root", b);
		buffer_text(b, h->path);
		return true;
	}
	h = ns_holder_of(ns, HOLD_FD);
	/* Only the namespace's own file leads there. */
	while (h && h->kind == HOLD_FD && !holder_is_open_file(h))
		h = h->next;
	if (!h || h->kind != HOLD_FD || !h->process)
		return false;
	put_proc(h->process->pid, h->tid, "/fd/", b);
	buffer_uint(b, (uint64_t)h->fd);
	return true;
}

static void get_path(const struct row *row, struct value *out)
{
	const struct ns *ns = row->ns;
	const struct process *p = ns_subject(ns);
	struct buffer *b = value_scratch(out);

	if (p) {
		put_proc(p->pid, ns->lead ? 0 : ns->via_tid, "/ns/", b);
		buffer_text(b, ns->lead ? ns_types[ns->type].name : ns_links[ns->via_link].name);
	} else if (!put_holder_path(row->graph, ns, b)) {
		value_set_fact(out, fact_none());
		return;
	}
	value_set_scratch(out);
}

static void get_nprocs(const struct row *row, struct value *out)
{
	value_set_uint(out, row->ns->nprocs);
}

static void get_pid(const struct row *row, struct value *out)
{
	if (row->ns->lead)
		value_set_uint(out, (uint64_t)row->ns->lead->pid);
	else
		value_set_fact(out, fact_none());
}

static void get_ppid(const struct row *row, struct value *out)
{
	const struct process *p = row->ns->lead;

	if (!p)
		value_set_fact(out, fact_none());
	else if (!p->facts)
		value_set_fact(out, unread);
	else
		value_set_fact_num(out, p->facts->ppid);
}

static void get_command(const struct row *row, struct value *out)
{
	const struct process *p = row->ns->lead;
	struct fact fact = p ? who_command(p, value_scratch(out)) : fact_none();

	value_set_scratch(out);
	value_set_fact(out, fact);
}

const struct ns *ns_uid_source(const struct ns *ns)
{
	if (ns_subject(ns))
		return NULL;
	return ns->type == NS_USER ? ns : ns->owner;
}

/* Of the lead; of a namespace without any task, of whoever created its user namespace. */
static struct fact_num ns_uid(const struct ns *ns)
{
	const struct process *p = ns_subject(ns);
	const struct ns *source = ns_uid_source(ns);

	if (p)
		return p->facts ? p->facts->uid : (struct fact_num){ unread, 0 };
	if (!source)
		return (struct fact_num){ ns->owner_fact, 0 };
	/* The initial user namespace belongs to uid 0, user_namespaces(7). */
	if (source->initial)
		return (struct fact_num){ fact_known(), 0 };
	return source->facts ? source->facts->owner_uid : (struct fact_num){ unread, 0 };
}

static void get_uid(const struct row *row, struct value *out)
{
	value_set_fact_num(out, ns_uid(row->ns));
}

static void get_user(const struct row *row, struct value *out)
{
	struct fact_num uid = ns_uid(row->ns);

	if (fact_is_known(uid.fact)) {
		user_name((uid_t)uid.num, value_scratch(out));
		value_set_scratch(out);
	} else {
		value_set_fact(out, uid.fact);
	}
}

static void get_nsfs(const struct row *row, struct value *out)
{
	const struct holder *h = ns_mount(row->graph, row->ns);

	if (h)
		value_set_str(out, h->path);
	else
		value_set_fact(out, fact_none());
}

static void json_nsfs(const struct row *row, const char *key, struct json *j)
{
	json_begin_array(j, key);
	for (const struct holder *h = row->ns->holders; h; h = h->next)
		if (h->kind == HOLD_MOUNT && h->reason == REASON_PLAIN && h->path)
			json_str(j, NULL, h->path);
	json_end_array(j);
}

static void set_edge(const struct ns *to, struct fact fact, struct value *out)
{
	if (to)
		value_set_uint(out, to->ino);
	else
		value_set_fact(out, fact);
}

static bool nests(const struct ns *ns)
{
	return ns->type == NS_USER || ns->type == NS_PID;
}

static void get_pns(const struct row *row, struct value *out)
{
	set_edge(row->ns->parent, nests(row->ns) ? row->ns->parent_fact : fact_none(), out);
}

static void get_ons(const struct row *row, struct value *out)
{
	set_edge(row->ns->owner, row->ns->owner_fact, out);
}

static void get_held(const struct row *row, struct value *out)
{
	value_set_str(out, holder_names[ns_held(row->ns)]);
}

static void get_nhold(const struct row *row, struct value *out)
{
	value_set_uint(out, ns_holds(row->ns));
}

static void get_who(const struct row *row, struct value *out)
{
	struct fact fact = who_namespace(row->graph, row->ns, value_scratch(out));

	value_set_scratch(out);
	value_set_fact(out, fact);
}

static void get_level(const struct row *row, struct value *out)
{
	value_set_fact_num(out, ns_level(row->ns));
}

/* Where nobody could be asked for owner and parent, none counted is not none there. */
static void set_edges(const struct row *row, uint32_t n, struct value *out)
{
	int error = row->graph->completeness.ancestors_error;

	if (error)
		value_set_fact(out, fact_from_error(error));
	else
		value_set_uint(out, n);
}

static void get_owned(const struct row *row, struct value *out)
{
	if (row->ns->type == NS_USER)
		set_edges(row, row->ns->nowned, out);
	else
		value_set_fact(out, fact_none());
}

static void get_children(const struct row *row, struct value *out)
{
	if (nests(row->ns))
		set_edges(row, row->ns->nsubs, out);
	else
		value_set_fact(out, fact_none());
}

static void get_nthreads(const struct row *row, struct value *out)
{
	value_set_uint(out, row->ns->nthreads);
}

static void get_host(const struct row *row, struct value *out)
{
	value_set_bool(out, ns_is_host(row->graph, row->ns));
}

static void get_id(const struct row *row, struct value *out)
{
	if (row->ns->facts)
		value_set_fact_id(out, row->ns->facts->id);
	else
		value_set_fact(out, unread);
}

static const struct column columns[] = {
	{ "NS", "ns", VALUE_UINT, true, false, 0, get_ns, NULL, "inode number of the namespace" },
	{ "TYPE", "type", VALUE_TEXT, false, false, 0, get_type, NULL, "kind of namespace" },
	{ "PATH", "path", VALUE_TEXT, false, true, 0, get_path, NULL,
	  "a path that leads to the namespace" },
	{ "NPROCS", "nprocs", VALUE_UINT, true, false, 0, get_nprocs, NULL,
	  "number of processes in the namespace" },
	{ "PID", "pid", VALUE_UINT, true, false, 0, get_pid, NULL, "lowest PID in the namespace" },
	{ "PPID", "ppid", VALUE_UINT, true, false, NEED_STAT, get_ppid, NULL,
	  "parent PID of that process" },
	{ "COMMAND", "command", VALUE_TEXT, false, true, NEED_CMDLINE, get_command, NULL,
	  "command line of that process" },
	{ "UID", "uid", VALUE_UINT, true, false, NEED_UID, get_uid, NULL,
	  "effective user id of that process; without any, of who created its user namespace" },
	{ "USER", "user", VALUE_TEXT, false, false, NEED_UID, get_user, NULL,
	  "login name of that user" },
	{ "NETNSID", "netnsid", VALUE_UINT, true, false, NEED_NETNSID, ns_get_netnsid, NULL,
	  "number that our own network namespace has for this one" },
	{ "NSFS", "nsfs", VALUE_TEXT, false, true, NEED_HOLDERS, get_nsfs, json_nsfs,
	  "where it is mounted (the first mount point; in JSON all of them)" },
	{ "PNS", "pns", VALUE_UINT, true, false, 0, get_pns, NULL,
	  "inode number of the parent namespace (user, pid)" },
	{ "ONS", "ons", VALUE_UINT, true, false, 0, get_ons, NULL,
	  "inode number of the user namespace that owns it" },
	{ "HELD", "held", VALUE_TEXT, false, false, 0, get_held, NULL,
	  "strongest reason why it is alive" },
	{ "NHOLD", "nhold", VALUE_UINT, true, false, NEED_HOLDERS | NEED_SOCKETS, get_nhold, NULL,
	  "number of references that keep it alive, as far as they were searched" },
	{ "WHO", "who", VALUE_TEXT, false, true, NEED_CMDLINE | NEED_IDENTITY, get_who, NULL,
	  "best name: container, named network, unit, command line, or what holds it" },
	{ "HOST", "host", VALUE_BOOL, false, false, 0, get_host, NULL,
	  "whether it is the host's own" },
	{ "OWNERUID", "owner_uid", VALUE_UINT, true, false, NEED_OWNER_UID, ns_get_owner_uid, NULL,
	  "user id of who created the user namespace" },
	{ "LEVEL", "level", VALUE_UINT, true, false, 0, get_level, NULL,
	  "depth below the initial namespace (user, pid)" },
	{ "OWNED", "owned", VALUE_UINT, true, false, 0, get_owned, NULL,
	  "number of namespaces that the user namespace owns" },
	{ "CHILDREN", "children", VALUE_UINT, true, false, 0, get_children, NULL,
	  "number of child namespaces (user, pid)" },
	{ "NTHREADS", "nthreads", VALUE_UINT, true, false, 0, get_nthreads, NULL,
	  "threads in it whose process is elsewhere" },
	{ "INITPID", "init_pid", VALUE_UINT, true, false, NEED_STATUS, ns_get_init, NULL,
	  "PID, as seen from here, of the init of the pid namespace" },
	{ "CREATED", "created", VALUE_TEXT, false, false, NEED_STATUS | NEED_STAT, ns_get_created,
	  ns_json_created, "when the init of the pid namespace started" },
	{ "UIDMAP", "uid_map", VALUE_TEXT, false, true, NEED_MAPS, ns_get_uid_map, ns_json_uid_map,
	  "user id ranges: inside, outside, count" },
	{ "GIDMAP", "gid_map", VALUE_TEXT, false, true, NEED_MAPS, ns_get_gid_map, ns_json_gid_map,
	  "group id ranges: inside, outside, count" },
	{ "SETGROUPS", "setgroups", VALUE_TEXT, false, false, NEED_MAPS, ns_get_setgroups, NULL,
	  "whether setgroups(2) is allowed in the user namespace" },
	{ "HOSTNAME", "hostname", VALUE_TEXT, false, false, NEED_UTS, ns_get_hostname, NULL,
	  "host name (uts)" },
	{ "DOMAINNAME", "domainname", VALUE_TEXT, false, false, NEED_UTS, ns_get_domainname, NULL,
	  "NIS domain name (uts)" },
	{ "BOOTOFF", "boottime_offset", VALUE_TEXT, true, false, NEED_TIME, ns_get_boottime,
	  ns_json_boottime, "offset of the boot-time clock in seconds (time)" },
	{ "MONOOFF", "monotonic_offset", VALUE_TEXT, true, false, NEED_TIME, ns_get_monotonic,
	  ns_json_monotonic, "offset of the monotonic clock in seconds (time)" },
	{ "NMOUNTS", "nmounts", VALUE_UINT, true, false, NEED_MOUNTS, ns_get_nmounts, NULL,
	  "number of mounts (mnt)" },
	{ "MNTROOT", "mnt_root", VALUE_TEXT, false, true, NEED_MOUNTS, ns_get_mnt_root, NULL,
	  "what is mounted as the root directory (mnt)" },
	{ "PROPAGATION", "propagation", VALUE_TEXT, false, true, NEED_MOUNTS, ns_get_propagation,
	  NULL, "how many mounts are private, shared, slave (mnt)" },
	{ "SHM", "shm", VALUE_UINT, true, false, NEED_IPC, ns_get_shm, NULL,
	  "System V shared memory segments (ipc)" },
	{ "SEM", "sem", VALUE_UINT, true, false, NEED_IPC, ns_get_sem, NULL,
	  "System V semaphore sets (ipc)" },
	{ "MSG", "msg", VALUE_UINT, true, false, NEED_IPC, ns_get_msg, NULL,
	  "System V message queues (ipc)" },
	{ "MQUEUE", "mqueue", VALUE_UINT, true, false, NEED_IPC, ns_get_mqueue, NULL,
	  "POSIX message queues (ipc)" },
	{ "CGROOT", "cgroup_root", VALUE_TEXT, false, true, NEED_CGROUP_ROOT, ns_get_cgroup_root,
	  NULL, "cgroup that its members see as the root (cgroup)" },
	{ "NLINKS", "nlinks", VALUE_UINT, true, false, NEED_NLINKS, ns_get_nlinks, NULL,
	  "number of network interfaces (net)" },
	{ "COOKIE", "cookie", VALUE_ID, true, false, NEED_COOKIE, ns_get_cookie, NULL,
	  "the kernel's cookie of the network namespace (net)" },
	{ "ID", "id", VALUE_ID, true, false, NEED_ID, get_id, NULL,
	  "the kernel's 64-bit id, never used again" },
	{ .heading = NULL },
};
_Static_assert(sizeof(columns) / sizeof(*columns) <= COLUMNS_MAX, "a list must hold them all");

const struct column_table ns_columns = {
	.name = "ls",
	.columns = columns,
	.defaults = "NS,TYPE,NPROCS,PID,USER,HELD,WHO",
};

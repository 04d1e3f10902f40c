/* SPDX-License-Identifier: MIT */
/*
 * What a view leaves out and what would show it: each way of being partial is one row of a table,
 * which says whether the view is, the sentence, and the JSON. All of it from the snapshot's own
 * account of its completeness; claims no remedy that the kernel's rules do not promise.
 */
#include <errno.h>
#include <string.h>

#include <nsview/partial.h>

enum {
	PIDS_NAMED = 3, /* the first few are enough for a person; JSON has all */
	ERRORS_NAMED = 4,
};

struct clause {
	bool (*applies)(const struct completeness *c);
	void (*say)(const struct graph *g, struct buffer *out);
};

static const char *errno_name(int error)
{
	const char *name = strerrorname_np(error < 0 ? -error : error);

	return name ? name : "unknown error";
}

static const char *plural(uint64_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

static uint32_t count_with_error(const struct graph *g, int error)
{
	uint32_t n = 0;

	for (size_t i = 0; i < g->nprocesses; i++)
		n += g->processes[i]->error == error;
	return n;
}

/* "pids 1, 2, 3, ...: EACCES" */
static void say_pids(const struct graph *g, int error, struct buffer *out)
{
	uint32_t n = count_with_error(g, error), named = 0;

	buffer_text(out, plural(n, "pid ", "pids "));
	for (size_t i = 0; i < g->nprocesses && named < PIDS_NAMED; i++) {
		if (g->processes[i]->error != error)
			continue;
		buffer_printf(out, "%s%d", named ? ", " : "", (int)g->processes[i]->pid);
		named++;
	}
	buffer_printf(out, "%s: %s", n > named ? ", ..." : "", errno_name(error));
}

/* The distinct errors of processes, in order of the first pid that has each. */
static size_t list_errors(const struct graph *g, int errors[ERRORS_NAMED])
{
	size_t n = 0;

	for (size_t i = 0; i < g->nprocesses && n < ERRORS_NAMED; i++) {
		size_t known = 0;

		while (known < n && errors[known] != g->processes[i]->error)
			known++;
		if (g->processes[i]->error && known == n)
			errors[n++] = g->processes[i]->error;
	}
	return n;
}

static bool is_denial(int error)
{
	return error == -EACCES || error == -EPERM;
}

/*
 * ptrace(2), "Ptrace access mode checking": with CAP_SYS_PTRACE over the target's user namespace,
 * only a security module is left to say no.
 */
static const char *denial_remedy(const struct graph *g)
{
	const struct ns *own = g->self[NS_USER];

	if (!g->completeness.have_ptrace)
		return plural(g->completeness.unreadable, "CAP_SYS_PTRACE would show it",
			      "CAP_SYS_PTRACE would show them");
	if (own && own->initial)
		return "even with CAP_SYS_PTRACE: by a security policy";
	return "even with CAP_SYS_PTRACE: by a security policy, or for being in a user "
	       "namespace outside ours";
}

static bool processes_unread(const struct completeness *c)
{
	return c->unreadable > 0;
}

static void say_processes(const struct graph *g, struct buffer *out)
{
	uint32_t n = g->completeness.unreadable;
	int errors[ERRORS_NAMED];
	size_t nerrors = list_errors(g, errors);
	bool denied = false;

	buffer_printf(out, "%u %s unreadable", n, plural(n, "process", "processes"));
	for (size_t i = 0; i < nerrors; i++) {
		buffer_text(out, i ? "; " : " (");
		say_pids(g, errors[i], out);
		denied = denied || is_denial(errors[i]);
	}
	if (denied)
		buffer_printf(out, "; %s", denial_remedy(g));
	if (nerrors)
		buffer_char(out, ')');
}

static bool threads_unread(const struct completeness *c)
{
	return c->unread_threads > 0;
}

static void say_threads(const struct graph *g, struct buffer *out)
{
	uint32_t n = g->completeness.unread_threads;

	buffer_printf(out, "%u %s unreadable", n, plural(n, "thread", "threads"));
}

static bool fds_unread(const struct completeness *c)
{
	return c->unread_fds > 0;
}

static void say_fds(const struct graph *g, struct buffer *out)
{
	uint32_t n = g->completeness.unread_fds;

	buffer_printf(out, "descriptors of %u %s unreadable", n, plural(n, "process", "processes"));
}

static bool mounts_unread(const struct completeness *c)
{
	return c->unread_mounts > 0;
}

static void say_mounts(const struct graph *g, struct buffer *out)
{
	uint32_t n = g->completeness.unread_mounts;

	buffer_printf(out, "mounts of %u mount %s unreadable", n,
		      plural(n, "namespace", "namespaces"));
}

static bool names_unread(const struct completeness *c)
{
	return c->unread_names;
}

static void say_names(const struct graph *g, struct buffer *out)
{
	(void)g;
	buffer_text(out, "names that container engines give are unknown (jansson, which reads "
			 "their files, cannot be loaded)");
}

static bool hidden_mounts_denied(const struct completeness *c)
{
	return c->hidden_error == -EPERM;
}

static void say_hidden_mounts(const struct graph *g, struct buffer *out)
{
	(void)g;
	buffer_text(out, "mount namespaces without processes cannot be listed (CAP_SYS_ADMIN on "
			 "the host would show them)");
}

static bool sockets_unread(const struct completeness *c)
{
	return c->unread_sockets > 0;
}

static void say_sockets(const struct graph *g, struct buffer *out)
{
	uint64_t n = g->completeness.unread_sockets;

	buffer_printf(out, "network namespaces of %llu %s unknown", (unsigned long long)n,
		      plural(n, "socket", "sockets"));
}

static bool ancestors_unread(const struct completeness *c)
{
	return c->ancestors_error != 0;
}

static void say_ancestors(const struct graph *g, struct buffer *out)
{
	int error = g->completeness.ancestors_error;

	buffer_printf(out, "owners and parents unknown: %s", errno_name(error));
	if (error == -ENOTTY || error == -ENOSYS)
		buffer_text(out, " (needs Linux 4.9)");
	else if (error == -EOPNOTSUPP)
		buffer_text(out, " (a copy of /proc cannot tell)");
}

static bool pidns_is_foreign(const struct completeness *c)
{
	return c->foreign_pidns;
}

static void say_foreign(const struct graph *g, struct buffer *out)
{
	(void)g;
	buffer_text(out, "/proc shows another pid namespace than ours");
}

static bool processes_hidden(const struct completeness *c)
{
	return c->hidepid;
}

static void say_hidden(const struct graph *g, struct buffer *out)
{
	buffer_text(out, "/proc hides processes of other users (hidepid");
	if (!g->completeness.have_ptrace)
		buffer_text(out, "; CAP_SYS_PTRACE would show them");
	buffer_char(out, ')');
}

static bool view_is_nested(const struct completeness *c)
{
	return c->nested;
}

static bool is_below_initial(const struct ns *ns)
{
	return ns && !ns->initial;
}

static void say_nested(const struct graph *g, struct buffer *out)
{
	static const char *const where[2][2] = {
		{ "a nested user or pid namespace", "a nested pid namespace" },
		{ "a nested user namespace", "nested user and pid namespaces" },
	};
	bool user = is_below_initial(g->self[NS_USER]), pid = is_below_initial(g->self[NS_PID]);

	buffer_printf(out, "we are in %s: the host's namespaces above are not visible",
		      where[user][pid]);
}

static bool kernel_has_more(const struct completeness *c)
{
	return fact_is_known(c->kernel_total.fact) && c->kernel_hidden > 0;
}

static void say_kernel_total(const struct graph *g, struct buffer *out)
{
	const struct completeness *c = &g->completeness;

	buffer_printf(out, "the kernel has %ju namespaces, this view shows %ju of them",
		      (uintmax_t)c->kernel_total.num,
		      (uintmax_t)(c->kernel_total.num - c->kernel_hidden));
}

static const struct clause clauses[] = {
	{ processes_unread, say_processes },
	{ threads_unread, say_threads },
	{ fds_unread, say_fds },
	{ mounts_unread, say_mounts },
	{ names_unread, say_names },
	{ hidden_mounts_denied, say_hidden_mounts },
	{ sockets_unread, say_sockets },
	{ ancestors_unread, say_ancestors },
	{ pidns_is_foreign, say_foreign },
	{ processes_hidden, say_hidden },
	{ view_is_nested, say_nested },
	{ kernel_has_more, say_kernel_total },
};
enum { CLAUSES = sizeof(clauses) / sizeof(clauses[0]) };

bool view_is_partial(const struct graph *g)
{
	for (size_t i = 0; i < CLAUSES; i++)
		if (clauses[i].applies(&g->completeness))
			return true;
	return false;
}

void partial_sentence(const struct graph *g, struct buffer *out)
{
	const char *before = "partial view: ";

	for (size_t i = 0; i < CLAUSES; i++) {
		if (!clauses[i].applies(&g->completeness))
			continue;
		buffer_text(out, before);
		clauses[i].say(g, out);
		before = "; ";
	}
}

static void json_sentence(const struct graph *g, struct json *j)
{
	autobuffer sentence = BUFFER_INIT;

	partial_sentence(g, &sentence);
	if (sentence.len)
		json_text(j, "sentence", sentence.data, sentence.len);
	else
		json_none(j, "sentence");
}

static void json_counters(const struct completeness *c, struct json *j)
{
	const struct {
		const char *key;
		uint64_t count;
	} counters[] = {
		{ "processes", c->processes },
		{ "vanished", c->vanished },
		{ "unread_processes", c->unreadable },
		{ "unread_threads", c->unread_threads },
		{ "unread_fds", c->unread_fds },
		{ "unread_mounts", c->unread_mounts },
		{ "mount_views", c->mount_views },
		{ "hidden_mounts", c->hidden_mounts },
		{ "fds", c->fds },
		{ "sockets", c->sockets },
		{ "io_urings", c->rings },
		{ "unread_sockets", c->unread_sockets },
		{ "queued_fds", c->queued },
		{ "unread_queued_fds", c->unread_queued },
	};

	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		json_uint(j, counters[i].key, counters[i].count);
}

static void json_unreadable(const struct graph *g, struct json *j)
{
	json_begin_array(j, "unreadable");
	for (size_t i = 0; i < g->nprocesses; i++) {
		const struct process *p = g->processes[i];

		if (!p->error)
			continue;
		json_begin_object(j, NULL);
		json_int(j, "pid", p->pid);
		json_str(j, "error", errno_name(p->error));
		json_end_object(j);
	}
	json_end_array(j);
}

/* Why is beside it as with any value that is not known. */
static void json_source(const struct completeness *c, struct json *j)
{
	json_str(j, "source", c->by_kernel ? "kernel" : "proc");
	if (c->source_why)
		json_str(j, "source_why", c->source_why);
	else
		json_none(j, "source_why");
	if (fact_is_known(c->kernel_total.fact))
		json_uint(j, "kernel_total", c->kernel_total.num);
	else
		json_unknown(j, "kernel_total",
			     "only the kernel source counts them, where the kernel "
			     "lists namespaces of every type");
}

static void json_sources(const char *key, uint32_t sources, struct json *j)
{
	json_begin_array(j, key);
	for (unsigned i = 0; i < SCAN_SOURCES; i++)
		if (sources & 1u << i)
			json_str(j, NULL, scan_source_names[i]);
	json_end_array(j);
}

void partial_json(const struct graph *g, struct json *j)
{
	const struct completeness *c = &g->completeness;

	json_begin_object(j, "completeness");
	json_bool(j, "partial", view_is_partial(g));
	json_sentence(g, j);
	json_counters(c, j);
	json_unreadable(g, j);
	json_source(c, j);
	json_sources("searched", c->searched, j);
	json_sources("not_searched", ~c->searched, j);
	json_bool(j, "foreign_pidns", c->foreign_pidns);
	json_bool(j, "hidepid", c->hidepid);
	json_bool(j, "nested", c->nested);
	json_bool(j, "have_ptrace", c->have_ptrace);
	if (c->hidden_error)
		json_str(j, "hidden_mounts_error", errno_name(c->hidden_error));
	else
		json_none(j, "hidden_mounts_error");
	if (c->ancestors_error)
		json_str(j, "ancestors_error", errno_name(c->ancestors_error));
	else
		json_none(j, "ancestors_error");
	json_end_object(j);
}

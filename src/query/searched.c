/* SPDX-License-Identifier: MIT */
/*
 * What a search for holders has looked at, and what it has not, with numbers: an answer without
 * them would be worth little. All from the snapshot's own account of its completeness.
 */
#include <errno.h>
#include <string.h>

#include <nsview/hold.h>

enum { PIDS_NAMED = 5 };

static const char *plural(uint64_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

static bool is_searched(const struct completeness *c, enum scan_source source)
{
	return c->searched >> source & 1;
}

static void say_count(struct buffer *out, uint64_t n, const char *one, const char *many)
{
	buffer_printf(out, "%s%llu %s", out->len ? ", " : "", (unsigned long long)n,
		      plural(n, one, many));
}

void searched_words(const struct graph *g, struct buffer *out)
{
	const struct completeness *c = &g->completeness;

	if (is_searched(c, SOURCE_ALL_MOUNTS))
		say_count(out, c->mount_views, "mount namespace", "mount namespaces");
	if (c->hidden_mounts)
		buffer_printf(out, " (%u without any process)", c->hidden_mounts);
	say_count(out, c->processes - c->vanished - c->unreadable, "process and its threads",
		  "processes and their threads");
	if (is_searched(c, SOURCE_FDS))
		say_count(out, c->fds, "descriptor", "descriptors");
	if (is_searched(c, SOURCE_SOCKETS))
		say_count(out, c->sockets, "socket", "sockets");
	if (c->rings)
		say_count(out, c->rings, "io_uring", "io_urings");
	if (is_searched(c, SOURCE_PEEK))
		say_count(out, c->queued - c->unread_queued, "descriptor in a queue",
			  "descriptors in queues");
	if (is_searched(c, SOURCE_SUPERS))
		buffer_text(out, ", file systems");
	if (is_searched(c, SOURCE_MEMORY))
		buffer_text(out, ", shared memory");
	if (is_searched(c, SOURCE_ANCESTORS))
		buffer_text(out, ", children, owned namespaces");
}

static const char *errno_name(int error)
{
	const char *name = strerrorname_np(-error);

	return name ? name : "unknown error";
}

static void begin(struct buffer *out)
{
	if (out->len)
		buffer_text(out, "; ");
}

static void say_unreadable(const struct graph *g, struct buffer *out)
{
	uint32_t named = 0;

	for (size_t i = 0; i < g->nprocesses; i++) {
		const struct process *p = g->processes[i];

		if (!p->error)
			continue;
		if (named++ < PIDS_NAMED) {
			begin(out);
			buffer_printf(out, "pid %d (%s)", (int)p->pid, errno_name(p->error));
		}
	}
	if (named > PIDS_NAMED)
		buffer_printf(out, "; %u more processes", named - PIDS_NAMED);
}

static void say_hidden(const struct completeness *c, struct buffer *out)
{
	if (!c->hidden_error)
		return;
	begin(out);
	buffer_text(out, "mount namespaces without any process (");
	if (c->hidden_error == -EPERM)
		buffer_text(out, "EPERM: needs CAP_SYS_ADMIN on the host)");
	else if (c->hidden_error == -ENOTTY)
		buffer_text(out, "ENOTTY: needs Linux 6.12)");
	else
		buffer_printf(out, "%s)", errno_name(c->hidden_error));
}

static void say_unread(struct buffer *out, uint64_t n, const char *one, const char *many)
{
	if (!n)
		return;
	begin(out);
	buffer_printf(out, "%llu %s", (unsigned long long)n, plural(n, one, many));
}

void not_searched_words(const struct graph *g, struct buffer *out)
{
	const struct completeness *c = &g->completeness;
	/* A process whose links cannot be read has been named with those. */
	uint32_t fds = c->unread_fds > c->unreadable ? c->unread_fds - c->unreadable : 0;

	say_unreadable(g, out);
	say_unread(out, fds, "process's descriptors", "processes' descriptors");
	say_unread(out, c->unread_threads, "thread", "threads");
	say_unread(out, c->unread_mounts, "mount namespace", "mount namespaces");
	say_hidden(c, out);
	say_unread(out, c->unread_sockets,
		   "socket (to ask one takes the right to trace its process)",
		   "sockets (to ask one takes the right to trace its process)");
	/* With the kernel source: what is too much to be looked at. */
	if (is_searched(c, SOURCE_FILES))
		say_unread(out, c->unread_queued, "long queue or io_uring to its end",
			   "long queues or io_urings to their ends");
	else
		say_unread(out, c->unread_queued,
			   "descriptor in a socket's queue (--peek looks at the first)",
			   "descriptors in sockets' queues (--peek looks at the first)");
	if (!is_searched(c, SOURCE_FDS)) {
		begin(out);
		buffer_text(out, "descriptors");
	}
	/* By way of /proc nobody would expect these. */
	if (is_searched(c, SOURCE_FILES) && !is_searched(c, SOURCE_MEMORY)) {
		begin(out);
		buffer_text(out, "attached shared memory");
	}
}

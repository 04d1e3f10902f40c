/* SPDX-License-Identifier: MIT */
/*
 * The commands at the end of a page, by which a person looks further. Only words that a shell
 * takes as they stand are printed, since such a line is there to be copied: where a path holds
 * anything else there is no command with it.
 */
#include <inttypes.h>
#include <string.h>

#include "cell.h"
#include "show.h"

/* What shows a namespace from inside. */
static const struct {
	const char *option; /* of nsenter(1) */
	const char *command;
} inside[NS_TYPES] = {
	[NS_CGROUP] = { "cgroup", "cat /proc/self/cgroup" },
	[NS_IPC] = { "ipc", "ipcs" },
	[NS_MNT] = { "mount", "findmnt" },
	[NS_NET] = { "net", "ip address" },
	[NS_PID] = { "pid", "sh" },
	[NS_TIME] = { "time", "cat /proc/uptime" },
	[NS_USER] = { "user", "id" },
	[NS_UTS] = { "uts", "hostname" },
};

static bool is_plain(const char *text, size_t len)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "/._-+@%:,=";

	return len > 0 && strspn(text, plain) == len;
}

/* The path by which the namespace can be opened, as the column PATH has it. */
static bool read_path(struct page *page)
{
	const struct column *c = column_find(&ns_columns, "path", strlen("path"));
	struct value *v = &page->value;

	cell_read(c, &page->row, v);
	value_display(v);
	return fact_is_known(v->fact) && is_plain(v->text, v->len);
}

void run_in_ns(struct page *page)
{
	const struct ns *ns = page->row.ns;
	const char *name = ns_types[ns->type].name;

	buffer_printf(&page->text, "nsview ls %s:%" PRIu64, name, ns->ino);
	if (ns->nprocs)
		buffer_printf(&page->text, "\nnsview ps %s:%" PRIu64, name, ns->ino);
	/* /proc shows a pid namespace only to those who have its mounts as well. */
	if (ns->type == NS_PID && ns->lead)
		buffer_printf(&page->text, "\nnsenter --target %d --pid --mount ps -e",
			      (int)ns->lead->pid);
	else if (read_path(page))
		buffer_printf(&page->text, "\nnsenter --%s=%s %s", inside[ns->type].option,
			      page->value.text, inside[ns->type].command);
}

void run_in_process(struct page *page)
{
	const struct process *p = page->row.process;

	buffer_printf(&page->text, "nsview ps -a %d\nnsview tree --by=process %d", (int)p->pid,
		      (int)p->pid);
	if (!p->zombie && !p->error)
		buffer_printf(&page->text, "\nnsenter --target %d --all", (int)p->pid);
}

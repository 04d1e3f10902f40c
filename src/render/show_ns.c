/* SPDX-License-Identifier: MIT */
/*
 * The page of one namespace: a table of labels, most of them columns of `nsview ls`, the rest
 * lists that no cell could hold. Reads the graph only. What is not known is told with the reason.
 */
#include <inttypes.h>
#include <string.h>

#include <nsview/form.h>
#include <nsview/hold.h>
#include <nsview/render.h>
#include <nsview/who.h>

#include "page.h"
#include "show.h"

enum {
	ANY = (1 << NS_TYPES) - 1,
	USER = 1 << NS_USER,
	NESTING = 1 << NS_USER | 1 << NS_PID,
	ANCESTORS_MAX = 64,  /* twice what the kernel lets nest */
	NAME_MAX_WIDTH = 60, /* columns of a command line where it serves as a name */
	MOUNTS_SHOWN = 50,
};

static void say_type(struct page *page)
{
	const struct ns_type_info *type = &ns_types[page->row.ns->type];

	buffer_printf(&page->text, "%s (%s namespace)", type->name, type->title);
}

static void say_host(struct page *page)
{
	const struct ns *host = page->graph->host[page->row.ns->type];

	if (!host)
		buffer_text(&page->text, "? (the host's is not in this view)");
	else if (host == page->row.ns)
		buffer_text(&page->text, "yes");
	else
		buffer_printf(&page->text, "no, that is %s:[%" PRIu64 "]",
			      ns_types[host->type].name, host->ino);
}

static void say_named(struct page *page, const struct ns *ns)
{
	size_t start;

	words_ns(&page->words, ns);
	buffer_char(&page->text, ' ');
	start = page->text.len;
	words_who_ns(&page->words, ns);
	words_cut(&page->words, start, NAME_MAX_WIDTH);
}

static void say_owner(struct page *page)
{
	if (page->row.ns->owner)
		say_named(page, page->row.ns->owner);
	else
		words_unknown(&page->words, page->row.ns->owner_fact);
}

static void say_parents(struct page *page)
{
	const struct ns *ns = page->row.ns;

	for (int n = 0; ns->parent && n < ANCESTORS_MAX; n++, ns = ns->parent) {
		say_named(page, ns->parent);
		buffer_char(&page->text, '\n');
	}
	/* The top of the chain says nothing; where it was cut off, it says why. */
	if (!page->text.len || (!ns->initial && ns->parent_fact.state != FACT_NONE && !ns->parent))
		words_unknown(&page->words, ns->parent_fact);
}

static void say_creator(struct page *page)
{
	const struct ns *ns = page->row.ns;

	words_user(&page->words, ns->facts ? ns->facts->owner_uid : (struct fact_num){ 0 });
}

/* "4123 nginx", the name where it was read. */
static void say_process(struct page *page, const struct process *p)
{
	buffer_printf(&page->text, "%d", (int)p->pid);
	if (p->facts && fact_is_known(p->facts->comm.fact)) {
		buffer_char(&page->text, ' ');
		words_comm(&page->words, p);
	}
}

static void say_holder(struct page *page, const struct holder *h)
{
	const char *reason = reference_reason(&(struct reference){ .kind = h->kind, .holder = h });

	buffer_printf(&page->text, "\n%s ", holder_names[h->kind]);
	if (h->path) {
		words_escape(&page->words, h->path, strlen(h->path));
		if (h->mnt && h->mnt != page->graph->self[NS_MNT]) {
			buffer_text(&page->text, " in ");
			words_ns(&page->words, h->mnt);
		}
		return;
	}
	if (h->fd >= 0)
		buffer_printf(&page->text, "%d of ", h->fd);
	if (h->tid)
		buffer_printf(&page->text, "thread %d of ", (int)h->tid);
	if (h->process) {
		buffer_text(&page->text, "pid ");
		say_process(page, h->process);
	}
	if (h->reason != REASON_PLAIN)
		buffer_printf(&page->text, "%s%s", h->process ? ", " : "", reason);
}

/* Ends a list that was cut short. */
static void say_more(struct page *page, uint64_t n, const char *where)
{
	if (n <= SHOW_MEMBERS)
		return;
	buffer_printf(&page->text, "\nand %" PRIu64 " more", n - SHOW_MEMBERS);
	if (where)
		buffer_printf(&page->text, ": nsview %s %s:%" PRIu64, where,
			      ns_types[page->row.ns->type].name, page->row.ns->ino);
}

/* Those of a mount namespace that no process is in: nothing else shows them. */
static void say_mounts(struct page *page)
{
	const struct ns *ns = page->row.ns;
	struct fact_mounts mounts = ns->facts ? ns->facts->mounts : (struct fact_mounts){ 0 };

	if (mounts.fact.state == FACT_UNREAD)
		return;
	if (!fact_is_known(mounts.fact)) {
		words_unknown(&page->words, mounts.fact);
		return;
	}
	for (uint32_t i = 0; i < mounts.count && i < MOUNTS_SHOWN; i++) {
		const struct mount *m = &mounts.list[i];

		words_escape(&page->words, m->point, strlen(m->point));
		buffer_text(&page->text, "  ");
		words_escape(&page->words, m->fstype, strlen(m->fstype));
		buffer_text(&page->text, "  ");
		words_escape(&page->words, m->source, strlen(m->source));
		buffer_char(&page->text, '\n');
	}
	if (mounts.count > MOUNTS_SHOWN)
		buffer_printf(&page->text, "and %" PRIu32 " more", mounts.count - MOUNTS_SHOWN);
}

static void say_held(struct page *page)
{
	const struct ns *ns = page->row.ns;
	uint64_t n = ns_holds(ns);
	unsigned shown = 0;

	buffer_printf(&page->text, "%s, ", holder_names[ns_held(ns)]);
	words_count(&page->words, n, "reference seen", "references seen");
	for (const struct holder *h = ns->holders; h && shown < SHOW_MEMBERS; h = h->next, shown++)
		say_holder(page, h);
	say_more(page, ns->nholders, NULL);
	if (ns->nowned)
		buffer_printf(&page->text, "\nowns %u", ns->nowned);
	if (ns->nsubs)
		buffer_printf(&page->text, "\nparent of %u", ns->nsubs);
}

static void say_member(struct page *page, const struct process *p)
{
	size_t start;

	buffer_char(&page->text, '\n');
	words_pids(&page->words, p);
	buffer_text(&page->text, "  ");
	start = page->text.len;
	if (words_identity(&page->words, p)) {
		buffer_text(&page->text, "  ");
		words_comm(&page->words, p);
	} else {
		words_command(&page->words, p);
	}
	words_cut(&page->words, start, NAME_MAX_WIDTH);
}

static void say_members(struct page *page)
{
	const struct ns *ns = page->row.ns;
	const struct process *p = NULL;

	words_count(&page->words, ns->nprocs, "process", "processes");
	for (unsigned shown = 0; shown < SHOW_MEMBERS && shown < ns->nprocs; shown++) {
		p = ns_next_member(page->graph, ns, p);
		if (!p)
			break;
		say_member(page, p);
	}
	say_more(page, ns->nprocs, "ps");
}

/* A list of strays, as far as there is room. */
struct stray_list {
	struct page *page;
	uint64_t n;
};

static void say_stray(void *ctx, const struct stray *stray)
{
	struct stray_list *list = ctx;
	struct page *page = list->page;

	if (++list->n > SHOW_MEMBERS)
		return;
	if (page->text.len)
		buffer_char(&page->text, '\n');
	if (stray->tid)
		buffer_printf(&page->text, "thread %d of ", (int)stray->tid);
	say_process(page, stray->process);
}

static void say_threads(struct page *page)
{
	struct stray_list list = { page, 0 };

	stray_threads(page->graph, page->row.ns, say_stray, &list);
	say_more(page, list.n, NULL);
}

static void say_children_of(struct page *page)
{
	struct stray_list list = { page, 0 };

	stray_children(page->graph, page->row.ns, say_stray, &list);
	say_more(page, list.n, NULL);
}

static void say_map(struct page *page, struct fact_ranges map)
{
	if (!fact_is_known(map.fact))
		words_unknown(&page->words, map.fact);
	else if (!map.count)
		buffer_text(&page->text, "- (not written yet)");
	for (uint32_t i = 0; fact_is_known(map.fact) && i < map.count; i++) {
		if (i)
			buffer_char(&page->text, '\n');
		words_range(&page->words, &map.ranges[i]);
	}
}

static void say_uid_map(struct page *page)
{
	const struct ns_facts *facts = page->row.ns->facts;

	say_map(page, facts ? facts->uid_map : (struct fact_ranges){ 0 });
}

static void say_gid_map(struct page *page)
{
	const struct ns_facts *facts = page->row.ns->facts;

	say_map(page, facts ? facts->gid_map : (struct fact_ranges){ 0 });
}

static void say_owned(struct page *page)
{
	unsigned counts[NS_TYPES];
	const char *before = "";

	owned_by_type(page->graph, page->row.ns, counts);
	for (int type = 0; type < NS_TYPES; type++)
		if (counts[type]) {
			buffer_printf(&page->text, "%s%s %u", before, ns_types[type].name,
				      counts[type]);
			before = ", ";
		}
	if (page->text.len)
		return;
	/* Where nobody could be asked for an owner, none found is not nothing owned. */
	if (page->graph->completeness.ancestors_error)
		words_unknown(&page->words,
			      fact_from_error(page->graph->completeness.ancestors_error));
	else
		buffer_text(&page->text, "nothing");
}

static void say_offset(struct page *page, struct fact fact, struct time_offset offset)
{
	/* The kernel counts nanoseconds upwards from the second below. */
	int64_t sec = offset.sec < 0 && offset.nsec ? offset.sec + 1 : offset.sec;
	uint64_t size = sec < 0 ? 0 - (uint64_t)sec : (uint64_t)sec;

	if (!fact_is_known(fact)) {
		words_unknown(&page->words, fact);
		return;
	}
	form_offset(offset, &page->text);
	buffer_text(&page->text, " s");
	if (size < 60)
		return;
	buffer_text(&page->text, sec < 0 ? " (back by " : " (");
	words_duration(&page->words, size);
	buffer_char(&page->text, ')');
}

static void say_init_ended(struct page *page)
{
	const struct ns_facts *f = page->row.ns->facts;

	if (f && fact_is_known(f->init_ended))
		buffer_text(&page->text, "its process 1 has ended: nothing can be born in it any "
					 "more, fork(2) fails with ENOMEM");
}

static void say_monotonic(struct page *page)
{
	const struct ns_facts *f = page->row.ns->facts;

	say_offset(page, f ? f->monotonic_fact : (struct fact){ 0 },
		   f ? f->monotonic : (struct time_offset){ 0 });
}

static void say_boottime(struct page *page)
{
	const struct ns_facts *f = page->row.ns->facts;

	say_offset(page, f ? f->boottime_fact : (struct fact){ 0 },
		   f ? f->boottime : (struct time_offset){ 0 });
}

static void say_netns_name(struct page *page)
{
	const char *name = ns_netns_name(page->row.ns);

	if (name)
		words_escape(&page->words, name, strlen(name));
	else
		buffer_char(&page->text, '-');
}

static const struct page_entry entries[] = {
	{ "Type", ANY, NULL, say_type },
	{ "Inode", ANY, "ns", NULL },
	{ "Id", ANY, "id", NULL },
	{ "Host's", ANY, NULL, say_host },
	{ "Owner", ANY, NULL, say_owner },
	{ "Parents", NESTING, NULL, say_parents },
	{ "Level", NESTING, "level", NULL },
	{ "Created by", USER, NULL, say_creator },
	{ "Created", 1 << NS_PID, "created", NULL },
	{ "Links", 1 << NS_NET, NULL, say_net_links },
	{ "Routes", 1 << NS_NET, NULL, say_net_routes },
	{ "Listen", 1 << NS_NET, NULL, say_net_listeners },
	{ "Held by", ANY, NULL, say_held },
	{ "Members", ANY, NULL, say_members },
	{ "Threads", ANY, NULL, say_threads },
	{ "Children of", ANY, NULL, say_children_of },
	{ "Uid map", USER, NULL, say_uid_map },
	{ "Gid map", USER, NULL, say_gid_map },
	{ "Setgroups", USER, "setgroups", NULL },
	{ "Owns", USER, NULL, say_owned },
	{ "Init", 1 << NS_PID, "init_pid", NULL },
	{ "Dead", 1 << NS_PID, NULL, say_init_ended },
	{ "Mounts", 1 << NS_MNT, "nmounts", NULL },
	{ "Root", 1 << NS_MNT, "mnt_root", NULL },
	{ "Propagation", 1 << NS_MNT, "propagation", NULL },
	{ "Mounted", 1 << NS_MNT, NULL, say_mounts },
	{ "Host name", 1 << NS_UTS, "hostname", NULL },
	{ "Domain name", 1 << NS_UTS, "domainname", NULL },
	{ "SysV shm", 1 << NS_IPC, "shm", NULL },
	{ "SysV sem", 1 << NS_IPC, "sem", NULL },
	{ "SysV msg", 1 << NS_IPC, "msg", NULL },
	{ "POSIX mq", 1 << NS_IPC, "mqueue", NULL },
	{ "Monotonic", 1 << NS_TIME, NULL, say_monotonic },
	{ "Boottime", 1 << NS_TIME, NULL, say_boottime },
	{ "Root", 1 << NS_CGROUP, "cgroup_root", NULL },
	{ "Name", 1 << NS_NET, NULL, say_netns_name },
	{ "Netnsid", 1 << NS_NET, "netnsid", NULL },
	{ "Cookie", 1 << NS_NET, "cookie", NULL },
	{ "Run", ANY, NULL, run_in_ns },
	{ 0 },
};

static void say_title(struct page *page)
{
	say_named(page, page->row.ns);
}

int show_ns(const struct term *t, const struct graph *g, const struct ns *ns)
{
	const struct row row = { .graph = g, .ns = ns };

	return page_print(t, &row, say_title, entries, &ns_columns);
}

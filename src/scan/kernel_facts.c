/* SPDX-License-Identifier: MIT */
/*
 * Facts that came along with the kernel source's read, so that nobody need join a namespace or
 * open a process's files for them. Only where the kernel's own value is what /proc would say: the
 * others are left unread, for the readers of /proc.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/kern.h>

#include "facts.h"
#include "kernel_internal.h"

/* A name as uname(2) gives it; "(none)" is the kernel's word for one that was never set. */
static struct fact_text uts_text(struct arena *arena, const char *name)
{
	struct span text = { name, strnlen(name, UTS_BYTES) };

	if (text.len == 6 && memcmp(name, "(none)", 6) == 0)
		text.len = 0;
	return fact_text_copy(arena, text);
}

static void take_uts(struct graph *g, struct ns_facts *f, const struct ns_record *r)
{
	f->hostname = uts_text(&g->arena, r->u.uts.nodename);
	f->domainname = uts_text(&g->arena, r->u.uts.domainname);
}

static void take_time(struct graph *g, struct ns_facts *f, const struct ns_record *r)
{
	(void)g;
	f->monotonic.sec = r->u.time.monotonic_sec;
	f->monotonic.nsec = (int32_t)r->u.time.monotonic_nsec;
	f->boottime.sec = r->u.time.boottime_sec;
	f->boottime.nsec = (int32_t)r->u.time.boottime_nsec;
	f->monotonic_fact = f->boottime_fact = fact_known();
}

static struct fact_ranges take_map(struct graph *g, const struct map_record *map)
{
	struct id_range *ranges;

	if (!map->count)
		return (struct fact_ranges){ .fact = fact_none() };
	ranges = arena_alloc(&g->arena, map->count * sizeof(*ranges));
	for (unsigned i = 0; i < map->count; i++) {
		ranges[i].inside = map->extents[i].first;
		ranges[i].outside = map->extents[i].lower;
		ranges[i].count = map->extents[i].count;
	}
	return (struct fact_ranges){ fact_known(), map->count, ranges };
}

/* More extents than have room in place are in a list elsewhere: /proc tells those. */
static void take_maps(struct graph *g, struct ns_facts *f, const struct ns_record *r)
{
	const char *setgroups = r->u.user.setgroups ? "allow" : "deny";

	if (r->u.user.uid.count > MAP_EXTENTS || r->u.user.gid.count > MAP_EXTENTS)
		return;
	f->uid_map = take_map(g, &r->u.user.uid);
	f->gid_map = take_map(g, &r->u.user.gid);
	f->setgroups = fact_text_copy(&g->arena, (struct span){ setgroups, strlen(setgroups) });
}

static void take_owner_uid(struct graph *g, struct ns_facts *f, const struct ns_record *r)
{
	(void)g;
	f->owner_uid = fact_num_known(r->u.user.owner_uid);
}

static void take_ipc(struct graph *g, struct ns_facts *f, const struct ns_record *r)
{
	(void)g;
	if (r->u.ipc.mqueue == UINT32_MAX)
		return;
	f->shm = fact_num_known(r->u.ipc.shm);
	f->sem = fact_num_known(r->u.ipc.sem);
	f->msg = fact_num_known(r->u.ipc.msg);
	f->mqueue = fact_num_known(r->u.ipc.mqueue);
}

static void take_cookie(struct graph *g, struct ns_facts *f, const struct ns_record *r)
{
	(void)g;
	if (r->u.net.cookie)
		f->cookie = fact_num_known(r->u.net.cookie);
}

static void take_id(struct graph *g, struct ns_facts *f, const struct ns_record *r)
{
	(void)g;
	if (r->id)
		f->id = fact_num_known(r->id);
}

static const struct {
	unsigned need;
	int type;	   /* enum ns_type, -1 for all */
	fact_offset first; /* unread: so are all that it takes */
	void (*take)(struct graph *g, struct ns_facts *f, const struct ns_record *r);
} takers[] = {
	{ NEED_ID, -1, offsetof(struct ns_facts, id), take_id },
	{ NEED_OWNER_UID, NS_USER, offsetof(struct ns_facts, owner_uid), take_owner_uid },
	{ NEED_MAPS, NS_USER, offsetof(struct ns_facts, uid_map), take_maps },
	{ NEED_UTS, NS_UTS, offsetof(struct ns_facts, hostname), take_uts },
	{ NEED_IPC, NS_IPC, offsetof(struct ns_facts, shm), take_ipc },
	{ NEED_TIME, NS_TIME, offsetof(struct ns_facts, monotonic_fact), take_time },
	{ NEED_COOKIE, NS_NET, offsetof(struct ns_facts, cookie), take_cookie },
};

void kernel_source_ns_facts(const struct scan *s, struct graph *g, struct ns *ns, unsigned needs)
{
	const struct kernel_source *k = s->kernel;
	const struct kernel_entry *e;

	if (!k || k->graph != g)
		return;
	e = kernel_table_find(&k->table, ns->type, ns->ino);
	if (!e || !e->record)
		return;
	if (!ns->facts)
		ns->facts = arena_alloc(&g->arena, sizeof(*ns->facts));
	for (size_t i = 0; i < sizeof(takers) / sizeof(*takers); i++)
		if ((needs & takers[i].need) &&
		    (takers[i].type < 0 || takers[i].type == (int)ns->type) &&
		    fact_at(ns->facts, takers[i].first)->state == FACT_UNREAD)
			takers[i].take(g, ns->facts, e->record);
}

/*
 * The kernel's number has in it what no root directory reaches, such as the initial file system
 * below the one that was mounted on top; mountinfo, which is asked first, has not.
 */
void kernel_source_ns_rest(const struct scan *s, const struct graph *g, struct ns *ns,
			   unsigned needs)
{
	const struct kernel_source *k = s->kernel;
	const struct kernel_entry *e;

	if (!k || k->graph != g || !(needs & NEED_MOUNTS) || ns->type != NS_MNT || !ns->facts ||
	    fact_is_known(ns->facts->nmounts.fact))
		return;
	e = kernel_table_find(&k->table, ns->type, ns->ino);
	if (e && e->record && e->record->u.mnt.count != UINT32_MAX)
		ns->facts->nmounts = fact_num_known(e->record->u.mnt.count);
}

/* Leaders come by rising pid, threads with other pids between them. */
static const struct task_record *find_task(const struct kernel_read *read, pid_t pid)
{
	size_t low = 0, high = read->ntasks;

	/* By the number that they come by: a leader's is its pid. */
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if ((pid_t)read->tasks[mid].tid < pid)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == read->ntasks || (pid_t)read->tasks[low].tid != pid ||
	    !(read->tasks[low].flags & TASK_LEADER))
		return NULL;
	return &read->tasks[low];
}

/* get_task_state() of fs/proc/array.c: the letter of the highest bit that is reported. */
static char state_letter(unsigned state)
{
	enum { REPORTED = 0x7f, UNINTERRUPTIBLE = 0x2, IDLE = 0x402, RTLOCK_WAIT = 0x1000 };
	static const char letters[] = "RSDTtXZPI";
	unsigned running = state & 0xffff, all = (running | state >> 16) & REPORTED;
	unsigned at = 0;

	if ((running & IDLE) == IDLE)
		return 'I';
	if (running & RTLOCK_WAIT)
		all |= UNINTERRUPTIBLE;
	while (all) {
		at++;
		all >>= 1;
	}
	return letters[at];
}

/* Clock ticks after boot are counted on the clock of the reader's time namespace. */
static bool clock_is_ours(const struct graph *g)
{
	return g->self[NS_TIME] && g->self[NS_TIME]->initial;
}

/* A second look may have seen another process of that number. */
static bool is_record_of(const struct task_record *r, const struct process *p)
{
	const struct ns *user = p->set->ns[NS_USER], *pid = p->set->ns[NS_PID];

	return !(r->flags & TASK_AMISS) && user && pid && user->ino == r->link[NS_USER].ino &&
	       pid->ino == r->link[NS_PID].ino &&
	       (p->zombie ||
		(p->set->ns[NS_MNT] && p->set->ns[NS_MNT]->ino == r->link[NS_MNT].ino));
}

unsigned kernel_source_process_facts(const struct scan *s, const struct graph *g,
				     const struct process *p, struct process_facts *facts,
				     unsigned needs, struct arena *arena)
{
	enum { TICK_NS = 1000000000 / 100 }; /* USER_HZ is 100 everywhere but on alpha */
	const struct kernel_source *k = s->kernel;
	const struct task_record *r;
	unsigned met = 0;

	if (!k || k->graph != g || !k->facts)
		return 0;
	r = find_task(&k->read, p->pid);
	if (!r || !is_record_of(r, p))
		return 0;
	if (needs & (NEED_COMM | NEED_STAT)) {
		facts->comm = fact_text_copy(
			arena, (struct span){ r->comm, strnlen(r->comm, TASK_COMM_BYTES) });
		met |= NEED_COMM;
	}
	if ((needs & NEED_STAT) && clock_is_ours(g)) {
		facts->ppid = fact_num_known(r->ppid);
		facts->start = fact_num_known(r->start / TICK_NS);
		facts->state = fact_num_known((unsigned char)state_letter(r->state));
		met |= NEED_STAT;
	}
	if (needs & NEED_UID) {
		facts->uid = fact_num_known(r->uid);
		met |= NEED_UID;
	}
	if ((needs & NEED_CMDLINE) && (r->flags & TASK_NO_MM)) {
		facts->cmdline.fact = fact_none();
		met |= NEED_CMDLINE;
	}
	return met;
}

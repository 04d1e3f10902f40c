/* SPDX-License-Identifier: MIT */
/*
 * Which namespaces leak. One that nobody lives in may be there on purpose: a name that we can see
 * is a purpose, as long as it is not that of a container that is gone. Judges by what the scan
 * saw; does not ask any engine.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/error.h>
#include <nsview/leak.h>

const char *const leak_names[LEAK_KINDS] = {
	[LEAK_NOT] = "none",
	[LEAK_NAMED] = "named",
	[LEAK_ENGINE] = "engine",
	[LEAK_NAME_GONE] = "name_deleted",
	[LEAK_ELSEWHERE] = "elsewhere",
	[LEAK_FD] = "fd",
	[LEAK_SOCKET] = "socket",
	[LEAK_INFLIGHT] = "inflight",
	[LEAK_MEMORY] = "memory",
	[LEAK_PROCFS] = "procfs",
	[LEAK_SUPER] = "file_system",
	[LEAK_UNKNOWN] = "unknown",
};

/* Docker keeps these without any process: the host's, and those of swarm networks. */
static bool is_dockers_own(const char *path)
{
	static const char *const names[] = { "default", "ingress_sbox", "lb_", "1-" };
	const char *name = strrchr(path, '/') + 1;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strncmp(name, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static int compare_path(const void *path, const void *file)
{
	return strcmp(path, ((const struct name_file *)file)->path);
}

/* Where the processes of others are out of sight, those of a container are: it is not gone. */
static bool sees_containers(const struct graph *g)
{
	const struct completeness *c = &g->completeness;
	const struct ns *own = g->self[NS_PID];

	if (c->foreign_pidns || (own && !own->initial))
		return false;
	return c->have_ptrace || (!c->unreadable && !c->hidepid);
}

static bool is_engines(const struct graph *g, const struct ns *ns, const char *path)
{
	const struct name_file *file =
		g->nnames ? bsearch(path, g->names, g->nnames, sizeof(*file), compare_path) : NULL;

	return file && file->ns == ns &&
	       (file->maker == NAME_ENGINE ||
		(file->maker == NAME_DOCKER && !is_dockers_own(path)));
}

static bool is_netns_name(const char *path)
{
	return strncmp(path, "/run/netns/", strlen("/run/netns/")) == 0 ||
	       strncmp(path, "/var/run/netns/", strlen("/var/run/netns/")) == 0;
}

static enum leak_kind judge_mount(const struct graph *g, const struct ns *ns,
				  const struct holder *h)
{
	if (h->reason == REASON_PROCFS)
		return LEAK_PROCFS;
	if (h->reason == REASON_SUPER)
		return LEAK_SUPER;
	if (!h->path)
		return LEAK_ELSEWHERE;
	/* An engine without root mounts in a mount namespace of its own. */
	if (is_engines(g, ns, h->path) && sees_containers(g))
		return LEAK_ENGINE;
	if (h->mnt && h->mnt != g->self[NS_MNT])
		return is_netns_name(h->path) ? LEAK_NAME_GONE : LEAK_ELSEWHERE;
	return LEAK_NAMED;
}

static enum leak_kind judge_holder(const struct graph *g, const struct ns *ns,
				   const struct holder *h)
{
	switch (h->kind) {
	case HOLD_MOUNT:
		return judge_mount(g, ns, h);
	case HOLD_FD:
		return LEAK_FD;
	case HOLD_SOCKET:
		return LEAK_SOCKET;
	case HOLD_INFLIGHT:
		return LEAK_INFLIGHT;
	case HOLD_MEMORY:
		return LEAK_MEMORY;
	default:
		return LEAK_UNKNOWN;
	}
}

enum leak_kind leak_judge(const struct graph *g, const struct ns *ns, const struct holder **out_by)
{
	enum leak_kind best = LEAK_UNKNOWN;

	*out_by = NULL;
	if (ns->initial || ns->nprocs || ns->nthreads || ns->nchildren)
		return LEAK_NOT;
	/* The least alarming explanation is the one to believe. */
	for (const struct holder *h = ns->holders; h; h = h->next) {
		enum leak_kind kind = judge_holder(g, ns, h);

		if (!*out_by || kind < best) {
			best = kind;
			*out_by = h;
		}
	}
	/* What only its own descendants keep leaks only if they do. */
	if (!*out_by && (ns->nowned || ns->nsubs))
		return LEAK_NOT;
	return best;
}

static uint64_t age_of(const struct ns *ns)
{
	return ns->facts && fact_is_known(ns->facts->id.fact) ? ns->facts->id.num : UINT64_MAX;
}

/* Ids rise with time and are never used again; where the kernel has none, inode numbers say
 * little, but keep the order the same. */
static int compare_age(const void *a, const void *b)
{
	const struct ns *x = *(const struct ns *const *)a, *y = *(const struct ns *const *)b;

	if (age_of(x) != age_of(y))
		return age_of(x) < age_of(y) ? -1 : 1;
	return (x->ino > y->ino) - (x->ino < y->ino);
}

bool leak_is_seen(const struct graph *g, const struct ns *ns)
{
	const struct holder *by;

	return g->completeness.searched >> SOURCE_FDS & 1 && leak_is(leak_judge(g, ns, &by));
}

size_t leaks_find(const struct graph *g, const struct ns **list)
{
	const struct holder *by;
	size_t n = 0;

	for (size_t i = 0; i < g->nnamespaces; i++)
		if (leak_is(leak_judge(g, g->namespaces[i], &by)))
			list[n++] = g->namespaces[i];
	if (n)
		qsort(list, n, sizeof(struct ns *), compare_age);
	return n;
}

struct fact_num leak_uid(const struct graph *g, const struct ns *ns)
{
	const struct ns *user = ns->type == NS_USER ? ns : ns->owner;
	const struct ns *own = g->self[NS_USER];

	if (!user)
		return (struct fact_num){ ns->owner_fact, 0 };
	while (user != own && !user->initial && user->parent && user->parent != own &&
	       !user->parent->initial)
		user = user->parent;
	/* In our own: whoever may, which is root. */
	if (user == own || user->initial)
		return (struct fact_num){ fact_known(), 0 };
	return user->facts ? user->facts->owner_uid : (struct fact_num){ 0 };
}

static struct owner_count *owner_at(struct owner_count *list, size_t *n, struct fact_num uid)
{
	bool known = fact_is_known(uid.fact);

	for (size_t i = 0; i < *n; i++)
		if (fact_is_known(list[i].uid.fact) == known &&
		    (!known || list[i].uid.num == uid.num))
			return &list[i];
	list[*n] = (struct owner_count){ .uid = uid };
	return &list[(*n)++];
}

static uint32_t total(const struct owner_count *o)
{
	uint32_t sum = 0;

	for (int type = 0; type < NS_TYPES; type++)
		sum += o->counts[type];
	return sum;
}

static int compare_owner(const void *a, const void *b)
{
	const struct owner_count *x = a, *y = b;

	if (x->leaked != y->leaked)
		return x->leaked > y->leaked ? -1 : 1;
	if (total(x) != total(y))
		return total(x) > total(y) ? -1 : 1;
	return (x->uid.num > y->uid.num) - (x->uid.num < y->uid.num);
}

struct owner_count *owners_count(const struct graph *g, size_t *out_n)
{
	struct owner_count *list = calloc(g->nnamespaces + 1, sizeof(*list));
	const struct holder *by;

	if (!list)
		die("out of memory");
	*out_n = 0;
	for (size_t i = 0; i < g->nnamespaces; i++) {
		const struct ns *ns = g->namespaces[i];
		struct owner_count *o;

		/* The initial ones count for nobody. */
		if (ns->initial)
			continue;
		o = owner_at(list, out_n, leak_uid(g, ns));
		o->counts[ns->type]++;
		o->leaked += leak_is(leak_judge(g, ns, &by));
	}
	if (*out_n)
		qsort(list, *out_n, sizeof(*list), compare_owner);
	return list;
}

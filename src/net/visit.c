/* SPDX-License-Identifier: MIT */
/*
 * Short-lived threads join one network namespace after the other (a thread may join one by itself,
 * setns(2)); the main thread stays where it is. Knows nothing of what is done there.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>

#include "load_mnl.h"
#include "visit.h"

enum { WORKERS_MAX = 8, FDS_SPARE = 256, PATIENCE_MS = 32, PROC_SITES = 32 };

/* Why a namespace could not be entered. */
static const char *const words_open =
	"it could not be opened: CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH would let it be";
static const char *const words_join = "it may not be entered: that takes CAP_SYS_ADMIN in the user "
				      "namespace that owns it, and in "
				      "our own";

/* What would help, or what happened: a namespace may end while it is looked at. */
static const char *words_for(int error, const char *denied)
{
	switch (-error) {
	case EPERM:
	case EACCES:
		return denied;
	case ENOENT:
	case ESRCH:
	case EBADF:
		return "what led to it was gone when it was to be opened";
	case EMFILE:
	case ENFILE:
		return "there was no file descriptor left for it (ulimit -n)";
	default:
		return NULL;
	}
}

struct crew {
	struct visit *visit;
	atomic_size_t next;
	uint64_t own; /* inode number of the network namespace that we are in */
};

static uint64_t own_ino(void)
{
	autoclose int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	uint64_t ino;

	return fd >= 0 && kern_nsfs_ino(fd, &ino) == 0 ? ino : 0;
}

uint64_t visit_deadline(void)
{
	return nl_now() + NET_DEADLINE * 1000;
}

static size_t fds_most(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur <= FDS_SPARE)
		return 0;
	return limit.rlim_cur - FDS_SPARE;
}

/*
 * A namespace that only a mount leads to cannot be opened while mounts come and go (see
 * kern_open_cached): a moment later it can.
 */
static int open_patiently(const struct net *net, const struct net_ns *ns)
{
	int fd = scan_ns_open(net->scan, ns->ns);

	for (long ms = 1; fd == -EAGAIN && ms <= PATIENCE_MS; ms *= 2) {
		struct timespec pause = { .tv_nsec = ms * 1000000 };

		nanosleep(&pause, NULL);
		fd = scan_ns_open(net->scan, ns->ns);
	}
	return fd;
}

int net_fd(const struct net *net, const struct net_ns *ns, int *out_close)
{
	const struct net_index *index = net->index;

	*out_close = -1;
	if (ns->at < index->nns_fds && index->ns_fds[ns->at] >= 0)
		return index->ns_fds[ns->at];
	*out_close = open_patiently(net, ns);
	return *out_close;
}

/* Where there is room, an fd that was just opened becomes one that stays. */
static void keep_fd(struct net *net, const struct net_ns *ns, int *opened)
{
	struct net_index *index = net->index;

	if (*opened >= 0 && ns->at < index->nns_fds && ns->at < index->ns_fds_most)
		index->ns_fds[ns->at] = steal_fd(opened);
}

void net_fds_close(struct net *net)
{
	struct net_index *index = net->index;

	for (size_t i = 0; i < index->nns_fds; i++)
		if (index->ns_fds[i] >= 0)
			close(index->ns_fds[i]);
	free(index->ns_fds);
	index->ns_fds = NULL;
	index->nns_fds = 0;
}

static void fds_prepare(struct net *net)
{
	struct net_index *index = net->index;

	if (index->ns_fds)
		return;
	index->nns_fds = net->n;
	index->ns_fds_most = fds_most();
	index->ns_fds = malloc((net->n + 1) * sizeof(int));
	if (!index->ns_fds)
		die("out of memory");
	for (size_t i = 0; i < net->n; i++)
		index->ns_fds[i] = -1;
}

/* A thread that has never moved is in our own already, which not everybody may join. */
static int enter(const struct crew *crew, struct site *site, bool *moved)
{
	autoclose int opened = -1;
	int fd, ret;

	if (!*moved && crew->own && site->net->ns->ino == crew->own) {
		site->net->entry = NET_ENTRY_SELF;
		return 0;
	}
	fd = net_fd(crew->visit->net, site->net, &opened);
	if (fd < 0) {
		site->net->entry_words = words_for(fd, words_open);
		return fd;
	}
	ret = kern_setns(fd, CLONE_NEWNET);
	if (ret < 0) {
		site->net->entry_words = words_for(ret, words_join);
		return ret;
	}
	*moved = true;
	if (crew->visit->keep)
		keep_fd(crew->visit->net, site->net, &opened);
	if (site->net->entry != NET_ENTRY_SELF)
		site->net->entry = NET_ENTRY_JOINED;
	site->net->entry_words = NULL;
	return 0;
}

/*
 * To find a directory below /proc/sys/net for the first time, the kernel goes through those of all
 * namespaces that were looked into by the same mount of /proc: with thousands, that takes seconds,
 * and others are slowed down too. So one of our own is used for some namespaces and then replaced.
 */
struct own_proc {
	int fd;
	size_t sites;
};

static void own_proc_renew(struct own_proc *own, const struct visit *v)
{
	if (!v->sysctls || v->n <= PROC_SITES || own->sites++ % PROC_SITES != 0)
		return;
	if (own->fd >= 0)
		close(own->fd);
	own->fd = kern_proc_mount();
}

static void *worker_main(void *arg)
{
	struct crew *crew = arg;
	struct own_proc own = { .fd = -1 };
	bool moved = false;
	size_t i;

	while ((i = atomic_fetch_add(&crew->next, 1)) < crew->visit->n) {
		struct site *site = &crew->visit->sites[i];

		site->error = enter(crew, site, &moved);
		own_proc_renew(&own, crew->visit);
		site->procfd = own.fd >= 0 ? own.fd : scan_proc_fd(crew->visit->net->scan);
		if (site->error == 0)
			crew->visit->look(crew->visit, site);
	}
	if (own.fd >= 0)
		close(own.fd);
	return NULL;
}

static unsigned workers_for(size_t n)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t most = cores < 1 ? 1 : cores > WORKERS_MAX ? WORKERS_MAX : (size_t)cores;

	/* One more is worth its start from a few visits on. */
	return (unsigned)(n / 8 + 1 < most ? n / 8 + 1 : most);
}

/* The first site is taken by a thread that has not moved: our own comes first. */
static void put_own_first(struct visit *v, uint64_t ino)
{
	for (size_t i = 1; i < v->n; i++)
		if (v->sites[i].net->ns->ino == ino) {
			struct site own = v->sites[i];

			memmove(&v->sites[1], &v->sites[0], i * sizeof(own));
			v->sites[0] = own;
			return;
		}
}

void visit_all(struct visit *v)
{
	struct crew crew = { .visit = v, .own = own_ino() };
	pthread_t threads[WORKERS_MAX];
	unsigned wanted = workers_for(v->n), started = 0;

	mnl_must(); /* where it cannot be loaded that is said once, and not by each thread */
	fds_prepare(v->net);
	put_own_first(v, crew.own);
	for (size_t i = 0; i < v->n; i++)
		v->sites[i].error = -EAGAIN;
	while (v->n && started < wanted &&
	       pthread_create(&threads[started], NULL, worker_main, &crew) == 0)
		started++;
	for (unsigned i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
}

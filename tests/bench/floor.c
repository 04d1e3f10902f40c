/* SPDX-License-Identifier: MIT */
/*
 * The floor that nsview is measured against: the least work by which /proc tells who is in which
 * namespace. Lists /proc, reads the ten links of every process, counts by inode, then reads one
 * command line and one uid for each namespace, and prints a line for each. Knows nothing of
 * threads, owners, names or faults; a process that cannot be read is left out without a word.
 *
 *   floor [-t THREADS]
 */
#include "../tools/nstypes.h"

#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	CHUNK = 32, /* processes that a thread takes at a time */
	NS_CHUNK = 8,
	THREADS_MAX = 64,
	LIST_BYTES = 16 * 1024,
	PROCESSES_MAX = 1 << 22, /* the kernel's PID_MAX_LIMIT */
	COMMAND_BYTES = 64,
	OUTPUT_BYTES = 1 << 20,
};

struct name {
	char text[8]; /* a PID below 2^22 has seven digits at most */
};

struct ns {
	uint64_t ino; /* 0: the slot is free */
	uint32_t nprocs;
	uint32_t lead; /* index of its first process in names */
	uint32_t link;
};

struct detail {
	uid_t uid;
	char command[COMMAND_BYTES];
};

struct table {
	struct ns *slots;
	size_t size, used;
};

/* Neighbours in /proc mostly share their namespaces: equal text is only counted. */
struct seen {
	char text[40];
	ssize_t len;
	uint64_t ino;
	uint32_t count;
};

struct worker {
	pthread_t thread;
	struct table table;
	struct seen seen[LINKS];
};

static int proc_fd;
static struct name *names;
static _Atomic size_t listed, next_process, next_ns;
static atomic_bool all_listed;
static struct ns *sorted;
static struct detail *details;
static size_t sorted_n;
static pthread_barrier_t barrier;

static struct ns *table_slot(const struct table *t, uint64_t ino)
{
	size_t i = (ino * 0x9e3779b97f4a7c15ULL) >> 32 & (t->size - 1);
	while (t->slots[i].ino && t->slots[i].ino != ino)
		i = (i + 1) & (t->size - 1);
	return &t->slots[i];
}

static void table_resize(struct table *t, size_t size)
{
	struct table old = *t;
	t->size = size;
	t->slots = calloc(size, sizeof(*t->slots));
	if (!t->slots)
		err(1, "calloc");
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i].ino)
			*table_slot(t, old.slots[i].ino) = old.slots[i];
	free(old.slots);
}

static void table_add(struct table *t, const struct ns *add)
{
	struct ns *ns = table_slot(t, add->ino);
	if (ns->ino) {
		ns->nprocs += add->nprocs;
		if (add->lead < ns->lead)
			ns->lead = add->lead;
		return;
	}
	*ns = *add;
	if (++t->used * 2 > t->size)
		table_resize(t, t->size * 2);
}

static void seen_flush(struct worker *w, uint32_t link)
{
	struct seen *s = &w->seen[link];
	if (!s->count)
		return;
	struct ns add = { .ino = s->ino, .lead = UINT32_MAX, .link = link };
	if (link < OWN_LINKS)
		add.nprocs = s->count;
	table_add(&w->table, &add);
	s->count = 0;
}

static void read_link(struct worker *w, int fd, uint32_t link, uint32_t process)
{
	char text[sizeof(w->seen->text)];
	struct seen *s = &w->seen[link];
	ssize_t len = readlinkat(fd, link_names[link], text, sizeof(text) - 1);
	if (len <= 0)
		return;
	if (len == s->len && memcmp(text, s->text, (size_t)len) == 0) {
		s->count++;
		return;
	}
	seen_flush(w, link);
	text[len] = '\0';
	const char *digits = strchr(text, '[');
	memcpy(s->text, text, (size_t)len);
	s->len = len;
	s->ino = digits ? strtoull(digits + 1, NULL, 10) : 0;
	struct ns add = { s->ino, link < OWN_LINKS, process, link };
	if (s->ino)
		table_add(&w->table, &add);
}

static void read_process(struct worker *w, uint32_t process)
{
	char path[16];
	strcpy(stpcpy(path, names[process].text), "/ns");
	int fd = openat(proc_fd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	for (uint32_t link = 0; link < LINKS; link++)
		read_link(w, fd, link, process);
	close(fd);
}

static void add_names(const char *buf, size_t len)
{
	size_t n = atomic_load_explicit(&listed, memory_order_relaxed);
	for (size_t at = 0; at < len && n < PROCESSES_MAX;) {
		const struct dirent64 *entry = (const struct dirent64 *)(const void *)(buf + at);
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			memcpy(names[n++].text, entry->d_name, sizeof(names->text));
		at += entry->d_reclen;
	}
	atomic_store_explicit(&listed, n, memory_order_release);
}

static void list_processes(void)
{
	_Alignas(struct dirent64) char buf[LIST_BYTES + sizeof(struct name)];
	for (;;) {
		long len = syscall(SYS_getdents64, proc_fd, buf, LIST_BYTES);
		if (len <= 0)
			break;
		add_names(buf, (size_t)len);
	}
	atomic_store_explicit(&all_listed, true, memory_order_release);
}

/* The lister is fifteen times faster than the readers: waiting is rare, and short. */
static size_t wait_for_chunk(size_t from)
{
	while (!atomic_load_explicit(&all_listed, memory_order_acquire)) {
		if (atomic_load_explicit(&listed, memory_order_acquire) >= from + CHUNK)
			return from + CHUNK;
		sched_yield();
	}
	size_t end = atomic_load_explicit(&listed, memory_order_acquire);
	return end < from + CHUNK ? end : from + CHUNK;
}

static void read_processes(struct worker *w)
{
	for (;;) {
		size_t from = atomic_fetch_add(&next_process, CHUNK);
		size_t to = wait_for_chunk(from);
		if (from >= to)
			break;
		for (size_t i = from; i < to; i++)
			read_process(w, (uint32_t)i);
	}
	for (uint32_t link = 0; link < LINKS; link++)
		seen_flush(w, link);
}

static void read_detail(const struct ns *ns, struct detail *out)
{
	char path[24];
	struct stat st;
	const char *pid = names[ns->lead].text;
	if (fstatat(proc_fd, pid, &st, 0) == 0)
		out->uid = st.st_uid;
	strcpy(stpcpy(path, pid), "/cmdline");
	int fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	ssize_t len = read(fd, out->command, sizeof(out->command) - 1);
	close(fd);
	for (ssize_t i = 0; i < len; i++)
		if (out->command[i] < ' ')
			out->command[i] = ' ';
}

static void read_details(void)
{
	for (;;) {
		size_t from = atomic_fetch_add(&next_ns, NS_CHUNK);
		if (from >= sorted_n)
			return;
		for (size_t i = from; i < sorted_n && i < from + NS_CHUNK; i++)
			read_detail(&sorted[i], &details[i]);
	}
}

static int compare_ns(const void *a, const void *b)
{
	const struct ns *x = a, *y = b;
	return (x->ino > y->ino) - (x->ino < y->ino);
}

static void merge(struct worker *workers, unsigned threads)
{
	struct table *all = &workers[0].table;
	for (unsigned i = 1; i < threads; i++)
		for (size_t k = 0; k < workers[i].table.size; k++)
			if (workers[i].table.slots[k].ino)
				table_add(all, &workers[i].table.slots[k]);
	for (size_t i = 0; i < all->size; i++)
		if (all->slots[i].ino)
			all->slots[sorted_n++] = all->slots[i];
	sorted = all->slots;
	qsort(sorted, sorted_n, sizeof(*sorted), compare_ns);
	details = calloc(sorted_n + 1, sizeof(*details));
	if (!details)
		err(1, "calloc");
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;
	/* An fd table of its own needs no locking against the other threads. */
	if (unshare(CLONE_FILES) < 0)
		err(1, "unshare");
	read_processes(w);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	read_details();
	return NULL;
}

static void print_all(void)
{
	static char buf[OUTPUT_BYTES];
	setvbuf(stdout, buf, _IOFBF, sizeof(buf));
	for (size_t i = 0; i < sorted_n; i++) {
		const struct ns *ns = &sorted[i];
		printf("%10llu %-17s %6u %7s %5u %s\n", (unsigned long long)ns->ino,
		       link_names[ns->link], ns->nprocs, names[ns->lead].text, details[i].uid,
		       details[i].command);
	}
	if (fflush(stdout))
		err(1, "stdout");
}

static void run(unsigned threads)
{
	static struct worker workers[THREADS_MAX];
	pthread_barrier_init(&barrier, NULL, threads);
	for (unsigned i = 0; i < threads; i++)
		table_resize(&workers[i].table, 256);
	for (unsigned i = 1; i < threads; i++)
		if (pthread_create(&workers[i].thread, NULL, worker_main, &workers[i]))
			errx(1, "cannot start a thread");
	list_processes();
	read_processes(&workers[0]);
	pthread_barrier_wait(&barrier);
	merge(workers, threads);
	pthread_barrier_wait(&barrier);
	read_details();
	for (unsigned i = 1; i < threads; i++)
		pthread_join(workers[i].thread, NULL);
	print_all();
}

int main(int argc, char **argv)
{
	int opt;
	unsigned long threads = 1;
	while ((opt = getopt(argc, argv, "t:")) != -1) {
		if (opt != 't')
			return 2;
		threads = strtoul(optarg, NULL, 10);
	}
	if (threads < 1 || threads > THREADS_MAX)
		errx(2, "-t takes 1 to %d", THREADS_MAX);
	proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (proc_fd < 0)
		err(1, "/proc");
	/* Reserved for the most processes there can be; only what is used takes memory. */
	names = mmap(NULL, sizeof(*names) * PROCESSES_MAX, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (names == MAP_FAILED)
		err(1, "mmap");
	run((unsigned)threads);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Loads the programs of bpf/, runs each once, and maps what it wrote. The generated skeletons have
 * the whole of loading in them, as programs that the kernel runs: nothing but bpf(2) is called, no
 * type information is parsed here, nothing is pinned. Knows nothing of the graph.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>
#include <nsview/procfile.h>

#include "kernel_bpf.h"

#ifdef HAVE_BPF

#include "nsview_tasks.lskel.h"
#include "nsview_holders.lskel.h"
#include "nsview_memory.lskel.h"

/* A read ends after a million tasks that wrote nothing to it, and goes on where it was. */
enum { READS_MAX = 64, TRIES_MAX = 3, HOLDERS_ROOM = 4096 };

static int program_load(struct nsview_tasks *program, const struct kernel_room *room)
{
	int ret;

	program->maps.tasks.max_entries = (uint32_t)room->tasks;
	program->maps.before.max_entries = (uint32_t)room->namespaces;
	program->maps.after.max_entries = (uint32_t)room->namespaces;
	ret = nsview_tasks__load(program);
	if (ret < 0)
		return ret;
	program->bss->counters.want_facts = room->facts;
	return nsview_tasks__attach(program);
}

static int iterator_run(int link_fd)
{
	union bpf_attr attr = { .iter_create.link_fd = (uint32_t)link_fd };
	autoclose int fd = skel_sys_bpf(BPF_ITER_CREATE, &attr, sizeof(attr));
	char nothing[8];
	ssize_t n = -1;

	if (fd < 0)
		return -errno;
	for (int i = 0; i < READS_MAX && n < 0; i++) {
		n = read(fd, nothing, sizeof(nothing));
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return n < 0 ? -EAGAIN : 0;
}

/* As the kernel lays out the elements of an array: each at a multiple of eight bytes. */
static int map_records(int map_fd, size_t count, size_t size, const void **out)
{
	void *at;

	*out = NULL;
	if (count == 0)
		return 0;
	at = mmap(NULL, count * size, PROT_READ, MAP_SHARED, map_fd, 0);
	if (at == MAP_FAILED)
		return -errno;
	*out = at;
	return 0;
}

_Static_assert(sizeof(struct task_record) % 8 == 0 && sizeof(struct ns_record) % 8 == 0 &&
		       sizeof(struct holder_record) % 8 == 0,
	       "an array's elements lie as in C");

static int map_all(struct kernel_read *read)
{
	struct nsview_tasks *p = read->program;
	int ret = map_records(p->maps.tasks.map_fd, read->counters.tasks, sizeof(*read->tasks),
			      (const void **)&read->tasks);

	if (ret == 0)
		ret = map_records(p->maps.after.map_fd, read->counters.after,
				  sizeof(*read->namespaces), (const void **)&read->namespaces);
	if (ret == 0)
		ret = map_records(p->maps.before.map_fd, read->counters.before,
				  sizeof(*read->before), (const void **)&read->before);
	read->ntasks = read->tasks ? read->counters.tasks : 0;
	read->nnamespaces = read->namespaces ? read->counters.after : 0;
	read->nbefore = read->before ? read->counters.before : 0;
	return ret;
}

static void unmap(const void *at, size_t size)
{
	if (at)
		munmap((void *)at, size);
}

void kernel_bpf_release(struct kernel_read *read)
{
	unmap(read->tasks, read->ntasks * sizeof(*read->tasks));
	unmap(read->namespaces, read->nnamespaces * sizeof(*read->namespaces));
	unmap(read->before, read->nbefore * sizeof(*read->before));
	if (read->program)
		nsview_tasks__destroy(read->program);
	*read = (struct kernel_read){ 0 };
}

/* Room for what was met, and for what comes meanwhile; false: there was enough. */
static bool needs_more(const struct kernel_counters *c, struct kernel_room *room)
{
	size_t namespaces = c->before > c->after ? c->before : c->after;
	bool more = false;

	if (c->tasks > room->tasks) {
		room->tasks = c->tasks + c->tasks / 4;
		more = true;
	}
	if (namespaces > room->namespaces) {
		room->namespaces = namespaces + namespaces / 4;
		more = true;
	}
	return more;
}

static int run_once(struct kernel_room *room, struct kernel_read *out, bool *out_again)
{
	int ret;

	*out = (struct kernel_read){ .program = nsview_tasks__open() };
	*out_again = false;
	if (!out->program)
		return -ENOMEM;
	ret = program_load(out->program, room);
	if (ret >= 0)
		ret = iterator_run(out->program->links.dump_tasks_fd);
	if (ret < 0)
		return ret;
	out->counters = out->program->bss->counters;
	*out_again = needs_more(&out->counters, room);
	return *out_again ? -ENOSPC : map_all(out);
}

/* kernel_lockdown(7): "none integrity [confidentiality]" */
static bool is_locked_down(void)
{
	autobuffer text = BUFFER_INIT;

	return proc_read(AT_FDCWD, "/sys/kernel/security/lockdown", 256, &text) == 0 &&
	       strstr(buffer_str(&text), "[confidentiality]");
}

static int say(struct error *err, int ret)
{
	if (ret == -EAGAIN || ret == -ENOSPC)
		return error_set(err, ret, "it changes faster than it can be read");
	if (is_locked_down())
		return error_set(err, ret, "the kernel is locked down (confidentiality)");
	if (ret == -EPERM)
		return error_set(err, ret, "bpf(2) is not permitted to us");
	if (access("/sys/kernel/btf/vmlinux", F_OK) < 0)
		return error_set(err, ret,
				 "the kernel has no type information "
				 "(/sys/kernel/btf/vmlinux)");
	return error_set(err, ret, "the kernel refuses the program: %s", strerror(-ret));
}

int kernel_bpf_read(const struct kernel_room *wanted, struct kernel_read *out, struct error *err)
{
	struct kernel_room room = *wanted;
	bool again = true;
	int ret = -ENOSPC;

	for (int i = 0; i < TRIES_MAX && again; i++) {
		ret = run_once(&room, out, &again);
		if (ret < 0)
			kernel_bpf_release(out);
	}
	return ret < 0 ? say(err, ret) : 0;
}

/* A loaded program that writes holder_records, whichever it is. */
struct holder_program {
	int link_fd, map_fd;
	const struct holder_counters *counters;
};

/* Loads it with room for so many records; program as in struct holder_read. */
typedef int (*holder_load)(const struct kernel_read *tasks, size_t room, bool orphans,
			   void **out_program, struct holder_program *out);

static int holders_load(const struct kernel_read *tasks, size_t room, bool orphans,
			void **out_program, struct holder_program *out)
{
	struct nsview_holders *p = *out_program = nsview_holders__open();
	int ret;

	if (!p)
		return -ENOMEM;
	p->maps.holders.max_entries = (uint32_t)room;
	ret = nsview_holders__load(p);
	if (ret < 0)
		return ret;
	p->bss->at = tasks->program->bss->at;
	p->bss->counters.o_path = O_PATH;
	p->bss->counters.orphans = orphans;
	ret = nsview_holders__attach(p);
	*out = (struct holder_program){ p->links.dump_holders_fd, p->maps.holders.map_fd,
					&p->bss->counters };
	return ret;
}

static int memory_load(const struct kernel_read *tasks, size_t room, bool orphans,
		       void **out_program, struct holder_program *out)
{
	struct nsview_memory *p = *out_program = nsview_memory__open();
	int ret;

	(void)orphans;
	if (!p)
		return -ENOMEM;
	p->maps.holders.max_entries = (uint32_t)room;
	ret = nsview_memory__load(p);
	if (ret < 0)
		return ret;
	p->bss->at = tasks->program->bss->at;
	ret = nsview_memory__attach(p);
	*out = (struct holder_program){ p->links.dump_memory_fd, p->maps.holders.map_fd,
					&p->bss->counters };
	return ret;
}

static void unmap_holders(struct holder_read *read)
{
	unmap(read->records, read->n * sizeof(*read->records));
}

void kernel_bpf_release_holders(struct holder_read *read)
{
	unmap_holders(read);
	if (read->program)
		nsview_holders__destroy(read->program);
	*read = (struct holder_read){ 0 };
}

void kernel_bpf_release_memory(struct holder_read *read)
{
	unmap_holders(read);
	if (read->program)
		nsview_memory__destroy(read->program);
	*read = (struct holder_read){ 0 };
}

/* *room: for the next try, where there was too little. */
static int holders_run(const struct holder_program *p, size_t *room, struct holder_read *out)
{
	size_t had = *room;
	int ret = iterator_run(p->link_fd);

	if (ret < 0)
		return ret;
	out->counters = *p->counters;
	if (out->counters.records > had) {
		*room = out->counters.records + out->counters.records / 4;
		return -ENOSPC;
	}
	/* A list that was changed under the reader's eyes. */
	if (out->counters.open)
		return -EAGAIN;
	ret = map_records(p->map_fd, out->counters.records, sizeof(*out->records),
			  (const void **)&out->records);
	out->n = out->records ? out->counters.records : 0;
	return ret;
}

static int read_holders(const struct kernel_read *tasks, holder_load load, bool orphans,
			void (*release)(struct holder_read *read), struct holder_read *out)
{
	size_t room = HOLDERS_ROOM;
	int ret = -EAGAIN;

	for (int i = 0; i < TRIES_MAX && (ret == -EAGAIN || ret == -ENOSPC); i++) {
		struct holder_program p;

		*out = (struct holder_read){ 0 };
		ret = load(tasks, room, orphans, &out->program, &p);
		if (ret >= 0)
			ret = holders_run(&p, &room, out);
		if (ret < 0)
			release(out);
	}
	return ret;
}

int kernel_bpf_read_holders(const struct kernel_read *tasks, bool orphans, struct holder_read *out,
			    struct error *err)
{
	int ret = read_holders(tasks, holders_load, orphans, kernel_bpf_release_holders, out);

	return ret < 0 ? say(err, ret) : 0;
}

int kernel_bpf_read_memory(const struct kernel_read *tasks, struct holder_read *out,
			   struct error *err)
{
	int ret = read_holders(tasks, memory_load, false, kernel_bpf_release_memory, out);

	return ret < 0 ? say(err, ret) : 0;
}

const char *kernel_bpf_missing(void)
{
	return NULL;
}

#else /* !HAVE_BPF */

const char *kernel_bpf_missing(void)
{
	return "this nsview was built without it: clang, bpftool or libbpf's headers were missing";
}

int kernel_bpf_read(const struct kernel_room *wanted, struct kernel_read *out, struct error *err)
{
	(void)wanted;
	*out = (struct kernel_read){ 0 };
	return error_set(err, -EOPNOTSUPP, "%s", kernel_bpf_missing());
}

void kernel_bpf_release(struct kernel_read *read)
{
	(void)read;
}

int kernel_bpf_read_holders(const struct kernel_read *tasks, bool orphans, struct holder_read *out,
			    struct error *err)
{
	(void)tasks;
	(void)orphans;
	*out = (struct holder_read){ 0 };
	return error_set(err, -EOPNOTSUPP, "%s", kernel_bpf_missing());
}

void kernel_bpf_release_holders(struct holder_read *read)
{
	(void)read;
}

int kernel_bpf_read_memory(const struct kernel_read *tasks, struct holder_read *out,
			   struct error *err)
{
	return kernel_bpf_read_holders(tasks, false, out, err);
}

void kernel_bpf_release_memory(struct holder_read *read)
{
	(void)read;
}

#endif

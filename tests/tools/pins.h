/* SPDX-License-Identifier: MIT */
/*
 * The cases of nspin: each function makes one thing that holds a namespace which has no member,
 * and notes who holds it by what. Those whose name starts with "no-" look as if they did, and do
 * not. Those of type "net" can share one namespace.
 */
#ifndef NSVIEW_TESTS_PINS_H
#define NSVIEW_TESTS_PINS_H

#include "lab.h"
#include "pin.h"
#include <linux/io_uring.h>
#include <mqueue.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>

static void by_fd(struct pin *p, int fd)
{
	p->pid = getpid();
	p->fd = p->more[0] = fd;
	let_go(p);
}

static void make_fd(struct pin *p)
{
	by_fd(p, must(fcntl(p->ns, F_DUPFD_CLOEXEC, 0), "dup"));
}

static void make_o_path(struct pin *p)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", p->ns);
	by_fd(p, must(open(path, O_PATH | O_CLOEXEC), path));
}

static void new_point(struct pin *p)
{
	snprintf(p->path, sizeof(p->path), "%s/%s.%llu", directory, p->how->name,
		 (unsigned long long)p->ino);
	close(must(open(p->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600), p->path));
}

static void bind_here(void *arg)
{
	struct pin *p = arg;
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", p->ns);
	must(mount(path, p->path, NULL, MS_BIND, NULL), "bind");
}

static void make_mount(struct pin *p)
{
	new_point(p);
	bind_here(p);
	p->mnt = ino_of(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
	let_go(p);
}

static void release_mount(struct pin *p)
{
	must(umount(p->path), "umount");
	unlink(p->path);
}

static void make_unmounted(struct pin *p)
{
	new_point(p);
	bind_here(p);
	by_fd(p, must(open(p->path, O_RDONLY | O_CLOEXEC), p->path));
	must(umount2(p->path, MNT_DETACH), "umount");
	unlink(p->path);
	p->path[0] = '\0';
}

static void bind_elsewhere(void *arg)
{
	must(unshare(CLONE_NEWNS), "unshare");
	must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
	bind_here(arg);
	/* The task's copy of the descriptor would hold it as well. */
	let_go(arg);
}

static void make_mount_other(struct pin *p)
{
	new_point(p);
	p->child = task_start(bind_elsewhere, p);
	int mnt = ns_of(p->child, "mnt");
	p->mnt = ino_of(mnt);
	close(mnt);
	let_go(p);
}

static void make_mount_hidden(struct pin *p)
{
	new_point(p);
	pid_t pid = task_start(bind_elsewhere, p);
	p->more[0] = ns_of(pid, "mnt");
	p->mnt = ino_of(p->more[0]);
	task_end(pid);
	let_go(p);
}

static void release_point(struct pin *p)
{
	unlink(p->path);
}

/* A thread in which something stays until it is told to end. */
struct stay {
	pthread_t thread;
	int ready[2], end[2];
	struct pin *pin;
	void (*what)(struct pin *p);
};

static void *stay_main(void *arg)
{
	struct stay *s = arg;
	char c;
	s->pin->tid = (pid_t)syscall(SYS_gettid);
	s->what(s->pin);
	if (write(s->ready[1], "", 1) != 1 || read(s->end[0], &c, 1) != 1)
		return NULL;
	return NULL;
}

static void thread_start(struct pin *p, void (*what)(struct pin *p))
{
	struct stay *s = calloc(1, sizeof(*s));
	char c;
	if (!s || pipe2(s->ready, O_CLOEXEC) < 0 || pipe2(s->end, O_CLOEXEC) < 0)
		err(1, "thread");
	s->pin = p;
	s->what = what;
	p->thread = s;
	p->pid = getpid();
	if (pthread_create(&s->thread, NULL, stay_main, s) != 0 || read(s->ready[0], &c, 1) != 1)
		errx(1, "thread");
}

static void thread_end(struct stay *s)
{
	if (write(s->end[1], "", 1) == 1)
		pthread_join(s->thread, NULL);
	for (int i = 0; i < 2; i++) {
		close(s->ready[i]);
		close(s->end[i]);
	}
	free(s);
}

static void own_table(struct pin *p)
{
	const struct stay *s = p->thread;
	must(unshare(CLONE_FILES), "unshare");
	close_others(s->ready[1], s->end[0]);
	p->fd = must(fcntl(p->ns, F_DUPFD_CLOEXEC, 200), "dup");
	close(p->ns);
}

static void make_thread_fd(struct pin *p)
{
	thread_start(p, own_table);
	let_go(p);
}

/* What comes out of the namespace: made by a visit there. */
static int made_inside(const struct pin *p, int (*make)(void))
{
	int home = must(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), "ns/net");
	must(setns(p->ns, CLONE_NEWNET), "setns");
	int fd = make();
	must(setns(home, CLONE_NEWNET), "setns");
	close(home);
	return must(fd, p->how->name);
}

static int inet_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int tun_file(void)
{
	return open("/dev/net/tun", O_RDWR | O_CLOEXEC);
}

static void make_inet(struct pin *p)
{
	by_fd(p, made_inside(p, inet_socket));
}

static void make_unix(struct pin *p)
{
	by_fd(p, made_inside(p, unix_socket));
}

static void make_tun(struct pin *p)
{
	by_fd(p, made_inside(p, tun_file));
}

static void send_fd(int to, int fd)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .room = { 0 } };
	char byte = 'x';
	struct iovec data = { &byte, 1 };
	struct msghdr m = { .msg_iov = &data,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	must((int)sendmsg(to, &m, 0), "sendmsg");
}

/* The sending end stays open: a socket that has lost its other end is a case of its own. */
static void by_queue(struct pin *p, int fd)
{
	int ends[2];
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
	send_fd(ends[0], fd);
	close(fd);
	p->pid = getpid();
	p->more[1] = ends[0];
	p->fd = p->more[0] = ends[1];
}

static void make_queued(struct pin *p)
{
	by_queue(p, p->ns);
	p->ns = -1;
}

static void make_queued_socket(struct pin *p)
{
	by_queue(p, made_inside(p, inet_socket));
	let_go(p);
}

static void make_io_uring(struct pin *p)
{
	struct io_uring_params params = { 0 };
	int fd = must((int)syscall(SYS_io_uring_setup, 1, &params), "io_uring_setup");
	must((int)syscall(SYS_io_uring_register, fd, IORING_REGISTER_FILES, &p->ns, 1),
	     "io_uring_register");
	by_fd(p, fd);
}

/* The uts namespace of a user namespace is open: so the user namespace lives. */
static void make_owner(struct pin *p)
{
	int flags = CLONE_NEWUSER | CLONE_NEWUTS;
	pid_t pid = task_start(do_unshare, &flags);
	int user = ns_of(pid, "user");
	p->type = "user";
	p->more[0] = ns_of(pid, "uts");
	p->needs = ino_of(p->more[0]);
	note_ns(p, user);
	close(user);
	task_end(pid);
}

static void nest_user(void *arg)
{
	int procfd = must(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC), "/proc");
	int *upper = arg;
	must(unshare(CLONE_NEWUSER), "unshare");
	must(lab_map_root(procfd, 0, 0), "uid_map");
	/* Its number goes to the maker by memory that both share. */
	int fd = ns_of(getpid(), "user");
	upper[0] = fd;
	if (ioctl(fd, NS_ID, (uint64_t *)(void *)(upper + 4)) < 0)
		memset(upper + 4, 0, 8);
	*(uint64_t *)(void *)(upper + 2) = ino_of(fd);
	close(fd);
	must(unshare(CLONE_NEWUSER), "unshare");
	close(procfd);
}

static void make_child_user(struct pin *p)
{
	int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	p->type = "user";
	p->child = task_start(nest_user, shared);
	p->ino = *(uint64_t *)(void *)(shared + 2);
	p->id = *(uint64_t *)(void *)(shared + 4);
	int user = ns_of(p->child, "user");
	p->needs = ino_of(user);
	close(user);
	munmap(shared, 4096);
}

/* The first process of a pid namespace, as the caller numbers it. */
static pid_t pid_start(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_NEWPID, NULL, NULL, NULL, 0L);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (true)
			pause();
	}
	return must(pid, "clone");
}

static void make_pid_parent(struct pin *p)
{
	/* Its init has one more pid namespace for children, which a descriptor holds. */
	pid_t init = (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_NEWPID, NULL, NULL, NULL, 0L);
	if (init == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWPID) < 0)
			_exit(1);
		pid_t child = fork();
		if (child == 0)
			while (true)
				pause();
		while (true)
			pause();
	}
	must(init, "clone");
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/ns/pid_for_children", init);
	int own = ns_of(init, "pid"), inner = -1;
	for (int i = 0; i < 1000; i++) {
		inner = open(path, O_RDONLY | O_CLOEXEC);
		if (inner >= 0 && ino_of(inner) != ino_of(own))
			break;
		if (inner >= 0)
			close(inner);
		inner = -1;
		usleep(1000);
	}
	must(inner, path);
	p->type = "pid";
	note_ns(p, own);
	close(own);
	p->more[0] = inner;
	p->needs = ino_of(inner);
	task_end(init);
}

static void do_pid_used(void *arg)
{
	(void)arg;
	must(unshare(CLONE_NEWPID), "unshare");
	pid_t child = must(fork(), "fork");
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
}

/* The pid namespace of what a task unshared: /proc does not show it before its first child. */
static int for_children_of(pid_t pid, const char *link, unsigned request)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, link);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	int pidfd = must((int)syscall(SYS_pidfd_open, pid, 0), "pidfd_open");
	fd = ioctl(pidfd, request, 0);
	close(pidfd);
	return must(fd, link);
}

static void by_children(struct pin *p, const char *type, const char *link, unsigned request)
{
	int fd = for_children_of(p->child, link, request);
	p->pid = p->child;
	p->type = type;
	note_ns(p, fd);
	close(fd);
}

static void make_pid_used(struct pin *p)
{
	p->child = task_start(do_pid_used, NULL);
	by_children(p, "pid", "pid_for_children", _IO(0xff, 6));
}

static void make_pid_unused(struct pin *p)
{
	p->child = task_start(do_unshare, &(int){ CLONE_NEWPID });
	by_children(p, "pid", "pid_for_children", _IO(0xff, 6));
}

static void make_time(struct pin *p)
{
	p->child = task_start(do_unshare, &(int){ CLONE_NEWTIME });
	by_children(p, "time", "time_for_children", _IO(0xff, 8));
}

static void leave_uts(struct pin *p)
{
	must(unshare(CLONE_NEWUTS), "unshare");
	int fd = must(open("/proc/thread-self/ns/uts", O_RDONLY | O_CLOEXEC), "ns/uts");
	note_ns(p, fd);
	close(fd);
}

static void make_thread(struct pin *p)
{
	p->type = "uts";
	thread_start(p, leave_uts);
}

static void *linger(void *arg)
{
	char c = 0;
	if (write(*(int *)arg, &c, 1) == 1)
		while (true)
			pause();
	return arg;
}

/* A process in a uts namespace of its own, of which only a second thread lives on. */
static void make_zombie_leader(struct pin *p)
{
	int ready[2];
	char c, path[64];
	must(pipe2(ready, O_CLOEXEC), "pipe");
	p->child = must(fork(), "fork");
	if (p->child == 0) {
		pthread_t thread;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		must(unshare(CLONE_NEWUTS), "unshare");
		if (pthread_create(&thread, NULL, linger, &ready[1]) == 0)
			syscall(SYS_exit, 0); /* this thread alone */
		_exit(1);
	}
	if (read(ready[0], &c, 1) != 1)
		errx(1, "zombie-leader");
	close(ready[0]);
	close(ready[1]);
	p->type = "uts";
	p->pid = p->child;
	snprintf(path, sizeof(path), "/proc/%d/task", p->child);
	for (pid_t tid = p->child + 1; tid < p->child + 1000; tid++) {
		snprintf(path, sizeof(path), "/proc/%d/task/%d/ns/uts", p->child, tid);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		p->tid = tid;
		note_ns(p, fd);
		close(fd);
		break;
	}
	/* Until the leader has gone. */
	snprintf(path, sizeof(path), "/proc/%d/ns/uts", p->child);
	for (int i = 0; i < 1000 && readlink(path, &c, 1) > 0; i++)
		usleep(1000);
}

/* Ends it without taking its status. */
static void make_zombie(struct pin *p, pid_t pid, const char *type)
{
	siginfo_t info;
	int fd = ns_of(pid, type);
	p->pid = p->child = pid;
	p->type = type;
	note_ns(p, fd);
	close(fd);
	kill(pid, SIGKILL);
	must(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), "waitid");
}

static void make_zombie_user(struct pin *p)
{
	make_zombie(p, task_start(do_unshare, &(int){ CLONE_NEWUSER }), "user");
}

static void make_zombie_pid(struct pin *p)
{
	make_zombie(p, pid_start(), "pid");
}

static void no_zombie_uts(struct pin *p)
{
	make_zombie(p, task_start(do_unshare, &(int){ CLONE_NEWUTS }), "uts");
}

/* An open file below /proc/PID whose process, alone in its namespace, is gone. */
static void make_proc_file(struct pin *p, const char *type, const char *file, int flags)
{
	char path[64];
	pid_t pid = task_start(do_unshare, &(int){ flag_of(type) });
	int fd = ns_of(pid, type);
	p->type = type;
	note_ns(p, fd);
	close(fd);
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	p->more[0] = must(open(path, flags | O_CLOEXEC), path);
	task_end(pid);
}

static void make_mountinfo(struct pin *p)
{
	make_proc_file(p, "mnt", "mountinfo", O_RDONLY);
}

static void make_uid_map(struct pin *p)
{
	make_proc_file(p, "user", "uid_map", O_RDONLY);
}

static void make_net_dev(struct pin *p)
{
	make_proc_file(p, "net", "net/dev", O_RDONLY);
}

static void make_procfs(struct pin *p)
{
	p->type = "pid";
	p->mnt = ino_of(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
	pid_t init = (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_NEWPID, NULL, NULL, NULL, 0L);
	snprintf(p->path, sizeof(p->path), "%s/procfs", directory);
	mkdir(p->path, 0700);
	if (init == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (mount("proc", p->path, "proc", 0, NULL) < 0)
			_exit(1);
		while (true)
			pause();
	}
	must(init, "clone");
	int fd = ns_of(init, "pid");
	note_ns(p, fd);
	close(fd);
	char inside[300], byte;
	snprintf(inside, sizeof(inside), "%s/1/ns/pid", p->path);
	for (int i = 0; i < 1000 && readlink(inside, &byte, 1) < 0; i++)
		usleep(1000);
	p->pid = p->child = init;
}

static void release_procfs(struct pin *p)
{
	must(umount(p->path), "umount");
	rmdir(p->path);
}

static void attach_shm(void *arg)
{
	int *out = arg;
	must(unshare(CLONE_NEWIPC), "unshare");
	out[0] = must(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600), "shmget");
}

static void no_mqueue(void *arg)
{
	(void)arg;
	must(unshare(CLONE_NEWIPC), "unshare");
	/* Descriptor 100 is inherited by nobody: the queue is kept by the maker's copy below. */
	mqd_t queue = mq_open("/nspin", O_CREAT | O_RDWR, 0600, NULL);
	must((int)queue, "mq_open");
	must(dup2((int)queue, 100), "dup2");
}

/* A message queue that outlives the namespace it was made in. */
static void no_mqueue_fd(struct pin *p)
{
	pid_t pid = task_start(no_mqueue, NULL);
	int fd = ns_of(pid, "ipc");
	p->type = "ipc";
	note_ns(p, fd);
	close(fd);
	int pidfd = must((int)syscall(SYS_pidfd_open, pid, 0), "pidfd_open");
	p->more[0] = must((int)syscall(SYS_pidfd_getfd, pidfd, 100, 0), "pidfd_getfd");
	close(pidfd);
	task_end(pid);
}

struct super {
	const char *fstype, *path;
	int flag;
};

static void mount_inside(void *arg)
{
	const struct super *s = arg;
	must(unshare(s->flag), "unshare");
	must(mount(s->fstype, s->path, s->fstype, 0, NULL), s->fstype);
}

static void no_super(struct pin *p, const char *fstype, const char *type)
{
	struct super s = { fstype, p->path, flag_of(type) };
	snprintf(p->path, sizeof(p->path), "%s/%s", directory, fstype);
	mkdir(p->path, 0700);
	pid_t pid = task_start(mount_inside, &s);
	int fd = ns_of(pid, type);
	p->type = type;
	note_ns(p, fd);
	close(fd);
	task_end(pid);
}

static void no_mqueue_super(struct pin *p)
{
	no_super(p, "mqueue", "ipc");
}

static void no_sysfs_super(struct pin *p)
{
	no_super(p, "sysfs", "net");
}

static void enter_mount(void *arg)
{
	must(unshare(CLONE_NEWNS), "unshare");
	must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
	must(mount("nspin", arg, "tmpfs", 0, NULL), "tmpfs");
	must(chdir(arg), "chdir");
}

/* The working directory of a task that has left the mount namespace in which it is mounted. */
static void leave_mount(void *arg)
{
	int home = must(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC), "ns/mnt");
	enter_mount(arg);
	int here = must(open(".", O_PATH | O_CLOEXEC), ".");
	int was = must(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC), "ns/mnt");
	*(uint64_t *)((char *)arg + 256) = ino_of(was);
	if (ioctl(was, NS_ID, (uint64_t *)((char *)arg + 264)) < 0)
		memset((char *)arg + 264, 0, 8);
	must(setns(home, CLONE_NEWNS), "setns");
	must(fchdir(here), "fchdir");
	close(here);
	close(was);
	close(home);
}

static void no_cwd(struct pin *p)
{
	char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	snprintf(p->path, sizeof(p->path), "%s/cwd", directory);
	mkdir(p->path, 0700);
	strcpy(shared, p->path);
	p->type = "mnt";
	p->child = task_start(leave_mount, shared);
	p->ino = *(uint64_t *)(void *)(shared + 256);
	p->id = *(uint64_t *)(void *)(shared + 264);
	munmap(shared, 4096);
}

static void release_dir(struct pin *p)
{
	umount(p->path);
	rmdir(p->path);
}

/* nsfs files cannot be mapped at all. */
static void no_mmap(struct pin *p)
{
	if (mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, p->ns, 0) != MAP_FAILED)
		errx(1, "an nsfs file was mapped");
	let_go(p);
}

static void make_shm(struct pin *p)
{
	int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	pid_t pid = task_start(attach_shm, shared);
	p->type = "ipc";
	p->ns = ns_of(pid, "ipc");
	note_ns(p, p->ns);
	int home = must(open("/proc/self/ns/ipc", O_RDONLY | O_CLOEXEC), "ns/ipc");
	must(setns(p->ns, CLONE_NEWIPC), "setns");
	p->thread = shmat(shared[0], NULL, 0);
	if (p->thread == (void *)-1)
		err(1, "shmat");
	must(setns(home, CLONE_NEWIPC), "setns");
	close(home);
	task_end(pid);
	munmap(shared, 4096);
	let_go(p);
}

static void release_shm(struct pin *p)
{
	shmdt(p->thread);
	p->thread = NULL;
}

/* The pidfd of a dead process, which keeps its pid namespace. */
static void make_pidfd(struct pin *p)
{
	pid_t init = pid_start();
	int fd = ns_of(init, "pid");
	p->type = "pid";
	note_ns(p, fd);
	close(fd);
	p->more[0] = must((int)syscall(SYS_pidfd_open, init, 0), "pidfd_open");
	task_end(init);
}

static const struct pin_case cases[] = {
	{ "mount", "net", make_mount, release_mount },
	{ "mount-other", "net", make_mount_other, release_point },
	{ "mount-hidden", "net", make_mount_hidden, release_point },
	{ "fd", "net", make_fd, NULL },
	{ "o-path", "net", make_o_path, NULL },
	{ "unmounted", "net", make_unmounted, NULL },
	{ "thread-fd", "net", make_thread_fd, NULL },
	{ "queued", "net", make_queued, NULL },
	{ "queued-socket", "net", make_queued_socket, NULL },
	{ "io-uring", "net", make_io_uring, NULL },
	{ "inet-socket", "net", make_inet, NULL },
	{ "unix-socket", "net", make_unix, NULL },
	{ "tun", "net", make_tun, NULL },
	{ "child-user", NULL, make_child_user, NULL },
	{ "owner", NULL, make_owner, NULL },
	{ "pid-parent", NULL, make_pid_parent, NULL },
	{ "pid-for-children", NULL, make_pid_used, NULL },
	{ "pid-for-children-unused", NULL, make_pid_unused, NULL },
	{ "time-for-children", NULL, make_time, NULL },
	{ "thread", NULL, make_thread, NULL },
	{ "zombie-leader", NULL, make_zombie_leader, NULL },
	{ "zombie-user", NULL, make_zombie_user, NULL },
	{ "zombie-pid", NULL, make_zombie_pid, NULL },
	{ "proc-mountinfo", NULL, make_mountinfo, NULL },
	{ "procfs", NULL, make_procfs, release_procfs },
	/* Nothing below /proc leads to these. */
	{ "proc-uid-map", NULL, make_uid_map, NULL },
	{ "proc-net-dev", NULL, make_net_dev, NULL },
	{ "shm", NULL, make_shm, release_shm },
	{ "pidfd", NULL, make_pidfd, NULL },
	/* These hold nothing. */
	{ "no-mmap", "net", no_mmap, NULL },
	{ "no-zombie-uts", NULL, no_zombie_uts, NULL },
	{ "no-mqueue-fd", NULL, no_mqueue_fd, NULL },
	{ "no-mqueue-super", NULL, no_mqueue_super, release_dir },
	{ "no-sysfs-super", NULL, no_sysfs_super, release_dir },
	{ "no-cwd", NULL, no_cwd, release_dir },
	{ NULL, NULL, NULL, NULL },
};

#endif

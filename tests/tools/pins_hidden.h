/* SPDX-License-Identifier: MIT */
/*
 * Cases of nspin: what holds a namespace inside the kernel, where no link, mount or ioctl leads
 * to it. Knows how each is made and noted, and nothing of who is told about it.
 */
#ifndef NSVIEW_TESTS_PINS_HIDDEN_H
#define NSVIEW_TESTS_PINS_HIDDEN_H

#include "lab.h"
#include "pins_socket.h"
#include "pins_task.h"
#include <linux/perf_event.h>
#include <sys/shm.h>
#include <sys/un.h>

#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif
#ifndef OPEN_TREE_CLOEXEC
#define OPEN_TREE_CLOEXEC O_CLOEXEC
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
enum { FROM_PATH_EMPTY = 4 /* MOVE_MOUNT_F_EMPTY_PATH */, CREATE = 6 /* FSCONFIG_CMD_CREATE */ };

/* What a task leaves for its maker: a number that no task inherits anything at. */
enum { HANDED = 100 };

static void hand_over(int fd)
{
	must(dup2(fd, HANDED), "dup2");
}

static int take_over(pid_t pid)
{
	int pidfd = must((int)syscall(SYS_pidfd_open, pid, 0), "pidfd_open");
	int fd = must((int)syscall(SYS_pidfd_getfd, pidfd, HANDED, 0), "pidfd_getfd");
	close(pidfd);
	return fd;
}

/* A descriptor that was opened by a task, alone in its namespace, which is gone. */
static void make_handed(struct pin *p, const char *type, int clone_flags, void (*what)(void *))
{
	pid_t pid = task_clone(clone_flags, what, NULL);
	note_ns_of(p, pid, type);
	held_by(p, take_over(pid));
	task_end(pid);
}

/* An open file below /proc/PID whose process, alone in its namespace, is gone. */
static void make_proc_file(struct pin *p, pid_t pid, const char *type, const char *file)
{
	char path[64];
	note_ns_of(p, pid, type);
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	held_by(p, must(open(path, O_RDONLY | O_CLOEXEC), path));
	task_end(pid);
}

static void make_mountinfo(struct pin *p)
{
	make_proc_file(p, task_start(do_unshare, &(int){ CLONE_NEWNS }), "mnt", "mountinfo");
}

static void make_uid_map(struct pin *p)
{
	make_proc_file(p, task_start(do_unshare, &(int){ CLONE_NEWUSER }), "user", "uid_map");
}

static void make_net_dev(struct pin *p)
{
	make_proc_file(p, task_start(join_net, p), "net", "net/dev");
	let_go(p);
}

static void make_proc_dir(struct pin *p)
{
	make_proc_file(p, pid_start(), "pid", "");
}

static void mount_procfs(void *arg)
{
	const struct pin *p = arg;
	must(mount("proc", p->path, "proc", 0, NULL), "proc");
}

static void make_procfs(struct pin *p)
{
	snprintf(p->path, sizeof(p->path), "%s/%s", directory, p->how->name);
	mkdir(p->path, 0700);
	in_own_mnt(p);
	p->pid = p->child = task_clone(CLONE_NEWPID, mount_procfs, p);
	note_ns_of(p, p->child, "pid");
}

/* Its init is gone, so that it shows nobody. */
static void make_proc_super(struct pin *p)
{
	make_procfs(p);
	task_end(p->child);
	p->pid = p->child = 0;
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
	p->pid = getpid();
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
	note_ns_of(p, init, "pid");
	held_by(p, must((int)syscall(SYS_pidfd_open, init, 0), "pidfd_open"));
	task_end(init);
}

static int tree_of(const char *path)
{
	return must((int)syscall(SYS_open_tree, AT_FDCWD, path,
				 OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE),
		    "open_tree");
}

static void move_to(int tree, const char *path)
{
	must((int)syscall(SYS_move_mount, tree, "", AT_FDCWD, path, FROM_PATH_EMPTY), "move_mount");
}

/* Below the root of a tree of mounts that is in no mount namespace. */
static void make_detached(struct pin *p)
{
	char dir[160];
	snprintf(dir, sizeof(dir), "%s/tree.%llu", directory, (unsigned long long)p->ino);
	mkdir(dir, 0700);
	must(mount("nspin", dir, "tmpfs", 0, NULL), "tmpfs");
	snprintf(p->path, sizeof(p->path), "%s/ns", dir);
	close(must(open(p->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600), p->path));
	bind_here(p);
	by_fd(p, tree_of(dir));
	must(umount2(dir, MNT_DETACH), "umount");
	rmdir(dir);
	p->path[0] = '\0';
}

/* A file that has nothing to do with namespaces, but was opened in a user namespace. */
static void open_in_user(void *arg)
{
	(void)arg;
	must(unshare(CLONE_NEWUSER), "unshare");
	hand_over(must(open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null"));
}

static void make_file_cred(struct pin *p)
{
	make_handed(p, "user", 0, open_in_user);
}

static int new_fs(void)
{
	int procfd = must(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC), "/proc");
	must(unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare");
	must(lab_map_root(procfd, 0, 0), "uid_map");
	close(procfd);
	return must((int)syscall(SYS_fsopen, "tmpfs", 1 /* FSOPEN_CLOEXEC */), "fsopen");
}

static void open_fs(void *arg)
{
	(void)arg;
	hand_over(new_fs());
}

static void make_fsopen(struct pin *p)
{
	make_handed(p, "user", 0, open_fs);
}

static void mount_fs(void *arg)
{
	int fs = new_fs();
	(void)arg;
	must((int)syscall(SYS_fsconfig, fs, CREATE, NULL, NULL, 0), "fsconfig");
	hand_over(must((int)syscall(SYS_fsmount, fs, 1 /* FSMOUNT_CLOEXEC */, 0), "fsmount"));
}

/* A file system that was made in a user namespace and is mounted here. */
static void make_super(struct pin *p)
{
	snprintf(p->path, sizeof(p->path), "%s/super", directory);
	mkdir(p->path, 0700);
	in_own_mnt(p);
	pid_t pid = task_start(mount_fs, NULL);
	note_ns_of(p, pid, "user");
	int fs = take_over(pid);
	move_to(fs, p->path);
	close(fs);
	task_end(pid);
}

static void open_cgroup_procs(void *arg)
{
	static const char *const files[] = { "/sys/fs/cgroup/cgroup.procs",
					     "/sys/fs/cgroup/unified/cgroup.procs",
					     "/sys/fs/cgroup/systemd/cgroup.procs" };
	int fd = -1;
	(void)arg;
	must(unshare(CLONE_NEWCGROUP), "unshare");
	for (size_t i = 0; fd < 0 && i < sizeof(files) / sizeof(*files); i++)
		fd = open(files[i], O_RDONLY | O_CLOEXEC);
	hand_over(must(fd, "cgroup.procs"));
}

static void make_cgroup_procs(struct pin *p)
{
	make_handed(p, "cgroup", 0, open_cgroup_procs);
}

static void open_perf(void *arg)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE,
					.size = sizeof(attr),
					.config = PERF_COUNT_SW_DUMMY };
	(void)arg;
	hand_over(must((int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC),
		       "perf_event_open"));
}

static void make_perf(struct pin *p)
{
	make_handed(p, "pid", CLONE_NEWPID, open_perf);
}

struct meeting {
	struct sockaddr_un at;
	socklen_t len;
	int flags; /* to unshare before */
};

/* The leading NUL: it is no file. */
static void name_meeting(struct meeting *m)
{
	int len = snprintf(m->at.sun_path + 1, sizeof(m->at.sun_path) - 1, "nspin-%d", getpid());
	m->at.sun_family = AF_UNIX;
	m->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len);
}

static void connect_peer(void *arg)
{
	const struct meeting *m = arg;
	if (m->flags)
		must(unshare(m->flags), "unshare");
	int sock = must(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
	must(connect(sock, (const struct sockaddr *)&m->at, m->len), "connect");
}

/* A socket remembers who connected to it. */
static void make_peer(struct pin *p, const char *type, int clone_flags, int unshare_flags)
{
	struct meeting m = { .flags = unshare_flags };
	int listener = must(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
	name_meeting(&m);
	must(bind(listener, (struct sockaddr *)&m.at, m.len), "bind");
	must(listen(listener, 1), "listen");
	pid_t pid = task_clone(clone_flags, connect_peer, &m);
	note_ns_of(p, pid, type);
	held_by(p, must(accept4(listener, NULL, NULL, SOCK_CLOEXEC), "accept"));
	close(listener);
	task_end(pid);
}

static void make_peer_pid(struct pin *p)
{
	make_peer(p, "pid", CLONE_NEWPID, 0);
}

static void make_peer_cred(struct pin *p)
{
	make_peer(p, "user", 0, CLONE_NEWUSER);
}

#endif

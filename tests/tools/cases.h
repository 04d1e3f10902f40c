/* SPDX-License-Identifier: MIT */
/*
 * The cases of nslab: each function makes one odd arrangement of namespaces out of tasks, and
 * returns when all of them are in place. The comment above each says which tasks there are, by the
 * prefix of their facts. Knows nothing of how the facts are told, or of when it ends.
 */
#ifndef NSVIEW_TESTS_CASES_H
#define NSVIEW_TESTS_CASES_H

#include "lab.h"
#include "nstypes.h"
#include "task.h"
#include <pthread.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>

#define PIDFD_OF_CHILDREN _IO(0xff, 6) /* PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE, Linux 6.11 */

enum { DEEP = 3, ZOMBIE_WAIT_MS = 10000 };

static void private_mounts(void)
{
	unshare_or_fail(CLONE_NEWNS);
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		fail("mount --make-rprivate");
}

static void cover_tmp(void)
{
	private_mounts();
	if (mount("nslab", "/tmp", "tmpfs", 0, NULL) < 0)
		fail("tmpfs");
}

/* nested-user: u1, u2, u3, each in a user namespace below the last, with a uts that it owns. */
static void nest_user(const void *arg)
{
	int level = *(const int *)arg, next = level + 1;
	char prefix[16];
	enter_user_ns();
	unshare_or_fail(CLONE_NEWUTS);
	snprintf(prefix, sizeof(prefix), "u%d", level);
	report_self(prefix);
	if (level < DEEP)
		start(0, nest_user, &next);
	stay();
}

static void case_nested_user(int count)
{
	(void)count;
	start(0, nest_user, &(int){ 1 });
}

/* nested-pid: p1, p2, p3, each the first process of a pid namespace below the last. */
static void nest_pid(const void *arg)
{
	int level = *(const int *)arg, next = level + 1;
	char prefix[16];
	snprintf(prefix, sizeof(prefix), "p%d", level);
	report_self(prefix);
	if (level < DEEP)
		start(CLONE_NEWPID, nest_pid, &next);
	stay();
}

static void case_nested_pid(int count)
{
	(void)count;
	start(CLONE_NEWPID, nest_pid, &(int){ 1 });
}

static void member_task(const void *prefix)
{
	report_self(prefix);
	stay();
}

/* time: t lives in a time namespace with offsets; its maker c only has it for children. */
static void time_maker(const void *arg)
{
	static const char offsets[] = "monotonic 86400 500000000\nboottime 604800 0\n";
	(void)arg;
	unshare_or_fail(CLONE_NEWTIME);
	if (lab_write(procfd, "self/timens_offsets", offsets, sizeof(offsets) - 1) < 0)
		fail("timens_offsets");
	report(" monotonic=86400.500000000 boottime=604800.000000000");
	start(0, member_task, "t");
	report_self("c");
	stay();
}

static void case_time(int count)
{
	(void)count;
	start(0, time_maker, NULL);
}

static void *thread_away(void *arg)
{
	unshare_or_fail(CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWIPC);
	report_self("t");
	tell_ready();
	wait_for_end();
	return arg;
}

static void start_thread(void *(*what)(void *))
{
	pthread_t thread;
	errno = pthread_create(&thread, NULL, what, NULL);
	if (errno)
		fail("thread");
}

/* thread: the thread t has uts, net and ipc namespaces that its leader l has not. */
static void thread_leader(const void *arg)
{
	(void)arg;
	report_self("l");
	start_thread(thread_away);
	wait_for_end();
}

static void case_thread(int count)
{
	(void)count;
	start(0, thread_leader, NULL);
}

static char leader_state(void)
{
	char text[512], *paren;
	int fd = openat(procfd, "self/stat", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	if (len <= 0)
		return '?';
	text[len] = '\0';
	paren = strrchr(text, ')');
	return paren && paren[1] ? paren[2] : '?';
}

/* The leader's exit has no event that its threads could wait for. */
static void await_zombie_leader(void)
{
	for (int i = 0; i < ZOMBIE_WAIT_MS && leader_state() != 'Z'; i++)
		nanosleep(&(struct timespec){ 0, 1000 * 1000 }, NULL);
	if (leader_state() != 'Z')
		fail("the leader does not become a zombie");
}

static void *thread_survivor(void *arg)
{
	await_zombie_leader();
	return thread_away(arg);
}

/*
 * zombie-leader: the leader has exited, the thread t lives on in namespaces of its own. The facts
 * of l are from before its exit, when it still had all ten links.
 */
static void zombie_leader(const void *arg)
{
	(void)arg;
	report_self("l");
	start_thread(thread_survivor);
	pthread_exit(NULL);
}

static void case_zombie_leader(int count)
{
	(void)count;
	start(0, zombie_leader, NULL);
}

/* What the link does not show before the first child: asked of the kernel by pidfd, 0 if denied. */
static unsigned long hidden_children_ns(void)
{
	struct stat st;
	int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	int fd = pidfd < 0 ? -1 : ioctl(pidfd, PIDFD_OF_CHILDREN, 0);
	unsigned long ino = fd >= 0 && fstat(fd, &st) == 0 ? st.st_ino : 0;
	if (fd >= 0)
		close(fd);
	if (pidfd >= 0)
		close(pidfd);
	return ino;
}

static void visit(const void *arg)
{
	(void)arg;
	tell_ready();
	_exit(0);
}

static void children_task(const void *arg)
{
	const char *prefix = arg;
	unshare_or_fail(CLONE_NEWPID);
	if (strcmp(prefix, "c1") == 0)
		await_exit(start(0, visit, NULL));
	report_self(prefix);
	unsigned long hidden = hidden_children_ns();
	if (hidden)
		report(" %s_children=%lu", prefix, hidden);
	else
		report(" %s_children=-", prefix);
	stay();
}

/* pid-for-children: c0 never had a child; c1's child came and died. */
static void case_pid_for_children(int count)
{
	(void)count;
	start(0, children_task, "c0");
	start(0, children_task, "c1");
}

/* time-for-children: c has a time namespace that nobody lives in. */
static void time_children_task(const void *arg)
{
	unshare_or_fail(CLONE_NEWTIME);
	report_self(arg);
	stay();
}

static void case_time_for_children(int count)
{
	(void)count;
	start(0, time_children_task, "c");
}

static void orphan_child(const void *prefix)
{
	unshare_or_fail(CLONE_NEWUTS | CLONE_NEWIPC);
	enter_user_ns();
	report_self(prefix);
	stay();
}

static void orphan_maker(const void *prefix)
{
	enter_user_ns();
	report_self(prefix);
	start(0, orphan_child, "c");
	tell_ready();
	_exit(0);
}

/*
 * orphan-userns: m's user namespace has no process; it owns c's uts and ipc, and is the parent of
 * c's user namespace. m is gone.
 */
static void case_orphan_userns(int count)
{
	(void)count;
	await_exit(start(0, orphan_maker, "m"));
}

static void new_net_task(const void *prefix)
{
	unshare_or_fail(CLONE_NEWNET);
	report_self(prefix);
	stay();
}

/*
 * The path of a network namespace whose only process, x, is still alive: the caller takes hold
 * and then ends it. By a helper, since coming back by setns is not allowed to everyone.
 */
static pid_t start_victim(char *path, size_t size)
{
	pid_t pid = start(0, new_net_task, "x");
	snprintf(path, size, "/proc/%d/ns/net", pid);
	return pid;
}

static void end_victim(pid_t pid)
{
	if (pid <= 1 || kill(pid, SIGKILL) < 0)
		fail("kill");
	await_exit(pid);
}

static void fd_holder(const void *arg)
{
	char path[PATH_BYTES];
	struct stat st;
	pid_t victim = start_victim(path, sizeof(path));
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		fail(path);
	end_victim(victim);
	report_self(arg);
	report(" h_fd=%d h_fd_ino=%lu", fd, (unsigned long)st.st_ino);
	stay();
}

/* fd-held: h holds x's network namespace by an open file alone. x is gone. */
static void case_fd_held(int count)
{
	(void)count;
	start(0, fd_holder, "h");
}

static void mount_holder(const void *arg)
{
	char path[PATH_BYTES];
	struct stat st;
	cover_tmp();
	int fd = open("/tmp/net", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		fail("/tmp/net");
	close(fd);
	pid_t victim = start_victim(path, sizeof(path));
	if (mount(path, "/tmp/net", NULL, MS_BIND, NULL) < 0 || stat("/tmp/net", &st) < 0)
		fail("bind mount");
	end_victim(victim);
	report_self(arg);
	report(" h_path=/tmp/net h_path_ino=%lu", (unsigned long)st.st_ino);
	stay();
}

/* mount-held: a bind mount in h's own mount namespace holds x's network namespace. x is gone. */
static void case_mount_held(int count)
{
	(void)count;
	start(0, mount_holder, "h");
}

static void chroot_task(const void *arg)
{
	if (chroot("/usr") < 0 || chdir("/") < 0)
		fail("chroot");
	report_self(arg);
	report(" r_root=/usr");
	stay();
}

/* chroot: r sees /usr as its root directory. */
static void case_chroot(int count)
{
	(void)count;
	start(0, chroot_task, "r");
}

static int count_own_mounts(void)
{
	char text[4096];
	int lines = 0;
	ssize_t len;
	int fd = openat(procfd, "self/mountinfo", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail("mountinfo");
	while ((len = read(fd, text, sizeof(text))) > 0)
		for (ssize_t i = 0; i < len; i++)
			lines += text[i] == '\n';
	close(fd);
	return lines;
}

static void mounts_task(const void *arg)
{
	char path[PATH_BYTES];
	cover_tmp();
	for (int i = 0; i < *(const int *)arg; i++) {
		snprintf(path, sizeof(path), "/tmp/%d", i);
		if (mkdir(path, 0700) < 0)
			fail(path);
		if (i % 2 ? mount(path, path, NULL, MS_BIND, NULL)
			  : mount("nslab", path, "tmpfs", 0, NULL))
			fail(path);
	}
	report_self("m");
	report(" m_mounts=%d", count_own_mounts());
	stay();
}

/* mounts-N: m's mount namespace has N more mounts, tmpfs and binds. */
static void case_mounts(int count)
{
	start(0, mounts_task, &count);
}

/* The name in hexadecimal, as the kernel gives it back: it may hold anything. */
static void report_comm(int i)
{
	char comm[17] = "", hex[2 * sizeof(comm)];
	if (prctl(PR_GET_NAME, comm) < 0)
		fail("prctl");
	for (size_t k = 0; comm[k]; k++)
		snprintf(hex + 2 * k, sizeof(hex) - 2 * k, "%02x", (unsigned char)comm[k]);
	report(" h%d_comm=%s", i, hex);
}

static void hostile_task(const void *arg)
{
	char prefix[16];
	int i = *(const int *)arg;
	const char *name = hostile_names[i];
	unshare_or_fail(CLONE_NEWUTS);
	if (prctl(PR_SET_NAME, name) < 0 || sethostname(name, strlen(name)) < 0)
		fail("name");
	snprintf(prefix, sizeof(prefix), "h%d", i);
	report_self(prefix);
	report_comm(i);
	stay();
}

/* hostile-comm: h0, h1, ... have names made to mislead, as comm and as hostname of their uts. */
static void case_hostile_comm(int count)
{
	(void)count;
	report(" names=%d", (int)HOSTILE_NAMES);
	for (int i = 0; i < (int)HOSTILE_NAMES; i++)
		start(0, hostile_task, &i);
}

static void many_task(const void *arg)
{
	int i = *(const int *)arg, pid, tid;
	unshare_or_fail(CLONE_NEWUTS);
	own_ids(&pid, &tid);
	report(" n%d_pid=%d n%d_ns_uts=%lu", i, pid, i, own_ns("uts"));
	stay();
}

/* many-N: n0, n1, ... N processes, each in a uts namespace of its own. */
static void case_many(int count)
{
	report(" many=%d", count);
	for (int i = 0; i < count; i++)
		start(0, many_task, &i);
}

static const struct lab_case {
	const char *name; /* one that ends in - is followed by a number */
	void (*run)(int count);
} cases[] = {
	{ "nested-user", case_nested_user },
	{ "nested-pid", case_nested_pid },
	{ "time", case_time },
	{ "thread", case_thread },
	{ "zombie-leader", case_zombie_leader },
	{ "pid-for-children", case_pid_for_children },
	{ "time-for-children", case_time_for_children },
	{ "orphan-userns", case_orphan_userns },
	{ "fd-held", case_fd_held },
	{ "mount-held", case_mount_held },
	{ "chroot", case_chroot },
	{ "mounts-", case_mounts },
	{ "hostile-comm", case_hostile_comm },
	{ "many-", case_many },
	{ NULL, NULL },
};

#endif

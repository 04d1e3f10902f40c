/* SPDX-License-Identifier: MIT */
/*
 * Holders that come and go by the thousand, for tests that judge what was seen of them:
 *
 *   nspinchurn DIRECTORY LOG
 *
 * Four tasks make one namespace after the other, and of the last few of theirs each keeps one
 * thing that holds it: a descriptor of a uts namespace, a mount of one below DIRECTORY, a socket of
 * a network namespace; the fourth starts tasks that keep a descriptor for a moment and end. Each
 * namespace is only ever held by one thing after its maker has left it; before that, a line "ID INO
 * TYPE KIND WHERE" about it is in LOG, with WHERE as "pid PID fd FD" or the mount point. Prints
 * "ready" and goes on until stdin ends. Needs root, Linux 6.18, and at DIRECTORY a file system made
 * for this in a mount namespace that is nobody else's.
 */
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KEPT = 24, PAUSE_NS = 1000 * 1000 };

static const char *points;
static int log_fd;

static int must(int ret, const char *what)
{
	if (ret < 0)
		err(1, "%s", what);
	return ret;
}

struct made {
	uint64_t id, ino;
};

/* Without a descriptor, which would hold it too. */
static struct made look(const char *link)
{
	union {
		struct file_handle head;
		char room[sizeof(struct file_handle) + 16];
	} h = { .room = { 0 } };
	struct made m = { 0 };
	int mount;
	struct stat st;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/ns/%s", link);
	h.head.handle_bytes = 16;
	must(name_to_handle_at(AT_FDCWD, path, &h.head, &mount, AT_SYMLINK_FOLLOW), "handle");
	memcpy(&m.id, h.room + sizeof(h.head), 8);
	must(stat(path, &st), path);
	m.ino = st.st_ino;
	return m;
}

static void note(const char *type, const char *kind, const char *where)
{
	struct made m = look(type);
	char line[256];
	int len = snprintf(line, sizeof(line), "%llu %llu %s %s %s\n", (unsigned long long)m.id,
			   (unsigned long long)m.ino, type, kind, where);
	if (write(log_fd, line, (size_t)len) != len)
		err(1, "log");
}

static void note_fd(const char *type, const char *kind, int fd)
{
	char where[40];
	snprintf(where, sizeof(where), "pid %d fd %d", getpid(), fd);
	note(type, kind, where);
}

static void rest(void)
{
	nanosleep(&(struct timespec){ 0, PAUSE_NS }, NULL);
}

static void churn_fds(void)
{
	int kept[KEPT];
	memset(kept, 0xff, sizeof(kept));
	for (size_t i = 0;; i = (i + 1) % KEPT, rest()) {
		must(unshare(CLONE_NEWUTS), "unshare");
		if (kept[i] >= 0)
			close(kept[i]);
		kept[i] = must(open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC), "ns/uts");
		note_fd("uts", "fd", kept[i]);
	}
}

static void churn_mounts(void)
{
	char path[KEPT][200];
	for (size_t i = 0; i < KEPT; i++) {
		snprintf(path[i], sizeof(path[i]), "%s/%zu", points, i);
		close(must(open(path[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0600), path[i]));
	}
	for (size_t i = 0;; i = (i + 1) % KEPT, rest()) {
		must(unshare(CLONE_NEWUTS), "unshare");
		umount2(path[i], MNT_DETACH);
		must(mount("/proc/self/ns/uts", path[i], NULL, MS_BIND, NULL), "bind");
		note("uts", "mount", path[i]);
	}
}

static void churn_sockets(void)
{
	int kept[KEPT];
	memset(kept, 0xff, sizeof(kept));
	for (size_t i = 0;; i = (i + 1) % KEPT, rest()) {
		must(unshare(CLONE_NEWNET), "unshare");
		if (kept[i] >= 0)
			close(kept[i]);
		kept[i] = must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
		note_fd("net", "socket", kept[i]);
	}
}

static void hold_for_a_moment(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	must(unshare(CLONE_NEWUTS), "unshare");
	int fd = must(open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC), "ns/uts");
	note_fd("uts", "fd", fd);
	must(unshare(CLONE_NEWUTS), "unshare");
	rest();
	_exit(0);
}

static void churn_tasks(void)
{
	while (true) {
		pid_t pid = must(fork(), "fork");
		if (pid == 0)
			hold_for_a_moment();
		waitpid(pid, NULL, 0);
	}
}

static void start(void (*churn)(void))
{
	pid_t parent = getpid();
	if (must(fork(), "fork") != 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent)
		churn();
	_exit(1);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		errx(2, "usage: nspinchurn DIRECTORY LOG");
	points = argv[1];
	log_fd = must(open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), argv[2]);
	start(churn_fds);
	start(churn_mounts);
	start(churn_sockets);
	start(churn_tasks);
	puts("ready");
	fflush(stdout);
	while (getchar() != EOF)
		continue;
	return 0;
}

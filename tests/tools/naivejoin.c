/* SPDX-License-Identifier: MIT */
/*
 * Joins the namespaces of a process the way a first attempt does it, for the tests to show what
 * that lets the target do: all types by name, a fork for the PID namespace, the root and working
 * directory left as they are, every descriptor, the whole environment, the user looked up by
 * libc after the join, and exec of whatever lies at that path inside, by this very program.
 *
 *   naivejoin [-cd] [-w FILE] PID CMD...  -c: with the capabilities of a container only;
 *                                         -d: in the working directory that it was started in;
 *                                         -w: between join and exec waits until FILE is there
 *   naivejoin -p FILE PID                 binds the network namespace of PID to FILE
 */
#include <err.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const types[] = { "user", "cgroup", "ipc", "uts", "net", "pid", "time", "mnt" };
/* CHOWN, DAC_OVERRIDE, FOWNER, KILL, SETGID, SETUID, SYS_CHROOT and MKNOD are among them. */
enum { CONTAINER_CAPS = 0x280425fb };
enum { TYPES = sizeof(types) / sizeof(types[0]), TRIES = 1000 };

static void join(const char *pid)
{
	int fds[TYPES];

	for (int i = 0; i < TYPES; i++) {
		char path[64];

		snprintf(path, sizeof(path), "/proc/%s/ns/%s", pid, types[i]);
		fds[i] = open(path, O_RDONLY);
	}
	/* What is shared refuses, and nobody asks why. */
	for (int i = 0; i < TYPES; i++)
		if (fds[i] >= 0) {
			setns(fds[i], 0);
			close(fds[i]);
		}
}

static int persist(const char *file, const char *pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%s/ns/net", pid);
	close(open(file, O_WRONLY | O_CREAT, 0444));
	if (mount(path, file, NULL, MS_BIND, NULL) < 0)
		err(1, "%s", file);
	return 0;
}

/* It goes on being what it was in everything else. */
static void drop_caps(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { 0 };

	data[0].effective = data[0].permitted = CONTAINER_CAPS;
	for (int cap = 0; cap < 64; cap++)
		if (cap > 31 || !(CONTAINER_CAPS >> cap & 1))
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	if (syscall(SYS_capset, &header, data) < 0)
		err(1, "capset");
}

static void run(char **argv, const char *wait_file, int cwd)
{
	const struct passwd *user = getpwuid(getuid());

	if (user)
		setenv("USER", user->pw_name, 1);
	if (cwd >= 0 && fchdir(cwd) < 0)
		err(1, "fchdir");
	for (int i = 0; wait_file && access(wait_file, F_OK) < 0 && i < TRIES; i++)
		poll(NULL, 0, 10);
	execvp(argv[0], argv);
	err(127, "%s", argv[0]);
}

int main(int argc, char **argv)
{
	const char *wait_file = NULL, *bind_file = NULL;
	int opt, status, cwd = -1;
	bool drops = false;
	pid_t pid;

	while ((opt = getopt(argc, argv, "+cdw:p:")) != -1) {
		if (opt == 'c')
			drops = true;
		else if (opt == 'd')
			cwd = open(".", O_RDONLY);
		else if (opt == 'w')
			wait_file = optarg;
		else if (opt == 'p')
			bind_file = optarg;
		else
			return 1;
	}
	if (!argv[optind])
		errx(1, "whose namespaces?");
	if (bind_file)
		return persist(bind_file, argv[optind]);
	if (!argv[optind + 1])
		errx(1, "which command?");
	join(argv[optind]);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0 && drops)
		drop_caps();
	if (pid == 0)
		run(argv + optind + 1, wait_file, cwd);
	if (waitpid(pid, &status, 0) != pid)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

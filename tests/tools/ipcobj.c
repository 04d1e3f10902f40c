/* SPDX-License-Identifier: MIT */
/*
 * Makes an IPC namespace with so many objects in it, says "ready PID INODE", and keeps it until
 * its stdin ends; the objects end with the namespace. Knows nothing of who counts them.
 *
 *   ipcobj SHM SEM MSG MQUEUE
 */
#include <err.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BYTES = 4096, KINDS = 4 };

static long make_shm(int i)
{
	(void)i;
	return shmget(IPC_PRIVATE, BYTES, IPC_CREAT | 0600);
}

static long make_sem(int i)
{
	(void)i;
	return semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
}

static long make_msg(int i)
{
	(void)i;
	return msgget(IPC_PRIVATE, IPC_CREAT | 0600);
}

/* Not mq_open, for which some C libraries want another library. The kernel's name has no slash. */
static long make_mqueue(int i)
{
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = 64 };
	char name[32];

	snprintf(name, sizeof(name), "ipcobj%d", i);
	return syscall(SYS_mq_open, name, O_CREAT | O_EXCL | O_RDWR, 0600, &attr);
}

static const struct {
	const char *name;
	long (*make)(int i);
} kinds[KINDS] = {
	{ "shmget", make_shm },
	{ "semget", make_sem },
	{ "msgget", make_msg },
	{ "mq_open", make_mqueue },
};

int main(int argc, char **argv)
{
	struct stat st;

	if (argc != KINDS + 1)
		errx(2, "usage: ipcobj SHM SEM MSG MQUEUE");
	if (unshare(CLONE_NEWIPC) < 0)
		err(1, "unshare");
	for (int kind = 0; kind < KINDS; kind++)
		for (int i = 0; i < atoi(argv[kind + 1]); i++)
			if (kinds[kind].make(i) < 0)
				err(1, "%s", kinds[kind].name);
	if (stat("/proc/self/ns/ipc", &st) < 0)
		err(1, "/proc/self/ns/ipc");
	printf("ready %d %lu\n", (int)getpid(), (unsigned long)st.st_ino);
	fflush(stdout);
	while (getchar() != EOF)
		continue;
	return 0;
}

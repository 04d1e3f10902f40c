/* SPDX-License-Identifier: MIT */
/*
 * The witnesses: what is made outside, for the probe to find or not. All bear the name of this run;
 * what cannot be made is left out, and the check that needs it cannot tell.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>
#include <nsview/procfile.h>
#include <nsview/proctext.h>

#include "verify_internal.h"

void verify_name(const struct verify *v, char out[NONCE_MAX + 2])
{
	snprintf(out, NONCE_MAX + 2, "/%s", v->nonce);
}

void verify_address(const struct verify *v, struct sockaddr_un *out, socklen_t *out_len)
{
	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	/* A NUL in front: the name is of the network namespace, not of a file. */
	strcpy(out->sun_path + 1, v->nonce);
	*out_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(v->nonce));
}

static double seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void verify_clocks(double *out_monotonic, double *out_boottime)
{
	*out_monotonic = seconds(CLOCK_REALTIME) - seconds(CLOCK_MONOTONIC);
	*out_boottime = seconds(CLOCK_REALTIME) - seconds(CLOCK_BOOTTIME);
}

bool verify_may_nice(void)
{
	int now;

	errno = 0;
	now = getpriority(PRIO_PROCESS, 0);
	if (errno)
		return false;
	/* One step down is always allowed; the way back is what takes the right. */
	if (now >= 19)
		return setpriority(PRIO_PROCESS, 0, now - 1) == 0 &&
		       setpriority(PRIO_PROCESS, 0, now) == 0;
	return setpriority(PRIO_PROCESS, 0, now + 1) == 0 && setpriority(PRIO_PROCESS, 0, now) == 0;
}

int verify_mount_seen(int proc, const char *source)
{
	autobuffer text = BUFFER_INIT;
	struct span rest;
	struct mount_line mount;
	int ret = proc_read(proc, "thread-self/mountinfo", PROC_MOUNTINFO_MAX, &text);

	if (ret < 0)
		return ret;
	rest = (struct span){ buffer_str(&text), text.len };
	while (proc_mount_next(&rest, &mount))
		if (span_is(mount.source, source))
			return 1;
	return 0;
}

uint64_t verify_ino(int proc, enum ns_type type)
{
	char path[40];
	uint64_t ino;

	snprintf(path, sizeof(path), "thread-self/ns/%s", ns_types[type].name);
	proc_ns_link(proc, path, &ino);
	return ino;
}

/* Numbers are not unique across namespaces, so it has marks: its session and its nice value. */
bool verify_is_witness(const struct verify *v)
{
	errno = 0;
	return v->witness > 1 && getsid(v->witness) == v->witness &&
	       getpriority(PRIO_PROCESS, (id_t)v->witness) == v->witness_nice && !errno;
}

_Noreturn static void be_witness(const struct verify *v, int life)
{
	sigset_t all;
	char byte;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();
	setpriority(PRIO_PROCESS, 0, 13);
	prctl(PR_SET_NAME, v->nonce);
	/* As any process of the host would be, unlike one that is about to join. */
	prctl(PR_SET_DUMPABLE, 1);
	(void)!write(life, "", 1);
	while (read(life, &byte, 1) < 0 && errno == EINTR)
		continue;
	_exit(0);
}

static void make_process(struct verify *v)
{
	int pair[2];
	char byte;

	v->witness_life = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return;
	v->witness = fork();
	if (v->witness == 0) {
		close(pair[0]);
		close(v->outside);
		close(v->inside);
		be_witness(v, pair[1]);
	}
	close(pair[1]);
	v->witness_life = pair[0];
	/* Only then it has its marks. */
	if (v->witness < 0 || read(pair[0], &byte, 1) != 1)
		v->witness = 0;
	if (v->witness > 1)
		v->witness_nice = getpriority(PRIO_PROCESS, (id_t)v->witness);
}

static void make_ipc(struct verify *v)
{
	char name[NONCE_MAX + 2];
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = NONCE_MAX };
	int fd;

	v->key = (key_t)strtoul(v->nonce + 5, NULL, 16);
	v->shm =
		v->key == IPC_PRIVATE ? -1 : shmget(v->key, NONCE_MAX, IPC_CREAT | IPC_EXCL | 0666);
	if (v->shm >= 0) {
		char *at = shmat(v->shm, NULL, 0);

		if (at != (void *)-1) {
			strcpy(at, v->nonce);
			shmdt(at);
		}
	}
	verify_name(v, name);
	v->queue = mq_open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666, &attr);
	fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
	v->posix_shm = fd >= 0;
	if (fd >= 0)
		close(fd);
}

static int listening(int domain, const struct sockaddr *address, socklen_t len)
{
	int fd = socket(domain, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && (bind(fd, address, len) < 0 || listen(fd, 4) < 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

static void make_sockets(struct verify *v)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_un un;
	socklen_t len = sizeof(in);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	v->tcp = listening(AF_INET, (struct sockaddr *)&in, sizeof(in));
	if (v->tcp >= 0 && getsockname(v->tcp, (struct sockaddr *)&in, &len) == 0)
		v->port = ntohs(in.sin_port);
	verify_address(v, &un, &len);
	v->abstract = listening(AF_UNIX, (struct sockaddr *)&un, len);
}

void verify_inside_source(const struct verify *v, char out[NONCE_MAX + 2])
{
	snprintf(out, NONCE_MAX + 2, "%si", v->nonce);
}

void verify_outside_source(const struct verify *v, char out[NONCE_MAX + 2])
{
	snprintf(out, NONCE_MAX + 2, "%so", v->nonce);
}

static void make_mount_point(struct verify *v)
{
	snprintf(v->mount_dir, sizeof(v->mount_dir), "/tmp/%s.XXXXXX", v->nonce);
	if (!mkdtemp(v->mount_dir))
		v->mount_dir[0] = '\0';
}

/* Not before the other side asks for it: what was there before would have been copied. */
int witness_mount(struct verify *v)
{
	char source[NONCE_MAX + 2];

	verify_outside_source(v, source);
	if (!v->mount_dir[0])
		return -ENOENT;
	if (!v->mounted &&
	    mount(source, v->mount_dir, "tmpfs", MS_NODEV | MS_NOSUID, "size=4k") < 0)
		return -errno;
	v->mounted = true;
	return 0;
}

void witness_make(struct verify *v)
{
	v->uid = geteuid();
	make_process(v);
	make_ipc(v);
	make_sockets(v);
	make_mount_point(v);
	(void)proc_read(v->proc, "thread-self/mountinfo", PROC_MOUNTINFO_MAX, &v->host_mounts);
	v->can_nice = verify_may_nice();
	verify_clocks(&v->monotonic, &v->boottime);
}

void witness_remove(struct verify *v)
{
	char name[NONCE_MAX + 2];

	verify_name(v, name);
	if (v->witness_life >= 0)
		close(v->witness_life);
	if (v->witness > 1)
		while (waitpid(v->witness, NULL, 0) < 0 && errno == EINTR)
			continue;
	if (v->shm >= 0)
		shmctl(v->shm, IPC_RMID, NULL);
	if (v->queue >= 0) {
		mq_close(v->queue);
		mq_unlink(name);
	}
	if (v->posix_shm)
		shm_unlink(name);
	if (v->tcp >= 0)
		close(v->tcp);
	if (v->abstract >= 0)
		close(v->abstract);
	buffer_release(&v->host_mounts);
	if (v->mounted)
		umount2(v->mount_dir, MNT_DETACH | UMOUNT_NOFOLLOW);
	if (v->mount_dir[0])
		rmdir(v->mount_dir);
}

/* SPDX-License-Identifier: MIT */
/*
 * What is tried from inside on the host's processes, IPC objects and sockets. Each try is harmless
 * also where it succeeds, since it hits a witness; a number or port that another has in here is
 * told apart by the witness's marks.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/procfile.h>

#include "verify_internal.h"

void probe_see(const struct verify *v, struct finding *out)
{
	if (v->witness <= 1)
		verify_say(out, VERIFY_UNSURE, "no process could be made on the host");
	else if (verify_is_witness(v))
		verify_say(out, VERIFY_SHARED, "pid %d is the one made on the host",
			   (int)v->witness);
	else
		verify_say(out, VERIFY_ISOLATED, "no pid %d, or another process", (int)v->witness);
}

/* What was tried on the witness: a right that is not there isolates too, by other means. */
static void say_reached(struct finding *out, int error, const char *what)
{
	if (error == 0)
		verify_say(out, VERIFY_SHARED, "%s", what);
	else if (error == EPERM || error == EACCES)
		verify_say(out, VERIFY_ISOLATED, "it is seen, but: %s", strerror(error));
	else
		verify_say(out, VERIFY_UNSURE, "%s", strerror(error));
}

void probe_signal(const struct verify *v, struct finding *out)
{
	if (!verify_is_witness(v))
		probe_see(v, out);
	else
		say_reached(out, kill(v->witness, SIGUSR1) < 0 ? errno : 0, "it got it");
}

void probe_trace(const struct verify *v, struct finding *out)
{
	int error;

	if (!verify_is_witness(v)) {
		probe_see(v, out);
		return;
	}
	/* Seizing does not stop it, and the end of this process lets it go. */
	error = ptrace(PTRACE_SEIZE, v->witness, NULL, NULL) < 0 ? errno : 0;
	say_reached(out, error, "it could be attached to");
}

void probe_proc(const struct verify *v, struct finding *out)
{
	autodir DIR *dir = opendir("/proc");
	autobuffer comm = BUFFER_INIT;
	unsigned n = 0;

	if (!dir || access("/proc/self", F_OK) < 0) {
		verify_say(out, VERIFY_ISOLATED, "no process is in /proc");
		return;
	}
	for (const struct dirent *e; (e = readdir(dir)) != NULL;) {
		char path[sizeof(e->d_name) + 8];

		if (!proc_entry_pid(e->d_name))
			continue;
		n++;
		snprintf(path, sizeof(path), "%s/comm", e->d_name);
		if (proc_read(dirfd(dir), path, NONCE_MAX, &comm) == 0 &&
		    strncmp(buffer_str(&comm), v->nonce, 15) == 0) {
			verify_say(
				out, VERIFY_SHARED,
				"/proc/%s is it: this /proc is not that of the own PID namespace",
				e->d_name);
			return;
		}
	}
	verify_say(out, VERIFY_ISOLATED, "not among the %u processes there", n);
}

static void say_object(struct finding *out, bool made, int error, const char *what)
{
	if (!made)
		verify_say(out, VERIFY_UNSURE, "%s could not be made on the host", what);
	else if (error == 0)
		verify_say(out, VERIFY_SHARED, "%s of the host could be opened", what);
	else if (error == ENOENT)
		verify_say(out, VERIFY_ISOLATED, "%s of the host is not there", what);
	else
		verify_say(out, VERIFY_UNSURE, "%s: %s", what, strerror(error));
}

void probe_sysv(const struct verify *v, struct finding *out)
{
	int id = shmget(v->key, 0, 0);
	int error = id < 0 ? errno : 0;
	const char *at = id < 0 ? (void *)-1 : shmat(id, NULL, SHM_RDONLY);

	if (at != (void *)-1) {
		/* Somebody in here may have taken the same key. */
		error = strncmp(at, v->nonce, NONCE_MAX) == 0 ? 0 : ENOENT;
		shmdt(at);
	} else if (id >= 0) {
		error = errno;
	}
	say_object(out, v->shm >= 0, error, "the segment");
}

void probe_mqueue(const struct verify *v, struct finding *out)
{
	char name[NONCE_MAX + 2];
	mqd_t queue;
	int error;

	verify_name(v, name);
	queue = mq_open(name, O_RDONLY | O_CLOEXEC);
	error = queue < 0 ? errno : 0;
	if (queue >= 0)
		mq_close(queue);
	say_object(out, v->queue >= 0, error, "the queue");
}

void probe_posix_shm(const struct verify *v, struct finding *out)
{
	char name[NONCE_MAX + 2];
	int fd, error;

	verify_name(v, name);
	fd = shm_open(name, O_RDONLY | O_CLOEXEC, 0);
	error = fd < 0 ? errno : 0;
	if (fd >= 0)
		close(fd);
	say_object(out, v->posix_shm, error, "the object in /dev/shm");
}

void probe_interfaces(const struct verify *v, struct finding *out)
{
	struct if_nameindex *list = if_nameindex();
	enum verify_result result = verify_same(v, NS_NET);
	char names[100] = "";
	size_t n = 0, used = 0;

	for (; list && list[n].if_name && list[n].if_index; n++)
		if (used < sizeof(names) - IF_NAMESIZE - 2)
			used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
						 n ? ", " : "", list[n].if_name);
	if (list)
		if_freenameindex(list);
	verify_say(out, result, "%zu here%s%s", n, n ? ": " : "", names);
}

/* The nonce from whoever listens: 0, or the errno of the failure; EPROTO is another listener. */
static int ask_listener(const struct verify *v, int domain, const struct sockaddr *to,
			socklen_t len)
{
	autoclose int fd = socket(domain, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct timeval patience = { .tv_sec = 5 };
	char nonce[NONCE_MAX];

	if (fd < 0)
		return errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, to, len) < 0)
		return errno;
	return recv(fd, nonce, sizeof(nonce), MSG_WAITALL) == sizeof(nonce) &&
			       memcmp(nonce, v->nonce, sizeof(nonce)) == 0
		       ? 0
		       : EPROTO;
}

static void say_listener(struct finding *out, int error, const char *what)
{
	switch (error) {
	case 0:
		verify_say(out, VERIFY_SHARED, "%s on the host answers", what);
		break;
	case EPROTO:
		verify_say(out, VERIFY_ISOLATED, "somebody else answers");
		break;
	case ECONNREFUSED:
	case ENETUNREACH:
	case ENETDOWN:
	case EADDRNOTAVAIL:
	case EHOSTUNREACH:
		verify_say(out, VERIFY_ISOLATED, "%s", strerror(error));
		break;
	default:
		verify_say(out, VERIFY_UNSURE, "%s", strerror(error));
	}
}

void probe_loopback(const struct verify *v, struct finding *out)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons((uint16_t)v->port) };

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (v->tcp < 0 || !v->port)
		verify_say(out, VERIFY_UNSURE, "nothing could listen on the host");
	else
		say_listener(out, ask_listener(v, AF_INET, (struct sockaddr *)&in, sizeof(in)),
			     "who listens");
}

void probe_abstract(const struct verify *v, struct finding *out)
{
	struct sockaddr_un un;
	socklen_t len;

	verify_address(v, &un, &len);
	if (v->abstract < 0)
		verify_say(out, VERIFY_UNSURE, "nothing could listen on the host");
	else
		say_listener(out, ask_listener(v, AF_UNIX, (struct sockaddr *)&un, len),
			     "who listens");
}

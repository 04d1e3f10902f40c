/* SPDX-License-Identifier: MIT */
/*
 * The verification's two ends and what they say to each other. Which checks there are stands in
 * one table here; how each is tried is verify_probe*.c's, what it is tried on verify_witness.c's.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <nsview/cleanup.h>

#include "verify_internal.h"

const char *const verify_result_names[VERIFY_RESULTS] = {
	[VERIFY_ISOLATED] = "isolated",
	[VERIFY_SHARED] = "shared",
	[VERIFY_PARTLY] = "partly",
	[VERIFY_UNSURE] = "cannot tell",
};

#define BIT(type) (1U << (type))

static const struct {
	const char *key, *check;
	unsigned types;
	probe_function probe;
} checks[CHECKS] = {
	[CHECK_SEE] = { "see_process", "find a process of the host", BIT(NS_PID), probe_see },
	[CHECK_SIGNAL] = { "signal_process", "send it a signal", BIT(NS_PID), probe_signal },
	[CHECK_TRACE] = { "trace_process", "trace it", BIT(NS_PID), probe_trace },
	[CHECK_PROC] = { "proc", "find it in /proc", BIT(NS_PID) | BIT(NS_MNT), probe_proc },
	[CHECK_HOSTNAME] = { "hostname", "change the host's name", BIT(NS_UTS), probe_hostname },
	[CHECK_SYSV] = { "sysv_shm", "attach System V shared memory", BIT(NS_IPC), probe_sysv },
	[CHECK_MQUEUE] = { "posix_mqueue", "open a POSIX message queue", BIT(NS_IPC),
			   probe_mqueue },
	[CHECK_POSIX_SHM] = { "posix_shm", "open POSIX shared memory", 0, probe_posix_shm },
	[CHECK_INTERFACES] = { "interfaces", "see the host's interfaces", BIT(NS_NET),
			       probe_interfaces },
	[CHECK_LOOPBACK] = { "loopback", "connect to a port on 127.0.0.1", BIT(NS_NET),
			     probe_loopback },
	[CHECK_ABSTRACT] = { "abstract_socket", "connect to an abstract unix socket", BIT(NS_NET),
			     probe_abstract },
	[CHECK_MOUNT_OUT] = { "mount_out", "mount something on the host", BIT(NS_MNT),
			      probe_mount_out },
	[CHECK_MOUNT_IN] = { "mount_in", "see what the host mounts", BIT(NS_MNT), probe_mount_in },
	[CHECK_UIDS] = { "uids", "be the same users as the host's", BIT(NS_USER), probe_uids },
	[CHECK_CAPABILITY] = { "capability", "raise a priority, as CAP_SYS_NICE lets", BIT(NS_USER),
			       probe_capability },
	[CHECK_DEVICES] = { "devices", "make and open a device node", BIT(NS_USER), probe_devices },
	[CHECK_CLOCKS] = { "clocks", "read the host's uptime clocks", BIT(NS_TIME), probe_clocks },
	[CHECK_CGROUP] = { "cgroup", "see the host's cgroup paths", BIT(NS_CGROUP), probe_cgroup },
};

/* From the probe: a finding, or a question that is answered by an int. */
struct message {
	enum question question;
	struct finding finding;
};

enum { PATIENCE_MS = 30000 };

void verify_say(struct finding *f, enum verify_result result, const char *fmt, ...)
{
	va_list args;

	f->result = result;
	va_start(args, fmt);
	vsnprintf(f->seen, sizeof(f->seen), fmt, args);
	va_end(args);
}

static void make_nonce(char out[NONCE_MAX])
{
	unsigned char bytes[6];

	/* Only that two runs do not meet hangs on it. */
	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		memset(bytes, getpid() & 0xff, sizeof(bytes));
	snprintf(out, NONCE_MAX, "nsv%02x%02x%02x%02x%02x%02x", bytes[0], bytes[1], bytes[2],
		 bytes[3], bytes[4], bytes[5]);
}

static void fill_rows(struct verify *v)
{
	for (int i = 0; i < CHECKS; i++) {
		v->rows[i] = (struct verify_row){
			.key = checks[i].key,
			.check = checks[i].check,
			.types = checks[i].types,
			.expected = checks[i].types && !(checks[i].types & ~v->foreign),
			.result = VERIFY_UNSURE,
			.seen = "it was not tried: the probe has ended before",
		};
	}
}

int verify_new(unsigned foreign, unsigned made, int proc, struct verify **out, struct error *err)
{
	struct verify *v = calloc(1, sizeof(*v));
	int pair[2];

	if (!v)
		die("out of memory");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
		free(v);
		return error_set(err, -errno, "cannot make a socket: %s", strerror(errno));
	}
	v->foreign = foreign;
	v->made = made;
	v->proc = proc;
	v->outside = pair[0];
	v->inside = pair[1];
	make_nonce(v->nonce);
	for (int i = 0; i < NS_TYPES; i++)
		v->ino[i] = verify_ino(proc, (enum ns_type)i);
	fill_rows(v);
	witness_make(v);
	*out = v;
	return 0;
}

int verify_probe(void *arg)
{
	struct verify *v = arg;

	close(v->outside);
	for (int i = 0; i < CHECKS; i++) {
		struct message m = { .finding = { .check = (enum check)i } };

		checks[i].probe(v, &m.finding);
		if (send(v->inside, &m, sizeof(m), MSG_NOSIGNAL) != sizeof(m))
			return 1;
	}
	return 0;
}

int verify_ask(const struct verify *v, enum question question)
{
	struct message m = { .question = question };
	int answer;

	if (send(v->inside, &m, sizeof(m), MSG_NOSIGNAL) != sizeof(m) ||
	    recv(v->inside, &answer, sizeof(answer), 0) != sizeof(answer))
		return -EPIPE;
	return answer;
}

static int answer(struct verify *v, enum question question)
{
	char source[NONCE_MAX + 2];

	verify_inside_source(v, source);
	return question == ASK_MOUNT ? witness_mount(v) : verify_mount_seen(v->proc, source);
}

/* Who connects is told the nonce, since another host's port may have the same number. */
static void serve_listener(const struct verify *v, int fd)
{
	autoclose int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	if (peer >= 0)
		(void)!send(peer, v->nonce, sizeof(v->nonce), MSG_NOSIGNAL);
}

/* False at the end. */
static bool serve_probe(struct verify *v)
{
	struct message m;
	ssize_t n = recv(v->outside, &m, sizeof(m), 0);

	if (n != sizeof(m))
		return false;
	if (m.question != ASK_NOTHING) {
		int ret = answer(v, m.question);

		(void)!send(v->outside, &ret, sizeof(ret), MSG_NOSIGNAL);
	} else if (m.finding.check < CHECKS && m.finding.result < VERIFY_RESULTS) {
		struct verify_row *row = &v->rows[m.finding.check];

		row->result = m.finding.result;
		memcpy(row->seen, m.finding.seen, sizeof(row->seen));
		row->seen[sizeof(row->seen) - 1] = '\0';
	}
	return true;
}

const struct verify_row *verify_collect(struct verify *v, size_t *out_n, bool *out_stuck)
{
	bool more = true;

	close(v->inside);
	v->inside = -1;
	*out_stuck = false;
	while (more) {
		struct pollfd fds[] = {
			{ v->outside, POLLIN, 0 },
			{ v->tcp, POLLIN, 0 },
			{ v->abstract, POLLIN, 0 },
		};
		int n = poll(fds, 3, PATIENCE_MS);

		if (n < 0 && errno == EINTR)
			continue;
		if (fds[1].revents)
			serve_listener(v, v->tcp);
		if (fds[2].revents)
			serve_listener(v, v->abstract);
		*out_stuck = n == 0;
		more = n > 0 && (!fds[0].revents || serve_probe(v));
	}
	*out_n = CHECKS;
	return v->rows;
}

int verify_status(const struct verify_row *rows, size_t n)
{
	bool shared = false, unsure = false;

	for (size_t i = 0; i < n; i++) {
		shared |= rows[i].expected && rows[i].result == VERIFY_SHARED;
		unsure |= rows[i].expected && rows[i].result == VERIFY_UNSURE;
	}
	return shared ? 1 : unsure ? 3 : 0;
}

void verify_free(struct verify *v)
{
	if (!v)
		return;
	witness_remove(v);
	close(v->outside);
	if (v->inside >= 0)
		close(v->inside);
	free(v);
}

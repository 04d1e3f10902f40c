/* SPDX-License-Identifier: MIT */
/* What both sides of the verification know of each other. Private to verify*.c. */
#ifndef NSVIEW_ENTER_VERIFY_INTERNAL_H
#define NSVIEW_ENTER_VERIFY_INTERNAL_H

#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/types.h>
#include <sys/un.h>
#include <time.h>

#include <nsview/buffer.h>
#include <nsview/verify.h>

/* In the order of the table that is shown. */
enum check {
	CHECK_SEE,
	CHECK_SIGNAL,
	CHECK_TRACE,
	CHECK_PROC,
	CHECK_HOSTNAME,
	CHECK_SYSV,
	CHECK_MQUEUE,
	CHECK_POSIX_SHM,
	CHECK_INTERFACES,
	CHECK_LOOPBACK,
	CHECK_ABSTRACT,
	CHECK_MOUNT_OUT,
	CHECK_MOUNT_IN,
	CHECK_UIDS,
	CHECK_CAPABILITY,
	CHECK_DEVICES,
	CHECK_CLOCKS,
	CHECK_CGROUP,
	CHECKS
};

enum { NONCE_MAX = 32, VERIFY_FILE_MAX = 1 << 20 };

struct verify {
	unsigned foreign, made;
	int proc; /* borrowed */
	struct verify_row rows[CHECKS];
	int outside, inside; /* the socket between coordinator and probe */

	char nonce[NONCE_MAX];	/* "nsv" and hexadecimal digits: also a process name */
	uint64_t ino[NS_TYPES]; /* of our own namespaces, 0 where it could not be read */
	pid_t witness;		/* the process, which leads a session */
	int witness_nice;
	int witness_life; /* its end is the witness's */
	key_t key;
	int shm;
	mqd_t queue;
	bool posix_shm;
	int tcp, abstract; /* listening, -1 */
	unsigned port;
	char mount_dir[64]; /* where the host may mount something, "" if it could not be made */
	bool mounted;
	struct buffer host_mounts; /* our own mountinfo */
	uid_t uid;
	bool can_nice;		    /* whether we ourselves may raise a priority */
	double monotonic, boottime; /* seconds before CLOCK_REALTIME */
};

/* Names for IPC objects: with and without the slash in front. */
void verify_name(const struct verify *v, char out[NONCE_MAX + 2]);
void verify_address(const struct verify *v, struct sockaddr_un *out, socklen_t *out_len);
/* Clocks as seconds before CLOCK_REALTIME, which no namespace shifts. */
void verify_clocks(double *out_monotonic, double *out_boottime);
/* Whether we may set a lower nice value for ourselves, which is put back. */
bool verify_may_nice(void);
/* Whether a mount from that source is in our mountinfo; -errno. */
int verify_mount_seen(int proc, const char *source);
/* Whether this process, numbered as outside, is the witness. */
bool verify_is_witness(const struct verify *v);
/* Inode of our namespace of that type, 0 where it cannot be read. */
uint64_t verify_ino(int proc, enum ns_type type);

void witness_make(struct verify *v);
void witness_remove(struct verify *v);

/* The probe's own: a row's result with the words for it. */
struct finding {
	enum check check;
	enum verify_result result;
	char seen[160];
};
void verify_say(struct finding *f, enum verify_result result, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* By the namespace's identity alone: isolated if another, shared if the same. */
enum verify_result verify_same(const struct verify *v, enum ns_type type);

typedef void (*probe_function)(const struct verify *v, struct finding *out);
void probe_see(const struct verify *v, struct finding *out);
void probe_signal(const struct verify *v, struct finding *out);
void probe_trace(const struct verify *v, struct finding *out);
void probe_proc(const struct verify *v, struct finding *out);
void probe_sysv(const struct verify *v, struct finding *out);
void probe_mqueue(const struct verify *v, struct finding *out);
void probe_posix_shm(const struct verify *v, struct finding *out);
void probe_interfaces(const struct verify *v, struct finding *out);
void probe_loopback(const struct verify *v, struct finding *out);
void probe_abstract(const struct verify *v, struct finding *out);
void probe_mount_out(const struct verify *v, struct finding *out);
void probe_mount_in(const struct verify *v, struct finding *out);
void probe_hostname(const struct verify *v, struct finding *out);
void probe_uids(const struct verify *v, struct finding *out);
void probe_capability(const struct verify *v, struct finding *out);
void probe_devices(const struct verify *v, struct finding *out);
void probe_clocks(const struct verify *v, struct finding *out);
void probe_cgroup(const struct verify *v, struct finding *out);

/* What the probe may ask of the coordinator; answered by an int. */
enum question {
	ASK_NOTHING,
	ASK_MOUNT_SEEN, /* whether the host has the probe's mount: 1, 0 or -errno */
	ASK_MOUNT,	/* to mount something on the host: 0 or -errno */
};
int verify_ask(const struct verify *v, enum question question);

/* Sources of the mounts that either side makes. */
void verify_inside_source(const struct verify *v, char out[NONCE_MAX + 2]);
void verify_outside_source(const struct verify *v, char out[NONCE_MAX + 2]);
int witness_mount(struct verify *v);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Runs CMD as if the kernel were Linux 4.9 or before, by a seccomp filter: every younger system
 * call fails with ENOSYS, and ioctls of nsfs and pidfs fail with ENOTTY. A few calls as old as
 * that, and of use only to a tool like ours (bpf, file handles), fail as well. Knows the numbers
 * of x86-64 and arm64; elsewhere it says so and ends with status 125.
 *
 *   oldkernel [-e ENOSYS|EPERM|EACCES] CMD...      -e: what the named calls fail with
 */
#include <err.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* pkey_free is the last system call that 4.9 has, on both. */
#if defined(__x86_64__)
#define ARCH	  AUDIT_ARCH_X86_64
#define YOUNGEST  331
#define SUPPORTED 1
#elif defined(__aarch64__)
#define ARCH	  AUDIT_ARCH_AARCH64
#define YOUNGEST  290
#define SUPPORTED 1
#else
#define ARCH	  0
#define YOUNGEST  0
#define SUPPORTED 0
#endif

enum { CANNOT = 125, NSFS_IOCTL = 0xb7, PIDFS_IOCTL = 0xff, PROGRAM_MAX = 128 };

/*
 * The calls that -e speaks of. Not clone3, whose EPERM would leave libc without threads: it gets
 * ENOSYS with the rest of the young ones. Numbers from 424 on are the same everywhere.
 */
static const int named[] = {
	SYS_bpf, SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_statx,
	424, /* pidfd_send_signal */
	425, /* io_uring_setup */
	426, /* io_uring_enter */
	427, /* io_uring_register */
	428, /* open_tree */
	429, /* move_mount */
	430, /* fsopen */
	431, /* fsconfig */
	432, /* fsmount */
	433, /* fspick */
	434, /* pidfd_open */
	436, /* close_range */
	437, /* openat2 */
	438, /* pidfd_getfd */
	442, /* mount_setattr */
	457, /* statmount */
	458, /* listmount */
	467, /* open_tree_attr */
	470, /* listns */
};

static const struct {
	const char *name;
	unsigned code;
} errors[] = { { "ENOSYS", ENOSYS }, { "EPERM", EPERM }, { "EACCES", EACCES } };

static struct sock_filter program[PROGRAM_MAX];
static unsigned short program_len;

static void emit(struct sock_filter step)
{
	program[program_len++] = step;
}

static void emit_load(size_t offset)
{
	emit((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset));
}

static void emit_return(unsigned action)
{
	emit((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* Returns action if the accumulator compares to value as jump says. */
static void emit_return_if(unsigned short jump, unsigned value, unsigned action)
{
	emit((struct sock_filter)BPF_JUMP(BPF_JMP | jump | BPF_K, value, 0, 1));
	emit_return(action);
}

static void build(unsigned code)
{
	emit_load(offsetof(struct seccomp_data, arch));
	emit((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0));
	emit_return(SECCOMP_RET_ALLOW);
	emit_load(offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		emit_return_if(BPF_JEQ, (unsigned)named[i], SECCOMP_RET_ERRNO | code);
	emit_return_if(BPF_JGT, YOUNGEST, SECCOMP_RET_ERRNO | ENOSYS);
	emit((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 1, 0));
	emit_return(SECCOMP_RET_ALLOW);
	/* The low half of the request: its second byte is the driver's letter. Little endian. */
	emit_load(offsetof(struct seccomp_data, args[1]));
	emit((struct sock_filter)BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 8));
	emit((struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xff));
	emit_return_if(BPF_JEQ, NSFS_IOCTL, SECCOMP_RET_ERRNO | ENOTTY);
	emit_return_if(BPF_JEQ, PIDFS_IOCTL, SECCOMP_RET_ERRNO | ENOTTY);
	emit_return(SECCOMP_RET_ALLOW);
}

static void install(void)
{
	const struct sock_fprog filter = { program_len, program };
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0)
		return;
	/* It changes what set-user-ID programs do: only where there is no other way. */
	if (errno != EACCES || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0)
		err(CANNOT, "seccomp");
}

static unsigned parse_error(const char *name)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(name, errors[i].name) == 0)
			return errors[i].code;
	errx(CANNOT, "unknown error '%s'", name);
}

int main(int argc, char **argv)
{
	unsigned code = ENOSYS;
	int opt;
	while ((opt = getopt(argc, argv, "+e:")) != -1) {
		if (opt != 'e')
			return CANNOT;
		code = parse_error(optarg);
	}
	if (!SUPPORTED)
		errx(CANNOT, "not written for this processor");
	if (!argv[optind])
		errx(CANNOT, "usage: oldkernel [-e ERROR] CMD...");
	build(code);
	install();
	execvp(argv[optind], argv + optind);
	err(errno == ENOENT ? 127 : 126, "%s", argv[optind]);
}

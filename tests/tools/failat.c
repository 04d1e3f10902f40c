/* SPDX-License-Identifier: MIT */
/*
 * Runs CMD and makes one of its system calls fail, or ends a process just before that call: of a
 * program of several processes any call of any of them, where strace(1) counts from the start of
 * the loader and alike in all. Processes are numbered in the order of their birth, the calls of
 * each from 1, beginning where the first process sets its first signal handler, which no loader
 * does. The program that a process executes in the end is not looked into.
 *
 *   failat [-o FILE] CMD...                     lists the calls: PROCESS NUMBER NAME
 *   failat [-o FILE] -f PROCESS:NUMBER[=ERRNO] CMD...  that call fails (with what is usual for it)
 *   failat [-o FILE] -k PROCESS:NUMBER=PID [-w FILE] CMD...  PID is killed before that call
 *                                                      (-w: which then waits for FILE)
 *
 * FILE, else stderr, also gets `ran PATH` for each program executed in the end, `failed NAME`, and
 * `left PID` for each process that outlives the first one by more than a few seconds; it is killed.
 * Ends as CMD ends. 99: it cannot do its work (what it has to be able to is ptrace(2)).
 */
#include <elf.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <linux/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CANNOT = 99, TASKS = 64, TRIES = 150, LEFT_MS = 3000 };

/* What is usual: an errno that the call has in its manual. Calls that cannot fail are not here. */
static const struct {
	long nr;
	const char *name;
	int error;
} calls[] = {
#define CALL(name, error)                                                                          \
	{                                                                                          \
		SYS_##name, #name, error                                                           \
	}
	CALL(openat, EMFILE),
	CALL(openat2, EMFILE),
	CALL(read, EIO),
	CALL(write, ENOSPC),
	CALL(readlinkat, EACCES),
	CALL(newfstatat, ENOMEM),
	CALL(fstatfs, EIO),
	CALL(pidfd_open, EMFILE),
	CALL(close_range, EMFILE),
	CALL(fcntl, EINVAL),
	CALL(ioctl, EIO),
	CALL(memfd_create, ENFILE),
	CALL(sendfile, EIO),
	CALL(rt_sigprocmask, EINVAL),
	CALL(rt_sigaction, EINVAL),
	CALL(signalfd4, ENFILE),
	CALL(socketpair, ENFILE),
	CALL(pipe2, ENFILE),
	CALL(clone, EAGAIN),
	CALL(clone3, EAGAIN),
	CALL(ppoll, ENOMEM),
	CALL(sendto, ENOBUFS),
	CALL(recvfrom, ENOMEM),
	CALL(sendmsg, ENOBUFS),
	CALL(recvmsg, ENOMEM),
	CALL(socket, ENFILE),
	CALL(bind, ENOMEM),
	CALL(getsockname, ENOBUFS),
	CALL(setsockopt, ENOMEM),
	CALL(setgroups, ENOMEM),
	CALL(setns, ENOMEM),
	CALL(unshare, ENOMEM),
	CALL(fchdir, EACCES),
	CALL(chdir, EACCES),
	CALL(chroot, EPERM),
	CALL(getcwd, ENOMEM),
	CALL(setresuid, EAGAIN),
	CALL(setresgid, EPERM),
	CALL(capset, EPERM),
	CALL(capget, EPERM),
	CALL(prctl, EPERM),
	CALL(prlimit64, EPERM),
	CALL(mount, EPERM),
	CALL(umount2, EBUSY),
	CALL(pivot_root, EINVAL),
	CALL(fsopen, ENODEV),
	CALL(fsconfig, EINVAL),
	CALL(fsmount, EPERM),
	CALL(open_tree, EPERM),
	CALL(move_mount, EINVAL),
	CALL(mount_setattr, EPERM),
	CALL(mkdirat, EROFS),
	CALL(mknodat, EPERM),
	CALL(symlinkat, EROFS),
	CALL(unlinkat, EBUSY),
	CALL(renameat, EACCES),
	CALL(fchownat, EPERM),
	CALL(sethostname, EPERM),
	CALL(setdomainname, EPERM),
	CALL(execve, EACCES),
	CALL(execveat, EACCES),
	CALL(faccessat, EACCES),
	CALL(faccessat2, EACCES),
	CALL(wait4, ECHILD),
	CALL(waitid, ECHILD),
	CALL(ftruncate, EIO),
	CALL(setsid, EPERM),
	CALL(name_to_handle_at, EOPNOTSUPP),
	CALL(umask, EPERM),
	CALL(pidfd_send_signal, EPERM),
	CALL(kill, EPERM),
#ifdef SYS_poll
	CALL(poll, ENOMEM),
	CALL(access, EACCES),
	CALL(mkdir, EROFS),
	CALL(readlink, EACCES),
	CALL(unlink, EBUSY),
	CALL(rmdir, EBUSY),
	CALL(rename, EACCES),
	CALL(vfork, EAGAIN),
	CALL(open, EMFILE),
	CALL(symlink, EROFS),
	CALL(mknod, EPERM),
	CALL(fork, EAGAIN),
	CALL(chown, EPERM),
#endif
};

struct task {
	pid_t pid;
	int role;
	int n;	       /* calls so far */
	bool inside;   /* of a call */
	int inject;    /* the errno that the call that it is in returns; 0: none */
	long injected; /* its number */
};

static struct task tasks[TASKS];
static int roles; /* given so far */
static bool counting;
static FILE *out;
static const char *wait_file;

static struct {
	int role, n, error;
	pid_t victim;
} fault;

static struct task *task_of(pid_t pid)
{
	struct task *free_one = NULL;

	for (int i = 0; i < TASKS; i++) {
		if (tasks[i].pid == pid)
			return &tasks[i];
		if (!tasks[i].pid && !free_one)
			free_one = &tasks[i];
	}
	if (!free_one)
		errx(CANNOT, "too many processes");
	*free_one = (struct task){ .pid = pid, .role = -1 };
	return free_one;
}

static int find_call(long nr)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (calls[i].nr == nr)
			return (int)i;
	return -1;
}

/* A call of the number -1 is none. */
static void set_number(pid_t pid, long nr)
{
#if defined(__x86_64__)
	ptrace(PTRACE_POKEUSER, pid, offsetof(struct user_regs_struct, orig_rax), nr);
#elif defined(__aarch64__)
	int number = (int)nr;
	struct iovec iov = { &number, sizeof(number) };

	ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &iov);
#else
	(void)pid;
	(void)nr;
	errx(CANNOT, "not for this machine");
#endif
}

static void set_result(pid_t pid, long value)
{
#if defined(__x86_64__)
	ptrace(PTRACE_POKEUSER, pid, offsetof(struct user_regs_struct, rax), value);
#elif defined(__aarch64__)
	struct user_regs_struct regs;
	struct iovec iov = { &regs, sizeof(regs) };

	ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &iov);
	regs.regs[0] = (unsigned long long)value;
	ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &iov);
#else
	(void)pid;
	(void)value;
#endif
}

static void end_victim(void)
{
	if (fault.victim > 1)
		kill(fault.victim, SIGKILL);
	/* It is dead once it can be seen to be; whose child it is reaps it. */
	for (int i = 0; i < TRIES; i++) {
		char path[64], state = '?';
		FILE *f;

		if (wait_file && access(wait_file, F_OK) == 0)
			return;

		snprintf(path, sizeof(path), "/proc/%d/stat", fault.victim);
		f = fopen(path, "r");
		if (!f && !wait_file)
			return;
		if (f && fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
			state = '?';
		if (f)
			fclose(f);
		if (!wait_file && (state == 'Z' || state == 'X'))
			return;
		poll(NULL, 0, 10);
	}
}

static void enter_call(struct task *t, long nr)
{
	int call = find_call(nr);

	if (!counting && t->role == 0 && nr == SYS_rt_sigaction)
		counting = true;
	if (!counting || call < 0)
		return;
	t->n++;
	if (!fault.n) {
		fprintf(out, "%d %d %s\n", t->role, t->n, calls[call].name);
		return;
	}
	if (t->role != fault.role || t->n != fault.n)
		return;
	fprintf(out, "failed %s\n", calls[call].name);
	if (fault.victim) {
		end_victim();
		return;
	}
	t->inject = fault.error ? fault.error : calls[call].error;
	set_number(t->pid, -1);
}

static void at_call(struct task *t)
{
	struct ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->pid, sizeof(info), &info) <= 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		enter_call(t, (long)info.entry.nr);
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT && t->inject) {
		set_result(t->pid, -t->inject);
		t->inject = 0;
	}
}

/* Whether it is still the program under test: nsview itself, or what it keeps in memory. */
static bool is_ours(pid_t pid, const char *program)
{
	char path[64], exe[4096];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	n = readlink(path, exe, sizeof(exe) - 1);
	exe[n > 0 ? n : 0] = '\0';
	if (strstr(exe, "memfd:") || strcmp(exe, program) == 0)
		return true;
	fprintf(out, "ran %s\n", exe);
	return false;
}

static void forget(struct task *t)
{
	*t = (struct task){ 0 };
}

static void born(pid_t pid)
{
	struct task *t = task_of(pid);

	if (t->role < 0)
		t->role = roles++;
}

/* One stop of a task; whether it goes on under us. */
static bool handle(struct task *t, int status, const char *program, int *out_signal)
{
	int event = status >> 16, sig = WSTOPSIG(status);
	unsigned long message = 0;

	*out_signal = 0;
	if (sig == (SIGTRAP | 0x80)) {
		at_call(t);
	} else if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
		   event == PTRACE_EVENT_CLONE) {
		ptrace(PTRACE_GETEVENTMSG, t->pid, 0, &message);
		born((pid_t)message);
	} else if (event == PTRACE_EVENT_EXEC) {
		return is_ours(t->pid, program);
	} else if (event == PTRACE_EVENT_STOP) {
		/* A new one's first stop, or a group-stop. */
		if (sig != SIGTRAP) {
			ptrace(PTRACE_LISTEN, t->pid, 0, 0);
			*out_signal = -1;
		}
	} else {
		*out_signal = sig;
	}
	return true;
}

static void report_left(void)
{
	for (int i = 0; i < TASKS; i++)
		if (tasks[i].pid > 1) {
			fprintf(out, "left %d\n", tasks[i].pid);
			kill(tasks[i].pid, SIGKILL);
		}
}

static bool any_left(void)
{
	for (int i = 0; i < TASKS; i++)
		if (tasks[i].pid)
			return true;
	return false;
}

/* Whoever has stopped or ended; 0: nobody yet, -1: there is nobody. */
static pid_t next_stop(bool at_once, int *out_status)
{
	siginfo_t info = { 0 };
	int how = WEXITED | WSTOPPED | WNOWAIT | __WALL | (at_once ? WNOHANG : 0);

	while (waitid(P_ALL, 0, &info, how) < 0)
		if (errno != EINTR)
			return -1;
	if (info.si_pid <= 1)
		return 0;
	return waitpid(info.si_pid, out_status, __WALL);
}

static int watch(pid_t first, const char *program)
{
	int result = -1, waited = 0;

	while (any_left()) {
		int status, sig;
		/* Once the first has ended nobody else has long to do so. */
		pid_t pid = next_stop(result >= 0, &status);
		struct task *t;

		if (pid == 0) {
			if (++waited == LEFT_MS)
				report_left();
			poll(NULL, 0, 1);
			continue;
		}
		if (pid < 0)
			break;
		t = task_of(pid);
		if (!WIFSTOPPED(status)) {
			if (pid == first)
				result = status;
			forget(t);
			continue;
		}
		if (!handle(t, status, program, &sig)) {
			ptrace(PTRACE_DETACH, pid, 0, 0);
			/* Its end is still ours to know where it is our child. */
			if (pid != first)
				forget(t);
		} else if (sig >= 0) {
			ptrace(PTRACE_SYSCALL, pid, 0, sig);
		}
	}
	return result;
}

static pid_t start(char **argv, char *program, size_t size)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	int status, gate[2];
	char go = 1;
	pid_t pid;

	if (!realpath(argv[0], program) || strlen(program) >= size || pipe(gate) < 0)
		err(CANNOT, "%s", argv[0]);
	pid = fork();
	if (pid < 0)
		err(CANNOT, "fork");
	if (pid == 0) {
		close(gate[1]);
		if (read(gate[0], &go, 1) != 1)
			_exit(CANNOT);
		close(gate[0]);
		execv(program, argv);
		err(CANNOT, "%s", program);
	}
	if (ptrace(PTRACE_SEIZE, pid, 0, options) < 0)
		err(CANNOT, "PTRACE_SEIZE");
	ptrace(PTRACE_INTERRUPT, pid, 0, 0);
	close(gate[0]);
	if (waitpid(pid, &status, __WALL) != pid || write(gate[1], &go, 1) != 1)
		err(CANNOT, "waitpid");
	close(gate[1]);
	born(pid);
	ptrace(PTRACE_SYSCALL, pid, 0, 0);
	return pid;
}

static void parse_fault(const char *text, bool kills)
{
	int value = 0, n = sscanf(text, "%d:%d=%d", &fault.role, &fault.n, &value);

	if (n < 2 || fault.n < 1 || (kills && (n < 3 || value <= 1)))
		errx(CANNOT, "PROCESS:NUMBER=VALUE, not %s", text);
	if (kills)
		fault.victim = value;
	else
		fault.error = value;
}

int main(int argc, char **argv)
{
	char program[4096];
	int opt, status;

	out = stderr;
	while ((opt = getopt(argc, argv, "+o:f:k:w:")) != -1) {
		if (opt == 'o')
			out = fopen(optarg, "we");
		else if (opt == 'w')
			wait_file = optarg;
		else if (opt == 'f' || opt == 'k')
			parse_fault(optarg, opt == 'k');
		else
			return CANNOT;
		if (!out)
			err(CANNOT, "%s", optarg);
	}
	if (!argv[optind])
		errx(CANNOT, "no command");
	status = watch(start(argv + optind, program, sizeof(program)), program);
	if (fflush(out) != 0 || status < 0)
		return CANNOT;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

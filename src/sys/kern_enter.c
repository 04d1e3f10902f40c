/* SPDX-License-Identifier: MIT */
/*
 * Raw kernel calls that make and move processes: clone with a parent of choice, descriptors closed
 * in one sweep, paths that stay below a root. Knows nothing of why.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <nsview/kern.h>

#include "uapi.h"

pid_t kern_clone(int flags)
{
#if defined(__s390__) || defined(__CRIS__)
	long pid = syscall(SYS_clone, NULL, flags | SIGCHLD, NULL, NULL, NULL);
#else
	long pid = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
#endif

	return pid < 0 ? (pid_t)-errno : (pid_t)pid;
}

/* Sanitizers take a stack that they do not know for an error. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { MAY_BORROW = 0 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { MAY_BORROW = 0 };
#else
enum { MAY_BORROW = 1 };
#endif
#else
enum { MAY_BORROW = 1 };
#endif

pid_t kern_clone_copied(int (*function)(void *arg), void *arg)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(function(arg));
	return pid < 0 ? (pid_t)-errno : pid;
}

pid_t kern_clone_borrowed(int (*function)(void *arg), void *arg)
{
	enum { STACK = 256 << 10 };
	char *stack;
	pid_t pid;

	if (!MAY_BORROW)
		return kern_clone_copied(function, arg);
	stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
	if (stack == MAP_FAILED)
		return (pid_t)-errno;
	pid = clone(function, stack + STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, arg);
	if (pid < 0)
		pid = (pid_t)-errno;
	munmap(stack, STACK);
	return pid;
}

int kern_pidfd_signal(int pidfd, int sig)
{
	return syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0) < 0 ? -errno : 0;
}

/*
 * Without close_range(2), every number that could be open, unless the limit was lowered since.
 */
static int close_each(unsigned first, unsigned last)
{
	long max = sysconf(_SC_OPEN_MAX);

	if (max < 0)
		max = 1 << 20;
	if (last >= (unsigned long)max)
		last = (unsigned)max - 1;
	for (unsigned fd = first; fd <= last && fd <= INT_MAX; fd++)
		close((int)fd);
	return 0;
}

int kern_close_range(unsigned first, unsigned last)
{
	int ret = first > last ? 0 : uapi_result(syscall(SYS_close_range, first, last, 0));

	return ret == -ENOSYS ? close_each(first, last) : ret;
}

int kern_memfd(const char *name, bool executable)
{
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create(name, flags | (executable ? UAPI_MFD_EXEC : UAPI_MFD_NOEXEC_SEAL));

	/* Before 6.3 there is no such choice. */
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create(name, flags);
	return fd < 0 ? -errno : fd;
}

int kern_open_in_root(int root, const char *path, int flags)
{
	struct uapi_open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = UAPI_RESOLVE_IN_ROOT | UAPI_RESOLVE_NO_MAGICLINKS,
	};

	return uapi_result(syscall(SYS_openat2, root, path, &how, sizeof(how)));
}

bool kern_cwd_is_reachable(void)
{
	char path[PATH_MAX];
	long len = syscall(SYS_getcwd, path, sizeof(path));

	/* Longer than that, it is somewhere below the root all the same. */
	return len > 0 ? path[0] == '/' : errno == ERANGE;
}

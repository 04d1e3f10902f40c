/* SPDX-License-Identifier: MIT */
/*
 * The program that the child becomes before it becomes the command, so that what the kernel calls
 * /proc/self/exe while it opens the command, a script's interpreter or a loader is this, in a
 * sealed file of its own, and never nsview's own file on the host (CVE-2019-5736). Freestanding, so
 * that it costs next to nothing: it loads no library and has no memory but its stack.
 *
 *   FD PATH ARGV...: executes PATH with ARGV. If that fails, an errno of four bytes goes to FD, a
 *   pipe that is closed by exec; with "-" for FD, a line to standard error.
 */
#include <asm/unistd.h>

enum { SET_FLAGS = 2 /* F_SETFD */, CLOSE_ON_EXEC = 1 /* FD_CLOEXEC */, FAILED = 126 };

#if defined(__x86_64__)
static long call(long number, long a, long b, long c)
{
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(number), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return ret;
}
__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall anchor_main\n");
#elif defined(__aarch64__)
static long call(long number, long a, long b, long c)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	return x0;
}
__asm__(".globl _start\n_start:\n\tmov x0, sp\n\tbl anchor_main\n");
#elif defined(__riscv) && __riscv_xlen == 64
static long call(long number, long a, long b, long c)
{
	register long a7 __asm__("a7") = number;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
	return a0;
}
__asm__(".globl _start\n_start:\n\tmv a0, sp\n\tcall anchor_main\n");
#else
#error "no anchor for this machine: build with ANCHOR=no"
#endif

static long number(const char *text)
{
	long value = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		value = value * 10 + (*text - '0');
	return value;
}

__attribute__((noreturn)) void anchor_main(long *stack);

__attribute__((used)) void anchor_main(long *stack)
{
	static const char line[] = "nsview: cannot run the command\n";
	static const char self[] =
		"nsview: cannot run the command: it is /proc/self/exe, and nsview "
		"is no command of the target's\n";
	long argc = stack[0];
	char **argv = (char **)(stack + 1), **env = argv + argc + 1;
	int error;

	/* A script for /proc/self/exe, or a link to it, comes with a name of its own. */
	if (argc < 3 || (argv[0][0] != '-' && (argv[0][0] < '0' || argv[0][0] > '9'))) {
		call(__NR_write, 2, (long)self, sizeof(self) - 1);
	} else {
		long fd = argv[0][0] == '-' ? -1 : number(argv[0]);

		if (fd >= 0)
			call(__NR_fcntl, fd, SET_FLAGS, CLOSE_ON_EXEC);
		error = (int)-call(__NR_execve, (long)argv[1], (long)(argv + 2), (long)env);
		if (fd >= 0)
			call(__NR_write, fd, (long)&error, sizeof(error));
		else
			call(__NR_write, 2, (long)line, sizeof(line) - 1);
	}
	call(__NR_exit_group, FAILED, 0, 0);
	__builtin_unreachable();
}

/* SPDX-License-Identifier: MIT */
/* Error values and the one way out of the program when nothing can be done. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <nsview/error.h>

static void (*die_hook)(void);
static int die_status = 2;

int error_set(struct error *err, int code, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return code;
	err->code = code;
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return code;
}

void die_hook_set(void (*hook)(void))
{
	die_hook = hook;
}

void die_status_set(int status)
{
	die_status = status;
}

_Noreturn void die(const char *fmt, ...)
{
	va_list args;

	if (die_hook)
		die_hook();
	fputs("nsview: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	/* Not exit(): another thread may be in the middle of stdio or of a handler of its own. */
	_Exit(die_status);
}

/* SPDX-License-Identifier: MIT */
/*
 * Whoever has used up a stack cannot run a handler on it, and the screen could not be given back.
 * Each thread has to have one of its own. Knows no handler.
 */
#include <stdlib.h>
#include <unistd.h>

#include <nsview/error.h>

#include "altstack.h"

enum { ROOM = 16 * 1024 }; /* for the handler, besides what the kernel puts there */

void altstack_init(struct altstack *s)
{
	long frame = sysconf(_SC_SIGSTKSZ);
	stack_t stack = { .ss_size = (frame > 0 ? (size_t)frame : (size_t)MINSIGSTKSZ) + ROOM };

	s->memory = stack.ss_sp = malloc(stack.ss_size);
	if (!s->memory)
		die("out of memory");
	sigaltstack(&stack, &s->old);
}

void altstack_release(struct altstack *s)
{
	sigaltstack(&s->old, NULL);
	free(s->memory);
	s->memory = NULL;
}

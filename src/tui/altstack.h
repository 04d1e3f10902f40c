/* SPDX-License-Identifier: MIT */
/* A stack for a thread's signal handlers, where its own is used up (sigaltstack(2)). */
#ifndef NSVIEW_TUI_ALTSTACK_H
#define NSVIEW_TUI_ALTSTACK_H

#include <signal.h>

struct altstack {
	void *memory; /* owned */
	stack_t old;
};

/* For the thread that calls it, which also has to release it. */
void altstack_init(struct altstack *s);
void altstack_release(struct altstack *s);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What isolation there really is: `nsview enter --verify`. Outside, witnesses are made that do no
 * harm (a process, IPC objects, sockets, a mount in a directory of its own, a file); inside, in
 * place of the command, each is really tried; then both sides are compared.
 *
 *   verify_new      before anything is entered
 *   fork            the child runs enter_run with verify_probe in place of the command
 *   verify_collect  in the parent, while the child runs
 *   verify_free     takes every witness away
 */
#ifndef NSVIEW_VERIFY_H
#define NSVIEW_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/error.h>
#include <nsview/nstype.h>

enum verify_result { VERIFY_ISOLATED, VERIFY_SHARED, VERIFY_PARTLY, VERIFY_UNSURE, VERIFY_RESULTS };
extern const char *const verify_result_names[VERIFY_RESULTS]; /* JSON: cannot_tell and the like */

struct verify_row {
	const char *key;   /* static, for JSON */
	const char *check; /* static, a phrase */
	unsigned types;	   /* 1 << enum ns_type: namespaces that isolate it, all of them needed */
	bool expected;	   /* all of these are other than ours: it ought to be isolated */
	enum verify_result result;
	char seen[160]; /* what was tried and seen; may hold text that a target chose, unescaped */
};

struct verify;

/*
 * foreign: 1 << enum ns_type, what will be joined or made. made: those of them that are new, where
 * more may be tried than among strangers. proc is a directory fd of our own /proc, borrowed.
 */
int verify_new(unsigned foreign, unsigned made, int proc, struct verify **out, struct error *err);

/* In place of the command; v is the struct verify. Returns the exit status: 0 if it got through. */
int verify_probe(void *v);

/*
 * Serves the probe until it is through or has ended. *out_stuck: it said nothing for half a minute,
 * as where a target's file system hangs, and has to be ended. Returns the rows, borrowed from v;
 * one that nobody reported is VERIFY_UNSURE.
 */
const struct verify_row *verify_collect(struct verify *v, size_t *out_n, bool *out_stuck);

/* 0: all that ought to be is isolated; 1: something is shared; 3: something could not be told. */
int verify_status(const struct verify_row *rows, size_t n);

void verify_free(struct verify *v);

#endif

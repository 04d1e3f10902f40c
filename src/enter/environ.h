/* SPDX-License-Identifier: MIT */
/* The command's environment. Private to enter/. */
#ifndef NSVIEW_ENTER_ENVIRON_H
#define NSVIEW_ENTER_ENVIRON_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/enter.h>

/* What it is made from; borrowed. */
struct environ_source {
	enum enter_env choice;
	bool foreign_root;  /* the command is a file of the target */
	char *const *host;  /* NULL-terminated: ours */
	const char *target; /* NUL-separated: the target's, may be NULL */
	size_t target_len;
	const char *home;	/* of the user in the target, "" if not known */
	const char *const *set; /* --setenv, NULL-terminated, may be NULL */
};

/*
 * NULL-terminated, all of it to be freed with environ_free. Pure.
 *
 * default: ours; with a foreign root only TERM, COLORTERM, LANG, LC_* and TZ of ours, HOME and a
 * PATH that any system has. host: ours. target: the target's; but for a program of the host without
 * what is known to decide which files that program loads, runs or writes, and with our PATH, HOME
 * and SHELL. clear: nothing.
 * NAME=VALUE of --setenv comes last.
 */
char **environ_make(const struct environ_source *from);
void environ_free(char **env);
/* The value of a name, NULL without. Borrowed from env. */
const char *environ_get(char *const *env, const char *name);

#endif

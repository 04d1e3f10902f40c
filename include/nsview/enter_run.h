/* SPDX-License-Identifier: MIT */
/*
 * Carries a plan out: joins, makes, runs the command and stays with it. The process that calls it
 * (the front) stays where it is; a helper joins and clones the command as the front's own child,
 * so that its status, its stops and its terminal are the front's to see. setns(2), clone(2).
 */
#ifndef NSVIEW_ENTER_RUN_H
#define NSVIEW_ENTER_RUN_H

#include <stdbool.h>
#include <signal.h>
#include <nsview/enter.h>
#include <nsview/entry.h>
#include <nsview/error.h>
#include <nsview/plan.h>

struct make;

/* Everything is borrowed. */
struct enter_job {
	struct enter_wish *wish;
	struct enter_target *target;
	struct facts_source *source; /* of the facts: their details are read if something fails */
	struct plan_facts *facts;
	struct plan *plan;
	struct make *make;	   /* NULL: nothing is made */
	char *const *environ;	   /* the caller's */
	bool sigpipe_ignored;	   /* by who started us: ours is ignored anyway */
	bool says_shell;	   /* say which shell is run where no command is given */
	int (*instead)(void *arg); /* run in place of the command, returns its status; NULL */
	void *instead_arg;
};

/*
 * Where nothing else keeps a target from overwriting nsview's own file, executes nsview anew from a
 * sealed copy of it, and does not return then: before any descriptor is opened or closed.
 * sigpipe_ignored: as in the job. 0, or -errno with words.
 */
int enter_seal(bool sigpipe_ignored, struct error *err);

/*
 * Returns the exit status: the command's own, or 125 to 127 with words in err (err->code is 0
 * where the command itself ran). Ends the process by the signal that ended the command. Where
 * nothing needs watching the command takes the place of the process and this does not return.
 */
int enter_run(struct enter_job *job, struct error *err);

#endif

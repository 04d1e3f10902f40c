/* SPDX-License-Identifier: MIT */
/*
 * Runs what the browser wishes for, each in a process of its own, and tells the browser what came
 * of it. What is typed into a prompt and what a key stands for go the same way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tui_errands.h"
#include "tui_job.h"
#include "tui_term.h"
#include "tui_words.h"

enum { FORESEEN_MAX = 64 * 1024 };

/* The descriptor that `enter` writes to once somebody is inside. */
#define HEARD_FD "3"

static void end_child(struct errands *e, struct browser *b, bool by_hand)
{
	int status = tui_child_end(&e->child);

	b->running = b->cancel = false;
	if (!by_hand && WIFEXITED(status) && WEXITSTATUS(status))
		browser_say(b, true, "exit status %d", WEXITSTATUS(status));
}

static void start_child(struct errands *e, struct browser *b, const struct tui_words *w,
			struct error *err)
{
	if (b->running)
		end_child(e, b, true);
	if (tui_child_start(&e->child, w->argv, b->cols - 2, err) < 0)
		return;
	overlay_open(b, OVER_OUTPUT, "nsview ");
	buffer_append(&b->over.title, b->command.data, b->command.len);
	b->running = true;
}

static void say_end(struct browser *b, const struct job_end *end, bool entered)
{
	if (!entered)
		browser_say(b, true, "it was not entered");
	else if (WIFSIGNALED(end->status))
		browser_say(b, true, "it was ended by signal %d", WTERMSIG(end->status));
	else if (WEXITSTATUS(end->status))
		browser_say(b, true, "back; exit status %d", WEXITSTATUS(end->status));
	else
		browser_say(b, false, "back");
}

/*
 * The terminal is the command's until it ends. `enter` says by a line of its own that somebody is
 * inside (--info-fd); until then its words are why not, and stay to be read. Whoever calls it has
 * the lock over the graph all the time, so that nothing is scanned for nobody.
 */
static void step_in(struct browser *b, const struct tui_words *w, int *ended_by, struct error *err)
{
	char option[] = "--info-fd=" HEARD_FD;
	char **argv = tui_words_with(w, option);
	struct job_end end;
	bool entered;

	tui_term_suspend();
	dprintf(STDOUT_FILENO, "nsview: the end of this shell leads back\n");
	if (tui_job_run(argv, HEARD_FD[0] - '0', &end, &entered, err) == 0) {
		say_end(b, &end, entered);
		*ended_by = end.signalled;
		if (!entered && !end.signalled) {
			dprintf(STDOUT_FILENO, "nsview: Enter leads back\n");
			tui_job_pause();
		}
	}
	free(argv);
	tui_term_resume();
	b->refresh = true;
}

/* Beside the screen, or in its place where somebody is going to talk with it. */
static bool start_command(struct errands *e, struct browser *b, int *ended_by)
{
	struct error err = { 0 };
	struct tui_words w;
	int ret = tui_words_make(&w, b->program, buffer_str(&b->command), &err);
	bool talks = ret == 0 && tui_words_want_terminal(&w);

	if (ret == 0 && b->options->readonly)
		ret = tui_words_check_readonly(&w, &err);
	if (ret == 0 && talks)
		step_in(b, &w, ended_by, &err);
	else if (ret == 0)
		start_child(e, b, &w, &err);
	if (err.code)
		browser_say(b, true, "%s", err.text);
	tui_words_release(&w);
	buffer_clear(&b->command);
	return ret == 0 && talks;
}

static void start_foreseeing(struct errands *e, struct browser *b)
{
	struct error err = { 0 };
	struct tui_words w;

	tui_child_end(&e->foreseeing);
	buffer_clear(&e->foreseen);
	if (tui_words_make(&w, b->program, buffer_str(&b->foresee), &err) == 0)
		tui_child_start(&e->foreseeing, w.argv, b->cols - 2, &err);
	tui_words_release(&w);
	buffer_clear(&b->foresee);
	if (err.code)
		browser_foreseen(b, false, err.text, strlen(err.text));
}

bool errands_run(struct errands *e, struct browser *b, int *ended_by)
{
	bool left = false;

	if (b->cancel)
		end_child(e, b, true);
	if (b->command.len)
		left = start_command(e, b, ended_by);
	if (b->foresee.len)
		start_foreseeing(e, b);
	return left;
}

void errands_read(struct errands *e, struct browser *b)
{
	char text[16384];
	size_t n = tui_child_read(&e->child, text, sizeof(text));

	if (n)
		browser_output(b, text, n);
	else
		end_child(e, b, false);
}

void errands_foresee(struct errands *e, struct browser *b)
{
	char text[4096];
	size_t n = tui_child_read(&e->foreseeing, text, sizeof(text));
	int status;

	if (n && e->foreseen.len < FORESEEN_MAX) {
		buffer_append(&e->foreseen, text, n);
		return;
	}
	status = tui_child_end(&e->foreseeing);
	browser_foreseen(b, WIFEXITED(status) && WEXITSTATUS(status) == 0, buffer_str(&e->foreseen),
			 e->foreseen.len);
}

void errands_end(struct errands *e)
{
	tui_child_end(&e->child);
	tui_child_end(&e->foreseeing);
	buffer_release(&e->foreseen);
}

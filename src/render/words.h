/* SPDX-License-Identifier: MIT */
/* The phrases of which pages and trees are made, escaped for one output. Private to the room. */
#ifndef NSVIEW_RENDER_WORDS_H
#define NSVIEW_RENDER_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <nsview/buffer.h>
#include <nsview/graph.h>
#include <nsview/term.h>

struct words {
	const struct term *term;
	const struct graph *graph;
	struct buffer *out;    /* borrowed: everything is appended here */
	struct buffer scratch; /* owned; text before it is escaped */
};
void words_release(struct words *w);

/* Text that a process could choose. */
void words_escape(struct words *w, const char *text, size_t len);
/* "-" for none, "? (permission denied)" for the rest. */
void words_unknown(struct words *w, struct fact fact);
void words_fact_text(struct words *w, struct fact_text text);
/* "1 process", "5 processes" */
void words_count(struct words *w, uint64_t n, const char *one, const char *many);
/* "net:[4026532340]" */
void words_ns(struct words *w, const struct ns *ns);
void words_who_ns(struct words *w, const struct ns *ns);
/* The identity and nothing else; false and nothing appended where none is claimed. */
bool words_identity(struct words *w, const struct process *p);
void words_command(struct words *w, const struct process *p);
void words_comm(struct words *w, const struct process *p);
/* "4123 -> 1": the pid here and in the process's own pid namespace; "4123" where it is one. */
void words_pids(struct words *w, const struct process *p);
/* "0 <- 100000 x 65536": inside, outside, how many */
void words_range(struct words *w, const struct id_range *range);
/* "1000 alice" */
void words_user(struct words *w, struct fact_num uid);
void words_group(struct words *w, struct fact_num gid);
/* "1 day 2 h 3 min"; nothing below a minute */
void words_duration(struct words *w, uint64_t seconds);
/* Cuts what was appended since out had that length to so many columns. */
void words_cut(struct words *w, size_t start, size_t columns);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The question before stepping inside. Ways that cannot be gone, or lead to where nsview is, are
 * not offered, and where there is none it is said why instead of asking. What can be done `nsview
 * enter` knows, whom the driver of the browser asks; nothing of that is known here.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view_act.h"

/* life: what tells that `enter` finds the same one, 0 where that is not known. */
static void add_way(struct question *q, int key, const char *label, const char *target,
		    uint64_t life)
{
	struct way *way = &q->ways[q->n++];
	size_t len;

	*way = (struct way){ .key = key };
	snprintf(way->label, sizeof(way->label), "%s", label);
	snprintf(way->words, sizeof(way->words), "enter %s", target);
	len = strlen(way->words);
	if (life)
		snprintf(way->words + len, sizeof(way->words) - len, " --still=%" PRIu64, life);
}

/* A namespace alone, and with it all others of its first process. */
static void find_ways_of_ns(const struct graph *g, const struct ns *ns, struct question *q)
{
	struct view_ref to = ref_of_ns(ns), lead;
	autobuffer target = BUFFER_INIT;
	char all[48], pid[24];

	if (ns->lead && !nsset_is(ns->lead->set, g->self)) {
		lead = ref_of_process(ns->lead);
		snprintf(pid, sizeof(pid), "%d", (int)ns->lead->pid);
		snprintf(all, sizeof(all), "all of %s", pid);
		add_way(q, 'a', all, pid, lead.life);
	}
	if (ns == g->self[ns->type])
		return;
	ref_target(&to, g, &target);
	add_way(q, 'o', "only this one", buffer_str(&target), to.life);
}

/* Of a set its first process, also where that has ended: `enter` will say so. */
static void find_ways(const struct row *row, struct question *q)
{
	autobuffer target = BUFFER_INIT;
	struct view_ref to;

	if (row->ns) {
		find_ways_of_ns(row->graph, row->ns, q);
		return;
	}
	if (nsset_is(row->process->set, row->graph->self))
		return;
	to = ref_of_process(row->process);
	ref_target(&to, row->graph, &target);
	add_way(q, 'y', "yes", buffer_str(&target), to.life);
}

void question_close(struct browser *b)
{
	b->question.n = b->question.judged = 0;
	b->question.open = false;
	buffer_clear(&b->question.why);
	buffer_clear(&b->foresee);
}

/* The driver is asked about the next one. */
static void foresee_next(struct browser *b)
{
	buffer_clear(&b->foresee);
	buffer_printf(&b->foresee, "%s --dry-run --quiet",
		      b->question.ways[b->question.judged].words);
}

void act_enter(struct browser *b, int unused)
{
	struct question *q = &b->question;
	struct row row;

	(void)unused;
	question_close(b);
	if (b->subject.kind == REF_NONE || !browser_find(b, &b->subject, &row)) {
		browser_say(b, true, "there is nothing here");
		return;
	}
	buffer_clear(&q->title);
	browser_name(b, &b->subject, &q->title);
	find_ways(&row, q);
	if (q->n)
		foresee_next(b);
	else
		browser_say(b, true, "nsview is in %s already: entering would change nothing",
			    row.ns ? "it" : "all its namespaces");
}

/* What it says, without who says it and the end of the line. */
static void keep_why(struct question *q, const char *text, size_t len)
{
	static const char name[] = "nsview: ";

	if (q->why.len)
		return;
	if (len > strlen(name) && strncmp(text, name, strlen(name)) == 0) {
		text += strlen(name);
		len -= strlen(name);
	}
	while (len && text[len - 1] == '\n')
		len--;
	buffer_append(&q->why, text, len);
}

void browser_foreseen(struct browser *b, bool possible, const char *text, size_t len)
{
	struct question *q = &b->question;
	autobuffer why = BUFFER_INIT;

	if (q->judged >= q->n)
		return;
	q->ways[q->judged++].possible = possible;
	if (!possible)
		keep_why(q, text, len);
	if (q->judged < q->n) {
		foresee_next(b);
		return;
	}
	for (size_t i = 0; i < q->n; i++)
		q->open |= q->ways[i].possible;
	if (q->open)
		return;
	buffer_append(&why, buffer_str(&q->why), q->why.len);
	question_close(b);
	browser_tell(b, "it cannot be entered", why.len ? why.data : "it cannot be entered");
}

void question_key(struct browser *b, int key)
{
	struct question *q = &b->question;

	for (size_t i = 0; i < q->n; i++)
		if (q->ways[i].possible && q->ways[i].key == key) {
			buffer_clear(&b->command);
			buffer_text(&b->command, q->ways[i].words);
			question_close(b);
			return;
		}
	if (key == VK_ESC || key == 'n' || key == 'q')
		question_close(b);
}

void question_draw(const struct browser *b, struct canvas *c, unsigned row)
{
	const struct question *q = &b->question;
	const struct buffer *title;

	canvas_str(c, row, LOOK_TITLE, " enter ");
	/* The page's title tells more, once it is there. */
	title = ref_same(&b->detail_of, &b->subject) && b->detail_title.len ? &b->detail_title
									    : &q->title;
	canvas_text(c, row, LOOK_TITLE, buffer_str(title), title->len);
	canvas_str(c, row, LOOK_TITLE, "?");
	row++;
	for (size_t i = 0; i < q->n; i++) {
		char sign[] = { (char)q->ways[i].key, '\0' };

		if (!q->ways[i].possible)
			continue;
		canvas_str(c, row, LOOK_PLAIN, " ");
		canvas_str(c, row, LOOK_KEY, sign);
		canvas_str(c, row, LOOK_PLAIN, " ");
		canvas_str(c, row, LOOK_PLAIN, q->ways[i].label);
		canvas_str(c, row, LOOK_PLAIN, " ");
	}
	canvas_str(c, row, LOOK_KEY, " Esc");
	canvas_str(c, row, LOOK_PLAIN, " no");
}

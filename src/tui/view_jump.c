/* SPDX-License-Identifier: MIT */
/*
 * Finds the names of objects in pages made of words. A name counts only where the graph has such
 * an object; text that a process chose can at most name another one that is there, to which a
 * jump then leads.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/grow.h>

#include "view_doc.h"

enum { NUMBER_MAX = 20 };

/* Labels behind which an item begins with a process. */
static const char *const process_labels[] = { "Members",     "Parent", "Threads",
					      "Children of", "Init",   "Pids" };

struct finder {
	struct doc *doc;
	const struct graph *g;
	const struct view_ref *about;
	size_t line, cap;
	const char *text; /* of the line */
	size_t len;
	bool processes; /* the label at hand is one of those above */
	bool links, listeners;
};

static void add(struct finder *f, size_t at, size_t len, const struct view_ref *to)
{
	struct doc *d = f->doc;

	if (ref_same(to, f->about))
		return;
	if (d->njumps && d->jumps[d->njumps - 1].line == f->line &&
	    d->jumps[d->njumps - 1].at + d->jumps[d->njumps - 1].len > at)
		return;
	d->jumps = grow(d->jumps, d->njumps, &f->cap, sizeof(*d->jumps));
	d->jumps[d->njumps++] = (struct jump){ f->line, at, len, *to };
}

/* The number at a place of the line, and how many digits it has; 0: none. */
static size_t number_at(const struct finder *f, size_t at, uint64_t *out)
{
	size_t n = 0;

	*out = 0;
	while (at + n < f->len && n < NUMBER_MAX && isdigit((unsigned char)f->text[at + n]))
		*out = *out * 10 + (uint64_t)(f->text[at + n++] - '0');
	return n;
}

/* "net:[4026532340]": returns how much of the line it took. */
static size_t try_ns(struct finder *f, size_t at)
{
	for (int type = 0; type < NS_TYPES; type++) {
		size_t name = strlen(ns_types[type].name), digits;
		const struct ns *ns;
		uint64_t ino;

		if (f->len - at < name + 3 || strncmp(f->text + at, ns_types[type].name, name) != 0)
			continue;
		if (strncmp(f->text + at + name, ":[", 2) != 0)
			continue;
		digits = number_at(f, at + name + 2, &ino);
		ns = digits ? graph_find(f->g, (enum ns_type)type, ino) : NULL;
		if (!ns)
			return 0;
		add(f, at, name + 2 + digits + 1,
		    &(struct view_ref){ .kind = REF_NS, .type = ns->type, .num = ino });
		return name + 2 + digits + 1;
	}
	return 0;
}

static size_t try_pid(struct finder *f, size_t at)
{
	uint64_t pid;
	size_t digits = number_at(f, at, &pid);
	const struct process *p = digits && pid < 1 << 22 ? graph_process(f->g, (pid_t)pid) : NULL;

	/* "5 processes" counts them. */
	if (!p || strncmp(f->text + at + digits, " process", 8) == 0)
		return 0;
	add(f, at, digits, &(struct view_ref){ .kind = REF_PROCESS, .num = pid });
	return digits;
}

/* Returns how much of the line it took. */
static size_t try_links(struct finder *f, size_t at)
{
	struct link_name names[LINK_NAMES];
	size_t n = link_names(f->g, f->about, f->doc->ascii, f->text + at, f->len - at, names);

	for (size_t i = 0; i < n; i++)
		add(f, at + names[i].at, names[i].len, &names[i].to);
	return n ? names[n - 1].at + names[n - 1].len : 0;
}

/* "nginx(4123)" */
static size_t try_holder(struct finder *f, size_t at)
{
	uint64_t pid;
	size_t digits = f->text[at] == '(' ? number_at(f, at + 1, &pid) : 0;

	if (!digits || at + 1 + digits >= f->len || f->text[at + 1 + digits] != ')')
		return 0;
	return try_pid(f, at + 1);
}

static bool begins_word(const struct finder *f, size_t at)
{
	return at == 0 || strchr(" (:,", f->text[at - 1]);
}

static void find_in_line(struct finder *f, size_t from)
{
	static const char *const before[] = { "pid ", "thread " };
	size_t at = from;

	if (f->processes)
		at += try_pid(f, at);
	if (f->links)
		at += try_links(f, at);
	while (at < f->len) {
		size_t taken = 0;

		if (begins_word(f, at))
			taken = try_ns(f, at);
		if (f->listeners && !taken)
			taken = try_holder(f, at);
		for (size_t i = 0; i < 2 && !taken && begins_word(f, at); i++) {
			size_t n = strlen(before[i]);

			if (f->len - at > n && strncmp(f->text + at, before[i], n) == 0)
				taken = try_pid(f, at + n) ? n : 0;
		}
		at += taken ? taken : 1;
	}
}

static bool is_label(const struct finder *f, const char *label)
{
	size_t n = strlen(label);

	return f->len > n && strncmp(f->text, label, n) == 0 && f->text[n] == ' ';
}

static void read_label(struct finder *f)
{
	f->processes = false;
	for (size_t i = 0; i < sizeof(process_labels) / sizeof(*process_labels); i++)
		f->processes = f->processes || is_label(f, process_labels[i]);
	f->links = is_label(f, "Links") || is_label(f, "Wires");
	f->listeners = is_label(f, "Listen");
}

void doc_find_jumps(struct doc *d, const struct graph *g, const struct view_ref *about)
{
	struct finder f = { .doc = d, .g = g, .about = about };

	free(d->jumps);
	d->jumps = NULL;
	d->njumps = 0;
	for (f.line = 0; f.line < d->nlines; f.line++) {
		size_t indent;

		f.text = d->text.data + d->starts[f.line];
		f.len = d->starts[f.line + 1] - d->starts[f.line] - 1;
		indent = strspn(f.text, " ");
		if (!indent) {
			read_label(&f);
			indent = (f.processes || f.links) && f.len > 14 ? 14 : 0;
		}
		find_in_line(&f, indent < f.len ? indent : f.len);
	}
	/* The page was made anew: on the same name as before, if it is still there. */
	d->here = 0;
	for (size_t i = 0; i < d->njumps && d->was.kind != REF_NONE; i++)
		if (ref_same(&d->jumps[i].to, &d->was)) {
			d->here = i;
			return;
		}
}

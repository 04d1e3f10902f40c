/* SPDX-License-Identifier: MIT */
/*
 * The hidden command behind the completion scripts: `nsview __complete WORD...` prints what the
 * last word may be, one candidate a line, a tab and a description behind it. Driven by the command
 * and option tables. It must answer at once: no fact is read that a candidate does not show.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/who.h>

#include "view.h"

struct request {
	const struct invocation *inv;
	const struct command *command; /* NULL: before the command */
	const char *word;	       /* to be completed */
	size_t base;		       /* where its value starts: behind "--option=" */
	size_t skip;		       /* where what is completed starts: behind "a," in a list */
	const struct identity *last;   /* offered last, so that a container is offered once */
};

static void offer(const struct request *r, const char *candidate, const char *about)
{
	const char *typed = r->word + r->skip;

	if (strncasecmp(candidate, typed, strlen(typed)) != 0)
		return;
	printf("%.*s%s", (int)r->skip, r->word, candidate);
	if (about && *about)
		printf("\t%s", about);
	putchar('\n');
}

static void offer_words(const struct request *r, const char *words)
{
	while (*words) {
		size_t len = strcspn(words, "|");
		char one[64];

		snprintf(one, sizeof(one), "%.*s", (int)len, words);
		offer(r, one, NULL);
		words += len + (words[len] == '|');
	}
}

static const char *value(const struct request *r)
{
	return r->word + r->base;
}

static void behind_last(struct request *r, char separator)
{
	const char *at = strrchr(value(r), separator);

	r->skip = at ? (size_t)(at - r->word) + 1 : r->base + (value(r)[0] == '+');
}

/* The heading; the key where a column of that name goes before it, as "pid" in `ps`. */
static const char *column_word(const struct column_table *table, const struct column *c)
{
	return column_find(table, c->heading, strlen(c->heading)) == c ? c->heading : c->key;
}

static bool is_asked_for(const struct request *r, const char *option)
{
	for (size_t i = 0; i + 1 < r->inv->nargs; i++)
		if (strncmp(r->inv->args[i], "--", 2) == 0 &&
		    strcmp(r->inv->args[i] + 2, option) == 0)
			return true;
	return false;
}

/* Where there are several, the one asked for so far. */
static const struct column_table *table_of(const struct request *r)
{
	const struct command_table *t = r->command ? r->command->tables : NULL;

	for (; t && t->option; t++)
		if (is_asked_for(r, t->option))
			return t->columns;
	return r->command ? r->command->columns : NULL;
}

static void complete_columns(struct request *r)
{
	const struct column_table *table = table_of(r);

	behind_last(r, ',');
	for (const struct column *c = table ? table->columns : NULL; c && c->heading; c++)
		offer(r, column_word(table, c), c->help);
}

static void complete_filter(struct request *r)
{
	const struct column_table *table = table_of(r);

	behind_last(r, ' ');
	for (const struct column *c = table ? table->columns : NULL; c && c->heading; c++)
		offer(r, c->key, c->help);
}

static void complete_types(struct request *r)
{
	behind_last(r, ',');
	for (int type = 0; type < NS_TYPES; type++)
		offer(r, ns_types[type].name, ns_types[type].title);
}

static void complete_new(struct request *r)
{
	complete_types(r);
	offer(r, "all", "each of them");
}

static void complete_help(struct request *r)
{
	for (size_t i = 0; commands[i]; i++)
		if (!commands[i]->hidden)
			offer(r, commands[i]->name, commands[i]->summary);
	offer_words(r, "targets|filters|exit|marks");
}

static void escaped(const struct buffer *raw, struct buffer *out)
{
	buffer_clear(out);
	escape_text(out, buffer_str(raw), raw->len, ESCAPE_UTF8);
}

static void offer_pid(const struct request *r, const struct process *p)
{
	autobuffer raw = BUFFER_INIT;
	autobuffer about = BUFFER_INIT;
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", p->pid);
	who_process(p, true, &raw);
	escaped(&raw, &about);
	offer(r, pid, buffer_str(&about));
}

/*
 * A shell may put a candidate into the command line as it is, as bash does: what it would take for
 * anything but itself is not offered, since anybody may choose the name of a container.
 */
static bool is_plain(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-.:@%+,/=";

	return name[strspn(name, plain)] == '\0';
}

static bool is_offered(const struct request *r, const struct identity *id)
{
	return r->last && strcmp(r->last->kind, id->kind) == 0 && strcmp(r->last->id, id->id) == 0;
}

static void offer_identity(struct request *r, const struct process *p)
{
	const struct identity *id = p->facts ? p->facts->identity : NULL;
	autobuffer word = BUFFER_INIT;

	if (!id || is_offered(r, id) || (!id->container && strcmp(id->kind, "unit") != 0))
		return;
	r->last = id;
	if (!is_plain(id->name))
		return;
	buffer_text(&word, id->container ? "ctr:" : "unit:");
	buffer_text(&word, id->name);
	offer(r, buffer_str(&word), id->kind);
}

static void offer_ns(const struct request *r, const struct ns *ns)
{
	autobuffer word = BUFFER_INIT;
	const char *name = ns_netns_name(ns);

	buffer_printf(&word, "%llu", (unsigned long long)ns->ino);
	offer(r, buffer_str(&word), ns_types[ns->type].name);
	buffer_clear(&word);
	/* Without brackets no shell wants it quoted; they are offered to who began with one. */
	buffer_printf(&word, strchr(value(r), '[') ? "%s:[%llu]" : "%s:%llu",
		      ns_types[ns->type].name, (unsigned long long)ns->ino);
	if (strchr(value(r), ':'))
		offer(r, buffer_str(&word), NULL);
	buffer_clear(&word);
	buffer_printf(&word, "netns:%s", name ? name : "");
	if (name && is_plain(name))
		offer(r, buffer_str(&word), "named network namespace");
}

/* What a word that starts like this may become, so that only that is read. */
static unsigned target_facts(const char *word)
{
	if (*word >= '0' && *word <= '9')
		return NEED_COMM | NEED_CMDLINE;
	return NEED_IDENTITY | NEED_COMM | NEED_CMDLINE;
}

static void complete_hosted(struct request *r, bool targets)
{
	struct view v = { 0 };
	struct error err = { 0 };
	struct graph *g;

	if (view_open(&v, r->inv, NULL, 0, 0, &err) == 0) {
		g = v.graph;
		view_read_processes(&v, g->processes, g->nprocesses, target_facts(value(r)));
		for (size_t i = 0; targets && i < g->nnamespaces; i++)
			offer_ns(r, g->namespaces[i]);
		for (size_t i = 0; i < g->nprocesses; i++) {
			offer_pid(r, g->processes[i]);
			if (targets)
				offer_identity(r, g->processes[i]);
		}
	}
	view_close(&v);
}

static void complete_pids(struct request *r)
{
	complete_hosted(r, false);
}

static void complete_targets(struct request *r)
{
	offer(r, "self", "nsview itself");
	complete_hosted(r, true);
}

/* What the graph is of, then targets. */
static void complete_graph(struct request *r)
{
	for (size_t i = 0; i + 1 < r->inv->nargs; i++)
		if (strcmp(r->inv->args[i], "net") == 0) {
			complete_targets(r);
			return;
		}
	offer_words(r, "net");
}

static void complete_nothing(struct request *r)
{
	(void)r; /* a directory: the shell's own completion serves */
}

static const struct {
	const char *name;
	void (*complete)(struct request *r);
} completers[] = {
	{ "columns", complete_columns }, { "filter", complete_filter },
	{ "types", complete_types },	 { "help", complete_help },
	{ "pid", complete_pids },	 { "target", complete_targets },
	{ "dir", complete_nothing },	 { "path", complete_nothing },
	{ "new", complete_new },	 { "graph", complete_graph },
};

static void complete_as(struct request *r, const char *what)
{
	if (!what)
		return;
	for (size_t i = 0; i < sizeof(completers) / sizeof(*completers); i++)
		if (strcmp(what, completers[i].name) == 0) {
			completers[i].complete(r);
			return;
		}
	offer_words(r, what);
}

static const struct option_spec *option_in(const struct option_spec *table, const char *word)
{
	const char *name = word + 2;
	size_t len = strcspn(name, "=");

	for (; table && table->name; table++) {
		if (word[1] == '-' && strlen(table->name) == len &&
		    memcmp(table->name, name, len) == 0)
			return table;
		/* Letters may be joined; the last one is what an argument would belong to. */
		if (word[1] != '-' && table->letter == word[strlen(word) - 1])
			return table;
	}
	return NULL;
}

static const struct option_spec *option_find(const struct command *c, const char *word)
{
	const struct option_spec *o;

	if (word[0] != '-' || !word[1])
		return NULL;
	o = c ? option_in(c->options, word) : NULL;
	return o ? o : option_in(global_option_table, word);
}

static bool takes_argument(const struct option_spec *o)
{
	return o->kind == OPTION_TEXT || o->kind == OPTION_LIST;
}

static void offer_options(const struct request *r, const struct option_spec *table)
{
	for (; table && table->name; table++) {
		char word[64];

		snprintf(word, sizeof(word), "--%s%s", table->name,
			 takes_argument(table) ? "=" : "");
		offer(r, word, table->help);
	}
}

static void complete_word(struct request *r, const char *before)
{
	const struct option_spec *previous = before ? option_find(r->command, before) : NULL;
	const struct option_spec *here = option_find(r->command, r->word);

	if (previous && takes_argument(previous) && !strchr(before, '='))
		complete_as(r, previous->complete);
	else if (here && r->word[1] == '-' && strchr(r->word, '=')) {
		r->base = r->skip = strcspn(r->word, "=") + 1;
		complete_as(r, here->complete);
	} else if (r->word[0] == '-') {
		offer_options(r, r->command ? r->command->options : NULL);
		offer_options(r, global_option_table);
	} else if (r->command)
		complete_as(r, r->command->complete);
	else
		for (size_t i = 0; commands[i]; i++)
			if (!commands[i]->hidden)
				offer(r, commands[i]->name, commands[i]->summary);
}

/* Words are those of the command line behind "nsview"; the last is to be completed. */
static int run(const struct invocation *inv)
{
	struct request r = { .inv = inv };
	size_t n = inv->nargs;

	if (!n)
		return EXIT_YES;
	r.word = inv->args[n - 1];
	for (size_t i = 0; i + 1 < n; i++) {
		if (!r.command)
			r.command = command_find(inv->args[i]);
		else if (r.command->wants_word && strcmp(inv->args[i], "--") == 0)
			return EXIT_YES; /* of another's command line we know nothing */
	}
	complete_word(&r, n > 1 ? inv->args[n - 2] : NULL);
	return EXIT_YES;
}

const struct command command_complete = {
	.name = "__complete",
	.summary = "candidates for a word of the command line",
	.hidden = true,
	.run = run,
};

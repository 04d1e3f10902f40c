/* SPDX-License-Identifier: MIT */
/* The option parser: getopt_long driven by option tables. Knows no option by name. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/buffer.h>
#include <nsview/grow.h>
#include <nsview/nearest.h>

#include "command.h"

enum { SPECS_MAX = 160, LONG_BASE = 256 };

const struct option_spec global_option_table[] = {
	{ 0, "proc", OPTION_TEXT, offsetof(struct global_options, proc), "DIR", "dir",
	  "read this procfs (or a copy of one) instead of /proc" },
	{ 0, "source", OPTION_TEXT, offsetof(struct global_options, source), "SOURCE",
	  "auto|kernel|proc",
	  "read processes from the kernel itself or from /proc; nsview-sources(7)" },
	{ 0, "color", OPTION_TEXT, offsetof(struct global_options, color), "WHEN",
	  "auto|always|never", "auto, always or never; see also NO_COLOR in nsview(1)" },
	{ 0, "ascii", OPTION_FLAG, offsetof(struct global_options, ascii), NULL, NULL,
	  "ASCII characters only, whatever the locale" },
	{ 0, "no-pager", OPTION_FLAG, offsetof(struct global_options, no_pager), NULL, NULL,
	  "never start a pager" },
	{ 0, "strict", OPTION_FLAG, offsetof(struct global_options, strict), NULL, NULL,
	  "exit 3 when the view is partial" },
	{ 'q', "quiet", OPTION_FLAG, offsetof(struct global_options, quiet), NULL, NULL,
	  "do not say on stderr what could not be seen" },
	{ 'v', "verbose", OPTION_FLAG, offsetof(struct global_options, verbose), NULL, NULL,
	  "say on stderr what was searched and what was not" },
	{ 'h', "usage", OPTION_FLAG, offsetof(struct global_options, short_help), NULL, NULL,
	  "show a short help" },
	{ 0, "help", OPTION_FLAG, offsetof(struct global_options, long_help), NULL, NULL,
	  "show all options and columns" },
	{ 'V', "version", OPTION_FLAG, offsetof(struct global_options, version), NULL, NULL,
	  "show the version" },
	{ 0 },
};

/* Two tables as one, each entry with the structure that it writes to. */
struct merged {
	const struct option_spec *spec[SPECS_MAX];
	void *base[SPECS_MAX];
	size_t n;
	struct option longs[SPECS_MAX + 1];
	char letters[SPECS_MAX * 3 + 3];
};

static void merge(struct merged *m, const struct option_spec *table, void *base)
{
	for (; table && table->name && m->n < SPECS_MAX; table++) {
		static const int has_arg[] = {
			[OPTION_FLAG] = no_argument,
			[OPTION_TEXT] = required_argument,
			[OPTION_OPTIONAL] = optional_argument,
			[OPTION_LIST] = required_argument,
		};

		m->spec[m->n] = table;
		m->base[m->n] = base;
		m->longs[m->n] = (struct option){ table->name, has_arg[table->kind], NULL,
						  LONG_BASE + (int)m->n };
		m->n++;
		if (table->letter) {
			char *end = m->letters + strlen(m->letters);

			*end++ = (char)table->letter;
			memcpy(end, "::", (size_t)has_arg[table->kind]);
		}
	}
}

static const char *spec_name(const void *ctx, size_t i)
{
	const struct merged *m = ctx;

	return i < m->n ? m->spec[i]->name : NULL;
}

static long spec_index(const struct merged *m, int value)
{
	if (value >= LONG_BASE)
		return value - LONG_BASE;
	for (size_t i = 0; i < m->n; i++)
		if (m->spec[i]->letter == value)
			return (long)i;
	return -1;
}

static void list_add(struct option_list *list, const char *arg)
{
	list->at = list_room(list->at, list->n, sizeof(*list->at));
	list->at[list->n++] = arg;
}

void options_release(struct invocation *inv)
{
	const struct option_spec *spec = inv->command->options;

	for (; spec && spec->name; spec++)
		if (spec->kind == OPTION_LIST)
			free(((struct option_list *)((char *)inv->options + spec->offset))->at);
	free(inv->options);
}

static void store(const struct option_spec *spec, void *base, const char *arg)
{
	char *at = (char *)base + spec->offset;

	if (spec->kind == OPTION_FLAG)
		*(bool *)at = true;
	else if (spec->kind == OPTION_LIST)
		list_add((struct option_list *)at, arg);
	else
		*(const char **)at = arg ? arg : "";
}

static int unknown(const struct merged *m, char **argv, int missing, struct error *err)
{
	const char *word = argv[optind - 1];
	autobuffer name = BUFFER_INIT;
	const char *near;

	if (missing && optopt >= LONG_BASE)
		return error_set(err, -EINVAL, "option --%s needs an argument",
				 m->spec[optopt - LONG_BASE]->name);
	if (missing)
		return error_set(err, -EINVAL, "option -%c needs an argument", optopt);
	if (optopt >= LONG_BASE)
		return error_set(err, -EINVAL, "option --%s takes no argument",
				 m->spec[optopt - LONG_BASE]->name);
	if (optopt)
		return error_set(err, -EINVAL, "unknown option -%c", optopt);
	buffer_append(&name, word + 2, strcspn(word + 2, "="));
	near = nearest_word(buffer_str(&name), spec_name, m);
	return error_set(err, -EINVAL,
			 near ? "unknown option %.64s; did you mean --%s?" : "unknown option %.64s",
			 word, near);
}

/* From optind on. */
static int parse_on(const struct merged *m, int argc, char **argv, struct error *err)
{
	int value;

	opterr = 0;
	while ((value = getopt_long(argc, argv, m->letters, m->longs, NULL)) != -1) {
		long i = spec_index(m, value);

		if (value == '?' || value == ':' || i < 0)
			return unknown(m, argv, value == ':', err);
		store(m->spec[i], m->base[i], optarg);
	}
	return 0;
}

static int parse(const struct merged *m, int argc, char **argv, struct error *err)
{
	optind = 0; /* glibc: start anew */
	return parse_on(m, argc, argv, err);
}

/* The index of word among three, 0 without a word. */
static int parse_choice(const char *option, const char *word, const char *const words[3],
			struct error *err)
{
	for (int i = 0; word && i < 3; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	return word ? error_set(err, -EINVAL, "--%s takes %s, %s or %s, not \"%.64s\"", option,
				words[0], words[1], words[2], word)
		    : 0;
}

/* The options that are one of a few words. */
static int parse_choices(struct invocation *inv, struct error *err)
{
	static const char *const colors[] = {
		[COLOR_AUTO] = "auto",
		[COLOR_ALWAYS] = "always",
		[COLOR_NEVER] = "never",
	};
	static const char *const sources[] = {
		[SCAN_AUTO] = "auto",
		[SCAN_KERNEL] = "kernel",
		[SCAN_PROC] = "proc",
	};
	int color = parse_choice("color", inv->global.color, colors, err);
	int source = color < 0 ? color : parse_choice("source", inv->global.source, sources, err);

	if (source < 0)
		return source;
	inv->color = (enum color_when)color;
	inv->source = (enum scan_choice)source;
	return 0;
}

/*
 * Words are not moved: those of the command come first, and the first word that it does not want
 * ends the parsing, as "--" does, so that nothing of another's command line is taken for ours.
 */
static int parse_words(struct invocation *inv, struct merged *m, int argc, char **argv,
		       struct error *err)
{
	int ret = parse(m, argc, argv, err);

	while (ret == 0 && optind < argc && strcmp(argv[optind - 1], "--") != 0 &&
	       inv->command->wants_word(inv->options, inv->nargs)) {
		inv->args[inv->nargs++] = argv[optind++];
		ret = parse_on(m, argc, argv, err);
	}
	inv->rest = argv + optind;
	return ret;
}

int options_parse(struct invocation *inv, int argc, char **argv, struct error *err)
{
	bool words = inv->command->wants_word;
	struct merged m = { .letters = ":" };
	int ret;

	if (words)
		strcpy(m.letters, "+:");
	merge(&m, inv->command->options, inv->options);
	merge(&m, global_option_table, &inv->global);
	/* In front of those that getopt has not come to yet. */
	inv->args = argv;
	ret = words ? parse_words(inv, &m, argc, argv, err) : parse(&m, argc, argv, err);
	if (ret < 0)
		return ret;
	if (!words) {
		inv->args = argv + optind;
		inv->nargs = (size_t)(argc - optind);
		inv->rest = argv + argc;
	}
	return parse_choices(inv, err);
}

int options_parse_global(struct global_options *g, int argc, char **argv, int *out_next,
			 struct error *err)
{
	struct merged m = { .letters = "+:" };
	int ret;

	merge(&m, global_option_table, g);
	ret = parse(&m, argc, argv, err);
	*out_next = optind;
	return ret;
}

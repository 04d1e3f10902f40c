/* SPDX-License-Identifier: MIT */
/* What a command is, and the option tables that the parser, help and completion read. */
#ifndef NSVIEW_CMD_COMMAND_H
#define NSVIEW_CMD_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/arena.h>
#include <nsview/column.h>
#include <nsview/error.h>
#include <nsview/scan.h>
#include <nsview/term.h>

/* CONTRACT: exit statuses of everything that looks or asks; nsview(1), EXIT STATUS. */
enum {
	EXIT_YES = 0,	  /* done, yes, same, clean */
	EXIT_NO = 1,	  /* no, different, nothing matched */
	EXIT_TROUBLE = 2, /* used wrongly, or failed */
	EXIT_UNSURE = 3,  /* the view is incomplete and that matters */
};

enum option_kind {
	OPTION_FLAG,	 /* bool */
	OPTION_TEXT,	 /* const char *, the argument is required */
	OPTION_OPTIONAL, /* const char *, "" without an argument (only --long=ARG, or -tARG) */
	OPTION_LIST,	 /* struct option_list, the argument is required; may be given again */
};

/* The arguments of an option that was given several times, in that order. */
struct option_list {
	const char **at; /* owned: options_release; the strings are of argv */
	size_t n;
};

struct option_spec {
	int letter;	  /* 0: none */
	const char *name; /* long name; NULL ends a table */
	enum option_kind kind;
	size_t offset;	      /* of the bool or const char * in the options structure */
	const char *arg;      /* what stands for the argument in help */
	const char *complete; /* what completes it: a name of complete.c, or words "a|b" */
	const char *help;
};

/* The options that every command takes. */
struct global_options {
	const char *proc;
	const char *source;
	const char *color;
	bool ascii;
	bool no_pager;
	bool strict;
	bool quiet;
	bool verbose;
	bool short_help;
	bool long_help;
	bool version;
};
extern const struct option_spec global_option_table[];

struct command;

/* A command about to run. */
struct invocation {
	const struct command *command;
	struct global_options global;
	enum color_when color;
	enum scan_choice source;
	void *options; /* the command's own structure */
	char **args;   /* what is left of argv, NULL-terminated */
	size_t nargs;
	char **rest;	      /* of a command with wants_word: what is to be run, else empty */
	bool sigpipe_ignored; /* when we were started; it is for us in any case */
};

/* A table that an option asks for. */
struct command_table {
	const char *option; /* its long name; NULL ends a list */
	const struct column_table *columns;
};

struct command {
	const char *name;
	const char *args;		   /* after the options in usage: "[TARGET...]" */
	const char *summary;		   /* one line */
	const char *text;		   /* a paragraph for help, may be NULL */
	const struct option_spec *options; /* NULL: none of its own */
	size_t options_size;
	const struct column_table *columns; /* listed by --help; NULL */
	const struct command_table *tables; /* where there are several; NULL */
	const char *complete;		    /* what completes its arguments */
	bool hidden;			    /* not in help */
	bool config;			    /* takes options from the configuration file */
	bool no_locale;			    /* its output is the same in all of them */
	/*
	 * Of a command that runs another: whether a word that is no option, behind nwords others,
	 * is its own. The first that is not, or anything behind "--", begins the other's words.
	 */
	bool (*wants_word)(const void *options, size_t nwords);
	int trouble;				  /* status where used wrongly; 0: EXIT_TROUBLE */
	int (*run)(const struct invocation *inv); /* returns an exit status */
};

extern const struct command command_ls, command_ps, command_tree, command_show, command_who,
	command_net, command_why, command_graph, command_enter, command_tui, command_help,
	command_completion, command_complete;

/* All commands, NULL at the end. */
extern const struct command *const commands[];
const struct command *command_find(const char *name);

/*
 * Parses argv (argv[0] is the command's own name) into inv. -EINVAL with the nearest right word.
 * inv->options must be zeroed, options_size large.
 */
int options_parse(struct invocation *inv, int argc, char **argv, struct error *err);
/* Frees inv->options and what options_parse put into it. */
void options_release(struct invocation *inv);
/* The same for what stands before the command: global options only; stops at the first word. */
int options_parse_global(struct global_options *g, int argc, char **argv, int *out_next,
			 struct error *err);

/*
 * Parses the configuration file (nsview-tui(1)) into inv, whose command line is parsed after it and
 * goes before it; keep owns the text of its options. Without such a file nothing happens.
 */
int config_parse(struct invocation *inv, struct arena *keep, struct error *err);

/* Whether `nsview` alone opens the interactive view here. */
bool tui_is_wanted(void);

/* Prints "nsview: TEXT" and a hint where there is one; returns EXIT_TROUBLE. */
int report(const struct error *err);

void help_overview(FILE *out, bool all);
void help_command(FILE *out, const struct command *c, bool all);

/* Sends stdout through a pager from here on, if it is wanted and stdout is a terminal. */
struct pager {
	long pid; /* 0: none */
};
struct pager pager_start(const struct global_options *g);
/* Waits until the person has left the pager. */
void pager_end(struct pager *p);

#endif

/* SPDX-License-Identifier: MIT */
/* Help, made from the command, option and column tables: nothing is listed by hand. */
#include <stdio.h>
#include <string.h>

#include <nsview/nearest.h>

#include "command.h"

static void print_option(FILE *out, const struct option_spec *o)
{
	char left[64], letter[8] = "    ";

	if (o->letter)
		snprintf(letter, sizeof(letter), "-%c, ", o->letter);
	snprintf(left, sizeof(left), "%s--%s%s%s%s%s", letter, o->name,
		 o->kind == OPTION_OPTIONAL ? "[" : "", o->arg ? "=" : "", o->arg ? o->arg : "",
		 o->kind == OPTION_OPTIONAL ? "]" : "");
	if (strlen(left) <= 25)
		fprintf(out, "  %-25s %s\n", left, o->help);
	else
		fprintf(out, "  %s\n  %-25s %s\n", left, "", o->help);
}

static void print_options(FILE *out, const char *title, const struct option_spec *table)
{
	if (!table || !table->name)
		return;
	fprintf(out, "\n%s:\n", title);
	for (; table->name; table++)
		print_option(out, table);
}

static void print_columns(FILE *out, const char *option, const struct column_table *table)
{
	fprintf(out, "\nColumns%s%s (default %s):\n", option ? " of --" : "", option ? option : "",
		table->defaults);
	for (const struct column *c = table->columns; c->heading; c++)
		fprintf(out, "  %-12s %s\n", c->heading, c->help);
}

static void print_topics(FILE *out);

/* all: also the options that may stand in front of a command. */
void help_overview(FILE *out, bool all)
{
	fputs("Usage: nsview [OPTION...] COMMAND [ARG...]\n"
	      "Shows every Linux namespace on this host, who lives in it and what keeps it "
	      "alive.\n\nCommands:\n",
	      out);
	for (size_t i = 0; commands[i]; i++)
		if (!commands[i]->hidden)
			fprintf(out, "  %-11s %s\n", commands[i]->name, commands[i]->summary);
	if (all)
		print_options(out, "Options of all commands", global_option_table);
	print_topics(out);
	fputs("\nStart with `nsview ls`, or with `nsview` alone on a terminal. `nsview help "
	      "COMMAND` "
	      "tells\nmore; nsview(1) everything.\n",
	      out);
}

void help_command(FILE *out, const struct command *c, bool all)
{
	fprintf(out, "Usage: nsview %s [OPTION...]%s%s\n%s\n", c->name, c->args ? " " : "",
		c->args ? c->args : "", c->summary);
	if (all && c->text)
		fprintf(out, "\n%s\n", c->text);
	print_options(out, "Options", c->options);
	if (!all) {
		fputs("\n--help shows the options of all commands too", out);
		fputs(c->columns || c->tables ? ", and the columns.\n" : ".\n", out);
		return;
	}
	print_options(out, "Options of all commands", global_option_table);
	if (c->columns)
		print_columns(out, NULL, c->columns);
	for (const struct command_table *t = c->tables; t && t->option; t++)
		print_columns(out, t->option, t->columns);
}

struct topic {
	const char *name, *text;
};

static const struct topic topics[] = {
	{ "targets",
	  "TARGET, the same in every command:\n"
	  "  4123, self                 that process (a number below 4194304 is a PID)\n"
	  "  4026532340                 namespace; also net:[4026532340] or net:4026532340\n"
	  "  pid:7@4026532458           PID 7 as numbered inside that pid namespace\n"
	  "  /run/netns/lab             the namespace bound there; any other path: the\n"
	  "                             mount namespaces in which it is a mount point\n"
	  "  netns:lab                  named network namespace (ip-netns(8))\n"
	  "  ctr:web, ctr:3f2a91        container by name, or by a prefix of its id\n"
	  "  unit:ssh.service           systemd unit\n"
	  "  mount:/mnt/x               the mount namespaces in which that mount exists\n"
	  "  uid:100999                 the user namespaces that map that uid of ours; the\n"
	  "                             host's only if no other does\n"
	  "  iface:veth3a1c, ip:10.0.0.5, mac:02:42:ac:11:00:02\n"
	  "                             the network namespaces that have it\n"
	  "  port:80, port:udp/53       the processes that have it open, and the network\n"
	  "                             namespace of its socket if none of them lives there\n" },
	{ "filters",
	  "-Q EXPR, the same in every command:\n"
	  "  type == \"net\" && nprocs > 1 || who =~ \"docker\"\n"
	  "A column, by heading or key (-H lists both), alone is true where its cell is\n"
	  "neither 0, no nor empty.\n"
	  "  == != < <= > >=   text is compared byte by byte; numbers may end in K, M, G\n"
	  "  =~ !~             POSIX extended regular expression, case matters\n"
	  "  COLUMN:TEXT       contains; of numbers and of yes or no: equals\n"
	  "  && || ! ( )       && goes before ||\n"
	  "Also and, or, not, eq, ne, lt, le, gt, ge. A value is a \"quoted\" text, 'quoted'\n"
	  "or a bare word. A row whose answer hangs on an unknown cell is not shown, and\n"
	  "counted on stderr.\n" },
	{ "exit",
	  "Exit status of whatever looks or asks:\n"
	  "  0  done, yes, same\n"
	  "  1  no, different, nothing matched\n"
	  "  2  used wrongly, or failed\n"
	  "  3  cannot tell: the view is partial (with --strict, or where the answer hangs\n"
	  "     on what was not seen)\n" },
	{ "marks", "?   could not be read; -J says why, and stderr what else is missing\n"
		   "-   there is none\n"
		   "=   (ps) the host's own namespace; seen from a container: nsview's own\n"
		   "=!  (ps) the host's own, though this is a container\n"
		   "A   (ps) in a column, the same letter is the same namespace\n" },
	{ 0 },
};

static void print_topics(FILE *out)
{
	fputs("\nTopics (nsview help TOPIC): ", out);
	for (const struct topic *t = topics; t->name; t++)
		fprintf(out, "%s%s", t->name, t[1].name ? ", " : "\n");
}

static const char *help_word(const void *ctx, size_t i)
{
	size_t n = 0;

	(void)ctx;
	for (size_t c = 0; commands[c]; c++)
		if (!commands[c]->hidden && n++ == i)
			return commands[c]->name;
	return i - n < sizeof(topics) / sizeof(*topics) ? topics[i - n].name : NULL;
}

static int help_topic(FILE *out, const char *name)
{
	const struct command *c = command_find(name);
	struct error err = { 0 };
	const char *near;

	if (c) {
		help_command(out, c, true);
		return EXIT_YES;
	}
	for (const struct topic *t = topics; t->name; t++)
		if (strcmp(t->name, name) == 0) {
			fputs(t->text, out);
			return EXIT_YES;
		}
	near = nearest_word(name, help_word, NULL);
	error_set(&err, -1,
		  near ? "no help on \"%.64s\"; did you mean \"%s\"?"
		       : "no help on \"%.64s\"; try: nsview help",
		  name, near);
	return report(&err);
}

static int run(const struct invocation *inv)
{
	struct pager pager;
	int status = EXIT_YES;

	if (!inv->nargs) {
		help_overview(stdout, true);
		return EXIT_YES;
	}
	pager = pager_start(&inv->global);
	for (size_t i = 0; i < inv->nargs && status == EXIT_YES; i++)
		status = help_topic(stdout, inv->args[i]);
	pager_end(&pager);
	return status;
}

const struct command command_help = {
	.name = "help",
	.args = "[COMMAND|TOPIC...]",
	.summary = "tell more about a command or a topic",
	.complete = "help",
	.run = run,
};

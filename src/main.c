/* SPDX-License-Identifier: MIT */
/* Lists the commands, dispatches, and makes sure that what was printed was really written. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nsview/escape.h>
#include <nsview/nearest.h>
#include <nsview/version.h>

#include "cmd/command.h"

const struct command *const commands[] = {
	&command_ls,   &command_ps,	    &command_tree,     &command_show,  &command_who,
	&command_net,  &command_why,	    &command_graph,    &command_enter, &command_tui,
	&command_help, &command_completion, &command_complete, NULL,
};

const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static const char *command_word(const void *ctx, size_t i)
{
	(void)ctx;
	while (commands[i] && commands[i]->hidden)
		i++;
	return commands[i] ? commands[i]->name : NULL;
}

int report(const struct error *err)
{
	autobuffer text = BUFFER_INIT;

	/*
	 * Words of the command line are quoted in it: nothing of them may reach a terminal raw.
	 * What rooms put in is escaped already, so a backslash stays as it is.
	 */
	for (size_t i = 0, n; i < strlen(err->text); i += n) {
		unsigned code;

		n = utf8_next(err->text + i, strlen(err->text + i), &code);
		if (n && code >= ' ' && !escape_is_hidden(code)) {
			buffer_append(&text, err->text + i, n);
			continue;
		}
		n = n ? n : 1;
		for (size_t k = 0; k < n; k++)
			buffer_printf(&text, "\\x%02x", (unsigned char)err->text[i + k]);
	}
	fflush(stdout);
	fprintf(stderr, "nsview: %s\n", buffer_str(&text));
	return EXIT_TROUBLE;
}

static int version(void)
{
	puts("nsview " NSVIEW_VERSION);
#ifdef HAVE_BPF
	puts("sources: proc, kernel (BPF)");
#else
	puts("sources: proc (built without the kernel source: clang, bpftool or libbpf headers "
	     "were missing)");
#endif
	return EXIT_YES;
}

/* A closed pipe is what `| head` does: no message, but the status says it. */
static int written(int status, int trouble)
{
	static const char message[] = "nsview: cannot write to standard output: ";
	bool failed = fflush(stdout) != 0 || ferror(stdout);

	if (!failed)
		return status;
	if (errno != EPIPE)
		fprintf(stderr, "%s%s\n", message, strerror(errno));
	return trouble;
}

static int trouble_of(const struct command *c)
{
	return c->trouble ? c->trouble : EXIT_TROUBLE;
}

static int run(const struct invocation *start, int argc, char **argv)
{
	const struct command *c = start->command;
	struct invocation inv = *start;
	struct arena config = ARENA_INIT;
	struct error err = { 0 };
	int status;

	die_status_set(trouble_of(c));
	if (!c->no_locale)
		setlocale(LC_CTYPE, "");
	inv.options = calloc(1, c->options_size + 1);
	if (!inv.options)
		die("out of memory");
	if (c->hidden) { /* its words are a command line of their own */
		inv.args = argv + 1;
		inv.nargs = (size_t)argc - 1;
		status = c->run(&inv);
	} else if ((c->config && config_parse(&inv, &config, &err) < 0) ||
		   options_parse(&inv, argc, argv, &err) < 0) {
		report(&err);
		status = trouble_of(c);
	} else if (inv.global.version) {
		status = version();
	} else if (inv.global.short_help || inv.global.long_help) {
		help_command(stdout, c, inv.global.long_help);
		status = EXIT_YES;
	} else {
		status = c->run(&inv);
	}
	options_release(&inv);
	arena_release(&config);
	return status;
}

static int unknown_command(const char *name)
{
	const char *near = nearest_word(name, command_word, NULL);
	struct error err = { 0 };

	error_set(&err, -EINVAL,
		  near ? "unknown command \"%.64s\"; did you mean \"%s\"?"
		       : "unknown command \"%.64s\"; try: nsview help",
		  name, near);
	return report(&err);
}

int main(int argc, char **argv)
{
	static char stdout_buffer[1 << 16];
	struct invocation start = { 0 };
	struct error err = { 0 };
	int next = 1;

	setvbuf(stdout, stdout_buffer, _IOFBF, sizeof(stdout_buffer));
	start.sigpipe_ignored = signal(SIGPIPE, SIG_IGN) == SIG_IGN;
	if (options_parse_global(&start.global, argc, argv, &next, &err) < 0)
		return report(&err);
	if (start.global.version)
		return written(version(), EXIT_TROUBLE);
	if (next >= argc && !start.global.short_help && !start.global.long_help &&
	    tui_is_wanted()) {
		start.command = &command_tui;
		return written(run(&start, 1, argv), EXIT_TROUBLE);
	}
	if (next >= argc) {
		help_overview(stdout, start.global.long_help);
		return written(EXIT_YES, EXIT_TROUBLE);
	}
	start.command = command_find(argv[next]);
	if (!start.command)
		return unknown_command(argv[next]);
	return written(run(&start, argc - next, argv + next), trouble_of(start.command));
}

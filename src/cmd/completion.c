/* SPDX-License-Identifier: MIT */
/*
 * `nsview completion SHELL` prints the script of completions/, which is built into the program so
 * that a copied binary completes as well as an installed one.
 */
#include <errno.h>
#include <string.h>

#include "command.h"

#define EMBED(name, file)                                                                          \
	__asm__(".section .rodata\n" name "_start:\n.incbin \"" file "\"\n" name                   \
		"_end:\n.byte 0\n"                                                                 \
		".previous\n")

EMBED("completion_bash", "completions/nsview.bash");
EMBED("completion_zsh", "completions/_nsview");
EMBED("completion_fish", "completions/nsview.fish");

extern const char completion_bash_start[], completion_bash_end[];
extern const char completion_zsh_start[], completion_zsh_end[];
extern const char completion_fish_start[], completion_fish_end[];

static const struct script {
	const char *shell, *start, *end;
} scripts[] = {
	{ "bash", completion_bash_start, completion_bash_end },
	{ "zsh", completion_zsh_start, completion_zsh_end },
	{ "fish", completion_fish_start, completion_fish_end },
};

static int run(const struct invocation *inv)
{
	struct error err = { 0 };

	for (size_t i = 0; inv->nargs == 1 && i < sizeof(scripts) / sizeof(*scripts); i++)
		if (strcmp(inv->args[0], scripts[i].shell) == 0) {
			fwrite(scripts[i].start, 1, (size_t)(scripts[i].end - scripts[i].start),
			       stdout);
			return EXIT_YES;
		}
	error_set(&err, -EINVAL, "completion takes one shell: bash, zsh or fish");
	return report(&err);
}

const struct command command_completion = {
	.name = "completion",
	.args = "bash|zsh|fish",
	.summary = "print a completion script for a shell",
	.complete = "bash|zsh|fish",
	.run = run,
};

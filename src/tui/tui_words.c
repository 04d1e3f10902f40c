/* SPDX-License-Identifier: MIT */
/*
 * Parts a line that a person typed into words, without a shell, and judges from them what kind of
 * command it is. Runs nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tui_words.h"

enum { WORDS_MAX = 128 };

/* line is left behind the word. */
static int take_word(struct buffer *text, const char **line, struct error *err)
{
	char quote = 0;
	const char *c = *line;

	for (; *c && (quote || *c != ' '); c++) {
		if (quote ? *c == quote : *c == '\'' || *c == '"')
			quote = quote ? 0 : *c;
		else if (*c == '\\' && quote != '\'' && c[1])
			buffer_char(text, *++c);
		else
			buffer_char(text, *c);
	}
	buffer_char(text, '\0');
	*line = c;
	return quote ? error_set(err, -EINVAL, "a quote is not closed") : 0;
}

/* at: where each word begins. */
static int split(struct buffer *text, const char *line, size_t at[WORDS_MAX], size_t *out_n,
		 struct error *err)
{
	size_t n = 0;

	for (line += strspn(line, " "); *line; line += strspn(line, " ")) {
		int ret;

		if (n == WORDS_MAX)
			return error_set(err, -E2BIG, "too many words");
		at[n++] = text->len;
		ret = take_word(text, &line, err);
		if (ret < 0)
			return ret;
		if (n == 1 && strcmp(text->data, "nsview") == 0) {
			buffer_clear(text);
			n = 0;
		}
	}
	*out_n = n;
	return n ? 0 : error_set(err, -EINVAL, "no command");
}

int tui_words_make(struct tui_words *w, const char *const *program, const char *line,
		   struct error *err)
{
	size_t at[WORDS_MAX], n = 0;
	int ret;

	*w = (struct tui_words){ .text = BUFFER_INIT };
	ret = split(&w->text, line, at, &n, err);
	if (ret < 0)
		return ret;
	while (program[w->nprogram])
		w->nprogram++;
	w->argv = calloc(w->nprogram + n + 1, sizeof(char *));
	if (!w->argv)
		die("out of memory");
	for (size_t i = 0; i < w->nprogram; i++)
		w->argv[i] = (char *)program[i];
	for (size_t i = 0; i < n; i++)
		w->argv[w->nprogram + i] = w->text.data + at[i];
	return 0;
}

void tui_words_release(struct tui_words *w)
{
	free(w->argv);
	buffer_release(&w->text);
	*w = (struct tui_words){ .text = BUFFER_INIT };
}

char **tui_words_with(const struct tui_words *w, char *option)
{
	size_t n = w->nprogram, command = w->nprogram;
	char **argv;

	while (w->argv[n])
		n++;
	argv = calloc(n + 2, sizeof(char *));
	if (!argv)
		die("out of memory");
	for (size_t i = 0; i < n; i++)
		argv[i + (i > command)] = w->argv[i];
	argv[command + 1] = option;
	return argv;
}

/* What stands in front of the command could hide which one it is. */
int tui_words_check_readonly(const struct tui_words *w, struct error *err)
{
	const char *command = w->argv[w->nprogram];

	if (command[0] == '-')
		return error_set(err, -EPERM, "with --readonly the command comes first");
	if (strcmp(command, "enter") == 0)
		return error_set(err, -EPERM, "not with --readonly");
	return 0;
}

/* One that only looks, or that was given a command, has something to print. */
bool tui_words_want_terminal(const struct tui_words *w)
{
	static const char *const prints[] = { "--", "--dry-run", "--verify",
					      "-h", "--help",	 "--usage",
					      "-V", "--version", "--unpersist" };
	char **word = w->argv + w->nprogram;

	if (strcmp(*word, "enter") != 0)
		return false;
	while (*++word)
		for (size_t i = 0; i < sizeof(prints) / sizeof(*prints); i++)
			if (strcmp(*word, prints[i]) == 0)
				return false;
	return true;
}

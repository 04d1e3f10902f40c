/* SPDX-License-Identifier: MIT */
/*
 * Options from a file: $XDG_CONFIG_HOME/nsview/config, one a line, by their long names and without
 * the dashes, as `interval=5`. Empty lines and those that begin with # say nothing. Read by those
 * commands alone that a person looks at; never written.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>

#include "command.h"

enum { OPTIONS_MAX = 64, SIZE_MAX_READ = 64 * 1024 };

/* Where the XDG base directory specification has it; false: nowhere. */
static bool config_path(struct buffer *out)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (base && *base == '/')
		buffer_text(out, base);
	else if (home && *home == '/')
		buffer_printf(out, "%s/.config", home);
	else
		return false;
	buffer_text(out, "/nsview/config");
	return true;
}

static int read_file(const char *path, struct buffer *out, struct error *err)
{
	autofile FILE *file = fopen(path, "re");
	char piece[4096];
	size_t n;

	if (!file && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (!file)
		return error_set(err, -errno, "%s: %s", path, strerror(errno));
	while (out->len < SIZE_MAX_READ && (n = fread(piece, 1, sizeof(piece), file)) > 0)
		buffer_append(out, piece, n);
	return ferror(file) ? error_set(err, -EIO, "%s: cannot be read", path) : 0;
}

static char *trimmed(char *line)
{
	char *end = line + strlen(line);

	line += strspn(line, " \t\r");
	while (end > line && strchr(" \t\r", end[-1]))
		*--end = '\0';
	return line;
}

/* Each line as the option that it is; what inv then points to is kept. */
static int parse_line(struct invocation *inv, char *line, struct arena *keep, const char *path,
		      unsigned number, struct error *err)
{
	char *argv[] = { (char *)inv->command->name, NULL, NULL };
	struct error why = { 0 };
	autobuffer word = BUFFER_INIT;

	line = trimmed(line);
	if (!*line || *line == '#')
		return 0;
	buffer_printf(&word, "--%s", line);
	argv[1] = arena_copy(keep, word.data, word.len);
	if (options_parse(inv, 2, argv, &why) == 0)
		return 0;
	return error_set(err, why.code, "%s, line %u: %s", path, number, why.text);
}

int config_parse(struct invocation *inv, struct arena *keep, struct error *err)
{
	autobuffer path = BUFFER_INIT, text = BUFFER_INIT;
	unsigned number = 0;
	char *rest, *line;
	int ret;

	if (!config_path(&path))
		return 0;
	ret = read_file(buffer_str(&path), &text, err);
	rest = text.data;
	while (ret == 0 && rest && (line = strsep(&rest, "\n")))
		ret = parse_line(inv, line, keep, buffer_str(&path), ++number, err);
	return ret;
}

/* SPDX-License-Identifier: MIT */
/*
 * The passwd file of a root directory that somebody else may have written: any bytes are safe. It
 * is read as text, since getpwuid(3) would load what the target says is its name service.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/entry.h>

#include "account.h"

enum { PASSWD_MAX = 16 << 20, CHUNK = 8192, FIELDS = 7, UID = 2, HOME = 5, SHELL = 6 };

static int split(struct span line, struct span out[FIELDS])
{
	int n = 0;

	while (n < FIELDS) {
		const char *colon = memchr(line.data, ':', line.len);
		size_t len = colon ? (size_t)(colon - line.data) : line.len;

		out[n++] = (struct span){ line.data, len };
		if (!colon)
			break;
		line.data += len + 1;
		line.len -= len + 1;
	}
	return n;
}

static bool is_number(struct span text, uid_t want)
{
	uint64_t value = 0;

	if (!text.len || text.len > 10)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(text.data[i] - '0');
	}
	return value == want;
}

static void take_path(struct span text, struct buffer *out)
{
	buffer_clear(out);
	if (text.len && text.data[0] == '/' && !memchr(text.data, '\0', text.len))
		buffer_append(out, text.data, text.len);
}

void account_find(const char *text, size_t len, uid_t uid, struct buffer *out_home,
		  struct buffer *out_shell)
{
	struct span rest = { text, len }, line, field[FIELDS];

	buffer_clear(out_home);
	buffer_clear(out_shell);
	while (proc_line_next(&rest, &line)) {
		int n = split(line, field);

		if (n <= HOME || !is_number(field[UID], uid))
			continue;
		take_path(field[HOME], out_home);
		if (n > SHELL)
			take_path(field[SHELL], out_shell);
		return;
	}
}

void account_read(int root, uid_t uid, struct buffer *out_home, struct buffer *out_shell)
{
	autoclose int fd = entry_open_inside(root, "etc/passwd");
	autobuffer text = BUFFER_INIT;
	ssize_t n = 1;

	buffer_clear(out_home);
	buffer_clear(out_shell);
	while (fd >= 0 && n > 0 && text.len < PASSWD_MAX) {
		buffer_reserve(&text, CHUNK);
		n = read(fd, text.data + text.len, CHUNK);
		if (n > 0)
			text.len += (size_t)n;
	}
	if (text.len)
		account_find(text.data, text.len, uid, out_home, out_shell);
}

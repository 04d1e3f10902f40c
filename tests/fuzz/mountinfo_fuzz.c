/* SPDX-License-Identifier: MIT */
/* /proc/PID/mountinfo: fields lie in the line, in order; decoding a path keeps to its room. */
#include <errno.h>
#include <string.h>

#include "fuzz.h"

static void check_unescape(struct span field)
{
	/* Exactly the room that is promised, so that the sanitizer sees one byte too many. */
	char *out = malloc(field.len + 1);
	size_t len;

	MUST(out);
	len = proc_unescape(field, out);
	MUST(len <= field.len && out[len] == '\0');
	if (field.len == 0 || !memchr(field.data, '\\', field.len))
		MUST(len == field.len && (len == 0 || memcmp(out, field.data, len) == 0));
	else
		MUST((field.len - len) % 3 == 0);
	free(out);
}

static void check_line(struct span line)
{
	struct mount_line m;
	int ret = proc_mount_line_parse(line, &m);
	const char *at = line.data;

	MUST(ret == 0 || ret == -EINVAL);
	if (ret < 0)
		return;
	const struct span fields[] = { m.root,	 m.point,  m.options,	   m.tags,
				       m.fstype, m.source, m.super_options };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		MUST(span_lies_in(fields[i], line.data, line.len));
		MUST(fields[i].data >= at);
		at = fields[i].data + fields[i].len;
		/* The tags are several fields; the super options are all that is left. */
		if (i != 3 && i != 6)
			MUST(fields[i].len == 0 || !memchr(fields[i].data, ' ', fields[i].len));
		check_unescape(fields[i]);
	}
	MUST(at == line.data + line.len);
	MUST(memcmp(m.fstype.data - 3, " - ", 3) == 0);
	MUST(m.id >= 0 && m.parent >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { (const char *)data, size }, line;

	check_unescape(rest);
	while (proc_line_next(&rest, &line))
		check_line(line);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* /proc/PID/cgroup: lines make up the whole text, and the parts of a line make up the line. */
#include <errno.h>
#include <string.h>

#include "fuzz.h"

static void check_line(struct span line)
{
	struct cgroup_line c;
	int ret = proc_cgroup_line_parse(line, &c);

	MUST(ret == 0 || ret == -EINVAL);
	if (ret < 0)
		return;
	MUST(span_lies_in(c.controllers, line.data, line.len));
	MUST(span_lies_in(c.path, line.data, line.len));
	MUST(c.path.len > 0 && c.path.data[0] == '/');
	MUST(c.path.data + c.path.len == line.data + line.len);
	MUST(c.controllers.data + c.controllers.len + 1 == c.path.data);
	MUST(c.controllers.len == 0 || !memchr(c.controllers.data, ':', c.controllers.len));
	MUST(strtoull(line.data, NULL, 10) == c.hierarchy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { (const char *)data, size }, line;
	size_t seen = 0;

	while (proc_line_next(&rest, &line)) {
		MUST(line.data == (const char *)data + seen);
		MUST(line.len <= size - seen);
		MUST(line.len == 0 || !memchr(line.data, '\n', line.len));
		seen += line.len;
		MUST(seen == size || data[seen] == '\n');
		seen += seen < size;
		check_line(line);
	}
	MUST(seen == size);
	return 0;
}

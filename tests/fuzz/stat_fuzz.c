/* SPDX-License-Identifier: MIT */
/* /proc/PID/stat: comm is what stands between the first '(' and the last ')', nothing less. */
#include <errno.h>
#include <string.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *after;
	struct proc_stat stat;
	int ret = proc_stat_parse(text, size, &stat);

	MUST(ret == 0 || ret == -EINVAL);
	if (ret < 0)
		return 0;
	MUST(span_lies_in(stat.comm, data, size));
	after = stat.comm.data + stat.comm.len;
	MUST(stat.comm.data[-1] == '(' && *after == ')');
	MUST(!memchr(text, '(', (size_t)(stat.comm.data - 1 - text)));
	MUST(!memchr(after + 1, ')', (size_t)(text + size - after - 1)));
	MUST(stat.pid >= 0 && stat.ppid >= 0);
	MUST(stat.state != ' ' && stat.state == after[2]);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* uid_map and gid_map: a range that is taken is not empty, does not wrap, and reads back. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "fuzz.h"

static void check_reads_back(const struct id_range *range)
{
	struct id_range again;
	char text[64];
	/* As the kernel lays it out. */
	int len = snprintf(text, sizeof(text), "%10" PRIu32 " %10" PRIu32 " %10" PRIu32,
			   range->inside, range->outside, range->count);

	MUST(proc_id_range_parse((struct span){ text, (size_t)len }, &again) == 0);
	MUST(memcmp(&again, range, sizeof(again)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { (const char *)data, size }, line;

	while (proc_line_next(&rest, &line)) {
		struct id_range range;
		int ret = proc_id_range_parse(line, &range);

		MUST(ret == 0 || ret == -EINVAL);
		if (ret < 0)
			continue;
		MUST(range.count > 0);
		MUST((uint64_t)range.inside + range.count - 1 <= UINT32_MAX);
		check_reads_back(&range);
	}
	return 0;
}

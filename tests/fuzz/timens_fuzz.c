/* SPDX-License-Identifier: MIT */
/* timens_offsets: what is taken is in range and reads back from the kernel's own layout. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "fuzz.h"

static int equal(struct time_offset a, struct time_offset b)
{
	return a.sec == b.sec && a.nsec == b.nsec;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct time_offset mono, boot, mono_again, boot_again;
	int ret = proc_time_offsets_parse((const char *)data, size, &mono, &boot);
	char text[160];
	int len;

	MUST(ret == 0 || ret == -EINVAL);
	if (ret < 0)
		return 0;
	MUST(mono.nsec >= 0 && mono.nsec < 1000000000);
	MUST(boot.nsec >= 0 && boot.nsec < 1000000000);
	len = snprintf(text, sizeof(text),
		       "%-10s %10" PRId64 " %9" PRId32 "\n%-10s %10" PRId64 " %9" PRId32 "\n",
		       "monotonic", mono.sec, mono.nsec, "boottime", boot.sec, boot.nsec);
	MUST(proc_time_offsets_parse(text, (size_t)len, &mono_again, &boot_again) == 0);
	MUST(equal(mono, mono_again) && equal(boot, boot_again));
	return 0;
}

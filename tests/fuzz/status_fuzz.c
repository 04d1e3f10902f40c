/* SPDX-License-Identifier: MIT */
/* /proc/PID/status: values stay in range, and a line put before all others forges nothing. */
#include <errno.h>
#include <string.h>

#include <nsview/buffer.h>

#include "fuzz.h"

static void check_ranges(const struct proc_status *s)
{
	MUST(s->nspid_count <= PROC_LEVELS);
	for (unsigned i = 0; i < PROC_LEVELS; i++)
		MUST(s->nspid[i] >= 0);
	MUST(s->tgid >= 0 && s->no_new_privs >= -1 && s->seccomp >= -1);
	MUST(s->has_caps || (s->cap_inh | s->cap_prm | s->cap_eff | s->cap_bnd | s->cap_amb) == 0);
}

/* What a process named after a key would write into its own Name: line. */
static void check_name_forges_nothing(const char *text, size_t size, const struct proc_status *want)
{
	static const char name[] = "Name:\tUid:\t0\t0\t0\t0\\nSeccomp:\t0\n";
	autobuffer named = BUFFER_INIT;
	struct proc_status got;

	buffer_text(&named, name);
	buffer_append(&named, text, size);
	MUST(proc_status_parse(named.data, named.len, &got) == 0);
	MUST(memcmp(got.uid, want->uid, sizeof(got.uid)) == 0);
	MUST(memcmp(got.nspid, want->nspid, sizeof(got.nspid)) == 0);
	MUST(got.seccomp == want->seccomp && got.cap_eff == want->cap_eff);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct proc_status status;
	int ret = proc_status_parse((const char *)data, size, &status);

	MUST(ret == 0 || ret == -EINVAL);
	if (ret < 0)
		return 0;
	check_ranges(&status);
	check_name_forges_nothing((const char *)data, size, &status);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Cgroup texts and command lines of supervisors, both of which any process can choose. What is
 * claimed must be complete, within its limits, and quoted from the input.
 */
#include <stdlib.h>
#include <string.h>

#include <nsview/identity.h>

#include "../../src/scan/identity_parts.h"
#include "fuzz.h"

static void cgroup_try(const char *text, size_t len)
{
	struct arena arena = ARENA_INIT;
	struct identity id = { 0 };
	struct span path = identity_cgroup_path(text, len);

	MUST(path.len > 0 && path.data[0] == '/');
	if (path.len > 1)
		MUST(span_lies_in(path, text, len));
	if (identity_from_cgroup(&arena, text, len, &id)) {
		MUST(id.kind && id.name && id.id && id.evidence && !id.name_source);
		MUST(id.name[0] && id.id[0] && strlen(id.evidence) <= 512);
	} else {
		MUST(!arena.chunks);
	}
	arena_release(&arena);
}

/* "COMM NUL CMDLINE" */
static void supervisor_try(const char *text, size_t len)
{
	struct supervisor found;
	struct span comm = { text, len ? strnlen(text, len) : 0 };
	size_t start = comm.len < len ? comm.len + 1 : len;
	struct span cmdline = { text + start, len - start };

	if (!identity_supervisor(comm, cmdline, &found))
		return;
	MUST(found.kind && found.nquotes > 0 && found.nquotes <= SUPERVISOR_QUOTES);
	MUST(span_lies_in(found.id, cmdline.data, cmdline.len));
	MUST(span_lies_in(found.name, cmdline.data, cmdline.len));
	for (size_t i = 0; i < found.nquotes; i++)
		MUST(span_lies_in(found.quotes[i], cmdline.data, cmdline.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of just that size, so that one byte too many is noticed. */
	char *text = malloc(size ? size : 1);

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	cgroup_try(text, size);
	supervisor_try(text, size);
	free(text);
	return 0;
}

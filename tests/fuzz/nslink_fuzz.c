/* SPDX-License-Identifier: MIT */
/* Namespace links, "net:[4026531840]", and the names of types and of /proc's directories. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <nsview/nstype.h>
#include <nsview/procfile.h>

#include "fuzz.h"

static void check_link(const char *text, size_t size)
{
	uint64_t ino = 0, again = 0;
	int ret = ns_link_parse(text, size, &ino);
	char link[64];
	int len;

	MUST(ret == 0 || ret == -EINVAL);
	if (ret < 0)
		return;
	MUST(ino > 0 && text[size - 1] == ']');
	len = snprintf(link, sizeof(link), "net:[%" PRIu64 "]", ino);
	MUST(ns_link_parse(link, (size_t)len, &again) == 0 && again == ino);
}

static void check_type(const char *text, size_t size)
{
	int type = ns_type_parse(text, size);

	MUST(type >= -1 && type < NS_TYPES);
	if (type < 0)
		return;
	MUST(strlen(ns_types[type].name) == size);
	MUST(memcmp(ns_types[type].name, text, size) == 0);
}

static void check_entry(const char *text, size_t size)
{
	char *name = malloc(size + 1);
	pid_t pid;

	MUST(name);
	if (size > 0)
		memcpy(name, text, size);
	name[size] = '\0';
	pid = proc_entry_pid(name);
	MUST(pid >= 0);
	MUST(pid == 0 || (strspn(name, "0123456789") == strlen(name) && atoll(name) == pid));
	free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	check_link(text, size);
	check_type(text, size);
	check_entry(text, size);
	return 0;
}

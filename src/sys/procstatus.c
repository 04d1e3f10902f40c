/* SPDX-License-Identifier: MIT */
/*
 * Takes the text of /proc/PID/status apart: one table says which lines count and where their
 * values go. Opens nothing. A process chooses its Name: line, in which the kernel escapes newlines,
 * so a key counts only where a line starts.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "proctoken.h"

/* Parses what follows the key into the field at offset; false where the kernel never wrote that. */
typedef bool value_parse(struct span value, char *field, struct proc_status *out);

struct status_key {
	const char *key;
	value_parse *parse;
	size_t offset;
};

static bool parse_ids(struct span value, char *field, struct proc_status *out)
{
	uint32_t *ids = (void *)field;

	(void)out;
	for (int i = 0; i < 4; i++) {
		uint64_t id;

		skip_blanks(&value);
		if (!take_number(&value, UINT32_MAX, &id))
			return false;
		ids[i] = (uint32_t)id;
	}
	skip_blanks(&value);
	return value.len == 0;
}

static bool parse_int(struct span value, char *field, struct proc_status *out)
{
	uint64_t number;

	(void)out;
	skip_blanks(&value);
	if (!take_number(&value, INT_MAX, &number))
		return false;
	*(int *)(void *)field = (int)number;
	skip_blanks(&value);
	return value.len == 0;
}

static bool parse_nspid(struct span value, char *field, struct proc_status *out)
{
	pid_t *pids = (void *)field;

	out->nspid_count = 0;
	for (skip_blanks(&value); value.len > 0; skip_blanks(&value)) {
		uint64_t pid;

		if (out->nspid_count == PROC_LEVELS || !take_number(&value, INT_MAX, &pid))
			return false;
		pids[out->nspid_count++] = (pid_t)pid;
	}
	return out->nspid_count > 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool parse_caps(struct span value, char *field, struct proc_status *out)
{
	uint64_t caps = 0;
	size_t digits = 0;

	for (skip_blanks(&value); digits < value.len && hex_digit(value.data[digits]) >= 0;
	     digits++)
		caps = caps << 4 | (uint64_t)hex_digit(value.data[digits]);
	value.data += digits;
	value.len -= digits;
	skip_blanks(&value);
	if (digits == 0 || digits > 16 || value.len > 0)
		return false;
	*(uint64_t *)(void *)field = caps;
	out->has_caps = true;
	return true;
}

#define FIELD(name) offsetof(struct proc_status, name)

static const struct status_key keys[] = {
	{ "Uid", parse_ids, FIELD(uid) },	  { "Gid", parse_ids, FIELD(gid) },
	{ "Tgid", parse_int, FIELD(tgid) },	  { "NSpid", parse_nspid, FIELD(nspid) },
	{ "CapInh", parse_caps, FIELD(cap_inh) }, { "CapPrm", parse_caps, FIELD(cap_prm) },
	{ "CapEff", parse_caps, FIELD(cap_eff) }, { "CapBnd", parse_caps, FIELD(cap_bnd) },
	{ "CapAmb", parse_caps, FIELD(cap_amb) }, { "NoNewPrivs", parse_int, FIELD(no_new_privs) },
	{ "Seccomp", parse_int, FIELD(seccomp) },
};

/* The ones that every kernel writes: without them this is no status file. */
enum { KEY_UID, KEY_GID, KEYS_NEEDED = 1 << KEY_UID | 1 << KEY_GID };

/* The index of the key that line starts with, or -1; moves line past it. */
static int key_of(struct span *line)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		size_t len = strlen(keys[i].key);

		if (line->len <= len || line->data[len] != ':' ||
		    memcmp(line->data, keys[i].key, len) != 0)
			continue;
		line->data += len + 1;
		line->len -= len + 1;
		return (int)i;
	}
	return -1;
}

int proc_status_parse(const char *text, size_t len, struct proc_status *out)
{
	struct span rest = { text, len }, line;
	unsigned seen = 0;

	memset(out, 0, sizeof(*out));
	out->no_new_privs = -1;
	out->seccomp = -1;
	while (proc_line_next(&rest, &line)) {
		int i = key_of(&line);

		if (i < 0)
			continue;
		if (!keys[i].parse(line, (char *)out + keys[i].offset, out))
			return -EINVAL;
		seen |= 1U << i;
	}
	return (seen & KEYS_NEEDED) == KEYS_NEEDED ? 0 : -EINVAL;
}

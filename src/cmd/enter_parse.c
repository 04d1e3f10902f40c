/* SPDX-License-Identifier: MIT */
/* The arguments of enter's options that are more than a word: numbers, lists, ranges. Pure. */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <nsview/cleanup.h>
#include <nsview/load_cap.h>

#include "enter.h"

/* Digits only, at most max; how many bytes they are, 0: it is no such number. */
static size_t digits(const char *text, uint64_t max, uint64_t *out)
{
	size_t n = 0;

	for (*out = 0; text[n] >= '0' && text[n] <= '9'; n++) {
		uint64_t digit = (uint64_t)(text[n] - '0');

		if (*out > (max - digit) / 10)
			return 0;
		*out = *out * 10 + digit;
	}
	return n;
}

int enter_parse_number(const char *option, const char *text, uint32_t max, uint32_t *out,
		       struct error *err)
{
	uint64_t value;
	size_t n = digits(text, max, &value);

	if (!n || text[n])
		return error_set(err, -EINVAL, "--%s takes a number up to %u, not \"%.64s\"",
				 option, max, text);
	*out = (uint32_t)value;
	return 0;
}

int enter_parse_id(const char *option, const char *text, uint64_t *out, struct error *err)
{
	size_t n = digits(text, UINT64_MAX, out);

	return n && !text[n] ? 0
			     : error_set(err, -EINVAL, "--%s takes a number, not \"%.64s\"", option,
					 text);
}

int enter_parse_types(const char *option, const char *text, unsigned *out, struct error *err)
{
	while (1) {
		size_t len = strcspn(text, ",");
		int type = ns_type_parse(text, len);

		if (len == 3 && memcmp(text, "all", len) == 0)
			*out |= (1U << NS_TYPES) - 1;
		else if (len == 5 && memcmp(text, "mount", len) == 0)
			*out |= 1U << NS_MNT;
		else if (type >= 0)
			*out |= 1U << type;
		else
			return error_set(err, -EINVAL,
					 "--%s: no namespace type \"%.*s\"; there are cgroup, ipc, "
					 "mnt, net, pid, time, user and uts, or all",
					 option, len > 64 ? 64 : (int)len, text);
		if (!text[len])
			return 0;
		text += len + 1;
	}
}

int enter_parse_range(const char *option, const char *text, struct id_range *out, struct error *err)
{
	uint32_t *const fields[] = { &out->inside, &out->outside, &out->count };
	const char *at = text;

	for (int i = 0; i < 3; i++) {
		uint64_t value;
		size_t n = digits(at, UINT32_MAX, &value);

		if (!n || at[n] != (i < 2 ? ':' : '\0'))
			return error_set(err, -EINVAL,
					 "--%s takes INSIDE:OUTSIDE:COUNT, as in 0:100000:65536, "
					 "not \"%.64s\"",
					 option, text);
		*fields[i] = (uint32_t)value;
		at += n + 1;
	}
	if (!out->count || out->inside > UINT32_MAX - out->count ||
	    out->outside > UINT32_MAX - out->count)
		return error_set(err, -EINVAL, "--%s=%.64s: %s", option, text,
				 out->count ? "the range goes beyond the last id"
					    : "the range is empty");
	return 0;
}

int enter_parse_groups(const char *text, gid_t **out, size_t *out_n, struct error *err)
{
	size_t n = 1;

	for (const char *c = text; *c; c++)
		n += *c == ',';
	*out = calloc(n, sizeof(gid_t));
	if (!*out)
		die("out of memory");
	*out_n = 0;
	while (*text) {
		uint64_t value;
		size_t len = digits(text, UINT32_MAX - 1, &value);

		if (!len || (text[len] && (text[len] != ',' || !text[len + 1])))
			return error_set(err, -EINVAL,
					 "--groups takes group numbers with commas, not \"%.64s\"",
					 text);
		(*out)[(*out_n)++] = (gid_t)value;
		text += len + (text[len] == ',');
	}
	return 0;
}

static int cap_parse(const char *word, size_t len, uint64_t *out)
{
	char name[64];
	cap_value_t cap;
	int n;

	if (len == 3 && strncasecmp(word, "all", len) == 0) {
		*out = UINT64_MAX;
		return 0;
	}
	n = snprintf(name, sizeof(name), "%s%.*s", strncasecmp(word, "cap_", 4) ? "cap_" : "",
		     (int)len, word);
	/* cap_from_name(3) leaves what follows the name to its caller. */
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)word[i]) && word[i] != '_')
			return -EINVAL;
	if (!len || len > 48 || n < 0 || cap_from_name(name, &cap) < 0 || cap < 0 || cap > 63)
		return -EINVAL;
	*out |= (uint64_t)1 << cap;
	return 0;
}

int enter_parse_caps(const char *option, const char *text, uint64_t *out, struct error *err)
{
	int ret = libcap_load(err);

	while (ret == 0) {
		size_t len = strcspn(text, ",");

		if (cap_parse(text, len, out) < 0)
			return error_set(err, -EINVAL,
					 "--%s: no capability \"%.*s\"; capabilities(7) lists them",
					 option, len > 64 ? 64 : (int)len, text);
		if (!text[len])
			break;
		text += len + 1;
	}
	return ret;
}

int enter_parse_signal(const char *text, int *out, struct error *err)
{
	static const struct {
		const char *name;
		int number;
	} names[] = {
		{ "HUP", SIGHUP },   { "INT", SIGINT },	  { "QUIT", SIGQUIT }, { "ABRT", SIGABRT },
		{ "KILL", SIGKILL }, { "USR1", SIGUSR1 }, { "USR2", SIGUSR2 }, { "ALRM", SIGALRM },
		{ "TERM", SIGTERM }, { "STOP", SIGSTOP }, { "CONT", SIGCONT }, { "PWR", SIGPWR },
	};
	const char *name = strncasecmp(text, "SIG", 3) == 0 ? text + 3 : text;
	uint64_t value;
	size_t n = digits(text, 64, &value);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcasecmp(name, names[i].name) == 0) {
			*out = names[i].number;
			return 0;
		}
	if (!n || text[n] || !value)
		return error_set(err, -EINVAL,
				 "--kill-child takes a signal, as TERM or 15, not "
				 "\"%.64s\"",
				 text);
	*out = (int)value;
	return 0;
}

int enter_parse_offset(const char *option, const char *text, struct time_offset *out,
		       struct error *err)
{
	bool minus = *text == '-';
	const char *at = text + (minus || *text == '+');
	uint64_t seconds;
	size_t n = digits(at, INT64_MAX / 2, &seconds);
	int32_t nsec = 0, unit = 100000000;

	if (n && at[n] == '.')
		for (n++; at[n] >= '0' && at[n] <= '9'; n++, unit /= 10)
			nsec += (at[n] - '0') * unit;
	if (!n || at[n])
		return error_set(err, -EINVAL,
				 "--%s takes seconds, as in 3600 or -0.5, not "
				 "\"%.64s\"",
				 option, text);
	out->sec = minus ? -(int64_t)seconds : (int64_t)seconds;
	out->nsec = nsec;
	/* The kernel's nanoseconds are never negative. */
	if (minus && nsec) {
		out->sec--;
		out->nsec = 1000000000 - nsec;
	}
	return 0;
}

static const struct {
	const char *name;
	int kind;
	bool source;
} mount_kinds[] = {
	{ "bind", MOUNT_BIND, true },	 { "rbind", MOUNT_RBIND, true },
	{ "tmpfs", MOUNT_TMPFS, false }, { "overlay", MOUNT_OVERLAY, false },
	{ "proc", MOUNT_PROC, false },	 { "sysfs", MOUNT_SYSFS, false },
};

/* Cuts the word in front of the next comma off. */
static char *next_word(char **rest)
{
	char *word = *rest, *comma = word ? strchr(word, ',') : NULL;

	if (comma)
		*comma = '\0';
	*rest = comma ? comma + 1 : NULL;
	return word;
}

/* "ro" is for the mount; whatever else there is, for the file system. */
static const char *take_options(char *text, bool *out_readonly)
{
	if (!text)
		return NULL;
	if (strncmp(text, "ro", 2) == 0 && (!text[2] || text[2] == ',')) {
		*out_readonly = true;
		return text[2] ? text + 3 : NULL;
	}
	return text;
}

int enter_parse_mount(char *text, struct wish_mount *out, struct error *err)
{
	char *rest = text, *kind = next_word(&rest);

	*out = (struct wish_mount){ 0 };
	for (size_t i = 0; i < sizeof(mount_kinds) / sizeof(*mount_kinds); i++) {
		if (strcmp(kind, mount_kinds[i].name) != 0)
			continue;
		out->kind = mount_kinds[i].kind;
		if (mount_kinds[i].source)
			out->source = next_word(&rest);
		out->target = next_word(&rest);
		out->options = take_options(rest, &out->readonly);
		if (!out->target || !*out->target || (out->source && !*out->source))
			return error_set(err, -EINVAL, "--mount=%s needs %sa target behind a comma",
					 kind, mount_kinds[i].source ? "a source and " : "");
		return 0;
	}
	return error_set(err, -EINVAL,
			 "--mount takes bind, rbind, tmpfs, overlay, proc or sysfs, not \"%.64s\"; "
			 "a mount namespace is joined by -m or --mnt=FILE",
			 kind);
}

/* SPDX-License-Identifier: MIT */
/*
 * The grammar of TARGET: a word as a person types it, into what kind of thing it names. Pure:
 * knows neither a graph nor a host, so a target that names nothing parses as well as any other.
 * What no form fits is refused with the form that was probably meant.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <nsview/escape.h>
#include <nsview/nearest.h>

#include "target_internal.h"

/* PID_MAX_LIMIT of the kernel (proc_sys_kernel(5)): namespaces are numbered far above it. */
#define PIDS_END ((uint64_t)1 << 22)

struct form {
	const char *prefix;
	int (*parse)(struct target *t, struct error *err);
	enum target_kind kind;
};

const char *target_shown(struct buffer *scratch, const char *text)
{
	enum { SHOWN = 80 };
	size_t len = strlen(text), cut = len;

	/* Cut in front of a character, not inside it. */
	if (len > SHOWN)
		for (cut = SHOWN; cut && ((unsigned char)text[cut] & 0xc0) == 0x80;)
			cut--;
	buffer_clear(scratch);
	escape_text(scratch, text, cut, ESCAPE_ASCII);
	if (cut < len)
		buffer_text(scratch, "...");
	return buffer_str(scratch);
}

int target_refuse(const struct target *t, const char *why, struct error *err)
{
	autobuffer scratch = BUFFER_INIT;

	return error_set(err, -EINVAL, "\"%s\": %s", target_shown(&scratch, t->word), why);
}

int target_number(const char *text, const char *end, uint64_t *out)
{
	*out = 0;
	if (text == end)
		return -EINVAL;
	for (; text < end; text++) {
		unsigned digit = (unsigned)(*text - '0');

		if (*text < '0' || *text > '9')
			return -EINVAL;
		if (*out > (UINT64_MAX - digit) / 10)
			return -ERANGE;
		*out = *out * 10 + digit;
	}
	return 0;
}

static int plain_number(struct target *t, struct error *err)
{
	if (target_number(t->text, t->text + strlen(t->text), &t->num))
		return target_refuse(t, "the number is too large", err);
	if (!t->num)
		return target_refuse(t, "no process and no namespace has the number 0", err);
	t->kind = t->num < PIDS_END ? TARGET_PID : TARGET_NS;
	return 0;
}

/* PID@NAMESPACE, behind "pid:". */
static int inner_parse(struct target *t, const char *at, struct error *err)
{
	if (target_number(t->text, at, &t->num) || !t->num || t->num >= PIDS_END)
		return target_refuse(t, "expected pid:PID@NAMESPACE with a PID in front of the @",
				     err);
	if (target_number(at + 1, at + strlen(at), &t->ns) || !t->ns)
		return target_refuse(t, "expected pid:PID@NAMESPACE with a number behind the @",
				     err);
	t->kind = TARGET_INNER;
	t->type = -1;
	return 0;
}

/* N or [N], behind the name of a type; pid: also takes PID@NAMESPACE. */
static int typed_parse(struct target *t, struct error *err)
{
	const char *at = t->type == NS_PID ? strchr(t->text, '@') : NULL;
	size_t len = strlen(t->text);
	bool bracket = len > 2 && t->text[0] == '[' && t->text[len - 1] == ']';
	char why[96];

	if (at)
		return inner_parse(t, at, err);
	t->kind = TARGET_NS;
	if (target_number(t->text + bracket, t->text + len - bracket, &t->num) || !t->num) {
		snprintf(why, sizeof(why),
			 "expected the number of a namespace, as in %s:[4026531840]",
			 ns_types[t->type].name);
		return target_refuse(t, why, err);
	}
	if (t->type == NS_PID && !bracket && t->num < PIDS_END)
		return target_refuse(
			t,
			"a PID is written without \"pid:\", one inside a PID namespace "
			"pid:PID@NAMESPACE",
			err);
	return 0;
}

static int name_parse(struct target *t, struct error *err)
{
	return *t->text ? 0 : target_refuse(t, "a name is missing behind the colon", err);
}

static int netns_parse(struct target *t, struct error *err)
{
	if (strchr(t->text, '/'))
		return target_refuse(t,
				     "the name of a network namespace holds no \"/\"; a path is "
				     "written without \"netns:\"",
				     err);
	return name_parse(t, err);
}

static int uid_parse(struct target *t, struct error *err)
{
	/* The last 32-bit number means "no user" to the kernel and is never mapped. */
	if (target_number(t->text, t->text + strlen(t->text), &t->num) || t->num >= UINT32_MAX)
		return target_refuse(t, "expected uid:N with the number of a user", err);
	return 0;
}

static const struct form forms[] = {
	{ "netns", netns_parse, TARGET_NETNS },	    { "ctr", name_parse, TARGET_CTR },
	{ "unit", name_parse, TARGET_UNIT },	    { "mount", name_parse, TARGET_MOUNT },
	{ "uid", uid_parse, TARGET_UID },	    { "iface", target_parse_iface, TARGET_IFACE },
	{ "ip", target_parse_ip, TARGET_IP },	    { "mac", target_parse_mac, TARGET_MAC },
	{ "port", target_parse_port, TARGET_PORT },
};

enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

static const struct form *form_find(const char *prefix, size_t len)
{
	for (size_t i = 0; i < FORMS; i++)
		if (strlen(forms[i].prefix) == len && memcmp(forms[i].prefix, prefix, len) == 0)
			return &forms[i];
	return NULL;
}

bool target_is_prefix(const char *word)
{
	return form_find(word, strlen(word)) || ns_type_parse(word, strlen(word)) >= 0;
}

static const char *names_next(const void *ctx, size_t i)
{
	return ((const char *const *)ctx)[i];
}

const char *target_nearest(const char *word, const char *const *names)
{
	return nearest_word(word, names_next, names);
}

/* Among the prefixes and the types. */
static const char *nearest_prefix(const char *word)
{
	const char *names[FORMS + NS_TYPES + 1];
	size_t n = 0;

	for (size_t i = 0; i < FORMS; i++)
		names[n++] = forms[i].prefix;
	for (size_t i = 0; i < NS_TYPES; i++)
		names[n++] = ns_types[i].name;
	names[n] = NULL;
	return target_nearest(word, names);
}

static int unknown_prefix(const struct target *t, size_t len, struct error *err)
{
	autobuffer prefix = BUFFER_INIT;
	autobuffer word = BUFFER_INIT;
	autobuffer rest = BUFFER_INIT;
	const char *nearest;

	buffer_append(&prefix, t->word, len);
	nearest = nearest_prefix(prefix.data);
	target_shown(&word, t->word);
	if (nearest)
		return error_set(err, -EINVAL, "\"%s\" is no target; did you mean %s:%s?",
				 word.data, nearest, target_shown(&rest, t->word + len + 1));
	return error_set(err, -EINVAL,
			 "\"%s\" is no target: what stands in front of the colon is neither a "
			 "namespace type nor ctr, unit, netns, mount, uid, iface, ip, mac or "
			 "port",
			 word.data);
}

static int prefixed_parse(struct target *t, size_t len, struct error *err)
{
	const struct form *form = form_find(t->word, len);

	t->text = t->word + len + 1;
	if (form) {
		t->kind = form->kind;
		return form->parse(t, err);
	}
	t->type = ns_type_parse(t->word, len);
	return t->type < 0 ? unknown_prefix(t, len, err) : typed_parse(t, err);
}

static int bare_refuse(const struct target *t, struct error *err)
{
	static const char *const words[] = { "self", NULL };
	autobuffer word = BUFFER_INIT;
	const char *shown = target_shown(&word, t->word);

	if (!*t->word)
		return error_set(err, -EINVAL,
				 "a target is empty; expected a PID, the number of a "
				 "namespace, a path, or a name as in ctr:NAME");
	if (target_nearest(t->word, words))
		return error_set(err, -EINVAL, "\"%s\" is no target; did you mean self?", shown);
	return error_set(err, -EINVAL,
			 "\"%s\" is no target; did you mean ctr:%s, unit:%s, netns:%s or ./%s?",
			 shown, shown, shown, shown, shown);
}

int target_parse(const char *word, struct target *out, struct error *err)
{
	size_t prefix = strcspn(word, ":/");

	*out = (struct target){ .word = word, .text = word, .type = -1 };
	if (strcmp(word, "self") == 0)
		return 0; /* TARGET_PID; only the caller knows its number */
	if (*word && word[strspn(word, "0123456789")] == '\0')
		return plain_number(out, err);
	/* A prefix ends before any slash: what follows it may be a path. */
	if (word[prefix] == ':')
		return prefixed_parse(out, prefix, err);
	if (word[prefix] == '/' || strcmp(word, ".") == 0 || strcmp(word, "..") == 0) {
		out->kind = TARGET_PATH;
		return 0;
	}
	return bare_refuse(out, err);
}

unsigned target_needs(const struct target *t)
{
	/* Namespaces without processes are only in a graph whose scan looked for holders. */
	static const unsigned needs[] = {
		[TARGET_PID] = 0,
		[TARGET_NS] = NEED_HOLDERS,
		[TARGET_INNER] = NEED_STATUS,
		[TARGET_PATH] = 0,
		[TARGET_NETNS] = NEED_HOLDERS,
		[TARGET_CTR] = NEED_IDENTITY,
		[TARGET_UNIT] = NEED_IDENTITY,
		[TARGET_MOUNT] = 0,
		[TARGET_UID] = NEED_MAPS | NEED_HOLDERS,
		/* Whatever has it may be in a namespace without any process. */
		[TARGET_IFACE] = NEED_HOLDERS | NEED_SOCKETS,
		[TARGET_IP] = NEED_HOLDERS | NEED_SOCKETS,
		[TARGET_MAC] = NEED_HOLDERS | NEED_SOCKETS,
		[TARGET_PORT] = NEED_HOLDERS | NEED_SOCKETS,
	};

	return needs[t->kind];
}

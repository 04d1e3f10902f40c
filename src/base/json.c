/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON as it is told, straight to a stream: knows commas, indentation, numbers and quoting.
 * Keeps no values and checks no schema. Its output is valid UTF-8 whatever bytes it is given, since
 * all text passes escape_text first. A stream is written by one thread, hence the unlocked calls.
 */
#include <assert.h>
#include <string.h>

#include <nsview/escape.h>
#include <nsview/json.h>

static void put(struct json *j, const char *data, size_t len)
{
	fwrite_unlocked(data, 1, len, j->out);
}

static void put_str(struct json *j, const char *text)
{
	put(j, text, strlen(text));
}

static void put_indent(struct json *j)
{
	putc_unlocked('\n', j->out);
	for (unsigned i = 0; i < j->depth; i++)
		put(j, "  ", 2);
}

/* Whatever comes between the value before and this one, and the key with suffix. */
static void put_key(struct json *j, const char *key, const char *suffix)
{
	if (j->comma && j->depth > 0)
		putc_unlocked(',', j->out);
	j->comma = true;
	if (j->pretty && j->depth > 0)
		put_indent(j);
	if (!key)
		return;
	putc_unlocked('"', j->out);
	put_str(j, key);
	put_str(j, suffix);
	put_str(j, j->pretty ? "\": " : "\":");
}

static void open_level(struct json *j, const char *key, char bracket)
{
	put_key(j, key, "");
	putc_unlocked(bracket, j->out);
	j->depth++;
	j->comma = false;
}

static void close_level(struct json *j, char bracket)
{
	assert(j->depth > 0);
	j->depth--;
	if (j->pretty && j->comma)
		put_indent(j);
	putc_unlocked(bracket, j->out);
	j->comma = true;
}

void json_begin_object(struct json *j, const char *key)
{
	open_level(j, key, '{');
}

void json_end_object(struct json *j)
{
	close_level(j, '}');
}

void json_begin_array(struct json *j, const char *key)
{
	open_level(j, key, '[');
}

void json_end_array(struct json *j)
{
	close_level(j, ']');
}

/* Bytes that need neither escape_text nor quoting. */
static const bool plain[256] = {
	[0x20 ... 0x21] = true, /* not the quote */
	[0x23 ... 0x5b] = true, /* not the backslash */
	[0x5d ... 0x7e] = true,
};

static size_t plain_run(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && plain[(unsigned char)text[n]])
		n++;
	return n;
}

static void put_unit(struct json *j, unsigned unit)
{
	static const char digits[] = "0123456789abcdef";
	const char quoted[6] = { '\\',
				 'u',
				 digits[unit >> 12 & 15],
				 digits[unit >> 8 & 15],
				 digits[unit >> 4 & 15],
				 digits[unit & 15] };

	put(j, quoted, sizeof(quoted));
}

/* JSON numbers UTF-16 code units: what lies beyond 16 bits takes a surrogate pair. */
static void put_code(struct json *j, unsigned code)
{
	if (code < 0x10000) {
		put_unit(j, code);
		return;
	}
	put_unit(j, 0xd800 + ((code - 0x10000) >> 10));
	put_unit(j, 0xdc00 + (code & 0x3ff));
}

/* Quotes one character of text that is valid UTF-8; returns its length. */
static size_t put_char(struct json *j, const char *text, size_t len)
{
	unsigned code = 0;
	size_t n = utf8_next(text, len, &code);

	assert(n > 0);
	if (code == '"' || code == '\\')
		putc_unlocked('\\', j->out);
	/* More than JSON demands: whoever looks at the file in a terminal is safe as well. */
	if (escape_is_hidden(code))
		put_code(j, code);
	else
		put(j, text, n);
	return n;
}

static void put_quoted(struct json *j, const char *text, size_t len)
{
	while (len > 0) {
		size_t n = plain_run(text, len);

		if (n > 0)
			put(j, text, n);
		else
			n = put_char(j, text, len);
		text += n;
		len -= n;
	}
}

static void put_text(struct json *j, const char *text, size_t len)
{
	size_t n = plain_run(text, len);

	putc_unlocked('"', j->out);
	put(j, text, n);
	if (n < len) {
		autobuffer escaped = BUFFER_INIT;

		escape_text(&escaped, text + n, len - n, ESCAPE_JSON);
		put_quoted(j, escaped.data, escaped.len);
	}
	putc_unlocked('"', j->out);
}

void json_text(struct json *j, const char *key, const char *text, size_t len)
{
	put_key(j, key, "");
	put_text(j, text, len);
}

void json_str(struct json *j, const char *key, const char *text)
{
	json_text(j, key, text, strlen(text));
}

static void put_uint(struct json *j, uint64_t value)
{
	char digits[20];
	char *p = digits + sizeof(digits);

	do
		*--p = (char)('0' + value % 10);
	while (value /= 10);
	put(j, p, (size_t)(digits + sizeof(digits) - p));
}

void json_uint(struct json *j, const char *key, uint64_t value)
{
	put_key(j, key, "");
	put_uint(j, value);
}

void json_int(struct json *j, const char *key, int64_t value)
{
	put_key(j, key, "");
	if (value < 0)
		putc_unlocked('-', j->out);
	put_uint(j, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void json_id(struct json *j, const char *key, uint64_t value)
{
	put_key(j, key, "");
	putc_unlocked('"', j->out);
	put_uint(j, value);
	putc_unlocked('"', j->out);
}

void json_bool(struct json *j, const char *key, bool value)
{
	put_key(j, key, "");
	put_str(j, value ? "true" : "false");
}

void json_none(struct json *j, const char *key)
{
	put_key(j, key, "");
	put_str(j, "null");
}

void json_unknown(struct json *j, const char *key, const char *why)
{
	json_none(j, key);
	/* An array has no siblings to say it in. */
	if (!key)
		return;
	put_key(j, key, "_why");
	put_text(j, why, strlen(why));
}

void json_end_line(struct json *j)
{
	putc_unlocked('\n', j->out);
	j->comma = false;
}

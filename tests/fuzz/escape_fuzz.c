/* SPDX-License-Identifier: MIT */
/*
 * The rule of escape.h from the outside: output is visible UTF-8 (or ASCII), and a decoder that
 * was written from the rule alone gives back every byte. JSON is read by jansson, then decoded.
 */
#include <jansson.h>
#include <string.h>

#include <nsview/escape.h>
#include <nsview/json.h>

#include "fuzz.h"

static void append_utf8(struct buffer *out, unsigned long code)
{
	static const unsigned char leads[] = { 0x00, 0xc0, 0xe0, 0xf0 };
	unsigned more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;

	MUST(code <= 0x10ffff);
	buffer_char(out, (char)(leads[more] | code >> 6 * more));
	while (more-- > 0)
		buffer_char(out, (char)(0x80 | (code >> 6 * more & 0x3f)));
}

/* Decodes the escape at p, whose backslash is there; returns where the text goes on. */
static const char *decode_one(struct buffer *out, const char *p)
{
	static const char names[] = "\\tnr", values[] = "\\\t\n\r";
	const char *name = p[1] ? strchr(names, p[1]) : NULL;
	char *end;

	if (name) {
		buffer_char(out, values[name - names]);
		return p + 2;
	}
	if (p[1] == 'x') {
		const char digits[3] = { p[2], p[2] ? p[3] : '\0', '\0' };

		buffer_char(out, (char)strtoul(digits, &end, 16));
		MUST(end == digits + 2);
		return p + 4;
	}
	MUST(p[1] == 'u' && p[2] == '{');
	append_utf8(out, strtoul(p + 3, &end, 16));
	MUST(end > p + 3 && *end == '}');
	return end + 1;
}

static void check_decodes(const char *escaped, size_t len, const uint8_t *data, size_t size)
{
	autobuffer decoded = BUFFER_INIT;
	const char *end = escaped + len;

	while (escaped < end) {
		if (*escaped == '\\')
			escaped = decode_one(&decoded, escaped);
		else
			buffer_char(&decoded, *escaped++);
	}
	MUST(escaped == end);
	MUST(decoded.len == size);
	MUST(size == 0 || memcmp(decoded.data, data, size) == 0);
}

/* The first and the last of each kind that no person should ever be sent. */
static int is_dangerous(unsigned code)
{
	return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0xad || code == 0x61c ||
	       (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}

/* Valid UTF-8 without anything dangerous; jansson judges the former. */
static void check_visible(const char *escaped, size_t len, int ascii)
{
	json_t *string = json_stringn(escaped, len);
	size_t n;

	MUST(string);
	json_decref(string);
	for (size_t i = 0; i < len; i += n) {
		unsigned code;

		n = utf8_next(escaped + i, len - i, &code);
		MUST(n > 0);
		MUST(!is_dangerous(code));
		MUST(!ascii || code < 0x80);
	}
}

static void check_human(const uint8_t *data, size_t size, enum escape_mode mode)
{
	autobuffer text = BUFFER_INIT, word = BUFFER_INIT;

	escape_text(&text, (const char *)data, size, mode);
	check_visible(text.data, text.len, mode == ESCAPE_ASCII);
	check_decodes(text.data, text.len, data, size);
	escape_word(&word, (const char *)data, size, mode);
	MUST(!memchr(word.data, ' ', word.len));
	check_visible(word.data, word.len, mode == ESCAPE_ASCII);
	check_decodes(word.data, word.len, data, size);
}

static void check_json(const uint8_t *data, size_t size, bool pretty)
{
	char *text = NULL;
	size_t len = 0;
	struct json j = { .out = open_memstream(&text, &len), .pretty = pretty };
	json_t *root;
	const json_t *string;

	MUST(j.out);
	json_begin_object(&j, NULL);
	json_text(&j, "text", (const char *)data, size);
	json_uint(&j, "size", size);
	json_end_object(&j);
	MUST(fclose(j.out) == 0);
	for (size_t i = 0; !pretty && i < len; i++)
		MUST((unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
	root = json_loadb(text, len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
	MUST(root);
	string = json_object_get(root, "text");
	MUST(json_is_string(string));
	check_decodes(json_string_value(string), json_string_length(string), data, size);
	MUST((size_t)json_integer_value(json_object_get(root, "size")) == size);
	json_decref(root);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_human(data, size, ESCAPE_UTF8);
	check_human(data, size, ESCAPE_ASCII);
	check_json(data, size, false);
	check_json(data, size, true);
	return 0;
}

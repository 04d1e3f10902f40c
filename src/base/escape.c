/* SPDX-License-Identifier: MIT */
/*
 * Makes text that somebody else chose safe to show: knows which bytes are UTF-8, which characters
 * a terminal would obey or hide, and how each of them is spelled instead. Knows nothing of where
 * the text came from and nothing of JSON's own quoting. The ranges of hidden characters are those
 * of the Unicode general category Cf that change layout or cannot be seen, and the line breaks.
 */
#include <nsview/escape.h>

/* Bytes that stand for themselves in every mode; nearly all text is made of these alone. */
static const bool plain[256] = {
	[0x20 ... 0x5b] = true, /* up to the backslash, which marks an escape */
	[0x5d ... 0x7e] = true,
};

struct range {
	unsigned first, last;
};

static const struct range hidden[] = {
	{ 0x00, 0x1f },	    { 0x7f, 0x9f },	{ 0xad, 0xad },	      { 0x61c, 0x61c },
	{ 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },   { 0x2060, 0x206f },
	{ 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
};

bool escape_is_hidden(unsigned code)
{
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (code <= hidden[i].last)
			return code >= hidden[i].first;
	return false;
}

struct utf8_form {
	unsigned char mask, lead; /* what the first byte looks like */
	unsigned least;		  /* the smallest code point that needs this many bytes */
};

static const struct utf8_form forms[] = {
	{ 0x80, 0x00, 0 },
	{ 0xe0, 0xc0, 0x80 },
	{ 0xf0, 0xe0, 0x800 },
	{ 0xf8, 0xf0, 0x10000 },
};

size_t utf8_next(const char *text, size_t len, unsigned *out_code)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = 0;
	unsigned code;

	if (len == 0)
		return 0;
	while (n < 4 && (p[0] & forms[n].mask) != forms[n].lead)
		n++;
	if (n == 4 || n >= len)
		return 0;
	code = p[0] & (unsigned char)~forms[n].mask;
	for (size_t i = 1; i <= n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3f);
	}
	if (code < forms[n].least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*out_code = code;
	return n + 1;
}

static void escape_byte(struct buffer *out, unsigned char byte)
{
	static const char digits[] = "0123456789abcdef";
	const char hex[4] = { '\\', 'x', digits[byte >> 4], digits[byte & 15] };

	buffer_append(out, hex, sizeof(hex));
}

/* The short spelling of a character that has one, else NULL. */
static const char *short_escape(unsigned code)
{
	switch (code) {
	case '\\':
		return "\\\\";
	case '\t':
		return "\\t";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	default:
		return NULL;
	}
}

static void escape_code(struct buffer *out, unsigned code)
{
	const char *brief = short_escape(code);

	if (brief)
		buffer_append(out, brief, 2);
	else if (code < 0x80)
		escape_byte(out, (unsigned char)code);
	else
		buffer_printf(out, "\\u{%x}", code);
}

static bool must_escape(unsigned code, enum escape_mode mode)
{
	if (code == '\\')
		return true;
	if (mode == ESCAPE_JSON)
		return false;
	return (mode == ESCAPE_ASCII && code > 0x7f) || escape_is_hidden(code);
}

/* Appends what one character, or one byte that is none, becomes; returns how many bytes it took. */
static size_t escape_one(struct buffer *out, const char *text, size_t len, enum escape_mode mode)
{
	unsigned code;
	size_t n = utf8_next(text, len, &code);

	if (n == 0) {
		escape_byte(out, (unsigned char)*text);
		return 1;
	}
	if (must_escape(code, mode))
		escape_code(out, code);
	else
		buffer_append(out, text, n);
	return n;
}

static size_t plain_run(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && plain[(unsigned char)text[n]])
		n++;
	return n;
}

void escape_text(struct buffer *out, const char *text, size_t len, enum escape_mode mode)
{
	/* Also when the text is empty: the caller may go on to read out->data. */
	buffer_reserve(out, len);
	out->data[out->len] = '\0';
	while (len > 0) {
		size_t n = plain_run(text, len);

		if (n > 0)
			buffer_append(out, text, n);
		else
			n = escape_one(out, text, len, mode);
		text += n;
		len -= n;
	}
}

void escape_word(struct buffer *out, const char *text, size_t len, enum escape_mode mode)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] != ' ')
			continue;
		escape_text(out, text, i, mode);
		escape_byte(out, ' ');
		text += i + 1;
		len -= i + 1;
		i = (size_t)-1;
	}
	escape_text(out, text, len, mode);
}

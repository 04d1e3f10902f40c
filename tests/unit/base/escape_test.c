/* SPDX-License-Identifier: MIT */
/* What a process may call itself must not reach a person as anything but visible characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/escape.h>

struct sample {
	const char *text, *want;
};

#define ASSERT_ESCAPED(mode, text, want) assert_escaped(mode, text, sizeof(text) - 1, want)

static void assert_escaped(enum escape_mode mode, const char *text, size_t len, const char *want)
{
	autobuffer out = BUFFER_INIT;

	escape_text(&out, text, len, mode);
	assert_string_equal(buffer_str(&out), want);
	assert_int_equal(out.len, strlen(want));
}

static void assert_samples(enum escape_mode mode, const struct sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_escaped(mode, samples[i].text, strlen(samples[i].text), samples[i].want);
}

#define ASSERT_SAMPLES(mode, samples)                                                              \
	assert_samples(mode, samples, sizeof(samples) / sizeof((samples)[0]))

static void plain_text_stays_as_it_is(void **state)
{
	static const struct sample samples[] = {
		{ "", "" },
		{ "nginx: worker process", "nginx: worker process" },
		{ " !\"#[]^_~{|}", " !\"#[]^_~{|}" },
	};

	(void)state;
	ASSERT_SAMPLES(ESCAPE_UTF8, samples);
	ASSERT_SAMPLES(ESCAPE_ASCII, samples);
	ASSERT_SAMPLES(ESCAPE_JSON, samples);
}

static void controls_become_visible(void **state)
{
	static const struct sample samples[] = {
		{ "a\tb\nc\rd", "a\\tb\\nc\\rd" },
		{ "\33[31m", "\\x1b[31m" },
		{ "\a\b\177", "\\x07\\x08\\x7f" },
	};

	(void)state;
	ASSERT_SAMPLES(ESCAPE_UTF8, samples);
	ASSERT_SAMPLES(ESCAPE_ASCII, samples);
	ASSERT_ESCAPED(ESCAPE_UTF8, "a\0b", "a\\x00b");
}

static void c1_controls_are_not_bytes(void **state)
{
	(void)state;
	ASSERT_ESCAPED(ESCAPE_UTF8, "\xc2\x80\xc2\x9b\xc2\x9f", "\\u{80}\\u{9b}\\u{9f}");
	ASSERT_ESCAPED(ESCAPE_UTF8, "\x9b", "\\x9b");
	ASSERT_ESCAPED(ESCAPE_UTF8, "\xc2\xa0", "\xc2\xa0");
}

static void backslash_is_doubled_so_that_nothing_is_forged(void **state)
{
	static const struct sample samples[] = {
		{ "\\", "\\\\" },
		{ "\\x1b", "\\\\x1b" },
		{ "\\\33", "\\\\\\x1b" },
	};

	(void)state;
	ASSERT_SAMPLES(ESCAPE_UTF8, samples);
	ASSERT_SAMPLES(ESCAPE_ASCII, samples);
	ASSERT_ESCAPED(ESCAPE_JSON, "\\n", "\\\\n");
}

static void letters_of_any_script_stay_in_utf8(void **state)
{
	static const struct sample samples[] = {
		{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" }, { "\xe2\x82\xac", "\xe2\x82\xac" },
		{ "\xf0\x9f\x90\xb3", "\xf0\x9f\x90\xb3" },	{ "\xef\xbf\xbf", "\xef\xbf\xbf" },
		{ "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf" },
	};

	(void)state;
	ASSERT_SAMPLES(ESCAPE_UTF8, samples);
	ASSERT_SAMPLES(ESCAPE_JSON, samples);
}

static void ascii_mode_spells_every_other_character(void **state)
{
	(void)state;
	ASSERT_ESCAPED(ESCAPE_ASCII, "gr\xc3\xbc\xc3\x9f", "gr\\u{fc}\\u{df}");
	ASSERT_ESCAPED(ESCAPE_ASCII, "\xf0\x9f\x90\xb3", "\\u{1f433}");
	ASSERT_ESCAPED(ESCAPE_ASCII, "\xff", "\\xff");
}

static void append_code(struct buffer *b, unsigned code)
{
	if (code < 0x80) {
		buffer_char(b, (char)code);
	} else if (code < 0x800) {
		buffer_char(b, (char)(0xc0 | code >> 6));
		buffer_char(b, (char)(0x80 | (code & 0x3f)));
	} else if (code < 0x10000) {
		buffer_char(b, (char)(0xe0 | code >> 12));
		buffer_char(b, (char)(0x80 | (code >> 6 & 0x3f)));
		buffer_char(b, (char)(0x80 | (code & 0x3f)));
	} else {
		buffer_char(b, (char)(0xf0 | code >> 18));
		buffer_char(b, (char)(0x80 | (code >> 12 & 0x3f)));
		buffer_char(b, (char)(0x80 | (code >> 6 & 0x3f)));
		buffer_char(b, (char)(0x80 | (code & 0x3f)));
	}
}

static void assert_hidden(unsigned code, int hidden)
{
	autobuffer text = BUFFER_INIT, out = BUFFER_INIT, want = BUFFER_INIT;

	append_code(&text, code);
	if (hidden)
		buffer_printf(&want, "\\u{%x}", code);
	else
		buffer_append(&want, text.data, text.len);
	escape_text(&out, text.data, text.len, ESCAPE_UTF8);
	assert_string_equal(buffer_str(&out), buffer_str(&want));
}

/* Both ends of every range, and what lies just outside. */
static void format_characters_become_visible(void **state)
{
	static const unsigned ranges[][2] = {
		{ 0x80, 0x9f },	    { 0xad, 0xad },	  { 0x61c, 0x61c },   { 0x180e, 0x180e },
		{ 0x200b, 0x200f }, { 0x2028, 0x202e },	  { 0x2060, 0x206f }, { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (ranges[i][0] > 0x80)
			assert_hidden(ranges[i][0] - 1, 0);
		assert_hidden(ranges[i][0], 1);
		assert_hidden(ranges[i][1], 1);
		assert_hidden(ranges[i][1] + 1, 0);
	}
}

static void invalid_bytes_keep_their_value(void **state)
{
	static const struct sample samples[] = {
		{ "\x80", "\\x80" },
		{ "a\xff\xfe", "a\\xff\\xfe" },
		{ "\xc3(", "\\xc3(" },
		{ "\xc0\x80", "\\xc0\\x80" },			/* overlong NUL */
		{ "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },		/* overlong slash */
		{ "\xf0\x82\x82\xac", "\\xf0\\x82\\x82\\xac" }, /* overlong euro */
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },		/* a surrogate */
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" }, /* above 10ffff */
		{ "\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80" },
		{ "\xe2\x82", "\\xe2\\x82" }, /* cut short */
	};

	(void)state;
	ASSERT_SAMPLES(ESCAPE_UTF8, samples);
	ASSERT_SAMPLES(ESCAPE_ASCII, samples);
	ASSERT_SAMPLES(ESCAPE_JSON, samples);
}

static void text_cut_inside_a_character_reads_no_further(void **state)
{
	unsigned code = 7;

	(void)state;
	assert_escaped(ESCAPE_UTF8, "\xe2\x82\xac", 2, "\\xe2\\x82");
	assert_int_equal(utf8_next("\xe2\x82\xac", 2, &code), 0);
	assert_int_equal(utf8_next("a", 0, &code), 0);
	assert_int_equal(code, 7);
}

static void json_mode_leaves_controls_to_json(void **state)
{
	(void)state;
	ASSERT_ESCAPED(ESCAPE_JSON, "a\n\33\177\"", "a\n\33\177\"");
	ASSERT_ESCAPED(ESCAPE_JSON, "\xe2\x80\xae", "\xe2\x80\xae");
}

static void word_has_no_spaces(void **state)
{
	autobuffer out = BUFFER_INIT;

	(void)state;
	escape_word(&out, " a  b\n\\ ", 8, ESCAPE_UTF8);
	assert_string_equal(buffer_str(&out), "\\x20a\\x20\\x20b\\n\\\\\\x20");
	buffer_clear(&out);
	escape_word(&out, "none", 4, ESCAPE_ASCII);
	assert_string_equal(buffer_str(&out), "none");
}

static void output_is_appended(void **state)
{
	autobuffer out = BUFFER_INIT;

	(void)state;
	buffer_text(&out, "comm=");
	escape_text(&out, "a\n", 2, ESCAPE_UTF8);
	escape_text(&out, "", 0, ESCAPE_UTF8);
	assert_string_equal(buffer_str(&out), "comm=a\\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_stays_as_it_is),
		cmocka_unit_test(controls_become_visible),
		cmocka_unit_test(c1_controls_are_not_bytes),
		cmocka_unit_test(backslash_is_doubled_so_that_nothing_is_forged),
		cmocka_unit_test(letters_of_any_script_stay_in_utf8),
		cmocka_unit_test(ascii_mode_spells_every_other_character),
		cmocka_unit_test(format_characters_become_visible),
		cmocka_unit_test(invalid_bytes_keep_their_value),
		cmocka_unit_test(text_cut_inside_a_character_reads_no_further),
		cmocka_unit_test(json_mode_leaves_controls_to_json),
		cmocka_unit_test(word_has_no_spaces),
		cmocka_unit_test(output_is_appended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

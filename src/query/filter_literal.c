/* SPDX-License-Identifier: MIT */
/*
 * Literals of the filter: what a typed word means for the column that it is compared with. What
 * does not fit the column's kind is refused here, before any row is looked at, since a filter
 * that can never hold is a mistake of the person who typed it.
 */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "filter_lex.h"

static const struct {
	const char *word;
	bool value;
} booleans[] = { { "true", true }, { "false", false }, { "yes", true },
		 { "no", false },  { "1", true },      { "0", false } };

static const struct {
	char letter;
	unsigned shift;
} suffixes[] = { { 'K', 10 }, { 'M', 20 }, { 'G', 30 } };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int literal_refuse(const struct filter_node *test, const struct filter_literal *literal,
			  const char *what, struct error *err)
{
	char quoted[FILTER_QUOTE_MAX];

	return error_set(err, -EINVAL, "filter: %s at %zu %s, as column \"%s\" needs",
			 filter_quote(quoted, literal->text, literal->len),
			 filter_place(literal->source, literal->at), what, test->column->key);
}

static int boolean_complete(struct filter_node *test, const struct filter_literal *literal,
			    struct error *err)
{
	for (size_t i = 0; i < COUNT(booleans); i++) {
		const char *word = booleans[i].word;

		if (strlen(word) != literal->len ||
		    strncasecmp(word, literal->text, literal->len) != 0)
			continue;
		test->num = booleans[i].value;
		return 0;
	}
	return literal_refuse(test, literal, "is neither true nor false", err);
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

/* Reads digits from *p on. -EINVAL without any, -ERANGE above 64 bits. */
static int digits_parse(const char **p, const char *end, unsigned base, uint64_t *out)
{
	const char *start = *p;

	for (*out = 0; *p < end && digit_value(**p) < (int)base; (*p)++) {
		unsigned digit = (unsigned)digit_value(**p);

		if (*out > (UINT64_MAX - digit) / base)
			return -ERANGE;
		*out = *out * base + digit;
	}
	return *p == start ? -EINVAL : 0;
}

static int suffix_parse(const char **p, const char *end, uint64_t *num)
{
	for (size_t i = 0; *p < end && i < COUNT(suffixes); i++) {
		if ((**p & ~0x20) != suffixes[i].letter)
			continue;
		if (*num > UINT64_MAX >> suffixes[i].shift)
			return -ERANGE;
		*num <<= suffixes[i].shift;
		(*p)++;
		return 0;
	}
	return 0;
}

static int number_parse(const struct filter_literal *literal, struct filter_node *test)
{
	const char *p = literal->text, *end = p + literal->len;
	unsigned base = 10;
	int rc;

	test->negative = p < end && *p == '-';
	p += test->negative;
	if (end - p > 2 && p[0] == '0' && (p[1] | 0x20) == 'x') {
		base = 16;
		p += 2;
	}
	rc = digits_parse(&p, end, base, &test->num);
	if (!rc)
		rc = suffix_parse(&p, end, &test->num);
	if (!test->num)
		test->negative = false;
	return rc ? rc : p == end ? 0 : -EINVAL;
}

static int number_complete(struct filter_node *test, const struct filter_literal *literal,
			   struct error *err)
{
	int rc = number_parse(literal, test);

	if (rc == -ERANGE)
		return literal_refuse(test, literal, "is not a number of at most 64 bits", err);
	return rc ? literal_refuse(test, literal, "is not a number", err) : 0;
}

static int order_refuse(const struct filter_node *test, const struct filter_literal *literal,
			struct error *err)
{
	return error_set(err, -EINVAL,
			 "filter: column \"%s\" is true or false and takes only == and !=, "
			 "not the operator before %zu",
			 test->column->key, filter_place(literal->source, literal->at));
}

int filter_test_complete(struct filter *f, struct filter_node *test,
			 const struct filter_literal *literal, struct error *err)
{
	enum value_kind kind = test->column->kind;

	if (kind != VALUE_TEXT && test->op == OP_HAS)
		test->op = OP_EQ;
	if (kind == VALUE_BOOL && test->op != OP_EQ && test->op != OP_NE)
		return order_refuse(test, literal, err);
	if (test->op == OP_MATCH || test->op == OP_NOMATCH)
		return filter_regex_compile(f, literal, &test->regex, err);
	if (kind == VALUE_BOOL)
		return boolean_complete(test, literal, err);
	if (kind != VALUE_TEXT)
		return number_complete(test, literal, err);
	test->text = arena_copy(&f->arena, literal->text, literal->len);
	test->len = literal->len;
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * A cell's value: how getters set it, how two compare, what a person sees. Knows the kinds of
 * values and the states of facts; knows no column, and escapes nothing. Data comes from getters.
 */
#include <string.h>

#include "internal.h"

void value_release(struct value *v)
{
	buffer_release(&v->scratch);
}

void value_set_fact(struct value *out, struct fact fact)
{
	out->fact = fact;
}

void value_set_uint(struct value *out, uint64_t num)
{
	out->fact = fact_known();
	out->kind = VALUE_UINT;
	out->num = num;
}

void value_set_id(struct value *out, uint64_t num)
{
	value_set_uint(out, num);
	out->kind = VALUE_ID;
}

void value_set_bool(struct value *out, bool yes)
{
	value_set_uint(out, yes);
	out->kind = VALUE_BOOL;
}

void value_set_text(struct value *out, const char *text, size_t len)
{
	out->fact = fact_known();
	out->kind = VALUE_TEXT;
	out->text = text;
	out->len = len;
}

void value_set_str(struct value *out, const char *text)
{
	value_set_text(out, text, strlen(text));
}

void value_set_fact_num(struct value *out, struct fact_num num)
{
	value_set_uint(out, num.num);
	out->fact = num.fact;
}

void value_set_fact_id(struct value *out, struct fact_num num)
{
	value_set_id(out, num.num);
	out->fact = num.fact;
}

void value_set_fact_text(struct value *out, struct fact_text text)
{
	value_set_text(out, text.data, text.len);
	out->fact = text.fact;
}

struct buffer *value_scratch(struct value *out)
{
	buffer_clear(&out->scratch);
	return &out->scratch;
}

void value_set_scratch(struct value *out)
{
	value_set_text(out, buffer_str(&out->scratch), out->scratch.len);
}

void buffer_uint(struct buffer *b, uint64_t num)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + num % 10);
		num /= 10;
	} while (num);
	buffer_append(b, digits + at, sizeof(digits) - at);
}

bool json_fact(struct json *j, const char *key, struct fact fact)
{
	if (fact_is_known(fact))
		return true;
	if (fact.state == FACT_NONE)
		json_none(j, key);
	else
		json_unknown(j, key, fact_why(fact));
	return false;
}

/* Known, then none, then whatever is not known. */
static int state_rank(struct fact fact)
{
	if (fact_is_known(fact))
		return 0;
	return fact.state == FACT_NONE ? 1 : 2;
}

static int text_compare(const struct value *a, const struct value *b)
{
	size_t len = a->len < b->len ? a->len : b->len;
	int order = len ? memcmp(a->text, b->text, len) : 0;

	return order ? order : (a->len > b->len) - (a->len < b->len);
}

int value_compare(const struct value *a, const struct value *b)
{
	int rank = state_rank(a->fact);
	int order = rank - state_rank(b->fact);

	if (order || rank)
		return order;
	if (a->kind == VALUE_TEXT)
		return text_compare(a, b);
	if (a->kind == VALUE_INT)
		return (a->signed_num > b->signed_num) - (a->signed_num < b->signed_num);
	return (a->num > b->num) - (a->num < b->num);
}

static void show(struct value *v, const char *text)
{
	v->text = text;
	v->len = strlen(text);
}

static void show_number(struct value *v)
{
	struct buffer *b = value_scratch(v);
	bool negative = v->kind == VALUE_INT && v->signed_num < 0;

	if (negative)
		buffer_char(b, '-');
	if (v->kind == VALUE_INT)
		buffer_uint(b, negative ? 0 - (uint64_t)v->signed_num : (uint64_t)v->signed_num);
	else
		buffer_uint(b, v->num);
	v->text = b->data;
	v->len = b->len;
}

void value_display(struct value *v)
{
	if (v->fact.state == FACT_NONE)
		show(v, "-");
	else if (!fact_is_known(v->fact))
		show(v, "?");
	else if (v->kind == VALUE_BOOL)
		show(v, v->num ? "yes" : "no");
	else if (v->kind != VALUE_TEXT)
		show_number(v);
	else if (!v->len)
		/* An empty word would shift the fields of raw output. */
		show(v, "-");
}

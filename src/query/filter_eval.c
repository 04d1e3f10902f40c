/* SPDX-License-Identifier: MIT */
/*
 * Asks a row whether a filter holds, in Kleene's logic of three values: what is not known neither
 * holds nor fails, and only decides nothing where the rest decides. A known absence is an answer:
 * it equals nothing and is not set. Cells come from the columns' own getters.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <nsview/filter.h>

#include "filter_ast.h"

struct evaluation {
	const struct row *row;
	struct value cell;  /* reused from test to test */
	struct buffer copy; /* text for regexec, which wants it NUL-terminated */
};

static enum filter_answer answer(bool holds)
{
	return holds ? FILTER_YES : FILTER_NO;
}

static enum filter_answer answer_not(enum filter_answer a)
{
	return a == FILTER_UNKNOWN ? a : answer(a == FILTER_NO);
}

static bool ordered(int order, enum filter_op op)
{
	switch (op) {
	case OP_EQ:
		return order == 0;
	case OP_NE:
		return order != 0;
	case OP_LT:
		return order < 0;
	case OP_LE:
		return order <= 0;
	case OP_GT:
		return order > 0;
	case OP_GE:
		return order >= 0;
	default:
		return false;
	}
}

static int order_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* A cell's number as sign and size, so that signed and unsigned columns compare alike. */
static uint64_t cell_number(const struct value *v, enum value_kind kind, bool *negative)
{
	*negative = kind == VALUE_INT && v->signed_num < 0;
	if (kind != VALUE_INT)
		return v->num;
	return *negative ? 0 - (uint64_t)v->signed_num : (uint64_t)v->signed_num;
}

static int order_number(const struct filter_node *test, const struct value *v)
{
	bool negative;
	uint64_t size = cell_number(v, test->column->kind, &negative);

	if (negative != test->negative)
		return negative ? -1 : 1;
	return negative ? order_u64(test->num, size) : order_u64(size, test->num);
}

static int order_text(const struct filter_node *test, const struct value *v)
{
	size_t common = v->len < test->len ? v->len : test->len;
	int order = common ? memcmp(v->text, test->text, common) : 0;

	return order ? order : order_u64(v->len, test->len);
}

static bool text_has(const struct filter_node *test, const struct value *v)
{
	return !test->len || (v->len && memmem(v->text, v->len, test->text, test->len));
}

static bool cell_matches(struct evaluation *e, const struct filter_node *test)
{
	const struct value *v = &e->cell;
	bool negative;

	buffer_clear(&e->copy);
	if (test->column->kind == VALUE_TEXT) {
		buffer_append(&e->copy, v->text, v->len);
		/* A NUL would end the text; where one is left, it separates arguments. */
		for (size_t i = 0; i < e->copy.len; i++)
			if (!e->copy.data[i])
				e->copy.data[i] = ' ';
	} else {
		uint64_t size = cell_number(v, test->column->kind, &negative);

		buffer_printf(&e->copy, "%s%" PRIu64, negative ? "-" : "", size);
	}
	return regexec(test->regex, buffer_str(&e->copy), 0, NULL, 0) == 0;
}

static bool cell_is_set(const struct value *v, enum value_kind kind)
{
	bool negative;

	return kind == VALUE_TEXT ? v->len != 0 : cell_number(v, kind, &negative) != 0;
}

static bool test_holds(struct evaluation *e, const struct filter_node *test)
{
	switch (test->op) {
	case OP_SET:
		return cell_is_set(&e->cell, test->column->kind);
	case OP_HAS:
		return text_has(test, &e->cell);
	case OP_MATCH:
		return cell_matches(e, test);
	case OP_NOMATCH:
		return !cell_matches(e, test);
	default:
		return ordered(test->column->kind == VALUE_TEXT ? order_text(test, &e->cell)
								: order_number(test, &e->cell),
			       test->op);
	}
}

static enum filter_answer test_answer(struct evaluation *e, const struct filter_node *test)
{
	struct value *v = &e->cell;

	/* Nothing of the previous test's cell may show through what a getter leaves alone. */
	buffer_clear(&v->scratch);
	*v = (struct value){ .kind = test->column->kind, .scratch = v->scratch };
	test->column->get(e->row, v);
	if (v->fact.state == FACT_KNOWN)
		return answer(test_holds(e, test));
	if (v->fact.state == FACT_NONE)
		return answer(test->op == OP_NE || test->op == OP_NOMATCH);
	return FILTER_UNKNOWN;
}

static enum filter_answer node_answer(struct evaluation *e, const struct filter_node *node);

/* Decided by the first operand that answers `decisive`, else unknown if any operand is. */
static enum filter_answer list_answer(struct evaluation *e, const struct filter_node *list,
				      enum filter_answer decisive)
{
	enum filter_answer all = answer_not(decisive);

	for (const struct filter_node *n = list->first; n; n = n->next) {
		enum filter_answer a = node_answer(e, n);

		if (a == decisive)
			return a;
		if (a == FILTER_UNKNOWN)
			all = a;
	}
	return all;
}

static enum filter_answer node_answer(struct evaluation *e, const struct filter_node *node)
{
	switch (node->kind) {
	case NODE_OR:
		return list_answer(e, node, FILTER_YES);
	case NODE_AND:
		return list_answer(e, node, FILTER_NO);
	case NODE_NOT:
		return answer_not(node_answer(e, node->first));
	default:
		return test_answer(e, node);
	}
}

enum filter_answer filter_match(const struct filter *f, const struct row *row)
{
	struct evaluation e = { .row = row, .cell = VALUE_INIT, .copy = BUFFER_INIT };
	enum filter_answer a = node_answer(&e, f->root);

	value_release(&e.cell);
	buffer_release(&e.copy);
	return a;
}

/* SPDX-License-Identifier: MIT */
/*
 * The parser of the filter language: text in, a tree of tests out, or a sentence that says where
 * and why not. Climbs the table of precedences; each level is a list, so that only parentheses
 * and negations nest, and these are counted. Knows columns by their table, and never a row.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/filter.h>
#include <nsview/nearest.h>

#include "filter_lex.h"

/* Deeper than anybody thinks, and shallow enough for any stack. */
enum { DEPTH_MAX = 100 };

struct parser {
	struct filter *filter;
	const struct column_table *table;
	struct filter_lexer lexer;
	struct filter_token token; /* the one in hand, not used up */
	unsigned depth;
	struct error *err;
};

/* From the loosest to the tightest. */
static const struct {
	enum filter_token_kind token;
	enum filter_node_kind node;
} levels[] = { { TOKEN_OR, NODE_OR }, { TOKEN_AND, NODE_AND } };

enum { LEVELS = sizeof(levels) / sizeof(levels[0]) };

static int parse_level(struct parser *p, unsigned level, struct filter_node **out);

static size_t place(const struct parser *p, size_t at)
{
	return filter_place(p->lexer.source, at);
}

static int advance(struct parser *p)
{
	return filter_lex(&p->lexer, &p->token, p->err);
}

static struct filter_node *node_new(struct parser *p, enum filter_node_kind kind)
{
	struct filter_node *node = arena_alloc(&p->filter->arena, sizeof(*node));

	node->kind = kind;
	return node;
}

static int expected(struct parser *p, const char *what)
{
	const struct filter_token *t = &p->token;
	char quoted[FILTER_QUOTE_MAX];

	if (t->kind == TOKEN_END)
		return error_set(p->err, -EINVAL, "filter: expected %s at %zu, found the end", what,
				 place(p, t->at));
	return error_set(p->err, -EINVAL, "filter: expected %s at %zu, found %s", what,
			 place(p, t->at), filter_quote(quoted, t->text, t->len));
}

/* Keys first: what is suggested then looks like what JSON and the manual call it. */
static const char *column_name_next(const void *ctx, size_t i)
{
	const struct column *c = ctx;

	for (; c->heading; c++, i -= 2)
		if (i < 2)
			return i ? c->heading : c->key;
	return NULL;
}

static int unknown_column(struct parser *p)
{
	const struct filter_token *t = &p->token;
	const char *word = arena_copy(&p->filter->arena, t->text, t->len);
	const char *nearest = nearest_word(word, column_name_next, p->table->columns);
	char quoted[FILTER_QUOTE_MAX];

	filter_quote(quoted, t->text, t->len);
	if (!nearest)
		return error_set(p->err, -EINVAL,
				 "filter: unknown column %s at %zu; --list-columns lists them",
				 quoted, place(p, t->at));
	return error_set(p->err, -EINVAL, "filter: unknown column %s at %zu; did you mean \"%s\"?",
			 quoted, place(p, t->at), nearest);
}

/* COLUMN, COLUMN OP LITERAL, COLUMN:LITERAL; the column's name is in hand. */
static int parse_test(struct parser *p, struct filter_node **out)
{
	struct filter_node *test = node_new(p, NODE_TEST);
	struct filter_literal literal = { .source = p->lexer.source };
	int rc;

	test->column = column_find(p->table, p->token.text, p->token.len);
	if (!test->column)
		return unknown_column(p);
	p->filter->needs |= test->column->needs;
	*out = test;
	rc = advance(p);
	if (rc || p->token.kind != TOKEN_TEST)
		return rc;
	test->op = p->token.op;
	rc = filter_lex_literal(&p->lexer, &p->token, p->err);
	if (rc)
		return rc;
	literal.at = p->token.at;
	literal.text = p->token.text;
	literal.len = p->token.len;
	rc = filter_test_complete(p->filter, test, &literal, p->err);
	return rc ? rc : advance(p);
}

static int parse_group(struct parser *p, struct filter_node **out)
{
	size_t opened = p->token.at;
	int rc = advance(p);

	if (!rc)
		rc = parse_level(p, 0, out);
	if (rc)
		return rc;
	if (p->token.kind == TOKEN_END)
		return error_set(p->err, -EINVAL, "filter: the \"(\" at %zu is not closed",
				 place(p, opened));
	return p->token.kind == TOKEN_CLOSE ? advance(p) : expected(p, "\")\" or an operator");
}

static int parse_operand(struct parser *p, struct filter_node **out);

static int parse_not(struct parser *p, struct filter_node **out)
{
	struct filter_node *node = node_new(p, NODE_NOT);
	int rc = advance(p);

	*out = node;
	return rc ? rc : parse_operand(p, &node->first);
}

static int parse_operand(struct parser *p, struct filter_node **out)
{
	enum filter_token_kind kind = p->token.kind;
	int rc;

	if (kind == TOKEN_WORD)
		return parse_test(p, out);
	if (kind != TOKEN_OPEN && kind != TOKEN_NOT)
		return expected(p, "a column");
	if (p->depth == DEPTH_MAX)
		return error_set(p->err, -EINVAL, "filter: nested more than %d deep at %zu",
				 DEPTH_MAX, place(p, p->token.at));
	p->depth++;
	rc = kind == TOKEN_OPEN ? parse_group(p, out) : parse_not(p, out);
	p->depth--;
	return rc;
}

static int parse_level(struct parser *p, unsigned level, struct filter_node **out)
{
	struct filter_node *first = NULL, **tail = &first;

	for (;;) {
		int rc = level + 1 < LEVELS ? parse_level(p, level + 1, tail)
					    : parse_operand(p, tail);

		if (rc)
			return rc;
		if (p->token.kind != levels[level].token)
			break;
		rc = advance(p);
		if (rc)
			return rc;
		tail = &(*tail)->next;
	}
	*out = first;
	if (first->next) {
		*out = node_new(p, levels[level].node);
		(*out)->first = first;
	}
	return 0;
}

static int parse_all(struct parser *p)
{
	int rc = advance(p);

	if (!rc && p->token.kind == TOKEN_END)
		return error_set(p->err, -EINVAL, "filter: the expression is empty");
	if (!rc)
		rc = parse_level(p, 0, &p->filter->root);
	if (rc || p->token.kind == TOKEN_END)
		return rc;
	if (p->token.kind == TOKEN_CLOSE)
		return error_set(p->err, -EINVAL, "filter: the \")\" at %zu closes nothing",
				 place(p, p->token.at));
	return expected(p, "an operator");
}

int filter_compile(const struct column_table *table, const char *text, struct filter **out,
		   struct error *err)
{
	struct filter *f = calloc(1, sizeof(*f));
	struct parser p = { .filter = f, .table = table, .err = err };
	int rc;

	if (!f)
		die("out of memory");
	p.lexer = (struct filter_lexer){ text, 0, &f->arena };
	rc = parse_all(&p);
	if (rc) {
		filter_free(f);
		return rc;
	}
	*out = f;
	return 0;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	for (struct filter_regex *r = f->regexes; r; r = r->next)
		regfree(&r->compiled);
	arena_release(&f->arena);
	free(f);
}

unsigned filter_needs(const struct filter *f)
{
	return f->needs;
}

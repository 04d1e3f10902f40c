/* SPDX-License-Identifier: MIT */
/* What a filter is made of. Private to the filter; shared by its parser and its evaluation. */
#ifndef NSVIEW_FILTER_AST_H
#define NSVIEW_FILTER_AST_H

#include <nsview/arena.h>
#include <nsview/column.h>
#include <nsview/error.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum filter_op {
	OP_SET, /* a column alone */
	OP_EQ,
	OP_NE,
	OP_LT,
	OP_LE,
	OP_GT,
	OP_GE,
	OP_MATCH,
	OP_NOMATCH,
	OP_HAS, /* COLUMN:LITERAL; becomes OP_EQ for what is not text */
};

enum filter_node_kind { NODE_OR, NODE_AND, NODE_NOT, NODE_TEST };

/*
 * OR and AND hold a list of any length, so that the depth of the tree is the depth of the
 * parentheses and nothing else: walks may recurse.
 */
struct filter_node {
	enum filter_node_kind kind;
	struct filter_node *first; /* operands */
	struct filter_node *next;  /* the next operand of the same parent */

	/* NODE_TEST */
	enum filter_op op;
	const struct column *column; /* borrowed from the column table */
	const char *text;	     /* literal for VALUE_TEXT, in the filter's arena */
	size_t len;
	uint64_t num;  /* literal for numbers and booleans */
	bool negative; /* num stands behind a minus sign */
	const regex_t *regex;
};

struct filter_regex {
	struct filter_regex *next;
	regex_t compiled;
};

struct filter {
	struct arena arena; /* nodes and literals */
	struct filter_node *root;
	struct filter_regex
		*regexes; /* all of them, also those of a tree that was never finished */
	unsigned needs;
};

/* A literal as typed: len bytes, without its quotes, behind `at` bytes of the filter's source. */
struct filter_literal {
	const char *source;
	size_t at;
	const char *text;
	size_t len;
};

/* Completes a test whose column and op are set. -EINVAL where the literal does not fit them. */
int filter_test_complete(struct filter *f, struct filter_node *test,
			 const struct filter_literal *literal, struct error *err);

/*
 * Compiles a POSIX extended regular expression into the filter. -EINVAL with a sentence where it
 * is wrong, or would take unreasonable memory and time (see filter_regex.c).
 */
int filter_regex_compile(struct filter *f, const struct filter_literal *literal,
			 const regex_t **out, struct error *err);

#endif

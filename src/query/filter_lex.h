/* SPDX-License-Identifier: MIT */
/* Words of the filter language. Private to the filter. */
#ifndef NSVIEW_FILTER_LEX_H
#define NSVIEW_FILTER_LEX_H

#include <nsview/arena.h>
#include <nsview/error.h>
#include <stddef.h>

#include "filter_ast.h"

enum filter_token_kind {
	TOKEN_END,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_NOT,
	TOKEN_TEST, /* a comparison; op says which */
	TOKEN_WORD,
	TOKEN_LITERAL, /* quoted, or a bare word where a literal is expected */
};

struct filter_token {
	enum filter_token_kind kind;
	enum filter_op op;
	size_t at;	  /* offset of its first byte, quote included */
	const char *text; /* without quotes; borrowed from the source or from the arena */
	size_t len;
};

struct filter_lexer {
	const char *source; /* borrowed, NUL-terminated */
	size_t pos;
	struct arena *arena; /* for literals with escapes in them */
};

/* The next token. -EINVAL with a sentence where there is none. */
int filter_lex(struct filter_lexer *lx, struct filter_token *out, struct error *err);

/*
 * The next token as a literal: here a bare word may hold what separates words elsewhere, such as
 * the colon of net:[4026531840] or the slash and dots of a path.
 */
int filter_lex_literal(struct filter_lexer *lx, struct filter_token *out, struct error *err);

/* The place of a byte for a person: characters from the start of the source, counted from 1. */
size_t filter_place(const char *source, size_t at);

enum { FILTER_QUOTE_MAX = 200 };

/* Text in double quotes for an error sentence: escaped, and cut where it is long. */
const char *filter_quote(char out[FILTER_QUOTE_MAX], const char *text, size_t len);

#endif

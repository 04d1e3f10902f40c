/* SPDX-License-Identifier: MIT */
/*
 * Cuts a filter into words. The parser says where a literal is expected, since a bare literal may
 * hold characters that separate words everywhere else. Knows no columns and no grammar. Its input
 * is what a person typed.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <nsview/escape.h>

#include "filter_lex.h"

#define SPACES	     " \t\r\n\v\f"
#define WORD_ENDS    SPACES "()&|!<>=~:\"'"
#define LITERAL_ENDS SPACES "()&|!<>=\"'"

struct spelling {
	const char *text;
	enum filter_token_kind kind;
	enum filter_op op;
};

/* The longer ones first: "<=" must not be read as "<". */
static const struct spelling symbols[] = {
	{ "==", TOKEN_TEST, OP_EQ },	{ "!=", TOKEN_TEST, OP_NE },
	{ "=~", TOKEN_TEST, OP_MATCH }, { "!~", TOKEN_TEST, OP_NOMATCH },
	{ "<=", TOKEN_TEST, OP_LE },	{ ">=", TOKEN_TEST, OP_GE },
	{ "&&", TOKEN_AND, OP_SET },	{ "||", TOKEN_OR, OP_SET },
	{ "<", TOKEN_TEST, OP_LT },	{ ">", TOKEN_TEST, OP_GT },
	{ ":", TOKEN_TEST, OP_HAS },	{ "!", TOKEN_NOT, OP_SET },
	{ "(", TOKEN_OPEN, OP_SET },	{ ")", TOKEN_CLOSE, OP_SET },
};

static const struct spelling words[] = {
	{ "and", TOKEN_AND, OP_SET }, { "or", TOKEN_OR, OP_SET },  { "not", TOKEN_NOT, OP_SET },
	{ "eq", TOKEN_TEST, OP_EQ },  { "ne", TOKEN_TEST, OP_NE }, { "lt", TOKEN_TEST, OP_LT },
	{ "le", TOKEN_TEST, OP_LE },  { "gt", TOKEN_TEST, OP_GT }, { "ge", TOKEN_TEST, OP_GE },
};

/* Half of an operator, and the whole that was meant. */
static const struct {
	char typed;
	const char *meant;
} halves[] = { { '=', "==" }, { '&', "&&" }, { '|', "||" }, { '~', "=~" } };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

size_t filter_place(const char *source, size_t at)
{
	size_t place = 1;

	for (size_t i = 0; i < at; i++)
		place += ((unsigned char)source[i] & 0xc0) != 0x80;
	return place;
}

const char *filter_quote(char out[FILTER_QUOTE_MAX], const char *text, size_t len)
{
	enum { SHOWN = 40 }; /* bytes; an escaped one takes at most four */
	bool cut = len > SHOWN;
	autobuffer escaped = BUFFER_INIT;

	/* Cut in front of a character, not inside it. */
	if (cut)
		for (len = SHOWN; len && ((unsigned char)text[len] & 0xc0) == 0x80;)
			len--;
	escape_text(&escaped, text, len, ESCAPE_ASCII);
	snprintf(out, FILTER_QUOTE_MAX, "\"%s%s\"", buffer_str(&escaped), cut ? "..." : "");
	return out;
}

static void skip_spaces(struct filter_lexer *lx)
{
	lx->pos += strspn(lx->source + lx->pos, SPACES);
}

static void token_set(struct filter_lexer *lx, const struct spelling *s, size_t len,
		      struct filter_token *out)
{
	*out = (struct filter_token){ s->kind, s->op, lx->pos, lx->source + lx->pos, len };
	lx->pos += len;
}

static const struct spelling *word_find(const char *text, size_t len)
{
	for (size_t i = 0; i < COUNT(words); i++)
		if (strlen(words[i].text) == len && strncasecmp(words[i].text, text, len) == 0)
			return &words[i];
	return NULL;
}

static const struct spelling *symbol_find(const char *text)
{
	for (size_t i = 0; i < COUNT(symbols); i++)
		if (strncmp(symbols[i].text, text, strlen(symbols[i].text)) == 0)
			return &symbols[i];
	return NULL;
}

static int half_operator(const struct filter_lexer *lx, struct error *err)
{
	char typed = lx->source[lx->pos];
	const char *meant = "";

	for (size_t i = 0; i < COUNT(halves); i++)
		if (halves[i].typed == typed)
			meant = halves[i].meant;
	return error_set(err, -EINVAL, "filter: \"%c\" at %zu is no operator; did you mean \"%s\"?",
			 typed, filter_place(lx->source, lx->pos), meant);
}

/*
 * In "double quotes" a backslash protects a quote or a backslash and is itself otherwise, so that
 * regular expressions need no second layer of it. In 'single quotes' nothing is special.
 */
static int lex_quoted(struct filter_lexer *lx, struct filter_token *out, struct error *err)
{
	const char *start = lx->source + lx->pos + 1, *p = start;
	char quote = start[-1];
	char *text, *to;

	while (*p && *p != quote)
		p += quote == '"' && *p == '\\' && p[1] ? 2 : 1;
	if (!*p)
		return error_set(err, -EINVAL, "filter: the quote at %zu is not closed",
				 filter_place(lx->source, lx->pos));
	text = to = arena_copy(lx->arena, start, (size_t)(p - start));
	for (const char *from = start; from < p; from++) {
		if (quote == '"' && *from == '\\' && (from[1] == '"' || from[1] == '\\'))
			from++;
		*to++ = *from;
	}
	*to = '\0';
	*out = (struct filter_token){ TOKEN_LITERAL, OP_SET, lx->pos, text, (size_t)(to - text) };
	lx->pos = (size_t)(p - lx->source) + 1;
	return 0;
}

int filter_lex(struct filter_lexer *lx, struct filter_token *out, struct error *err)
{
	static const struct spelling end = { "", TOKEN_END, OP_SET };
	static const struct spelling name = { "", TOKEN_WORD, OP_SET };
	const struct spelling *found;
	const char *text;
	size_t len;

	skip_spaces(lx);
	text = lx->source + lx->pos;
	if (*text == '"' || *text == '\'')
		return lex_quoted(lx, out, err);
	found = *text ? symbol_find(text) : &end;
	len = found ? strlen(found->text) : strcspn(text, WORD_ENDS);
	if (!found && !len)
		return half_operator(lx, err);
	if (!found)
		found = word_find(text, len);
	token_set(lx, found ? found : &name, len, out);
	return 0;
}

int filter_lex_literal(struct filter_lexer *lx, struct filter_token *out, struct error *err)
{
	static const struct spelling bare = { "", TOKEN_LITERAL, OP_SET };
	char quoted[FILTER_QUOTE_MAX];
	const struct spelling *word;
	const char *text;
	size_t len, place;

	skip_spaces(lx);
	text = lx->source + lx->pos;
	if (*text == '"' || *text == '\'')
		return lex_quoted(lx, out, err);
	place = filter_place(lx->source, lx->pos);
	len = strcspn(text, LITERAL_ENDS);
	if (!*text)
		return error_set(err, -EINVAL, "filter: expected a value at %zu, found the end",
				 place);
	if (!len)
		return error_set(err, -EINVAL, "filter: expected a value at %zu, found %s", place,
				 filter_quote(quoted, text, 1));
	/* Most likely the literal was forgotten. The words of comparisons may well be literals. */
	word = word_find(text, len);
	if (word && word->kind != TOKEN_TEST)
		return error_set(err, -EINVAL,
				 "filter: %s at %zu is an operator; quote it to mean the text",
				 filter_quote(quoted, text, len), place);
	token_set(lx, &bare, len, out);
	return 0;
}

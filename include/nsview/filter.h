/* SPDX-License-Identifier: MIT */
/*
 * The filter language of -Q, one for every command (nsview(1), section FILTERS):
 *
 *   EXPR  := EXPR || EXPR | EXPR && EXPR | ! EXPR | ( EXPR ) | TERM
 *   TERM  := COLUMN | COLUMN OP LITERAL | COLUMN : LITERAL
 *   OP    := == != < <= > >= =~ !~   (also eq ne lt le gt ge, and "and" "or" "not")
 *
 * A column alone is true where it has a value that is not 0, false or empty. =~ is a POSIX
 * extended regular expression; COLUMN:TEXT is "contains" for text and == for numbers. Literals are
 * "quoted", 'quoted', or bare words and numbers; K M G suffixes count in 1024s. Logic has three
 * values: a comparison with an unknown cell is unknown, and a row whose answer is unknown is not
 * shown but counted.
 */
#ifndef NSVIEW_FILTER_H
#define NSVIEW_FILTER_H

#include <nsview/column.h>
#include <nsview/error.h>

struct filter;

enum filter_answer { FILTER_NO, FILTER_YES, FILTER_UNKNOWN };

/* -EINVAL with a sentence that names the place (column number) and the nearest right word. */
int filter_compile(const struct column_table *table, const char *text, struct filter **out,
		   struct error *err);
void filter_free(struct filter *f);
/* NEED_* of the columns it looks at. */
unsigned filter_needs(const struct filter *f);
enum filter_answer filter_match(const struct filter *f, const struct row *row);

#endif

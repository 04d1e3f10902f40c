/* SPDX-License-Identifier: MIT */
/* Tables with aligned columns, flat or as a tree. Private to the room. */
#ifndef NSVIEW_RENDER_LAYOUT_H
#define NSVIEW_RENDER_LAYOUT_H

#include <nsview/render.h>
#include <stddef.h>

struct libscols_table;

/*
 * A table that is printed to t, with no line wider than width (0: as wide as it gets); what goes
 * into it is escaped already. To be unreferenced. Loads libsmartcols, or ends the program.
 */
struct libscols_table *layout_table(const struct term *t, unsigned width);
/* Ends the program where the library says that it could not do something. */
void layout_check(int error);

/* TABLE_LAID_OUT of table_print. */
void layout_print(const struct term *t, const struct table_options *opt,
		  const struct column_list *columns, const struct row *rows, size_t n);

#endif

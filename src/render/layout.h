/* SPDX-License-Identifier: MIT */
/* Tables with aligned columns, flat or as a tree. Private to the room. */
#ifndef NSVIEW_RENDER_LAYOUT_H
#define NSVIEW_RENDER_LAYOUT_H

#include <nsview/render.h>
#include <stddef.h>

/* Makes sure of libsmartcols, or ends the program. */
void layout_must_load(void);

/* TABLE_LAID_OUT of table_print. */
void layout_print(const struct term *t, const struct table_options *opt,
		  const struct column_list *columns, const struct row *rows, size_t n);

#endif

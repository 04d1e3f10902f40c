/* SPDX-License-Identifier: MIT */
/* Reading one cell, for everything that prints rows. Private to the room. */
#ifndef NSVIEW_RENDER_CELL_H
#define NSVIEW_RENDER_CELL_H

#include <nsview/column.h>

/* Replaces what v holds with the column's value of row; v's scratch memory is kept. */
static inline void cell_read(const struct column *c, const struct row *row, struct value *v)
{
	buffer_clear(&v->scratch);
	v->kind = c->kind;
	v->fact = fact_none();
	c->get(row, v);
}

#endif

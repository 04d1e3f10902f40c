/* SPDX-License-Identifier: MIT */
/* What is used of libsmartcols, which is loaded when a table is laid out. Private to the room. */
#ifndef NSVIEW_RENDER_LOAD_SMARTCOLS_H
#define NSVIEW_RENDER_LOAD_SMARTCOLS_H

#include <libsmartcols.h>

#include <nsview/library.h>

#define SMARTCOLS(X)                                                                               \
	X(scols_, cell_set_color)                                                                  \
	X(scols_, column_get_header)                                                               \
	X(scols_, column_set_color)                                                                \
	X(scols_, line_add_child)                                                                  \
	X(scols_, line_get_cell)                                                                   \
	X(scols_, line_refer_data)                                                                 \
	X(scols_, line_set_color)                                                                  \
	X(scols_, line_set_data)                                                                   \
	X(scols_, new_symbols)                                                                     \
	X(scols_, new_table)                                                                       \
	X(scols_, print_table)                                                                     \
	X(scols_, symbols_set_branch)                                                              \
	X(scols_, symbols_set_right)                                                               \
	X(scols_, symbols_set_vertical)                                                            \
	X(scols_, table_enable_colors)                                                             \
	X(scols_, table_enable_noencoding)                                                         \
	X(scols_, table_enable_noheadings)                                                         \
	X(scols_, table_new_column)                                                                \
	X(scols_, table_new_line)                                                                  \
	X(scols_, table_set_stream)                                                                \
	X(scols_, table_set_symbols)                                                               \
	X(scols_, table_set_termforce)                                                             \
	X(scols_, table_set_termwidth)                                                             \
	X(scols_, unref_symbols)                                                                   \
	X(scols_, unref_table)

LIBRARY_DECLARE(smartcols, SMARTCOLS);

#endif

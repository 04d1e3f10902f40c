/* SPDX-License-Identifier: MIT */
/* A choice of columns: to sort by, or to show. */
#ifndef NSVIEW_TUI_VIEW_MENU_H
#define NSVIEW_TUI_VIEW_MENU_H

#include <nsview/column.h>

enum menu_kind { MENU_NONE, MENU_SORT, MENU_COLUMNS };

struct menu {
	enum menu_kind kind;
	const struct column *at[COLUMNS_MAX + 1]; /* MENU_SORT: NULL is the order of the graph */
	bool on[COLUMNS_MAX + 1];
	size_t n, here, top;
};

#endif

/* SPDX-License-Identifier: MIT */
/* ncursesw, loaded when it is first needed (library.h). Knows not what for. */
#include "load_ncurses.h"

LIBRARY_DEFINE(ncurses, NCURSES, SONAME_ncursesw, "recommended", "shows the interactive view");

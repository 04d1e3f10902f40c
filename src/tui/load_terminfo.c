/* SPDX-License-Identifier: MIT */
/* The part of ncursesw that knows terminals, loaded when it is first needed (library.h). */
#include "load_terminfo.h"

LIBRARY_DEFINE(terminfo, TERMINFO, SONAME_ncursesw, "recommended",
	       "knows how to give a terminal back");

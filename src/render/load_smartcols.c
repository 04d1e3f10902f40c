/* SPDX-License-Identifier: MIT */
/* libsmartcols, loaded when it is first needed (library.h). Knows not what for. */
#include "load_smartcols.h"

LIBRARY_DEFINE(smartcols, SMARTCOLS, SONAME_smartcols, "required", "lays out tables");

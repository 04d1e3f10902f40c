/* SPDX-License-Identifier: MIT */
/* jansson, loaded when it is first needed (library.h). Knows not what for. */
#include "load_jansson.h"

LIBRARY_DEFINE(jansson, JANSSON, SONAME_jansson, "recommended", "reads names of containers");

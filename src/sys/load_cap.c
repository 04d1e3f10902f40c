/* SPDX-License-Identifier: MIT */
/* libcap, loaded when it is first needed (library.h). Knows not what for. */
#include <nsview/load_cap.h>

LIBRARY_DEFINE(libcap, LIBCAP, SONAME_libcap, "required", "knows capabilities");

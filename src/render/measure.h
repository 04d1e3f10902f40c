/* SPDX-License-Identifier: MIT */
/* The room's own name for it; the interactive view lays out text by it too. */
#include <nsview/measure.h>

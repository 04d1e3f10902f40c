/* SPDX-License-Identifier: MIT */
/* The steps from which the parsers of /proc text are made. Each moves s past what it took. */
#ifndef NSVIEW_PROCTOKEN_H
#define NSVIEW_PROCTOKEN_H

#include <nsview/proctext.h>

bool take_char(struct span *s, char c);
void skip_blanks(struct span *s);

/* A decimal number of at most max (itself 9 or more); false, with s anywhere, where there is none
 * or it is larger. */
bool take_number(struct span *s, uint64_t max, uint64_t *out);
bool take_signed(struct span *s, int64_t *out);

#endif

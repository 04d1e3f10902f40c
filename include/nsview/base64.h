/* SPDX-License-Identifier: MIT */
/* Bytes as base64 (RFC 4648, section 4): keys, and what a terminal is told to copy. */
#ifndef NSVIEW_BASE64_H
#define NSVIEW_BASE64_H

#include <stddef.h>
#include <nsview/buffer.h>

/* Appends it, with its padding. */
void base64_append(struct buffer *out, const void *data, size_t len);

#endif

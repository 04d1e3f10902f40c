/* SPDX-License-Identifier: MIT */
/* Options of a mount as mount(8) takes them, split up. Pure. Private to enter/. */
#ifndef NSVIEW_ENTER_MAKE_OPTIONS_H
#define NSVIEW_ENTER_MAKE_OPTIONS_H

#include <stdint.h>
#include <nsview/buffer.h>

struct mount_options {
	uint64_t set, clear; /* KERN_RDONLY ... (kern_mount.h) */
	/* What is the file system's own, "key" or "key=value" each, NUL after each. A comma in a
	 * value is written "\,". */
	struct buffer own;
};

/* Adds text (may be NULL or "") to out, which is zeroed before and buffer_released after. */
void mount_options_add(struct mount_options *out, const char *text);

#endif

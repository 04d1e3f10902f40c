/* SPDX-License-Identifier: MIT */
/* passwd(5), read as a file: no name service is asked. Private to enter/. */
#ifndef NSVIEW_ENTER_ACCOUNT_H
#define NSVIEW_ENTER_ACCOUNT_H

#include <stdbool.h>
#include <sys/types.h>
#include <nsview/buffer.h>

/*
 * Home and shell of a user by the passwd file below root (O_PATH fd). Left empty where it has no
 * such line; a shell may be missing alone. Both are absolute paths if they are anything.
 */
void account_read(int root, uid_t uid, struct buffer *out_home, struct buffer *out_shell);

/* The same of the text of a passwd file; pure. */
void account_find(const char *text, size_t len, uid_t uid, struct buffer *out_home,
		  struct buffer *out_shell);

#endif

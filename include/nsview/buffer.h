/* SPDX-License-Identifier: MIT */
/* A growing byte buffer. Always NUL-terminated after an append; may also hold NUL bytes. */
#ifndef NSVIEW_BUFFER_H
#define NSVIEW_BUFFER_H

#include <stddef.h>

struct buffer {
	char *data; /* owned; NULL while nothing was ever appended */
	size_t len; /* bytes in use, without the terminating NUL */
	size_t cap;
};

#define BUFFER_INIT                                                                                \
	{                                                                                          \
		NULL, 0, 0                                                                         \
	}
#define autobuffer __attribute__((cleanup(buffer_release))) struct buffer

void buffer_release(struct buffer *b);
/* Empties the buffer and keeps its memory. */
void buffer_clear(struct buffer *b);
/* Makes room for at least extra more bytes and the NUL; ends the program when memory is out. */
void buffer_reserve(struct buffer *b, size_t extra);
void buffer_append(struct buffer *b, const void *data, size_t len);
void buffer_text(struct buffer *b, const char *text);
void buffer_char(struct buffer *b, char c);
void buffer_printf(struct buffer *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The contents as a C string, "" when nothing was appended. Borrowed from b. */
const char *buffer_str(const struct buffer *b);

#endif

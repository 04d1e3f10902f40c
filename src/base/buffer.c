/* SPDX-License-Identifier: MIT */
/* A growing byte buffer; knows nothing of what it holds. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nsview/buffer.h>
#include <nsview/error.h>

void buffer_release(struct buffer *b)
{
	free(b->data);
	*b = (struct buffer)BUFFER_INIT;
}

void buffer_clear(struct buffer *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

void buffer_reserve(struct buffer *b, size_t extra)
{
	size_t need = b->len + extra + 1;
	size_t cap = b->cap ? b->cap : 64;

	if (need <= b->cap)
		return;
	while (cap < need)
		cap *= 2;
	b->data = realloc(b->data, cap);
	if (!b->data)
		die("out of memory");
	b->cap = cap;
}

void buffer_append(struct buffer *b, const void *data, size_t len)
{
	buffer_reserve(b, len);
	if (len)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void buffer_text(struct buffer *b, const char *text)
{
	buffer_append(b, text, strlen(text));
}

void buffer_char(struct buffer *b, char c)
{
	buffer_append(b, &c, 1);
}

void buffer_printf(struct buffer *b, const char *fmt, ...)
{
	va_list args, again;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	buffer_reserve(b, 64);
	n = vsnprintf(b->data + b->len, b->cap - b->len, fmt, args);
	if (n >= 0 && (size_t)n >= b->cap - b->len) {
		buffer_reserve(b, (size_t)n);
		vsnprintf(b->data + b->len, b->cap - b->len, fmt, again);
	}
	va_end(again);
	va_end(args);
	if (n > 0)
		b->len += (size_t)n;
}

const char *buffer_str(const struct buffer *b)
{
	return b->data ? b->data : "";
}

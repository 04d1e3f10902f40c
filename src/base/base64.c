/* SPDX-License-Identifier: MIT */
/* Writes base64: three bytes in four letters, what is missing of the last three as '='. Pure. */
#include <stdint.h>

#include <nsview/base64.h>

void base64_append(struct buffer *out, const void *data, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i += 3) {
		uint32_t bits = (uint32_t)bytes[i] << 16;

		bits |= i + 1 < len ? (uint32_t)bytes[i + 1] << 8 : 0;
		bits |= i + 2 < len ? bytes[i + 2] : 0;
		for (size_t k = 0; k < 4; k++)
			buffer_char(out, i + k > len ? '=' : digits[bits >> (18 - 6 * k) & 63]);
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * Spans, and the texts that an identity is made of: ids, short names, quotes as evidence. Bytes
 * are kept as they came, since they are escaped where they are shown; only NUL, which would cut a
 * name short unseen, and lengths without limit are refused.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "identity_parts.h"

/* TEXT_MAX: namespace, pod and container of Kubernetes take 381. */
enum { EVIDENCE_MAX = 512, TEXT_MAX = 1023, SHORT_ID = 12, HEX_ID = 64 };

bool span_begins(struct span s, const char *text)
{
	size_t len = strlen(text);

	return s.len >= len && (len == 0 || memcmp(s.data, text, len) == 0);
}

bool span_ends(struct span s, const char *text)
{
	size_t len = strlen(text);

	return s.len >= len && (len == 0 || memcmp(s.data + s.len - len, text, len) == 0);
}

struct span span_after_last(struct span s, char c)
{
	const char *at = s.len ? memrchr(s.data, c, s.len) : NULL;

	return at ? (struct span){ at + 1, (size_t)(s.data + s.len - at - 1) } : s;
}

bool identity_is_hex64(struct span id)
{
	if (id.len != HEX_ID)
		return false;
	for (size_t i = 0; i < id.len; i++) {
		char c = id.data[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
	}
	return true;
}

/* Not isalnum: that asks the locale. */
static bool id_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.' || c == '-';
}

bool identity_id_valid(struct span id)
{
	if (id.len == 0 || id.len > NAME_MAX || span_is(id, ".") || span_is(id, ".."))
		return false;
	for (size_t i = 0; i < id.len; i++) {
		if (!id_char(id.data[i]))
			return false;
	}
	return true;
}

const char *identity_text(struct arena *arena, struct span text)
{
	size_t len = text.len < TEXT_MAX ? text.len : TEXT_MAX;

	return arena_copy(arena, text.data, len ? strnlen(text.data, len) : 0);
}

const char *identity_short(struct arena *arena, struct span id)
{
	if (identity_is_hex64(id))
		id.len = SHORT_ID;
	return identity_text(arena, id);
}

const char *identity_evidence(struct arena *arena, const char *source, struct span quote)
{
	static const char gap[] = "...";
	char text[EVIDENCE_MAX + 1];
	size_t used = (size_t)snprintf(text, sizeof(text), "%s", source);

	/* Sources are our own words and paths that we chose; half the room is always enough. */
	if (used > EVIDENCE_MAX / 2)
		used = EVIDENCE_MAX / 2;
	if (quote.len > EVIDENCE_MAX - used) {
		size_t kept = EVIDENCE_MAX - used - (sizeof(gap) - 1);

		memcpy(text + used, gap, sizeof(gap) - 1);
		used += sizeof(gap) - 1;
		quote.data += quote.len - kept;
		quote.len = kept;
	}
	if (quote.len > 0)
		memcpy(text + used, quote.data, quote.len);
	return arena_copy(arena, text, used + quote.len);
}

/* SPDX-License-Identifier: MIT */
/*
 * Finds the right word nearest to a mistyped one. Counts a letter too many, missing, wrong, or
 * swapped with its neighbour as one mistake each. Knows no words: the caller has them.
 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include <nsview/nearest.h>

/* Whoever types more than this did not mistype one of our words. */
enum { WORD_MAX = 64 };

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Mistakes between a and b, each at most WORD_MAX long; only the last two rows are kept. */
static unsigned distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned rows[3][WORD_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *now = rows[2];

	for (unsigned j = 0; j <= b_len; j++)
		last[j] = j;
	for (unsigned i = 1; i <= a_len; i++) {
		unsigned *spare = before;

		now[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned wrong = !same_letter(a[i - 1], b[j - 1]);

			now[j] = least(last[j] + 1, now[j - 1] + 1, last[j - 1] + wrong);
			if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
			    same_letter(a[i - 2], b[j - 1]) && before[j - 2] + 1 < now[j])
				now[j] = before[j - 2] + 1;
		}
		before = last;
		last = now;
		now = spare;
	}
	return last[b_len];
}

/* How many mistakes a word of this length may hold and still be recognisable. */
static unsigned tolerance(size_t len)
{
	if (len < 2)
		return 0;
	return len < 4 ? 1 : len < 8 ? 2 : 3;
}

const char *nearest_word(const char *word, const char *(*next)(const void *ctx, size_t i),
			 const void *ctx)
{
	size_t len = strlen(word);
	unsigned best = tolerance(len) + 1;
	const char *found = NULL, *candidate;

	if (len > WORD_MAX)
		return NULL;
	for (size_t i = 0; (candidate = next(ctx, i)); i++) {
		size_t candidate_len = strlen(candidate);
		unsigned d;

		if (candidate_len > WORD_MAX)
			continue;
		d = distance(word, len, candidate, candidate_len);
		if (d < best) {
			best = d;
			found = candidate;
		}
	}
	return found;
}

/* SPDX-License-Identifier: MIT */
/* Arena memory is zeroed, aligned, never moves, never overlaps, and survives being adopted. */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/arena.h>

static void assert_zero(const unsigned char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		assert_int_equal(p[i], 0);
}

/* Fills each piece with its own number and looks at all of them when all are there. */
static void pieces_are_zeroed_aligned_and_apart(void **state)
{
	struct arena a = ARENA_INIT;
	unsigned char *pieces[600];

	(void)state;
	for (size_t i = 0; i < 600; i++) {
		pieces[i] = arena_alloc(&a, i);
		assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		assert_zero(pieces[i], i);
		memset(pieces[i], (int)(i % 255) + 1, i);
	}
	for (size_t i = 0; i < 600; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_equal(pieces[i][k], i % 255 + 1);
	arena_release(&a);
}

static void copies_end_in_nul_and_may_hold_nul(void **state)
{
	struct arena a = ARENA_INIT;
	const char *first, *second, *empty;

	(void)state;
	first = arena_copy(&a, "a\0bcd", 4);
	second = arena_copy(&a, "xyz", 3);
	empty = arena_copy(&a, NULL, 0);
	assert_memory_equal(first, "a\0bc", 5);
	assert_string_equal(second, "xyz");
	assert_string_equal(empty, "");
	arena_release(&a);
}

static void alignment_holds_after_an_odd_copy(void **state)
{
	struct arena a = ARENA_INIT;

	(void)state;
	for (size_t len = 0; len < 40; len++) {
		arena_copy(&a, "0123456789012345678901234567890123456789", len);
		assert_int_equal((uintptr_t)arena_alloc(&a, 8) % alignof(max_align_t), 0);
	}
	arena_release(&a);
}

static void huge_piece_fits(void **state)
{
	struct arena a = ARENA_INIT;
	unsigned char *small = arena_alloc(&a, 16), *huge;

	(void)state;
	memset(small, 0x55, 16);
	huge = arena_alloc(&a, 3 << 20);
	assert_zero(huge, 3 << 20);
	memset(huge, 0xaa, 3 << 20);
	assert_int_equal(small[15], 0x55);
	memset(arena_alloc(&a, 100), 1, 100);
	assert_int_equal(huge[(3 << 20) - 1], 0xaa);
	arena_release(&a);
}

static void adopted_memory_lives_on(void **state)
{
	struct arena a = ARENA_INIT, from = ARENA_INIT;
	char *kept[40], *own;

	(void)state;
	own = arena_copy(&a, "own", 3);
	/* More than one chunk on both sides. */
	arena_alloc(&a, 20000);
	for (size_t i = 0; i < 40; i++) {
		kept[i] = arena_alloc(&from, 1000);
		memset(kept[i], (int)i + 1, 1000);
	}
	arena_adopt(&a, &from);
	assert_null(from.chunks);
	assert_int_equal(from.used, 0);
	arena_release(&from);
	for (size_t i = 0; i < 40; i++)
		memset(arena_alloc(&a, 1000), 0xff, 1000);
	for (size_t i = 0; i < 40; i++)
		assert_int_equal(kept[i][999], i + 1);
	assert_string_equal(own, "own");
	arena_release(&a);
}

static void empty_arena_adopts_and_goes_on_filling(void **state)
{
	struct arena a = ARENA_INIT, from = ARENA_INIT;
	char *kept = arena_copy(&from, "kept", 4), *more;

	(void)state;
	arena_adopt(&a, &from);
	more = arena_copy(&a, "more", 4);
	assert_string_equal(kept, "kept");
	assert_string_equal(more, "more");
	arena_adopt(&a, &from);
	assert_string_equal(kept, "kept");
	arena_release(&a);
}

static void released_arena_is_new(void **state)
{
	struct arena a = ARENA_INIT;

	(void)state;
	arena_release(&a);
	memset(arena_alloc(&a, 100), 0xff, 100);
	arena_release(&a);
	assert_null(a.chunks);
	assert_int_equal(a.used, 0);
	assert_zero(arena_alloc(&a, 100), 100);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(copies_end_in_nul_and_may_hold_nul),
		cmocka_unit_test(alignment_holds_after_an_odd_copy),
		cmocka_unit_test(huge_piece_fits),
		cmocka_unit_test(adopted_memory_lives_on),
		cmocka_unit_test(empty_arena_adopts_and_goes_on_filling),
		cmocka_unit_test(released_arena_is_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

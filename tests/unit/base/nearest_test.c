/* SPDX-License-Identifier: MIT */
/* A suggestion must be what was meant, or there must be none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nsview/nearest.h>

static const char *const words[] = { "cgroup", "ipc", "mnt",	"net",	    "pid",	"time",
				     "user",   "uts", "NPROCS", "OWNERUID", "snapshot", NULL };

static const char *next(const void *ctx, size_t i)
{
	return ((const char *const *)ctx)[i];
}

static const char *nearest(const char *word)
{
	return nearest_word(word, next, words);
}

static void one_mistake_is_forgiven(void **state)
{
	(void)state;
	assert_string_equal(nearest("nett"), "net");
	assert_string_equal(nearest("cgrup"), "cgroup");
	assert_string_equal(nearest("tine"), "time");
	assert_string_equal(nearest("ut"), "uts");
}

static void swapped_letters_are_one_mistake(void **state)
{
	(void)state;
	assert_string_equal(nearest("nte"), "net");
	assert_string_equal(nearest("snapsoht"), "snapshot");
}

static void case_is_no_mistake(void **state)
{
	(void)state;
	assert_string_equal(nearest("nprocs"), "NPROCS");
	assert_string_equal(nearest("SNAPSHOT"), "snapshot");
	assert_string_equal(nearest("owner_uid"), "OWNERUID");
}

static void nearer_word_wins(void **state)
{
	(void)state;
	assert_string_equal(nearest("utser"), "user");
	assert_string_equal(nearest("pit"), "pid");
}

static void far_word_gets_no_suggestion(void **state)
{
	(void)state;
	assert_null(nearest("docker"));
	assert_null(nearest("xyz"));
	assert_null(nearest("x"));
	assert_null(nearest(""));
	assert_null(nearest("networking"));
}

static void single_letter_resembles_nothing(void **state)
{
	const char *const letters[] = { "p", "t", NULL };

	(void)state;
	assert_null(nearest_word("x", next, letters));
}

static void endless_words_are_not_compared(void **state)
{
	char word[5000];
	const char *const long_words[] = { word, NULL };

	(void)state;
	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_null(nearest(word));
	assert_null(nearest_word("aaaaaaaa", next, long_words));
	/* The longest words that are compared are 64 letters long. */
	word[65] = '\0';
	assert_null(nearest_word(word + 1, next, long_words));
	word[64] = '\0';
	assert_ptr_equal(nearest_word(word + 1, next, long_words), word);
}

static void no_candidates_give_no_suggestion(void **state)
{
	const char *const none[] = { NULL };

	(void)state;
	assert_null(nearest_word("net", next, none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_mistake_is_forgiven),
		cmocka_unit_test(swapped_letters_are_one_mistake),
		cmocka_unit_test(case_is_no_mistake),
		cmocka_unit_test(nearer_word_wins),
		cmocka_unit_test(far_word_gets_no_suggestion),
		cmocka_unit_test(single_letter_resembles_nothing),
		cmocka_unit_test(endless_words_are_not_compared),
		cmocka_unit_test(no_candidates_give_no_suggestion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

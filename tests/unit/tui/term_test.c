/* SPDX-License-Identifier: MIT */
/* The terminal is given back before the last words: on die() in any thread, on a crash. */
#include <fcntl.h>
#include <pthread.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include <nsview/buffer.h>

#include "../../../src/tui/altstack.h"
#include "../../../src/tui/tui_term.h"

static void *die_elsewhere(void *unused)
{
	(void)unused;
	die("out of memory");
}

static void end_by_die(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, die_elsewhere, NULL);
	pthread_join(thread, NULL);
}

static void end_by_abort(void)
{
	signal(SIGABRT, SIG_DFL);
	abort();
}

/* Uses up the stack, whatever its limit is, before it comes to its end. */
static unsigned deeper(volatile uint64_t *depth)
{
	volatile char page[4096];

	page[*depth % sizeof(page)] = 1;
	return --*depth ? deeper(depth) + (unsigned)page[0] : 0;
}

static void end_by_overflow(void)
{
	volatile uint64_t depth = UINT64_MAX;

	deeper(&depth);
}

static void *overflow(void *unused)
{
	struct altstack stack;

	(void)unused;
	altstack_init(&stack);
	end_by_overflow();
	altstack_release(&stack);
	return NULL;
}

static void end_by_overflow_elsewhere(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, overflow, NULL);
	pthread_join(thread, NULL);
}

/* What a child that has taken the terminal and ends like that writes to it. */
static int ending(void (*end)(void), struct buffer *out, struct termios *before,
		  struct termios *after)
{
	const struct winsize size = { .ws_row = 24, .ws_col = 80 };
	int pty, status;
	char text[4096];
	ssize_t n;
	pid_t pid = forkpty(&pty, NULL, NULL, &size);

	assert_true(pid >= 0);
	if (pid == 0) {
		struct error err = { 0 };

		setenv("TERM", "xterm", 1);
		if (tui_term_open(true, true, &err) < 0)
			_exit(9);
		end();
		_exit(8);
	}
	assert_int_equal(tcgetattr(pty, before), 0);
	while ((n = read(pty, text, sizeof(text))) > 0)
		buffer_append(out, text, (size_t)n);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(tcgetattr(pty, after), 0);
	close(pty);
	return status;
}

static void die_gives_the_terminal_back_first(void **state)
{
	autobuffer out = BUFFER_INIT;
	struct termios before, after;
	int status = ending(end_by_die, &out, &before, &after);
	const char *left, *words;

	(void)state;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	left = strstr(buffer_str(&out), "\033[?1049l");
	words = strstr(buffer_str(&out), "nsview: out of memory");
	assert_non_null(left);
	assert_non_null(words);
	assert_true(left < words);
	assert_int_equal(after.c_lflag & (ICANON | ECHO), ICANON | ECHO);
}

static void a_crash_gives_the_terminal_back(void **state)
{
	autobuffer out = BUFFER_INIT;
	struct termios before, after;

	(void)state;
	ending(abort, &out, &before, &after);
	assert_non_null(strstr(buffer_str(&out), "\033[?1049l"));
	/* And without a handler it would not. */
	buffer_clear(&out);
	ending(end_by_abort, &out, &before, &after);
	assert_null(strstr(buffer_str(&out), "\033[?1049l"));
}

/* A handler needs a stack, also where there is none left. */
static void a_stack_that_is_used_up_is_a_crash_like_others(void **state)
{
	static void (*const ends[])(void) = { end_by_overflow, end_by_overflow_elsewhere };
	struct termios before, after;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		autobuffer out = BUFFER_INIT;

		ending(ends[i], &out, &before, &after);
		assert_non_null(strstr(buffer_str(&out), "\033[?1049l"));
		assert_non_null(strstr(buffer_str(&out), "\033[?1000l")); /* the mouse too */
		assert_int_equal(after.c_lflag & (ICANON | ECHO), ICANON | ECHO);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(die_gives_the_terminal_back_first),
		cmocka_unit_test(a_crash_gives_the_terminal_back),
		cmocka_unit_test(a_stack_that_is_used_up_is_a_crash_like_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

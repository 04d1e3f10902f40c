/* SPDX-License-Identifier: MIT */
/* The command's environment, and what is read of a passwd file that somebody else wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "../../../src/enter/account.h"
#include "../../../src/enter/environ.h"

static char *const host[] = { (char *)"PATH=/host",
			      (char *)"TERM=vt100",
			      (char *)"LC_ALL=C",
			      (char *)"TOKEN=secret",
			      (char *)"HOME=/me",
			      (char *)"LD_PRELOAD=x",
			      NULL };
static const char target[] = "PATH=/theirs\0LD_PRELOAD=evil\0BASH_ENV=evil\0PYTHONPATH=evil\0"
			     "HOME=/theirs\0HISTFILE=/etc/x\0LESSOPEN=|evil\0LESS=+!evil\0"
			     "NAME=value\0no-equals\0EMPTY=";

static size_t count(char **env)
{
	size_t n = 0;

	while (env[n])
		n++;
	return n;
}

static void foreign_files_get_little_of_ours(void **state)
{
	const struct environ_source from = { ENV_DEFAULT, true, host, NULL, 0, "/home/x", NULL };
	char **env = environ_make(&from);

	(void)state;
	assert_string_equal(environ_get(env, "TERM"), "vt100");
	assert_string_equal(environ_get(env, "LC_ALL"), "C");
	assert_string_equal(environ_get(env, "HOME"), "/home/x");
	assert_non_null(strstr(environ_get(env, "PATH"), "/usr/bin"));
	assert_int_equal(count(env), 4);
	environ_free(env);
}

static void our_own_files_get_all_of_it(void **state)
{
	const struct environ_source from = { ENV_DEFAULT, false, host, NULL, 0, "", NULL };
	char **env = environ_make(&from);

	(void)state;
	assert_int_equal(count(env), 6);
	assert_string_equal(environ_get(env, "TOKEN"), "secret");
	environ_free(env);
}

static void a_home_that_is_not_known_is_the_root(void **state)
{
	const struct environ_source from = { ENV_DEFAULT, true, host, NULL, 0, "", NULL };
	char **env = environ_make(&from);

	(void)state;
	assert_string_equal(environ_get(env, "HOME"), "/");
	environ_free(env);
}

static void the_targets_own_is_whole_for_its_own_files(void **state)
{
	const struct environ_source from = { ENV_TARGET,     true, host, target,
					     sizeof(target), "/",  NULL };
	char **env = environ_make(&from);

	(void)state;
	assert_string_equal(environ_get(env, "PATH"), "/theirs");
	assert_string_equal(environ_get(env, "LD_PRELOAD"), "evil");
	assert_string_equal(environ_get(env, "EMPTY"), "");
	assert_int_equal(count(env), 10);
	environ_free(env);
}

static void programs_of_the_host_load_nothing_by_the_targets_word(void **state)
{
	const struct environ_source from = { ENV_TARGET,     false, host, target,
					     sizeof(target), "/",   NULL };
	char **env = environ_make(&from);

	(void)state;
	assert_string_equal(environ_get(env, "PATH"), "/host");
	assert_string_equal(environ_get(env, "NAME"), "value");
	assert_null(environ_get(env, "LD_PRELOAD"));
	assert_null(environ_get(env, "BASH_ENV"));
	assert_null(environ_get(env, "PYTHONPATH"));
	assert_null(environ_get(env, "HISTFILE"));
	assert_null(environ_get(env, "LESS"));
	assert_string_equal(environ_get(env, "HOME"), "/me");
	assert_int_equal(count(env), 4);
	environ_free(env);
}

static void what_is_set_comes_last(void **state)
{
	static const char *const set[] = { "A=1", "TERM=x", "A=2", NULL };
	struct environ_source from = { ENV_CLEAR, true, host, NULL, 0, "/", set };
	char **env = environ_make(&from);

	(void)state;
	assert_int_equal(count(env), 2);
	assert_string_equal(environ_get(env, "A"), "2");
	environ_free(env);
	from.choice = ENV_HOST;
	env = environ_make(&from);
	assert_string_equal(environ_get(env, "TERM"), "x");
	assert_int_equal(count(env), 7);
	environ_free(env);
}

static void account_is(const char *text, size_t len, uid_t uid, const char *home, const char *shell)
{
	autobuffer got_home = BUFFER_INIT;
	autobuffer got_shell = BUFFER_INIT;

	account_find(text, len, uid, &got_home, &got_shell);
	assert_string_equal(buffer_str(&got_home), home);
	assert_string_equal(buffer_str(&got_shell), shell);
}

static void accounts_are_found_by_number(void **state)
{
	static const char text[] = "# comment\nroot:x:0:0:root:/root:/bin/bash\n"
				   "short:x:5:5:x\nx:x:05x:0::/no:/no\nnoshell:x:7:7::/seven\n"
				   "rel:x:8:8::home:bin/sh\nnul:x:9:9::/a\0b:/bin/sh\n"
				   "big:x:4294967296:0::/no:/no\nroot2:x:0:0::/second:/second\n"
				   "last:x:10:10::/ten:/bin/ten";
	const size_t len = sizeof(text) - 1;

	(void)state;
	account_is(text, len, 0, "/root", "/bin/bash");
	account_is(text, len, 5, "", "");
	account_is(text, len, 7, "/seven", "");
	account_is(text, len, 8, "", "");
	account_is(text, len, 9, "", "/bin/sh");
	account_is(text, len, 10, "/ten", "/bin/ten");
	account_is(text, len, 11, "", "");
	account_is("", 0, 0, "", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(foreign_files_get_little_of_ours),
		cmocka_unit_test(our_own_files_get_all_of_it),
		cmocka_unit_test(a_home_that_is_not_known_is_the_root),
		cmocka_unit_test(the_targets_own_is_whole_for_its_own_files),
		cmocka_unit_test(programs_of_the_host_load_nothing_by_the_targets_word),
		cmocka_unit_test(what_is_set_comes_last),
		cmocka_unit_test(accounts_are_found_by_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Runs commands in turn (A B C A B C ...) and prints for each, separated by tabs: label, minimum
 * and median of the wall time in microseconds, largest resident set in KiB, and the worst exit
 * status (128 + signal). Knows nothing of what it runs; times come from CLOCK_MONOTONIC around
 * fork and wait, memory from wait4.
 *
 *   timeit [-r ROUNDS] [-w WARMUPS] LABEL: CMD... [-- LABEL: CMD...]...
 *
 * Output goes to /dev/null; a label that ends in | instead of : has it read through a pipe.
 */
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COMMANDS_MAX = 32, ROUNDS_MAX = 99, WARMUPS_MAX = 99 };

struct command {
	char *label; /* without its last character */
	char **argv;
	bool piped;
	int status;
	long rss_kib;
	uint64_t wall_us[ROUNDS_MAX];
};

static uint64_t now_us(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

static _Noreturn void child(char **argv, int out)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || dup2(null, 0) < 0 || dup2(out < 0 ? null : out, 1) < 0)
		err(126, "/dev/null");
	execvp(argv[0], argv);
	err(127, "%s", argv[0]);
}

static void drain(int fd)
{
	static char buf[1 << 16];
	while (read(fd, buf, sizeof(buf)) > 0)
		continue;
}

static void run_once(struct command *c, uint64_t *out_us)
{
	int ends[2] = { -1, -1 }, status;
	struct rusage usage;
	if (c->piped && pipe2(ends, O_CLOEXEC) < 0)
		err(1, "pipe");
	uint64_t start = now_us();
	pid_t pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0)
		child(c->argv, ends[1]);
	if (c->piped) {
		close(ends[1]);
		drain(ends[0]);
		close(ends[0]);
	}
	if (wait4(pid, &status, 0, &usage) < 0)
		err(1, "wait4");
	*out_us = now_us() - start;
	status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	if (status > c->status)
		c->status = status;
	if (usage.ru_maxrss > c->rss_kib)
		c->rss_kib = usage.ru_maxrss;
}

static int compare_us(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void print_command(struct command *c, unsigned rounds)
{
	qsort(c->wall_us, rounds, sizeof(c->wall_us[0]), compare_us);
	uint64_t median = (c->wall_us[(rounds - 1) / 2] + c->wall_us[rounds / 2]) / 2;
	printf("%s\t%llu\t%llu\t%ld\t%d\n", c->label, (unsigned long long)c->wall_us[0],
	       (unsigned long long)median, c->rss_kib, c->status);
}

static bool is_label(const char *word)
{
	size_t len = word ? strlen(word) : 0;

	return len && (word[len - 1] == ':' || word[len - 1] == '|');
}

/* Cuts argv at each "--" that a label follows: the others are the commands' own. */
static unsigned parse_commands(char **argv, struct command *commands)
{
	unsigned n = 0;
	for (char **at = argv; *at;) {
		size_t len = strlen(*at);
		char end;
		if (n == COMMANDS_MAX || !is_label(*at) || !at[1])
			errx(2, "expected LABEL: CMD..., not '%s'", *at);
		end = (*at)[len - 1];
		(*at)[len - 1] = '\0';
		commands[n++] =
			(struct command){ .label = *at, .argv = at + 1, .piped = end == '|' };
		while (*at && (strcmp(*at, "--") != 0 || !is_label(at[1])))
			at++;
		if (*at)
			*at++ = NULL;
	}
	return n;
}

static unsigned parse_count(const char *text, unsigned least, unsigned most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);
	if (end == text || *end || value < least || value > most)
		errx(2, "'%s' is not a number from %u to %u", text, least, most);
	return (unsigned)value;
}

int main(int argc, char **argv)
{
	static struct command commands[COMMANDS_MAX];
	unsigned rounds = 5, warmups = 1;
	int opt;
	while ((opt = getopt(argc, argv, "+r:w:")) != -1) {
		if (opt == 'r')
			rounds = parse_count(optarg, 1, ROUNDS_MAX);
		else if (opt == 'w')
			warmups = parse_count(optarg, 0, WARMUPS_MAX);
		else
			return 2;
	}
	unsigned n = parse_commands(argv + optind, commands);
	for (unsigned round = 0; round < warmups + rounds; round++)
		for (unsigned i = 0; i < n; i++)
			run_once(&commands[i],
				 &commands[i].wall_us[round < warmups ? 0 : round - warmups]);
	for (unsigned i = 0; i < n; i++)
		print_command(&commands[i], rounds);
	return 0;
}

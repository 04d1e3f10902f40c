/* SPDX-License-Identifier: MIT */
/*
 * Measures a full-screen program from outside, in a pseudo-terminal of 24 lines and 80 columns:
 * how soon its first screen and its first row are there, how much it writes while nobody types
 * and for a key, how soon it answers one, what it keeps in memory. Knows nothing of what is shown
 * but the pattern that tells a row.
 *
 *   screen [-r REFRESHES] ROW CMD...
 *
 * Prints one line "NAME VALUE" for each. ROW is text that only rows have. R is typed before each
 * key, so that keys are answered while the host is being read; -r types it so many times more.
 * Ends CMD with Q. Status 0, also where CMD shows nothing within ten seconds (a value of -1).
 */
#include <err.h>
#include <poll.h>
#include <pty.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	PATIENCE_MS = 10000,
	QUIET_MS = 150, /* without output the answer to a key is complete */
	IDLE_MS = 5000,
	KEYS = 40,
	REFRESH_MS = 20,
};

struct program {
	pid_t pid;
	int fd;
	unsigned long bytes; /* that it has written */
	char last[1 << 16];  /* what it wrote last */
	size_t nlast;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void start(struct program *p, char **argv)
{
	const struct winsize size = { .ws_row = 24, .ws_col = 80 };

	p->pid = forkpty(&p->fd, NULL, NULL, &size);
	if (p->pid < 0)
		err(1, "forkpty");
	if (p->pid == 0) {
		setenv("TERM", "xterm", 1);
		execvp(argv[0], argv);
		_exit(127);
	}
}

/* Some output; false where there was none for so long. */
static bool hear(struct program *p, int ms)
{
	struct pollfd fd = { .fd = p->fd, .events = POLLIN };
	ssize_t n;

	if (poll(&fd, 1, ms) <= 0)
		return false;
	if (p->nlast > sizeof(p->last) / 2)
		p->nlast = 0;
	n = read(p->fd, p->last + p->nlast, sizeof(p->last) - 1 - p->nlast);
	if (n <= 0)
		return false;
	p->nlast += (size_t)n;
	p->last[p->nlast] = '\0';
	p->bytes += (unsigned long)n;
	return true;
}

static void hush(struct program *p)
{
	while (hear(p, QUIET_MS))
		;
}

static void type_key(const struct program *p, char key)
{
	if (write(p->fd, &key, 1) != 1)
		err(1, "write");
}

static long resident_kb(const struct program *p, const char *field)
{
	char path[64], line[256];
	long kb = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)p->pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, field, strlen(field)) == 0)
			kb = strtol(line + strlen(field) + 1, NULL, 10);
	if (file)
		fclose(file);
	return kb;
}

static void measure_start(struct program *p, const char *row, double began)
{
	double first = -1, rows = -1;

	while (rows < 0 && hear(p, PATIENCE_MS)) {
		if (first < 0)
			first = now_ms() - began;
		if (strstr(p->last, row))
			rows = now_ms() - began;
	}
	printf("first_output_ms %.1f\nfirst_rows_ms %.1f\n", first, rows);
	hush(p);
	printf("resident_kb %ld\n", resident_kb(p, "VmRSS:"));
}

static void measure_idle(struct program *p)
{
	unsigned long before = p->bytes;
	double until = now_ms() + IDLE_MS;

	while (now_ms() < until)
		hear(p, (int)(until - now_ms()) + 1);
	printf("idle_bytes_per_s %.0f\n", (double)(p->bytes - before) * 1000 / IDLE_MS);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Down and up, each while a scan is under way. */
static void measure_keys(struct program *p)
{
	double answer[KEYS];
	unsigned long most = 0;

	for (int i = 0; i < KEYS; i++) {
		unsigned long before;
		double began;

		hush(p);
		type_key(p, 'R');
		usleep((useconds_t)(i % 10) * 5000);
		before = p->bytes;
		began = now_ms();
		type_key(p, i % 2 ? 'k' : 'j');
		answer[i] = hear(p, PATIENCE_MS) ? now_ms() - began : -1;
		hush(p);
		if (p->bytes - before > most)
			most = p->bytes - before;
	}
	qsort(answer, KEYS, sizeof(*answer), compare);
	printf("key_ms_median %.1f\nkey_ms_most %.1f\nkey_bytes_most %lu\n", answer[KEYS / 2],
	       answer[KEYS - 1], most);
}

static void measure_refreshes(struct program *p, long refreshes)
{
	long before, after;

	/* The first ones fill what the allocator keeps. */
	for (long i = 0; i < refreshes / 10; i++) {
		type_key(p, 'R');
		hear(p, REFRESH_MS);
	}
	hush(p);
	before = resident_kb(p, "VmRSS:");
	for (long i = 0; i < refreshes; i++) {
		type_key(p, 'R');
		hear(p, REFRESH_MS);
	}
	hush(p);
	after = resident_kb(p, "VmRSS:");
	printf("refreshes %ld\nresident_growth_kb %ld\n", refreshes, after - before);
}

int main(int argc, char **argv)
{
	struct program p = { 0 };
	long refreshes = 0;
	int option;
	double began;

	while ((option = getopt(argc, argv, "+r:")) != -1) {
		if (option != 'r')
			return 2;
		refreshes = strtol(optarg, NULL, 10);
	}
	if (argc - optind < 2)
		errx(2, "usage: screen [-r REFRESHES] ROW CMD...");
	began = now_ms();
	start(&p, argv + optind + 1);
	measure_start(&p, argv[optind], began);
	measure_idle(&p);
	measure_keys(&p);
	if (refreshes > 0)
		measure_refreshes(&p, refreshes);
	printf("resident_most_kb %ld\n", resident_kb(&p, "VmHWM:"));
	type_key(&p, 'Q');
	while (hear(&p, PATIENCE_MS))
		;
	waitpid(p.pid, NULL, 0);
	return 0;
}

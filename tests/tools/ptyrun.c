/* SPDX-License-Identifier: MIT */
/*
 * Runs a command under a pseudo-terminal of its own, as the leader of a session, and plays the
 * person at it, by a script on stdin:
 *
 *   send TEXT        types it; \r \n \e \\ \xHH
 *   expect TEXT      waits until it appears behind what was last expected
 *   unseen TEXT      fails if it has appeared behind what was last expected
 *   resize ROWS COLS
 *   signal NUMBER    to the command
 *   raw, cooked      waits until the terminal is (what is typed comes at once, or line by line)
 *   same             waits until all settings are as at the start
 *   hangup           closes the terminal
 *   exit [STATUS]    waits until the command ends, with 128 + signal as in a shell
 *   bytes N          waits until N bytes were seen in all, and says their sum: "sum N"
 *
 *   ptyrun [-v] [-s ROWSxCOLS] COMMAND...
 *
 * Exits 0 if all came true, else says which line did not, and what was seen. Waits 20 seconds at
 * most for each line. An environment variable in TEXT is not expanded: that is the shell's.
 */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000, SEEN_MAX = 1 << 22 };

struct run {
	int master;
	int slave; /* so that settings can be read, and reading never ends */
	pid_t pid;
	bool ended;
	int status;
	struct termios before;
	char *seen;
	size_t nseen, matched;
	unsigned long sum;
	const char *line;
	bool verbose;
};

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void show_seen(const struct run *r)
{
	size_t from = r->nseen > 4000 ? r->nseen - 4000 : 0;

	for (size_t i = from; i < r->nseen; i++) {
		unsigned char c = (unsigned char)r->seen[i];

		if (i == r->matched)
			fputs("<HERE>", stderr);
		if (c == '\n' || (c >= ' ' && c < 0x7f))
			fputc(c, stderr);
		else if (c != '\r')
			fprintf(stderr, "\\x%02x", c);
	}
	fputc('\n', stderr);
}

__attribute__((noreturn)) static void fail(struct run *r, const char *why)
{
	fprintf(stderr, "ptyrun: %s: %s; seen:\n", r->line, why);
	show_seen(r);
	if (!r->ended && r->pid > 1)
		kill(r->pid, SIGKILL);
	exit(1);
}

/* Takes in what has come, waiting at most so long for some. */
static void take(struct run *r, int ms)
{
	struct pollfd p = { r->master, POLLIN, 0 };
	ssize_t n;

	if (r->master < 0) {
		poll(NULL, 0, ms);
		return;
	}
	if (poll(&p, 1, ms) != 1)
		return;
	n = read(r->master, r->seen + r->nseen, SEEN_MAX - r->nseen - 1);
	for (ssize_t i = 0; i < n; i++)
		r->sum += (unsigned char)r->seen[r->nseen + (size_t)i];
	if (n > 0)
		r->nseen += (size_t)n;
	r->seen[r->nseen] = '\0';
	if (r->nseen >= SEEN_MAX - 1)
		fail(r, "too much output");
}

static void reap(struct run *r)
{
	int status;

	if (!r->ended && r->pid > 1 && waitpid(r->pid, &status, WNOHANG) == r->pid) {
		r->ended = true;
		r->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	}
}

static void until(struct run *r, bool (*true_now)(struct run *r, const char *arg), const char *arg)
{
	long end = now_ms() + PATIENCE_MS;

	while (!true_now(r, arg)) {
		if (now_ms() > end)
			fail(r, "waited in vain");
		take(r, 20);
		reap(r);
	}
}

/* In place: what stands for other bytes. Returns the length. */
static size_t unescape(char *text)
{
	static const char from[] = "rnet\\", to[] = "\r\n\033\t\\";
	char *out = text;

	for (const char *in = text; *in; in++) {
		const char *at = *in == '\\' && in[1] ? strchr(from, in[1]) : NULL;

		if (at) {
			*out++ = to[at - from];
			in++;
		} else if (*in == '\\' && in[1] == 'x' && isxdigit(in[2]) && isxdigit(in[3])) {
			char hex[3] = { in[2], in[3], '\0' };

			*out++ = (char)strtoul(hex, NULL, 16);
			in += 3;
		} else {
			*out++ = *in;
		}
	}
	*out = '\0';
	return (size_t)(out - text);
}

static bool has_come(struct run *r, const char *text)
{
	char *at = memmem(r->seen + r->matched, r->nseen - r->matched, text, strlen(text));

	if (at)
		r->matched = (size_t)(at - r->seen) + strlen(text);
	return at != NULL;
}

static bool settings(struct run *r, struct termios *out)
{
	return tcgetattr(r->slave, out) == 0;
}

static bool is_raw(struct run *r, const char *arg)
{
	struct termios t;

	(void)arg;
	return settings(r, &t) && !(t.c_lflag & ICANON);
}

static bool is_cooked(struct run *r, const char *arg)
{
	struct termios t;

	(void)arg;
	return settings(r, &t) && (t.c_lflag & ICANON);
}

static bool is_same(struct run *r, const char *arg)
{
	struct termios t;

	(void)arg;
	return settings(r, &t) && t.c_iflag == r->before.c_iflag &&
	       t.c_oflag == r->before.c_oflag && t.c_lflag == r->before.c_lflag &&
	       t.c_cflag == r->before.c_cflag &&
	       memcmp(t.c_cc, r->before.c_cc, sizeof(t.c_cc)) == 0;
}

static bool has_ended(struct run *r, const char *arg)
{
	(void)arg;
	return r->ended;
}

static bool enough(struct run *r, const char *arg)
{
	return r->nseen >= strtoul(arg, NULL, 10);
}

/* Typing is slow where nobody reads, and reading must go on meanwhile. */
static void do_send(struct run *r, char *text)
{
	size_t n = unescape(text), done = 0;
	long end = now_ms() + PATIENCE_MS;

	while (done < n) {
		ssize_t ret = write(r->master, text + done, n - done);

		if (ret > 0)
			done += (size_t)ret;
		else
			take(r, 20);
		if (now_ms() > end)
			fail(r, "could not type it");
	}
}

static void do_expect(struct run *r, char *text)
{
	unescape(text);
	until(r, has_come, text);
}

static void do_unseen(struct run *r, char *text)
{
	unescape(text);
	take(r, 0);
	if (has_come(r, text))
		fail(r, "it was seen");
}

static void do_resize(struct run *r, char *arg)
{
	struct winsize size = { 0 };
	char *end;

	size.ws_row = (unsigned short)strtoul(arg, &end, 10);
	size.ws_col = (unsigned short)strtoul(end, NULL, 10);
	if (ioctl(r->master, TIOCSWINSZ, &size) < 0)
		fail(r, strerror(errno));
}

static void do_signal(struct run *r, char *arg)
{
	if (r->pid > 1 && kill(r->pid, atoi(arg)) < 0)
		fail(r, strerror(errno));
}

static void do_raw(struct run *r, char *arg)
{
	until(r, is_raw, arg);
}

static void do_cooked(struct run *r, char *arg)
{
	until(r, is_cooked, arg);
}

static void do_same(struct run *r, char *arg)
{
	until(r, is_same, arg);
}

static void do_hangup(struct run *r, char *arg)
{
	(void)arg;
	close(r->slave);
	close(r->master);
	r->master = r->slave = -1;
}

static void do_exit(struct run *r, char *arg)
{
	until(r, has_ended, arg);
	take(r, 0);
	if (*arg && r->status != atoi(arg)) {
		char why[64];

		snprintf(why, sizeof(why), "its status was %d", r->status);
		fail(r, why);
	}
}

static void do_bytes(struct run *r, char *arg)
{
	until(r, enough, arg);
	printf("sum %lu\n", r->sum);
}

static const struct {
	const char *word;
	void (*run)(struct run *r, char *arg);
} words[] = {
	{ "send", do_send },	 { "expect", do_expect }, { "unseen", do_unseen },
	{ "resize", do_resize }, { "signal", do_signal }, { "raw", do_raw },
	{ "cooked", do_cooked }, { "same", do_same },	  { "hangup", do_hangup },
	{ "exit", do_exit },	 { "bytes", do_bytes },
};

static void play(struct run *r, char *line)
{
	char whole[512];
	char *arg = line + strcspn(line, " ");
	size_t i;

	line[strcspn(line, "\n")] = '\0';
	snprintf(whole, sizeof(whole), "%s", line);
	r->line = whole;
	if (*arg)
		*arg++ = '\0';
	if (!*line || *line == '#')
		return;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(line, words[i].word) == 0)
			break;
	if (i == sizeof(words) / sizeof(*words))
		fail(r, "no such word");
	words[i].run(r, arg);
}

static void child(struct run *r, int slave, char **argv)
{
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	for (int i = 0; i < 3; i++)
		dup2(slave, i);
	if (slave > 2)
		close(slave);
	close(r->master);
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	err(127, "%s", argv[0]);
}

static void start(struct run *r, const char *size, char **argv)
{
	struct winsize ws = { .ws_row = 24, .ws_col = 80 };

	r->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (r->master < 0 || grantpt(r->master) < 0 || unlockpt(r->master) < 0)
		err(2, "posix_openpt");
	r->slave = open(ptsname(r->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (r->slave < 0)
		err(2, "%s", ptsname(r->master));
	if (size && sscanf(size, "%hux%hu", &ws.ws_row, &ws.ws_col) != 2)
		errx(2, "-s ROWSxCOLS");
	ioctl(r->master, TIOCSWINSZ, &ws);
	tcgetattr(r->slave, &r->before);
	r->pid = fork();
	if (r->pid < 0)
		err(2, "fork");
	if (r->pid == 0)
		child(r, r->slave, argv);
}

int main(int argc, char **argv)
{
	struct run r = { .seen = malloc(SEEN_MAX) };
	const char *size = NULL;
	char *line = NULL;
	size_t room = 0;
	int opt;

	while ((opt = getopt(argc, argv, "+vs:")) != -1) {
		if (opt == 'v')
			r.verbose = true;
		else if (opt == 's')
			size = optarg;
		else
			return 2;
	}
	if (!r.seen || optind >= argc)
		errx(2, "usage: ptyrun [-v] [-s ROWSxCOLS] COMMAND... <SCRIPT");
	signal(SIGPIPE, SIG_IGN);
	start(&r, size, argv + optind);
	while (getline(&line, &room, stdin) > 0)
		play(&r, line);
	if (r.verbose)
		show_seen(&r);
	reap(&r);
	if (!r.ended && r.pid > 1)
		kill(r.pid, SIGKILL);
	free(line);
	free(r.seen);
	return 0;
}

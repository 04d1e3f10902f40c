/* SPDX-License-Identifier: MIT */
/*
 * The event loop: keys, signals, new graphs, the output of a command, each as it comes; then one
 * painting. The lock over the graph is held all the time but while waiting. Decides nothing about
 * what is shown.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <nsview/cleanup.h>

#include "clock.h"
#include "feed.h"
#include "tui_errands.h"
#include "tui_spawn.h"
#include "tui_term.h"

enum {
	LOCK_MS = 50,	/* a key is answered within that */
	ANSWER_MS = 20, /* what a page waits for its facts before it is shown without them */
	TELL_MS = 1000, /* how often it is looked whether a scan takes long */
	KEYS_MAX = 256, /* between two paintings */
	EMPTY_READS = 3,
};

struct tui {
	struct browser browser;
	struct canvas canvas;
	struct feed *feed;
	struct errands errands;
	int signals; /* signalfd */
	unsigned empty_reads;
	int ended_by; /* a signal, 0: none */
	bool lost;    /* the terminal */
	bool drawn;   /* nothing has changed since */
};

static const int watched[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT };

/* Stops as the shell wishes; goes on from here. */
static void stop(struct tui *t)
{
	tui_term_suspend();
	tui_stop();
	tui_term_resume();
	t->drawn = false;
}

static void resize(struct tui *t)
{
	unsigned rows, cols;

	tui_term_resize(&rows, &cols);
	browser_resize(&t->browser, rows, cols);
}

static void on_signal(struct tui *t, int signal)
{
	switch (signal) {
	case SIGWINCH:
		resize(t);
		break;
	case SIGTSTP:
		stop(t);
		resize(t);
		break;
	case SIGCONT: /* somebody else had the terminal */
		tui_term_resume();
		resize(t);
		break;
	case SIGINT:
		browser_interrupt(&t->browser);
		break;
	default:
		t->ended_by = signal;
		break;
	}
}

static void read_signals(struct tui *t)
{
	struct signalfd_siginfo info;

	while (read(t->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		on_signal(t, (int)info.ssi_signo);
}

static void read_keys(struct tui *t)
{
	struct mouse_event event;
	int key = VK_NONE;

	for (int i = 0; i < KEYS_MAX && !t->browser.quit; i++) {
		key = tui_term_key();
		if (key == VK_NONE) {
			/* Readable, and nothing there: its other end is gone. */
			t->empty_reads = i ? 0 : t->empty_reads + 1;
			break;
		}
		if (key != VK_MOUSE)
			browser_key(&t->browser, key);
		else if (tui_term_mouse(&event))
			browser_mouse(&t->browser, &event);
	}
	t->lost = t->empty_reads >= EMPTY_READS;
}

/* Grants what the browser has come to wish for. */
static void grant(struct tui *t)
{
	struct browser *b = &t->browser;

	if (errands_run(&t->errands, b, &t->ended_by))
		resize(t);
	if (b->copy.len)
		tui_term_copy(b->copy.data, b->copy.len);
	buffer_clear(&b->copy);
	if (b->redraw)
		tui_term_forget();
	b->redraw = false;
	feed_wish(t->feed, b);
	b->refresh = false;
}

/* New graphs wait while the person is choosing or typing. */
static void take_news(struct tui *t)
{
	struct browser *b = &t->browser;
	struct feed_status status;
	struct graph *g = browser_is_asking(b) && b->graph ? NULL : feed_take(t->feed);

	if (g) {
		b->now_ms = clock_ms(CLOCK_MONOTONIC);
		browser_graph(b, g);
	}
	/* What the new rows ask for may have been read with them. */
	feed_wish(t->feed, b);
	feed_tell(t->feed, b);
	status = feed_status(t->feed);
	t->drawn = t->drawn && b->scanning == status.scanning && b->slowed_ms == status.slowed_ms;
	b->scanning = status.scanning;
	b->slowed_ms = status.slowed_ms;
	b->net_error = status.net;
	if (status.error.code && !b->message.len) {
		browser_say(b, true, "%s", status.error.text);
		t->drawn = false;
	}
}

static bool is_waiting(const struct browser *b)
{
	return b->asks[ASK_DETAIL].ref.kind != REF_NONE && !b->asks[ASK_DETAIL].answered &&
	       b->graph;
}

static void paint(struct tui *t)
{
	browser_draw(&t->browser, &t->canvas);
	tui_term_paint(&t->canvas);
	t->drawn = true;
}

/* While a read is stuck nothing can be shown, but the person can leave. */
static bool lock_or_leave(struct tui *t)
{
	while (!feed_lock(t->feed, LOCK_MS)) {
		int key = tui_term_key();

		if (key == 'Q' || key == 'q') {
			t->browser.quit = true;
			return false;
		}
	}
	return true;
}

/* Waits for something to do and does it. */
static bool step(struct tui *t, int timeout)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = t->signals, .events = POLLIN },
		{ .fd = feed_fd(t->feed), .events = POLLIN },
		{ .fd = t->errands.child.fd, .events = POLLIN },
		{ .fd = t->errands.foreseeing.fd, .events = POLLIN },
	};
	int n;

	feed_unlock(t->feed);
	n = poll(fds, sizeof(fds) / sizeof(*fds), timeout);
	if (!lock_or_leave(t))
		return false;
	if (n <= 0)
		return true;
	if (fds[2].revents)
		feed_read_fd(t->feed);
	if (fds[1].revents)
		read_signals(t);
	if (fds[0].revents & POLLIN)
		read_keys(t);
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		t->lost = true;
	if (fds[3].revents)
		errands_read(&t->errands, &t->browser);
	if (fds[4].revents)
		errands_foresee(&t->errands, &t->browser);
	t->drawn = false;
	return true;
}

static bool goes_on(const struct tui *t)
{
	return !t->browser.quit && !t->ended_by && !t->lost;
}

static void loop(struct tui *t)
{
	while (goes_on(t)) {
		grant(t);
		take_news(t);
		/* Its facts come in a moment: one painting instead of two. */
		if (is_waiting(&t->browser) && !t->drawn) {
			step(t, ANSWER_MS);
			if (!goes_on(t))
				return;
			grant(t);
			take_news(t);
		}
		if (!t->drawn)
			paint(t);
		step(t, TELL_MS);
	}
}

/* ^C was typed twice, or the end came twice: the mask goes, and nothing may be left behind it. */
static void drain_signals(struct tui *t)
{
	struct signalfd_siginfo info;

	while (read(t->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGHUP)
			t->ended_by = (int)info.ssi_signo;
}

/* The thing to do once the terminal is back: end as the signal would have it. */
static void end_by(int signal)
{
	const sigset_t set = tui_signals(&signal, 1);

	fflush(stdout);
	sigaction(signal, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
	raise(signal);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

/* Nothing of t may be released while a thread of the feed still uses it. */
static void leave(struct tui *t, int status)
{
	errands_end(&t->errands);
	if (!feed_end(t->feed)) {
		fflush(stdout);
		_exit(status);
	}
	browser_release(&t->browser);
	canvas_release(&t->canvas);
}

static int watch(struct tui *t, const struct tui_source *source, struct error *err)
{
	t->feed = feed_new(source, &t->browser, err);
	if (!t->feed)
		return err->code;
	feed_lock(t->feed, LOCK_MS);
	loop(t);
	feed_unlock(t->feed);
	return t->lost ? error_set(err, -EIO, "the terminal went away") : 0;
}

static int run(struct tui *t, const struct tui_source *source, bool color, bool mouse,
	       struct error *err)
{
	int ret = browser_configure(&t->browser, err);

	if (ret == 0)
		ret = tui_term_open(color, mouse, err);
	if (ret < 0)
		return ret;
	resize(t);
	ret = watch(t, source, err);
	tui_term_close();
	if (t->feed)
		leave(t, ret ? 2 : 0);
	return ret;
}

int tui_run(const struct tui_source *source, const struct tui_options *options, struct error *err)
{
	struct tui t = { .errands = ERRANDS_INIT, .signals = -1 };
	const sigset_t set = tui_signals(watched, sizeof(watched) / sizeof(*watched));
	sigset_t old;
	struct term term;
	int ret;

	term_init(&term, stdout, options->color, options->ascii);
	browser_init(&t.browser, options, source->program, term.utf8);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	t.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	ret = t.signals < 0 ? error_set(err, -errno, "cannot watch signals: %s", strerror(errno))
			    : run(&t, source, term.color, options->mouse, err);
	if (t.signals >= 0) {
		drain_signals(&t);
		close(t.signals);
	}
	if (t.ended_by)
		end_by(t.ended_by);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return ret;
}

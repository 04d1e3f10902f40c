/* SPDX-License-Identifier: MIT */
/*
 * When the next scan may start: not before the share of the processor that nsview has to itself is
 * made good again, but sooner where something is on the screen that was not read. And what the
 * browser wishes for, which tells that.
 */
#include "feed_parts.h"

enum {
	SHARE = 20, /* one part in so many of a core is the most that is used */
	/* Where another namespace's network is asked for: the cursor has come to rest, and of the
	 * time since the last scan it has taken one part in so many. */
	REST_MS = 150,
	REST_SHARE = 5,
};

void feed_wait(struct feed *f, int64_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_cond_timedwait(&f->changed, &f->lock, &until);
}

static bool lacks_facts(const struct feed *f)
{
	return f->shown && !f->error.code &&
	       ((f->wish.ns_needs & ~f->read_ns_needs) ||
		(f->wish.process_needs & ~f->read_process_needs));
}

static bool lacks_net(const struct feed *f)
{
	if (!f->shown || f->error.code || !f->wish.net)
		return false;
	return !f->net_read ||
	       (f->wish.net_of.kind != REF_NONE && !ref_same(&f->wish.net_of, &f->net_of));
}

/* What is looked at now and was not read comes sooner. */
static int64_t left_to_rest(const struct feed *f, int64_t began, int64_t used)
{
	int64_t now = clock_ms(CLOCK_MONOTONIC);
	int64_t rest = f->net_wished + REST_MS - now, pause = began + used * REST_SHARE - now;

	return rest > pause ? rest : pause;
}

/* Milliseconds until the next scan may start; began and cpu: when the last one did. */
static int64_t left_to_wait(struct feed *f, int64_t began, int64_t cpu)
{
	int64_t used = clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	int64_t wanted = f->wish.interval_ms, since = clock_ms(CLOCK_MONOTONIC) - began, left,
		sooner;

	f->slowed_ms = used * SHARE > wanted ? (unsigned)(used * SHARE) : 0;
	if (f->now || lacks_facts(f))
		return 0;
	left = (f->slowed_ms ? (int64_t)f->slowed_ms : wanted) - since;
	sooner = lacks_net(f) ? left_to_rest(f, began, used) : left;
	return sooner < left ? sooner : left;
}

void feed_wait_for_next(struct feed *f, int64_t began, int64_t cpu)
{
	while (!f->end) {
		int64_t left = left_to_wait(f, began, cpu);
		bool hold =
			f->fresh || (f->hold && f->shown) ||
			(f->wish.paused && f->shown && !f->now && !lacks_facts(f) && !lacks_net(f));

		if (left <= 0 && !hold)
			return;
		feed_wait(f, hold || left > 1000 ? 1000 : left);
	}
}

static bool wish_asks(struct feed *f, const struct browser *b)
{
	bool changed = false;

	for (int i = 0; i < ASKS; i++) {
		struct ask *mine = &f->wish.asks[i];
		const struct ask *asked = &b->asks[i];

		if (mine->page == asked->page && ref_same(&mine->ref, &asked->ref) &&
		    mine->answered >= asked->answered)
			continue;
		*mine = *asked;
		changed = true;
	}
	return changed;
}

static bool wish_net(struct feed *f, const struct browser *b)
{
	struct wish *w = &f->wish;
	struct view_ref of;
	bool net = browser_wants_net(b, &of);

	if (w->net == net && w->net_of.kind == of.kind && ref_same(&w->net_of, &of))
		return false;
	w->net = net;
	w->net_of = of;
	f->net_wished = clock_ms(CLOCK_MONOTONIC);
	return true;
}

void feed_wish(struct feed *f, const struct browser *b)
{
	struct wish *w = &f->wish;
	bool asks = wish_asks(f, b), net = wish_net(f, b), changed = asks || net;
	unsigned ns_needs = browser_ns_needs(b), process_needs = browser_process_needs(b);
	bool hold = browser_is_asking(b), members = browser_wants_members(b);

	if (!ref_list_same(&w->open, browser_open_sets(b))) {
		ref_list_copy(&w->open, browser_open_sets(b));
		f->sets_read = false;
		changed = true;
	}
	if (members && !w->members && !f->members_read)
		f->sets_read = false;
	changed |= w->members != members || w->ns_needs != ns_needs ||
		   w->process_needs != process_needs || w->interval_ms != b->interval_ms ||
		   w->paused != b->paused || f->hold != hold || b->refresh;
	w->members = members;
	w->ns_needs = ns_needs;
	w->process_needs = process_needs;
	w->interval_ms = b->interval_ms;
	w->paused = b->paused;
	f->hold = hold;
	f->now |= b->refresh;
	if (changed)
		pthread_cond_broadcast(&f->changed);
}

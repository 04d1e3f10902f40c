/* SPDX-License-Identifier: MIT */
/*
 * What a failed call tells about a fact, and how a person is told: one table from errno to state
 * and words. Knows nothing of which call failed; where a call gives an errno a meaning of its own
 * (a missing file that only means an old kernel), the caller sets the state itself.
 */
#include <assert.h>
#include <errno.h>

#include <nsview/fact.h>

struct error_meaning {
	int number;
	enum fact_state state;
	const char *why;
};

static const struct error_meaning meanings[] = {
	{ EACCES, FACT_DENIED, "permission denied" },
	{ EPERM, FACT_DENIED, "operation not permitted" },
	{ EMFILE, FACT_DENIED, "too many open files" },
	{ ENFILE, FACT_DENIED, "too many open files in the system" },
	{ ENOMEM, FACT_DENIED, "out of memory" },
	{ ENOSPC, FACT_DENIED, "a limit of the kernel was reached" },
	{ EAGAIN, FACT_DENIED, "temporarily not available" },
	{ ETIMEDOUT, FACT_DENIED, "took too long" },
	{ EIO, FACT_DENIED, "input/output error" },
	{ ESRCH, FACT_GONE, "gone before it was read" },
	{ ENOENT, FACT_GONE, "gone before it was read" },
	{ ESTALE, FACT_GONE, "gone before it was read" },
	{ ENOSYS, FACT_UNSUPPORTED, "not supported by this kernel" },
	{ ENOTTY, FACT_UNSUPPORTED, "not supported by this kernel" },
	{ EOPNOTSUPP, FACT_UNSUPPORTED, "cannot be read here" },
	{ EINVAL, FACT_UNSUPPORTED, "not supported by this kernel" },
};

static const char *const state_words[] = {
	[FACT_UNREAD] = "not read",
	[FACT_KNOWN] = "known",
	[FACT_NONE] = "none",
	[FACT_DENIED] = "permission denied",
	[FACT_GONE] = "gone before it was read",
	[FACT_UNSUPPORTED] = "cannot be read here",
};

static const struct error_meaning *meaning_of(int error)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].number == -error)
			return &meanings[i];
	return NULL;
}

struct fact fact_from_error(int error)
{
	const struct error_meaning *meaning = meaning_of(error);
	enum fact_state state = meaning ? meaning->state : FACT_UNSUPPORTED;

	assert(error < 0 && error >= INT16_MIN);
	return (struct fact){ (uint16_t)state, (int16_t)error };
}

const char *fact_why(struct fact fact)
{
	const struct error_meaning *meaning = meaning_of(fact.error);

	assert(fact.state < sizeof(state_words) / sizeof(state_words[0]));
	/* The state is the caller's judgement; the errno only refines it. */
	return meaning && meaning->state == fact.state ? meaning->why : state_words[fact.state];
}

/* SPDX-License-Identifier: MIT */
/* Offsets of a new time namespace (time_namespaces(7)), which take before its first process only.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <nsview/cleanup.h>

#include "make_internal.h"

static int64_t stands_at(clockid_t clock)
{
	struct timespec now = { 0 };

	clock_gettime(clock, &now);
	return now.tv_sec;
}

static void add_line(struct buffer *out, const char *clock, const struct time_offset *offset)
{
	buffer_printf(out, "%s %" PRId64 " %" PRId32 "\n", clock, offset->sec, offset->nsec);
}

static int range_words(const char *clock, clockid_t id, const struct time_offset *offset,
		       struct error *err)
{
	int64_t now = stands_at(id);

	if (offset->sec < 0 && now < -offset->sec)
		return error_set(err, -ERANGE,
				 "--%s=%" PRId64 ": the clock stands at %" PRId64
				 " s and cannot be set back below 0",
				 clock, offset->sec, now);
	return error_set(err, -ERANGE,
			 "--%s=%" PRId64
			 ": the clock would be beyond what the kernel takes, about 146 "
			 "years",
			 clock, offset->sec);
}

/* Which of the two the kernel did not like it does not say. */
static int out_of_range(const struct wish_make *w, struct error *err)
{
	int64_t now = stands_at(CLOCK_BOOTTIME);
	bool boot = w->has_boottime && (!w->has_monotonic || w->boottime.sec + now < 0 ||
					w->boottime.sec > w->monotonic.sec);

	if (w->has_monotonic && w->monotonic.sec < 0 &&
	    stands_at(CLOCK_MONOTONIC) < -w->monotonic.sec)
		boot = false;
	return boot ? range_words("boottime", CLOCK_BOOTTIME, &w->boottime, err)
		    : range_words("monotonic", CLOCK_MONOTONIC, &w->monotonic, err);
}

static int offsets_failed(const struct wish_make *w, int error, struct error *err)
{
	switch (error) {
	case -ERANGE:
		return out_of_range(w, err);
	case -EACCES:
		return error_set(err, error,
				 "the clock offsets are fixed once a process is in the new time "
				 "namespace");
	case -EPERM:
		return error_set(
			err, error,
			"clock offsets take CAP_SYS_TIME in the user namespace that owns the "
			"new time namespace");
	default:
		return error_set(err, error, "cannot set the clock offsets: %s", strerror(-error));
	}
}

/* Files in /proc of a process that is not dumpable belong to root, who an ordinary user is not. */
static int open_offsets(const struct make *m)
{
	const char *path = "self/timens_offsets";
	int fd = openat(m->proc, path, O_WRONLY | O_CLOEXEC), dumpable;

	if (fd >= 0 || errno != EACCES)
		return fd;
	dumpable = prctl(PR_GET_DUMPABLE);
	prctl(PR_SET_DUMPABLE, 1);
	fd = openat(m->proc, path, O_WRONLY | O_CLOEXEC);
	prctl(PR_SET_DUMPABLE, dumpable);
	return fd;
}

int make_offsets(struct make *m, struct error *err)
{
	const struct wish_make *w = m->wish;
	autobuffer text = BUFFER_INIT;
	autoclose int fd = -1;
	int ret = 0;

	if (!w->has_monotonic && !w->has_boottime)
		return 0;
	if (w->has_monotonic)
		add_line(&text, "monotonic", &w->monotonic);
	if (w->has_boottime)
		add_line(&text, "boottime", &w->boottime);
	fd = open_offsets(m);
	if (fd < 0 || write(fd, text.data, text.len) < 0)
		ret = -errno;
	return ret < 0 ? offsets_failed(w, ret, err) : 0;
}

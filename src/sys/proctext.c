/* SPDX-License-Identifier: MIT */
/*
 * Takes the text of /proc files apart: stat, cgroup, mountinfo, the id maps and timens_offsets
 * (status is in procstatus.c). Gets text and gives values; opens nothing. Trusts no byte of it,
 * because comm, paths and names in these files are chosen by whoever runs the process.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "proctoken.h"

bool span_equal(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool span_is(struct span s, const char *text)
{
	return span_equal(s, (struct span){ text, strlen(text) });
}

bool take_char(struct span *s, char c)
{
	if (s->len == 0 || s->data[0] != c)
		return false;
	s->data++;
	s->len--;
	return true;
}

void skip_blanks(struct span *s)
{
	while (take_char(s, ' ') || take_char(s, '\t'))
		;
}

bool take_number(struct span *s, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;
	size_t n = 0;

	for (; n < s->len && s->data[n] >= '0' && s->data[n] <= '9'; n++) {
		uint64_t digit = (uint64_t)(s->data[n] - '0');

		if (value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	s->data += n;
	s->len -= n;
	*out = value;
	return n > 0;
}

bool take_signed(struct span *s, int64_t *out)
{
	bool negative = take_char(s, '-');
	uint64_t value;

	if (!take_number(s, INT64_MAX, &value))
		return false;
	*out = negative ? -(int64_t)value : (int64_t)value;
	return true;
}

/* What comes before the first c, which is dropped; the whole text where there is no c. */
static bool take_until(struct span *s, char c, struct span *out)
{
	const char *at = s->len ? memchr(s->data, c, s->len) : NULL;
	size_t n = at ? (size_t)(at - s->data) : s->len;
	size_t dropped = at ? 1 : 0;

	*out = (struct span){ s->data, n };
	s->data += n + dropped;
	s->len -= n + dropped;
	return at;
}

bool proc_line_next(struct span *rest, struct span *out_line)
{
	if (rest->len == 0)
		return false;
	take_until(rest, '\n', out_line);
	return true;
}

/* The fields of stat that follow the state, counted as in proc(5). */
enum { STAT_PPID = 4, STAT_FLAGS = 9, STAT_THREADS = 20, STAT_START = 22 };

static bool stat_field_parse(int number, struct span field, struct proc_stat *out)
{
	uint64_t value;

	switch (number) {
	case STAT_PPID:
		if (!take_number(&field, INT_MAX, &value))
			return false;
		out->ppid = (pid_t)value;
		break;
	case STAT_FLAGS:
		if (!take_number(&field, UINT_MAX, &value))
			return false;
		out->flags = (unsigned)value;
		break;
	case STAT_THREADS:
		if (!take_signed(&field, &out->num_threads))
			return false;
		break;
	case STAT_START:
		if (!take_number(&field, UINT64_MAX, &out->starttime))
			return false;
		break;
	default:
		return true;
	}
	return field.len == 0;
}

static int stat_fields_parse(struct span rest, struct proc_stat *out)
{
	struct span field;
	bool more = true;

	for (int number = STAT_PPID; number <= STAT_START; number++) {
		if (!more)
			return -EINVAL;
		more = take_until(&rest, ' ', &field);
		if (!stat_field_parse(number, field, out))
			return -EINVAL;
	}
	return 0;
}

int proc_stat_parse(const char *text, size_t len, struct proc_stat *out)
{
	struct span rest = { text, len }, line;
	const char *close = len ? memrchr(text, ')', len) : NULL;
	uint64_t pid;

	memset(out, 0, sizeof(*out));
	if (!close || !take_number(&rest, INT_MAX, &pid) || !take_char(&rest, ' ') ||
	    !take_char(&rest, '('))
		return -EINVAL;
	out->pid = (pid_t)pid;
	/* What was taken so far holds no ')', so close is not before rest. */
	out->comm = (struct span){ rest.data, (size_t)(close - rest.data) };
	rest = (struct span){ close + 1, (size_t)(text + len - close - 1) };
	if (!proc_line_next(&rest, &line) || line.len < 3 || !take_char(&line, ' '))
		return -EINVAL;
	out->state = line.data[0];
	if (out->state == ' ' || !take_char(&line, out->state) || !take_char(&line, ' '))
		return -EINVAL;
	return stat_fields_parse(line, out);
}

int proc_cgroup_line_parse(struct span line, struct cgroup_line *out)
{
	uint64_t hierarchy;

	memset(out, 0, sizeof(*out));
	if (!take_number(&line, UINT_MAX, &hierarchy) || !take_char(&line, ':') ||
	    !take_until(&line, ':', &out->controllers))
		return -EINVAL;
	if (line.len == 0 || line.data[0] != '/')
		return -EINVAL;
	out->hierarchy = (unsigned)hierarchy;
	out->path = line;
	return 0;
}

/* "ID PARENT MAJOR:MINOR " */
static bool take_mount_numbers(struct span *line, struct mount_line *out)
{
	uint64_t id, parent, major, minor;

	if (!take_number(line, INT_MAX, &id) || !take_char(line, ' ') ||
	    !take_number(line, INT_MAX, &parent) || !take_char(line, ' ') ||
	    !take_number(line, UINT_MAX, &major) || !take_char(line, ':') ||
	    !take_number(line, UINT_MAX, &minor) || !take_char(line, ' '))
		return false;
	out->id = (int)id;
	out->parent = (int)parent;
	out->major = (unsigned)major;
	out->minor = (unsigned)minor;
	return true;
}

/* The optional fields, of which there may be none, up to and with the dash that ends them. */
static bool take_mount_tags(struct span *line, struct span *out_tags)
{
	const char *start = line->data;
	struct span field;

	*out_tags = (struct span){ start, 0 };
	while (take_until(line, ' ', &field)) {
		if (field.len == 1 && field.data[0] == '-')
			return true;
		out_tags->len = (size_t)(field.data + field.len - start);
	}
	return false;
}

int proc_mount_line_parse(struct span line, struct mount_line *out)
{
	memset(out, 0, sizeof(*out));
	if (!take_mount_numbers(&line, out) || !take_until(&line, ' ', &out->root) ||
	    !take_until(&line, ' ', &out->point) || !take_until(&line, ' ', &out->options) ||
	    !take_mount_tags(&line, &out->tags) || !take_until(&line, ' ', &out->fstype) ||
	    !take_until(&line, ' ', &out->source))
		return -EINVAL;
	/* The rest, spaces and all: not every file system escapes its own options. */
	out->super_options = line;
	return 0;
}

bool proc_mount_next(struct span *rest, struct mount_line *out)
{
	struct span line;

	while (proc_line_next(rest, &line))
		if (proc_mount_line_parse(line, out) == 0)
			return true;
	return false;
}

static bool is_octal_escape(const char *p, size_t len)
{
	return len >= 4 && p[0] == '\\' && p[1] >= '0' && p[1] <= '3' && p[2] >= '0' &&
	       p[2] <= '7' && p[3] >= '0' && p[3] <= '7';
}

size_t proc_unescape(struct span text, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; n++) {
		const char *p = text.data + i;

		if (is_octal_escape(p, text.len - i)) {
			out[n] = (char)((p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0'));
			i += 4;
		} else {
			out[n] = *p;
			i++;
		}
	}
	out[n] = '\0';
	return n;
}

void proc_unescape_append(struct span text, struct buffer *out)
{
	buffer_reserve(out, text.len + 1);
	out->len += proc_unescape(text, out->data + out->len);
}

int proc_id_range_parse(struct span line, struct id_range *out)
{
	uint64_t numbers[3];

	memset(out, 0, sizeof(*out));
	for (int i = 0; i < 3; i++) {
		/* Blanks between two numbers need no check: digits that touch are one number. */
		skip_blanks(&line);
		if (!take_number(&line, UINT32_MAX, &numbers[i]))
			return -EINVAL;
	}
	skip_blanks(&line);
	/* The kernel takes no empty range and none that wraps; callers may count on both. */
	if (line.len > 0 || numbers[2] == 0 || numbers[0] + numbers[2] - 1 > UINT32_MAX)
		return -EINVAL;
	out->inside = (uint32_t)numbers[0];
	out->outside = (uint32_t)numbers[1];
	out->count = (uint32_t)numbers[2];
	return 0;
}

int64_t id_ranges_inside(const struct id_range *ranges, size_t n, uint32_t outside)
{
	for (const struct id_range *r = ranges; n--; r++)
		if (outside >= r->outside && outside - r->outside < r->count)
			return (int64_t)r->inside + (outside - r->outside);
	return -1;
}

int64_t id_ranges_outside(const struct id_range *ranges, size_t n, uint32_t inside)
{
	for (const struct id_range *r = ranges; n--; r++)
		if (inside >= r->inside && inside - r->inside < r->count)
			return (int64_t)r->outside + (inside - r->inside);
	return -1;
}

static bool time_offset_parse(struct span rest, struct time_offset *out)
{
	uint64_t nsec;

	skip_blanks(&rest);
	if (!take_signed(&rest, &out->sec))
		return false;
	skip_blanks(&rest);
	if (!take_number(&rest, 999999999, &nsec))
		return false;
	out->nsec = (int32_t)nsec;
	skip_blanks(&rest);
	return rest.len == 0;
}

int proc_boot_time_parse(const char *text, size_t len, uint64_t *out_sec)
{
	struct span rest = { text, len }, line, key;

	while (proc_line_next(&rest, &line)) {
		take_until(&line, ' ', &key);
		if (span_is(key, "btime"))
			return take_number(&line, UINT32_MAX, out_sec) && line.len == 0 ? 0
											: -EINVAL;
	}
	return -EINVAL;
}

int proc_time_offsets_parse(const char *text, size_t len, struct time_offset *out_monotonic,
			    struct time_offset *out_boottime)
{
	struct span rest = { text, len }, line, clock;
	bool has_monotonic = false, has_boottime = false;

	memset(out_monotonic, 0, sizeof(*out_monotonic));
	memset(out_boottime, 0, sizeof(*out_boottime));
	while (proc_line_next(&rest, &line)) {
		take_until(&line, ' ', &clock);
		if (span_is(clock, "monotonic") || span_is(clock, "1"))
			has_monotonic = time_offset_parse(line, out_monotonic);
		else if (span_is(clock, "boottime") || span_is(clock, "7"))
			has_boottime = time_offset_parse(line, out_boottime);
	}
	return has_monotonic && has_boottime ? 0 : -EINVAL;
}

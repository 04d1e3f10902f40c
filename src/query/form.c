/* SPDX-License-Identifier: MIT */
/*
 * Facts with structure (id maps, clock offsets, chains of pids, capability sets, times) as a
 * person reads them and as JSON has them. Knows no node and no column.
 */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <nsview/load_cap.h>

#include "internal.h"

enum { NSEC_PER_SEC = 1000000000, CAP_BITS = 64 };

void form_ranges(struct fact_ranges map, struct buffer *out)
{
	for (uint32_t i = 0; i < map.count; i++) {
		if (i)
			buffer_text(out, ", ");
		buffer_uint(out, map.ranges[i].inside);
		buffer_char(out, ' ');
		buffer_uint(out, map.ranges[i].outside);
		buffer_char(out, ' ');
		buffer_uint(out, map.ranges[i].count);
	}
}

void form_ranges_json(struct json *j, const char *key, struct fact_ranges map)
{
	json_begin_array(j, key);
	for (uint32_t i = 0; i < map.count; i++) {
		json_begin_object(j, NULL);
		json_uint(j, "inside", map.ranges[i].inside);
		json_uint(j, "outside", map.ranges[i].outside);
		json_uint(j, "count", map.ranges[i].count);
		json_end_object(j);
	}
	json_end_array(j);
}

void form_offset(struct time_offset offset, struct buffer *out)
{
	bool negative = offset.sec < 0;
	uint64_t sec = negative ? 0 - (uint64_t)offset.sec : (uint64_t)offset.sec;
	uint32_t nsec = (uint32_t)offset.nsec;

	/* The kernel counts nanoseconds upwards from the second below: -1 and 900000000 is -0.1. */
	if (negative && nsec) {
		sec--;
		nsec = NSEC_PER_SEC - nsec;
	}
	if (negative)
		buffer_char(out, '-');
	buffer_uint(out, sec);
	if (!nsec)
		return;
	buffer_printf(out, ".%09u", nsec);
	while (out->data[out->len - 1] == '0')
		out->data[--out->len] = '\0';
}

void form_offset_json(struct json *j, const char *key, struct time_offset offset)
{
	json_begin_object(j, key);
	json_int(j, "sec", offset.sec);
	json_int(j, "nsec", offset.nsec);
	json_end_object(j);
}

void form_chain(const pid_t *nspid, size_t n, struct buffer *out)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buffer_text(out, " -> ");
		buffer_uint(out, (uint64_t)nspid[i]);
	}
}

/* With the "cap_" of libcap. A capability newer than libcap is its number, as libcap has it. */
static void put_cap_name(unsigned cap, struct buffer *out)
{
	char *name = cap_to_name((cap_value_t)cap);

	if (name)
		buffer_text(out, name);
	else
		buffer_uint(out, cap);
	cap_free(name);
}

static bool caps_are_all(uint64_t caps)
{
	unsigned bits = (unsigned)cap_max_bits();

	return bits && bits < CAP_BITS && caps == (UINT64_C(1) << bits) - 1;
}

void form_caps(uint64_t caps, struct buffer *out)
{
	static const char prefix[] = "cap_";
	autobuffer name = BUFFER_INIT;
	bool first = true;

	if (!caps || caps_are_all(caps)) {
		buffer_text(out, caps ? "all" : "none");
		return;
	}
	for (unsigned cap = 0; cap < CAP_BITS; cap++) {
		const char *shown;

		if (!(caps >> cap & 1))
			continue;
		buffer_clear(&name);
		put_cap_name(cap, &name);
		shown = buffer_str(&name);
		if (!first)
			buffer_char(out, ',');
		first = false;
		buffer_text(out, strncmp(shown, prefix, strlen(prefix)) ? shown
									: shown + strlen(prefix));
	}
}

void form_caps_json(struct json *j, const char *key, uint64_t caps)
{
	autobuffer text = BUFFER_INIT;

	json_begin_object(j, key);
	buffer_printf(&text, "%016llx", (unsigned long long)caps);
	json_str(j, "hex", buffer_str(&text));
	json_begin_array(j, "names");
	for (unsigned cap = 0; cap < CAP_BITS; cap++) {
		if (!(caps >> cap & 1))
			continue;
		buffer_clear(&text);
		put_cap_name(cap, &text);
		json_str(j, NULL, buffer_str(&text));
	}
	json_end_array(j);
	json_end_object(j);
}

struct fact form_start(const struct graph *g, uint64_t ticks, struct buffer *out)
{
	time_t when = (time_t)((g->boot.num + ticks) / (uint64_t)sysconf(_SC_CLK_TCK));
	char text[64];
	struct tm tm;
	size_t len = 0;

	if (!fact_is_known(g->boot.fact))
		return g->boot.fact;
	if (localtime_r(&when, &tm))
		len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S%z", &tm);
	if (len < 2)
		return fact_from_error(-EOVERFLOW);
	/* strftime has no %z with the colon that ISO 8601 asks for beside 02:38:59. */
	buffer_append(out, text, len - 2);
	buffer_char(out, ':');
	buffer_append(out, text + len - 2, 2);
	return fact_known();
}

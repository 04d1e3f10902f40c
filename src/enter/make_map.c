/* SPDX-License-Identifier: MIT */
/*
 * Puts id maps together: one id, ranges as given, and further ids in what is left free. Checks what
 * the kernel would refuse with a bare EINVAL. Knows no file and no process.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "make_map.h"

static bool overlap(uint32_t a, uint32_t b, uint32_t a_count, uint32_t b_count)
{
	return (uint64_t)a < (uint64_t)b + b_count && (uint64_t)b < (uint64_t)a + a_count;
}

/* 4294967295 is no id: it is what "no change" is called in system calls. */
static bool wraps(uint32_t first, uint32_t count)
{
	return (uint64_t)first + count > UINT32_MAX;
}

static int range_check(const char *kind, const struct id_range *r, struct error *err)
{
	if (r->count == 0)
		return error_set(err, -EINVAL, "%s map %u:%u:0: an empty range", kind, r->inside,
				 r->outside);
	if (wraps(r->inside, r->count) || wraps(r->outside, r->count))
		return error_set(err, -EINVAL, "%s map %u:%u:%u: ids end at 4294967294", kind,
				 r->inside, r->outside, r->count);
	return 0;
}

static int clash_check(const char *kind, const struct id_range *r, const struct id_range *with,
		       struct error *err)
{
	if (overlap(r->inside, with->inside, r->count, with->count))
		return error_set(err, -EINVAL,
				 "%s maps %u:%u:%u and %u:%u:%u overlap: an id inside would be two "
				 "outside",
				 kind, with->inside, with->outside, with->count, r->inside,
				 r->outside, r->count);
	if (overlap(r->outside, with->outside, r->count, with->count))
		return error_set(
			err, -EINVAL,
			"%s maps %u:%u:%u and %u:%u:%u overlap: an id outside would be two "
			"inside",
			kind, with->inside, with->outside, with->count, r->inside, r->outside,
			r->count);
	return 0;
}

static int map_add(struct id_map *map, const char *kind, struct id_range r, struct error *err)
{
	int ret = range_check(kind, &r, err);

	for (size_t i = 0; ret == 0 && i < map->n; i++)
		ret = clash_check(kind, &r, &map->ranges[i], err);
	if (ret == 0 && map->n == ID_MAP_MAX)
		ret = error_set(err, -EINVAL,
				"more than %d %s ranges: the kernel takes no more "
				"(user_namespaces(7))",
				ID_MAP_MAX, kind);
	if (ret == 0)
		map->ranges[map->n++] = r;
	return ret;
}

void id_map_text(const struct id_map *map, struct buffer *out)
{
	for (size_t i = 0; i < map->n; i++)
		buffer_printf(out, "%u %u %u\n", map->ranges[i].inside, map->ranges[i].outside,
			      map->ranges[i].count);
}

static int size_check(const struct id_map *map, const char *kind, struct error *err)
{
	autobuffer text = BUFFER_INIT;

	id_map_text(map, &text);
	if (text.len < ID_MAP_BYTES)
		return 0;
	return error_set(err, -EINVAL,
			 "the %s map has %zu ranges, which take %zu bytes: the kernel takes fewer "
			 "than %d (user_namespaces(7))",
			 kind, map->n, text.len, ID_MAP_BYTES);
}

/* The first id, inside or outside, from `from` on that no range has; how many follow in *out_room.
 */
static uint64_t next_free(const struct id_map *map, bool inside, uint64_t from, uint64_t *out_room)
{
	bool moved;

	do {
		moved = false;
		*out_room = UINT32_MAX > from ? UINT32_MAX - from : 0;
		for (size_t i = 0; i < map->n; i++) {
			const struct id_range *r = &map->ranges[i];
			uint64_t start = inside ? r->inside : r->outside, end = start + r->count;

			if (from >= start && from < end) {
				from = end;
				moved = true;
			} else if (start > from && start - from < *out_room) {
				*out_room = start - from;
			}
		}
	} while (moved);
	return from;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static int fill(const struct id_wish *wish, struct id_map *out, struct error *err)
{
	uint64_t at = 0;

	for (size_t i = 0; i < wish->nblocks; i++) {
		const uint64_t end = (uint64_t)wish->blocks[i].start + wish->blocks[i].count;
		uint64_t from = wish->blocks[i].start, room, room_inside;

		for (;;) {
			struct id_range r;
			int ret;

			/* A file may give the same ids twice, or one's own. */
			from = next_free(out, false, from, &room);
			at = next_free(out, true, at, &room_inside);
			if (from >= end || room_inside == 0)
				break;
			room = least(least(room, room_inside), end - from);
			r = (struct id_range){ (uint32_t)at, (uint32_t)from, (uint32_t)room };
			ret = map_add(out, wish->kind, r, err);
			if (ret < 0)
				return ret;
		}
	}
	return 0;
}

int id_map_make(const struct id_wish *wish, struct id_map *out, struct error *err)
{
	int ret = 0;

	out->n = 0;
	if (wish->has_single)
		ret = map_add(out, wish->kind, (struct id_range){ wish->single, wish->own, 1 },
			      err);
	for (size_t i = 0; ret == 0 && i < wish->nmaps; i++)
		ret = map_add(out, wish->kind, wish->maps[i], err);
	if (ret == 0 && wish->further)
		ret = fill(wish, out, err);
	return ret < 0 ? ret : size_check(out, wish->kind, err);
}

int id_map_identity(const char *kind, const char *text, size_t len, struct id_map *out,
		    struct error *err)
{
	struct span rest = { text, len }, line;

	out->n = 0;
	while (proc_line_next(&rest, &line)) {
		struct id_range r;
		int ret = proc_id_range_parse(line, &r);

		if (ret < 0)
			return error_set(err, ret, "our own %s map cannot be understood", kind);
		r.outside = r.inside;
		ret = map_add(out, kind, r, err);
		if (ret < 0)
			return ret;
	}
	return size_check(out, kind, err);
}

bool id_map_is_own(const struct id_map *map, uint32_t own)
{
	return map->n == 1 && map->ranges[0].outside == own && map->ranges[0].count == 1;
}

int64_t id_map_inside(const struct id_map *map, uint32_t outside)
{
	return id_ranges_inside(map->ranges, map->n, outside);
}

uint32_t id_map_first(const struct id_map *map)
{
	for (size_t i = 0; i < map->n; i++)
		if (map->ranges[i].inside == 0)
			return 0;
	return map->ranges[0].inside;
}

int64_t id_map_outside(const struct id_map *map, uint32_t inside)
{
	return id_ranges_outside(map->ranges, map->n, inside);
}

static bool number_parse(struct span text, uint32_t *out)
{
	uint64_t n = 0;

	if (text.len == 0 || text.len > 10)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(text.data[i] - '0');
	}
	*out = (uint32_t)n;
	return n <= UINT32_MAX;
}

/* The piece up to the next colon, which is taken off. */
static struct span field(struct span *rest)
{
	const char *colon = memchr(rest->data, ':', rest->len);
	struct span got = { rest->data, colon ? (size_t)(colon - rest->data) : rest->len };
	size_t taken = got.len + (colon ? 1 : 0);

	rest->data += taken;
	rest->len -= taken;
	return got;
}

static bool is_owner(struct span owner, const char *name, uint32_t id)
{
	uint32_t number;

	if (name && strlen(name) == owner.len && memcmp(name, owner.data, owner.len) == 0)
		return true;
	return number_parse(owner, &number) && number == id;
}

size_t subid_parse(const char *text, size_t len, const char *name, uint32_t id,
		   struct id_block *out, size_t n)
{
	struct span rest = { text, len }, line;
	size_t count = 0;

	while (count < n && proc_line_next(&rest, &line)) {
		struct span owner = field(&line), start = field(&line);
		struct id_block block;

		if (!is_owner(owner, name, id) || !number_parse(start, &block.start) ||
		    !number_parse(line, &block.count))
			continue;
		if (block.count > 0 && !wraps(block.start, block.count))
			out[count++] = block;
	}
	return count;
}

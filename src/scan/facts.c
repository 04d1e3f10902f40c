/* SPDX-License-Identifier: MIT */
/*
 * What all readers of facts do alike: reading a small file with as few calls as it takes, and
 * turning text and errno into facts. Knows no file and no fact by name.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <nsview/cleanup.h>

#include "facts.h"

struct fact *fact_at(void *facts, fact_offset at)
{
	return (struct fact *)(void *)((char *)facts + at);
}

void facts_fail(void *facts, const fact_offset *list, int error)
{
	for (; *list != FACTS_END; list++) {
		struct fact *fact = fact_at(facts, *list);

		if (fact->state == FACT_UNREAD)
			*fact = fact_from_error(error);
	}
}

struct fact_text fact_text_copy(struct arena *arena, struct span text)
{
	struct fact_text fact = { .fact = fact_none() };

	if (text.len == 0)
		return fact;
	fact.fact = fact_known();
	fact.len = (uint32_t)text.len;
	fact.data = arena_copy(arena, text.data, text.len);
	return fact;
}

struct fact_num fact_num_known(uint64_t num)
{
	return (struct fact_num){ fact_known(), num };
}

struct span text_line(const struct buffer *text)
{
	struct span line = { buffer_str(text), text->len };

	if (line.len && line.data[line.len - 1] == '\n')
		line.len--;
	return line;
}

int fact_read(int dirfd, const char *name, size_t limit, bool cut, struct buffer *out)
{
	autoclose int fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	size_t room;
	ssize_t n;

	buffer_clear(out);
	if (fd < 0)
		return -errno;
	do {
		buffer_reserve(out, 4095);
		room = out->cap - out->len - 1;
		do
			n = read(fd, out->data + out->len, room);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			return -errno;
		out->len += (size_t)n;
	} while ((size_t)n == room && out->len <= limit);
	if (out->len > limit && !cut)
		return -EFBIG;
	if (out->len > limit)
		out->len = limit;
	out->data[out->len] = '\0';
	return 0;
}

int fact_file_error(int dirfd, int error)
{
	if (error == -ENOENT && faccessat(dirfd, "stat", F_OK, 0) == 0)
		return -EOPNOTSUPP;
	return error;
}

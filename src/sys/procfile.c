/* SPDX-License-Identifier: MIT */
/* Reads /proc files whole, and links; of what is in them it knows the namespaces' links only. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/nstype.h>
#include <nsview/procfile.h>

int proc_read(int dirfd, const char *path, size_t limit, struct buffer *out)
{
	autoclose int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	buffer_clear(out);
	if (fd < 0)
		return -errno;
	while (out->len < limit) {
		size_t room = limit - out->len;
		ssize_t n;

		buffer_reserve(out, 4095);
		if (room > out->cap - out->len - 1)
			room = out->cap - out->len - 1;
		n = read(fd, out->data + out->len, room);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		out->len += (size_t)n;
		out->data[out->len] = '\0';
		if (n == 0)
			break;
	}
	return 0;
}

int proc_readlink(int dirfd, const char *path, struct buffer *out)
{
	ssize_t n;

	buffer_clear(out);
	buffer_reserve(out, PATH_MAX);
	n = readlinkat(dirfd, path, out->data, out->cap - 1);
	if (n < 0)
		return -errno;
	out->len = (size_t)n;
	out->data[n] = '\0';
	return 0;
}

int proc_ns_link(int dirfd, const char *path, uint64_t *out_ino)
{
	char text[64]; /* the longest name of a link, and 20 digits */
	ssize_t n = readlinkat(dirfd, path, text, sizeof(text));

	*out_ino = 0;
	return n < 0 ? -errno : ns_link_parse(text, (size_t)n, out_ino);
}

pid_t proc_entry_pid(const char *name)
{
	pid_t pid = 0;

	for (; *name >= '0' && *name <= '9'; name++) {
		if (pid > (INT_MAX - 9) / 10)
			return 0;
		pid = pid * 10 + (*name - '0');
	}
	return *name ? 0 : pid;
}

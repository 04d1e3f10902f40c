/* SPDX-License-Identifier: MIT */
/*
 * Tells others of the command that now runs. A pid file appears at once and whole, or not at all:
 * it is written under a name that nobody could have prepared, then renamed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/escape.h>
#include <nsview/json.h>

#include "outcome.h"

static int open_directory(const char *path, struct pid_file *out)
{
	const char *slash = strrchr(path, '/');
	autofree char *dir = NULL;

	if (!slash)
		dir = strdup(".");
	else
		dir = strndup(path, slash == path ? 1 : (size_t)(slash - path));
	out->name = strdup(slash ? slash + 1 : path);
	if (!dir || !out->name)
		die("out of memory");
	if (!*out->name)
		return -EISDIR;
	out->dir = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return out->dir < 0 ? -errno : 0;
}

int pid_file_open(const char *path, struct pid_file *out, struct error *err)
{
	autobuffer shown = BUFFER_INIT;
	int ret;

	*out = (struct pid_file){ .dir = -1, .fd = -1 };
	if (!path)
		return 0;
	ret = open_directory(path, out);
	if (ret == 0) {
		snprintf(out->temporary, sizeof(out->temporary), ".nsview-%d.new", getpid());
		out->fd = openat(out->dir, out->temporary,
				 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
		ret = out->fd < 0 ? -errno : 0;
	}
	if (ret == 0)
		return 0;
	out->temporary[0] = '\0';
	escape_text(&shown, path, strlen(path), ESCAPE_UTF8);
	return error_set(err, ret, "cannot make the pid file %s: %s", buffer_str(&shown),
			 strerror(-ret));
}

int pid_file_write(struct pid_file *f, pid_t pid)
{
	if (f->fd < 0)
		return 0;
	if (dprintf(f->fd, "%d\n", pid) < 0 || renameat(f->dir, f->temporary, f->dir, f->name) < 0)
		return -errno;
	f->temporary[0] = '\0';
	return 0;
}

void pid_file_release(struct pid_file *f)
{
	if (f->temporary[0])
		unlinkat(f->dir, f->temporary, 0);
	pid_file_leave(f);
	free(f->name);
}

void pid_file_leave(const struct pid_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->dir >= 0)
		close(f->dir);
}

int info_write(int fd, pid_t pid, const uint64_t ino[NS_TYPES])
{
	autofree char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct json j = { .out = out };
	ssize_t n;

	if (!out)
		die("out of memory");
	json_begin_object(&j, NULL);
	json_uint(&j, "schema", 1);
	json_uint(&j, "pid", (uint64_t)pid);
	json_begin_object(&j, "namespaces");
	for (int i = 0; i < NS_TYPES; i++)
		if (ino[i])
			json_uint(&j, ns_types[i].name, ino[i]);
		else
			json_unknown(&j, ns_types[i].name, "not read");
	json_end_object(&j);
	json_end_object(&j);
	json_end_line(&j);
	fclose(out);
	do
		n = write(fd, text, len);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Makes one mount and attaches it. Kernels before 5.2 get file systems by mount(2), and no binds:
 * there is no way to hold one while the root changes.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>
#include <nsview/kern_mount.h>

#include "make_internal.h"
#include "make_piece.h"

enum { MESSAGE_BYTES = 512 };

void piece_release(struct piece *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	buffer_release(&p->options.own);
}

static int failed(const struct piece *p, int error, const char *why, struct error *err)
{
	const char *what = p->fstype ? p->fstype : p->source;
	const char *hint = p->hint && error == -EPERM ? p->hint : "";
	char source[MAKE_SHOWN], target[MAKE_SHOWN], shown[MAKE_SHOWN];

	if (error == -ENOSYS && !p->fstype)
		why = "this kernel has no open_tree(2), which came with Linux 5.2";
	/* What it takes is said once: by the file system, or else as closely as we know it. */
	if (!why || !*why) {
		why = *hint ? hint : make_why(error);
		hint = "";
	}
	return error_set(err, error, "cannot mount %s on %s: %s%s%s",
			 make_shown(what, source, sizeof(source)),
			 make_shown(p->target, target, sizeof(target)),
			 make_shown(why, shown, sizeof(shown)), *hint ? ": " : "", hint);
}

/* What the kernel has to say about a file system that it did not make, without its level. */
static const char *kernel_message(int context, char *out, size_t size)
{
	ssize_t len = kern_fs_message(context, out, size);

	if (len <= 2)
		return NULL;
	if (out[len - 1] == '\n')
		out[len - 1] = '\0';
	return out[1] == ' ' ? out + 2 : out;
}

static int set_options(int context, const struct piece *p)
{
	const char *at = buffer_str(&p->options.own), *end = at + p->options.own.len;
	int ret = p->source ? kern_fsconfig(context, "source", p->source) : 0;

	for (; ret == 0 && at < end; at += strlen(at) + 1) {
		autobuffer key = BUFFER_INIT;
		const char *equals = strchr(at, '=');

		buffer_append(&key, at, equals ? (size_t)(equals - at) : strlen(at));
		ret = kern_fsconfig(context, key.data, equals ? equals + 1 : NULL);
	}
	return ret;
}

static int make_filesystem(struct piece *p, struct error *err)
{
	autoclose int context = kern_fsopen(p->fstype);
	char message[MESSAGE_BYTES];
	int ret;

	if (context == -ENOSYS)
		return 0;
	if (context < 0)
		return failed(p, context,
			      context == -ENODEV ? "this kernel has no such file system" : NULL,
			      err);
	ret = set_options(context, p);
	if (ret == 0)
		ret = p->fd = kern_fsmount(context, (unsigned)p->options.set);
	if (ret < 0)
		return failed(p, ret, kernel_message(context, message, sizeof(message)), err);
	return 0;
}

static int make_bind(struct piece *p, struct error *err)
{
	int ret;

	p->fd = kern_open_tree(AT_FDCWD, p->source, p->recursive);
	if (p->fd == -EINVAL && !p->recursive)
		return failed(p, -EINVAL,
			      "what is mounted below it may not be uncovered here: use rbind", err);
	if (p->fd < 0)
		return failed(p, p->fd, NULL, err);
	if (p->options.own.len > 0)
		return failed(p, -EINVAL, "a bind takes only ro, nosuid, nodev and the like", err);
	if (!p->options.set && !p->options.clear)
		return 0;
	ret = kern_mount_setattr(p->fd, p->options.set, p->options.clear, p->recursive);
	if (ret == -ENOSYS)
		return failed(p, ret, "options of a bind take mount_setattr(2) of Linux 5.12", err);
	if (ret == -EPERM)
		return failed(p, ret, "what the host's mount forbids cannot be allowed here", err);
	return ret < 0 ? failed(p, ret, NULL, err) : 0;
}

int piece_make(struct piece *p, struct error *err)
{
	return p->fstype ? make_filesystem(p, err) : make_bind(p, err);
}

static bool is_directory(const struct piece *p)
{
	struct stat st;

	return p->fd < 0 || fstat(p->fd, &st) < 0 || S_ISDIR(st.st_mode);
}

/* Whether path is in a file system that one of the pieces has just made. */
static bool is_in_ours(const char *path, const struct piece *pieces, size_t n)
{
	struct stat at, of;

	if (stat(path, &at) < 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (pieces[i].ours && pieces[i].fd >= 0 && fstat(pieces[i].fd, &of) == 0 &&
		    of.st_dev == at.st_dev)
			return true;
	}
	return false;
}

/* Makes one directory on the way where it is missing; with create, or in what is ours. */
static int make_step(const char *path, const char *parent, bool create, const struct piece *before,
		     size_t n)
{
	struct stat st;

	if (stat(path, &st) == 0)
		return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
	if (errno != ENOENT)
		return -errno;
	if (!create && !is_in_ours(parent, before, n))
		return -ENOENT;
	return mkdir(path, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

static int make_file(const char *path, const char *parent, bool create, const struct piece *before,
		     size_t n)
{
	struct stat st;
	int fd;

	if (stat(path, &st) == 0)
		return S_ISDIR(st.st_mode) ? -EISDIR : 0;
	if (errno != ENOENT)
		return -errno;
	if (!create && !is_in_ours(parent, before, n))
		return -ENOENT;
	fd = open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int make_point(const struct piece *p, bool create, const struct piece *before, size_t n)
{
	char path[PATH_MAX], parent[PATH_MAX] = "/";
	int ret = 0;

	if (strlen(p->target) >= sizeof(path))
		return -ENAMETOOLONG;
	for (const char *at = p->target; ret == 0 && *at;) {
		at += strspn(at, "/");
		at += strcspn(at, "/");
		snprintf(path, sizeof(path), "%.*s", (int)(at - p->target), p->target);
		if (*at || is_directory(p))
			ret = make_step(path, parent, create, before, n);
		else
			ret = make_file(path, parent, create, before, n);
		snprintf(parent, sizeof(parent), "%s", path);
	}
	return ret;
}

static int attach_old(const struct piece *p)
{
	static const struct {
		uint64_t attribute;
		unsigned long flag;
	} flags[] = {
		{ KERN_RDONLY, MS_RDONLY },	    { KERN_NOSUID, MS_NOSUID },
		{ KERN_NODEV, MS_NODEV },	    { KERN_NOEXEC, MS_NOEXEC },
		{ KERN_NOATIME, MS_NOATIME },	    { KERN_STRICTATIME, MS_STRICTATIME },
		{ KERN_NODIRATIME, MS_NODIRATIME },
	};
	autobuffer data = BUFFER_INIT;
	unsigned long set = 0;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		set |= p->options.set & flags[i].attribute ? flags[i].flag : 0;
	buffer_append(&data, buffer_str(&p->options.own), p->options.own.len);
	for (size_t i = 0; i + 1 < data.len; i++)
		data.data[i] = data.data[i] ? data.data[i] : ',';
	return mount(p->source ? p->source : p->fstype, p->target, p->fstype, set,
		     buffer_str(&data)) < 0
		       ? -errno
		       : 0;
}

/* Links are followed, as mount(8) does, but not those of /proc, which lead anywhere. */
static int open_point(const char *path)
{
	autoclose int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int at = root < 0 ? -errno : kern_open_in_root(root, path, O_PATH);

	if (at != -ENOSYS)
		return at;
	at = open(path, O_PATH | O_CLOEXEC);
	return at < 0 ? -errno : at;
}

static int attach(const struct piece *p)
{
	autoclose int at = open_point(p->target);

	return at < 0 ? at : kern_move_mount(p->fd, at);
}

int piece_attach(const struct piece *p, bool create, const struct piece *before, size_t n,
		 struct error *err)
{
	int ret = make_point(p, create, before, n);

	if (ret == -ENOENT)
		return failed(p, ret, "there is nothing at that path to mount on", err);
	if (ret == -ENOTDIR || ret == -EISDIR)
		return failed(p, ret, "a directory goes on a directory, a file on a file", err);
	if (ret < 0) {
		char why[MESSAGE_BYTES];

		snprintf(why, sizeof(why), "the mount point cannot be made: %s", strerror(-ret));
		return failed(p, ret, why, err);
	}
	ret = p->fd >= 0 ? attach(p) : attach_old(p);
	return ret < 0 ? failed(p, ret, NULL, err) : 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * --resolv=target: the host's tools in the target's network, with the target's name servers and
 * hosts. Copies of these files, read before the join, are bound over ours in a private copy of our
 * mount namespace, so that nothing on the host changes.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nsview/buffer.h>
#include <nsview/cleanup.h>
#include <nsview/kern.h>

#include "inside.h"
#include "make_internal.h"

enum { FILE_MAX = 1 << 20 };

static const char *const files[RESOLV_FILES] = { "etc/resolv.conf", "etc/hosts" };

/* Where the copies lie until they are bound; anything below it is to be seen again afterwards. */
static const char stage[] = "/proc";

static int read_all(int fd, struct buffer *out)
{
	ssize_t n = 1;

	while (n > 0 && out->len < FILE_MAX) {
		buffer_reserve(out, 4096);
		n = read(fd, out->data + out->len, 4096);
		if (n > 0)
			out->len += (size_t)n;
	}
	return n < 0 ? -errno : 0;
}

int resolv_read(struct session *s, struct error *err)
{
	if (s->job->target->root < 0)
		return op_failure(s->job->facts, OP_ROOT_OPEN, &(struct plan_subject){ 0 },
				  s->job->target->root_error ? s->job->target->root_error : -EBADF,
				  err);
	for (int i = 0; i < RESOLV_FILES; i++) {
		autoclose int fd = entry_open_inside(s->job->target->root, files[i]);
		int ret = fd < 0 ? fd : read_all(fd, &s->prepared.resolv[i]);

		if (ret < 0 && ret != -ENOENT)
			return error_set(err, ret,
					 "--resolv=target: cannot read /%s of the target: %s",
					 files[i], strerror(-ret));
	}
	return 0;
}

static int write_copy(const char *path, const struct buffer *text)
{
	autoclose int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0 || fchmod(fd, 0644) < 0 || write(fd, buffer_str(text), text->len) < 0)
		return -errno;
	return 0;
}

/* What the target has not, or empty, is not to be seen of ours either. */
static int bind_copy(struct session *s, int i)
{
	const struct buffer *text = &s->prepared.resolv[i];
	char from[32], to[32];
	int ret;

	snprintf(from, sizeof(from), "%s/%d", stage, i);
	snprintf(to, sizeof(to), "/%s", files[i]);
	ret = write_copy(from, text);
	if (ret == 0 && mount(from, to, NULL, MS_BIND, NULL) < 0)
		ret = errno == ENOENT && !text->len ? 0 : -errno;
	return ret < 0 ? session_words(s, ret, "cannot put the target's %s over ours: %s", to,
				       make_why(ret))
		       : 0;
}

int inside_resolv(struct session *s, const struct plan_step *step)
{
	int ret = kern_unshare(CLONE_NEWNS);

	(void)step;
	/* Nobody that the user namespace knows could make the copies. */
	if (s->job->plan->join >> NS_USER & 1) {
		setfsuid(0);
		setfsgid(0);
	}
	if (ret == 0 && mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		ret = -errno;
	if (ret == 0 && mount("tmpfs", stage, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") < 0)
		ret = -errno;
	for (int i = 0; ret == 0 && i < RESOLV_FILES; i++)
		ret = bind_copy(s, i);
	if (ret == 0 && umount2(stage, MNT_DETACH) < 0)
		ret = -errno;
	return ret;
}

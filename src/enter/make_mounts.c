/* SPDX-License-Identifier: MIT */
/*
 * The mounts of a new mount namespace, in order: propagation, what is to be mounted is made, the
 * root is changed, it is attached, the old root goes. Which ones there are is decided here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/kern.h>

#include "make_internal.h"
#include "make_piece.h"
#include "make_root.h"

enum { STANDARD_MAX = 16, TTY_GID = 5, NULL_MAJOR = 1, NULL_MINOR = 3 };

struct pieces {
	struct piece *list;
	size_t n;
};

static void pieces_release(struct pieces *p)
{
	for (size_t i = 0; i < p->n; i++)
		piece_release(&p->list[i]);
	free(p->list);
}

static int pieces_add(struct pieces *p, struct piece piece, const char *options, struct error *err)
{
	struct piece *added = &p->list[p->n++];

	*added = piece;
	added->fd = -1;
	mount_options_add(&added->options, options);
	return piece_make(added, err);
}

static bool decided(int wish, bool otherwise)
{
	return wish == TRISTATE_YES || (wish == TRISTATE_DEFAULT && otherwise);
}

/* File systems that show a namespace, and are mounted only by whose it is. */
static const struct shown {
	const char *fstype, *target;
	enum ns_type type;
	const char *needs, *covered; /* hints where that is not new, and where it is */
} proc_fs = {
	"proc",
	"/proc",
	NS_PID,
	"it takes a new pid namespace (--new=pid)",
	"the /proc in view must be a whole one, which in a container it often is not; "
	"--mount-proc=no leaves it out",
}, sys_fs = {
	"sysfs",
	"/sys",
	NS_NET,
	"it takes a new network namespace (--new=net)",
	"the /sys in view must be a whole one, which in a container it often is not; "
	"--mount-sys=no leaves it out",
};

static int add_shown(const struct make *m, const struct shown *fs, struct pieces *p,
		     struct error *err)
{
	const struct piece piece = {
		.fstype = fs->fstype,
		.source = fs->fstype,
		.target = fs->target,
		.hint = make_has(m, fs->type) ? fs->covered : fs->needs,
	};

	return pieces_add(p, piece, "nosuid,nodev,noexec", err);
}

/* Whether an id of inside has any meaning. */
static bool is_mapped(const struct make *m, enum make_id_kind kind, uint32_t inside)
{
	const struct id_map *map = &m->user.ids[kind].map;

	/* What was fallen back to has one id, which is root. */
	if (!make_has(m, NS_USER))
		return true;
	return !m->note[0] && id_map_outside(map, inside) >= 0;
}

static int add_devices(const struct make *m, struct pieces *p, struct error *err)
{
	static const char *const devices[] = { "/dev/null",   "/dev/zero",    "/dev/full",
					       "/dev/random", "/dev/urandom", "/dev/tty" };
	const char *pts = is_mapped(m, MAKE_GID, TTY_GID)
				  ? "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5"
				  : "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620";
	int ret = pieces_add(
		p,
		(struct piece){
			.fstype = "tmpfs", .source = "dev", .target = "/dev", .ours = true },
		"nosuid,mode=0755", err);

	for (size_t i = 0; ret == 0 && i < sizeof(devices) / sizeof(devices[0]); i++)
		ret = pieces_add(p, (struct piece){ .source = devices[i], .target = devices[i] },
				 NULL, err);
	if (ret == 0)
		ret = pieces_add(p,
				 (struct piece){ .fstype = "devpts",
						 .source = "devpts",
						 .target = "/dev/pts" },
				 pts, err);
	if (ret == 0)
		ret = pieces_add(
			p,
			(struct piece){ .fstype = "tmpfs", .source = "shm", .target = "/dev/shm" },
			"nosuid,nodev,mode=1777", err);
	return ret;
}

static int add_wished(const struct wish_mount *w, struct pieces *p, struct error *err)
{
	static const char *const types[] = {
		[MOUNT_BIND] = NULL,	     [MOUNT_RBIND] = NULL,  [MOUNT_TMPFS] = "tmpfs",
		[MOUNT_OVERLAY] = "overlay", [MOUNT_PROC] = "proc", [MOUNT_SYSFS] = "sysfs",
	};
	struct piece piece = {
		.fstype = types[w->kind],
		.source = w->source ? w->source : types[w->kind],
		.target = w->target,
		.recursive = w->kind == MOUNT_RBIND,
		.ours = w->kind == MOUNT_TMPFS,
	};

	if (w->readonly)
		mount_options_add(&piece.options, "ro");
	return pieces_add(p, piece, w->options, err);
}

/* All but /dev, which may not be needed. */
static int add_standard(const struct make *m, struct pieces *p, struct error *err)
{
	const struct wish_make *w = m->wish;
	int ret = 0;

	if (decided(w->mount_proc, make_has(m, NS_PID)))
		ret = add_shown(m, &proc_fs, p, err);
	if (ret == 0 && decided(w->mount_sys, make_has(m, NS_NET)))
		ret = add_shown(m, &sys_fs, p, err);
	if (ret == 0 && decided(w->mount_tmp, false))
		ret = pieces_add(p,
				 (struct piece){ .fstype = "tmpfs",
						 .source = "tmp",
						 .target = "/tmp",
						 .ours = true },
				 "nosuid,nodev,mode=1777", err);
	return ret;
}

static int open_null(int root, int flags)
{
	int fd = kern_open_in_root(root, "dev/null", flags);

	if (fd == -ENOSYS)
		fd = openat(root, "dev/null", flags | O_NOFOLLOW | O_CLOEXEC);
	return fd;
}

/* O_PATH first: to open another device than the one meant may do something. */
static bool has_usable_dev(const char *root)
{
	autoclose int dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	autoclose int path = open_null(dir, O_PATH);
	autoclose int fd = -1;
	struct stat st;

	if (path < 0 || fstat(path, &st) < 0 || !S_ISCHR(st.st_mode) ||
	    st.st_rdev != makedev(NULL_MAJOR, NULL_MINOR))
		return false;
	fd = open_null(dir, O_RDWR);
	return fd >= 0;
}

static int link_devices(struct error *err)
{
	static const struct {
		const char *path, *to;
	} links[] = {
		{ "/dev/ptmx", "pts/ptmx" },	      { "/dev/fd", "/proc/self/fd" },
		{ "/dev/stdin", "/proc/self/fd/0" },  { "/dev/stdout", "/proc/self/fd/1" },
		{ "/dev/stderr", "/proc/self/fd/2" },
	};

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (symlink(links[i].to, links[i].path) < 0)
			return error_set(err, -errno, "cannot make %s: %s", links[i].path,
					 strerror(errno));
	}
	return 0;
}

static int attach_all(const struct make *m, const struct pieces *p, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < p->n; i++)
		ret = piece_attach(&p->list[i], m->wish->root != NULL, p->list, i, err);
	return ret;
}

static int change_root(const struct make *m, struct error *err)
{
	if (!m->wish->root)
		return 0;
	return m->wish->chroot ? root_change(m->wish->root, err) : root_pivot(m->wish->root, err);
}

static int propagate(const char *path, unsigned long how, struct error *err)
{
	if (mount(NULL, path, NULL, how, NULL) == 0)
		return 0;
	return error_set(err, -errno, "cannot change the propagation of %s: %s", path,
			 make_why(-errno));
}

/* With mounts as they are, what we mount by default must not reach the host all the same. */
static void keep_apart(void)
{
	static const char *const paths[] = { "/proc", "/sys" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		mount(NULL, paths[i], NULL, MS_PRIVATE, NULL);
}

/* What becomes shared does so at the end: before, it would be with the host. */
static int part_from_host(const struct make *m, struct error *err)
{
	unsigned long wish = m->wish->propagation;

	if (wish == MS_REC) {
		keep_apart();
		return 0;
	}
	return propagate("/", MS_REC | (wish & MS_SLAVE ? MS_SLAVE : MS_PRIVATE), err);
}

int make_mounts(const struct make *m, struct error *err)
{
	const struct wish_make *w = m->wish;
	struct pieces p = { calloc(w->nmounts + STANDARD_MAX, sizeof(struct piece)), 0 };
	bool own_dev = w->root && !has_usable_dev(w->root);
	int ret = part_from_host(m, err);

	if (!p.list)
		die("out of memory");
	if (ret == 0)
		ret = add_standard(m, &p, err);
	if (ret == 0 && own_dev)
		ret = add_devices(m, &p, err);
	for (size_t i = 0; ret == 0 && i < w->nmounts; i++)
		ret = add_wished(&w->mounts[i], &p, err);
	if (ret == 0)
		ret = change_root(m, err);
	if (ret == 0)
		ret = attach_all(m, &p, err);
	if (ret == 0 && own_dev)
		ret = link_devices(err);
	if (ret == 0 && w->root && !w->chroot)
		ret = root_leave_old(err);
	if (ret == 0 && w->propagation & MS_SHARED)
		ret = propagate("/", MS_REC | MS_SHARED, err);
	pieces_release(&p);
	return ret;
}

static int check_mount(const struct wish_mount *w, struct error *err)
{
	bool bind = w->kind == MOUNT_BIND || w->kind == MOUNT_RBIND;
	char shown[MAKE_SHOWN];

	if (!w->target || w->target[0] != '/')
		return error_set(err, -EINVAL, "--mount: the target has to be an absolute path");
	if (w->target[strspn(w->target, "/")] == '\0')
		return error_set(err, -EINVAL, "--mount: what goes on \"/\" is --root=DIR");
	if (bind && !w->source)
		return error_set(err, -EINVAL, "--mount=bind needs a source");
	if (w->kind == MOUNT_OVERLAY && (!w->options || !strstr(w->options, "lowerdir")))
		return error_set(err, -EINVAL, "--mount=overlay needs lowerdir=DIR[:DIR]");
	if (bind && access(w->source, F_OK) < 0)
		return error_set(err, -errno, "--mount: %s: %s",
				 make_shown(w->source, shown, sizeof(shown)), strerror(errno));
	return 0;
}

static int check_root(const struct wish_make *w, struct error *err)
{
	char shown[MAKE_SHOWN];
	autoclose int fd = -1;

	if (!w->root)
		return w->chroot ? error_set(err, -EINVAL, "--chroot goes with --root=DIR") : 0;
	fd = open(w->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, -errno, "--root=%s: %s",
				 make_shown(w->root, shown, sizeof(shown)), strerror(errno));
	if (w->propagation == MS_REC && !w->chroot)
		return error_set(
			err, -EINVAL,
			"--root changes the root by pivot_root(2), which takes mounts that "
			"are not shared: another --propagation, or --chroot");
	return 0;
}

int make_prepare_mounts(const struct make *m, struct error *err)
{
	int ret = check_root(m->wish, err);

	for (size_t i = 0; ret == 0 && i < m->wish->nmounts; i++)
		ret = check_mount(&m->wish->mounts[i], err);
	return ret;
}

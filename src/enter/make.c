/* SPDX-License-Identifier: MIT */
/*
 * What is wished of new namespaces, looked over before anything is made: which wish needs which
 * namespace, what contradicts itself. Everything that a file of the host has to say is read here,
 * in the front. Makes nothing itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nsview/cleanup.h>
#include <nsview/escape.h>
#include <nsview/procfile.h>

#include "make_internal.h"

enum { NAME_BYTES = 64 /* __NEW_UTS_LEN: hostname(7) */ };

const char *make_shown(const char *text, char *out, size_t size)
{
	autobuffer shown = BUFFER_INIT;
	size_t len;

	escape_text(&shown, text, strlen(text), ESCAPE_UTF8);
	len = shown.len < size ? shown.len : size - 1;
	memcpy(out, buffer_str(&shown), len);
	out[len] = '\0';
	return out;
}

const char *make_why(int error)
{
	if (error == -EPERM)
		return "it takes CAP_SYS_ADMIN in the user namespace that owns what is changed, "
		       "and no security module that forbids it";
	return strerror(-error);
}

struct need {
	bool wished;
	enum ns_type type;
	const char *option;
};

static bool wishes_maps(const struct wish_make *w)
{
	return w->map_root || w->map_current || w->map_auto || w->has_map_user ||
	       w->has_map_group || w->nuid_maps > 0 || w->ngid_maps > 0;
}

int make_check(const struct wish_make *w, unsigned create, struct error *err)
{
	const struct need needs[] = {
		{ wishes_maps(w), NS_USER, "--map" },
		{ w->setgroups, NS_USER, "--setgroups" },
		{ w->hostname, NS_UTS, "--hostname" },
		{ w->domainname, NS_UTS, "--domainname" },
		{ w->root, NS_MNT, "--root" },
		{ w->nmounts > 0, NS_MNT, "--mount" },
		{ w->mount_proc == TRISTATE_YES, NS_MNT, "--mount-proc" },
		{ w->mount_sys == TRISTATE_YES, NS_MNT, "--mount-sys" },
		{ w->mount_tmp == TRISTATE_YES, NS_MNT, "--mount-tmp" },
		{ w->propagation, NS_MNT, "--propagation" },
		{ w->has_monotonic, NS_TIME, "--monotonic" },
		{ w->has_boottime, NS_TIME, "--boottime" },
		{ w->veth, NS_NET, "--veth" },
		{ w->lo_off, NS_NET, "--lo" },
		{ w->as_pid_1, NS_PID, "--as-pid-1" },
	};

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		if (needs[i].wished && !(create >> needs[i].type & 1))
			return error_set(err, -EINVAL,
					 "%s needs a new %s namespace: add %s to --new",
					 needs[i].option, ns_types[needs[i].type].title,
					 ns_types[needs[i].type].name);
	}
	if (w->persist && !create)
		return error_set(err, -EINVAL, "--persist keeps new namespaces: there are none");
	return 0;
}

static int check_name(const char *option, const char *name, struct error *err)
{
	if (!name || strlen(name) <= NAME_BYTES)
		return 0;
	return error_set(err, -EINVAL, "%s: %zu bytes, where the kernel takes %d at most", option,
			 strlen(name), NAME_BYTES);
}

/* /proc has to show our own numbers: those of the helper and the child come from fork. */
static int open_proc(struct make *m, struct error *err)
{
	autobuffer self = BUFFER_INIT;
	int ret;

	m->proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (m->proc < 0) {
		ret = -errno;
		return error_set(err, ret, "cannot open /proc: %s", strerror(-ret));
	}
	ret = proc_readlink(m->proc, "self", &self);
	if (ret < 0)
		return error_set(err, ret, "/proc is no proc file system of our pid namespace");
	if (proc_entry_pid(self.data) != getpid())
		return error_set(err, -ESRCH,
				 "/proc shows another pid namespace than ours: mount a new one "
				 "there first");
	return 0;
}

static int prepare(struct make *m, struct error *err)
{
	int ret = make_check(m->wish, m->create, err);

	if (ret == 0)
		ret = open_proc(m, err);
	if (ret == 0)
		ret = check_name("--hostname", m->wish->hostname, err);
	if (ret == 0)
		ret = check_name("--domainname", m->wish->domainname, err);
	if (ret == 0 && make_has(m, NS_USER))
		ret = make_prepare_user(m, err);
	if (ret == 0 && make_has(m, NS_MNT))
		ret = make_prepare_mounts(m, err);
	if (ret == 0 && m->wish->veth)
		ret = make_prepare_net(m, err);
	if (ret == 0 && m->wish->persist)
		ret = make_prepare_persist(m, err);
	return ret;
}

int make_prepare(const struct wish_make *wish, unsigned create, struct make **out,
		 struct error *err)
{
	struct make *m = calloc(1, sizeof(*m));
	int ret;

	if (!m)
		die("out of memory");
	m->wish = wish;
	m->create = create;
	m->proc = -1;
	m->files.dir = -1;
	ret = prepare(m, err);
	if (ret < 0 && ret != -EINVAL && wish->for_other) {
		*err = (struct error){ 0 };
		ret = 0;
	}
	if (ret < 0) {
		make_free(m);
		return ret;
	}
	*out = m;
	return 0;
}

void make_free(struct make *m)
{
	if (!m)
		return;
	close_fd(&m->proc);
	close_fd(&m->files.dir);
	free(m);
}

const char *make_note(const struct make *m)
{
	return m->note[0] ? m->note : NULL;
}

void make_undo(struct make *m)
{
	if (m->net.wired)
		link_delete(m->net.name, NULL);
	m->net.wired = false;
	make_undo_persist(m);
}

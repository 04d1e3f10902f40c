/* SPDX-License-Identifier: MIT */
/*
 * Opens what the words of `nsview enter` name. What leads there straight goes there: a PID, a
 * file, a name of ip-netns(8); only for the rest of the grammar is the host scanned.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nsview/persist.h>

#include "enter.h"
#include "view.h"

/* fork(2) into a dead pid namespace says that memory has run out. */
static int open_ns(struct view *v, struct ns *ns, struct enter_target *t, struct error *err)
{
	if (ns->type == NS_PID)
		view_read_ns(v, &ns, 1, NEED_INIT_ENDED);
	if (ns->type == NS_PID && ns->facts && fact_is_known(ns->facts->init_ended))
		return error_set(err, -ESRCH,
				 "the first process of pid:[%ju] has ended: nothing can be started "
				 "in it any more",
				 (uintmax_t)ns->ino);
	return entry_open_ns(t, v->scan, ns, err);
}

/* The senior one stands for all: they are of one container, or it was a PID. */
static int open_found(struct view *v, const char *word, struct enter_wish *wish,
		      struct enter_target *t, struct error *err)
{
	const struct selection *sel = &v->sel;
	const struct process *p = NULL;

	for (size_t i = 0; i < sel->nprocesses; i++)
		if (!sel->processes[i]->zombie && (!p || sel->processes[i]->pid < p->pid))
			p = sel->processes[i];
	if (p) {
		wish->join_all |= !wish->join;
		return entry_open_process(t, v->scan, p, err);
	}
	if (!sel->nnamespaces)
		return error_set(err, -ENOENT, "%.128s: there is nothing to enter", word);
	if (sel->nnamespaces > 1)
		return error_set(
			err, -EEXIST,
			"%.128s stands for %zu namespaces, of which %s:[%ju] and %s:[%ju]: "
			"name one",
			word, sel->nnamespaces, ns_types[sel->namespaces[0]->type].name,
			(uintmax_t)sel->namespaces[0]->ino, ns_types[sel->namespaces[1]->type].name,
			(uintmax_t)sel->namespaces[1]->ino);
	wish->join |= 1U << sel->namespaces[0]->type;
	return open_ns(v, sel->namespaces[0], t, err);
}

static int open_by_scan(const struct invocation *inv, const char *word, struct enter_wish *wish,
			struct enter_target *t, struct error *err)
{
	struct view view = { 0 };
	char *words[] = { (char *)word, NULL };
	int ret = view_open(&view, inv, words, 1, 0, err);

	if (ret == 0)
		ret = open_found(&view, word, wish, t, err);
	view_close(&view);
	return ret;
}

static int open_persistent(const char *dir, struct enter_wish *wish, struct enter_target *t,
			   struct error *err)
{
	struct persist p;
	unsigned types = wish->join ? wish->join : (1U << NS_TYPES) - 1;
	int ret = persist_open(dir, types & ~wish->except, &p, err);

	if (ret < 0)
		return ret;
	for (int i = 0; i < NS_TYPES; i++)
		if (p.fds[i] >= 0) {
			wish->join |= 1U << i;
			entry_take(t, (enum ns_type)i, p.fds[i]);
		}
	wish->join_all = false;
	if (p.pid_dead)
		return error_set(err, -ESRCH,
				 "the first process of the PID namespace kept in %.128s has ended: "
				 "nothing can be started in it (--except=pid leaves it out)",
				 dir);
	return 0;
}

static unsigned opened(const struct enter_target *t)
{
	unsigned types = 0;

	for (int i = 0; i < NS_TYPES; i++)
		types |= (unsigned)(t->ns_fds[i] >= 0) << i;
	return types;
}

/* A file of nsfs straight, a directory of such files; anything else is somebody's mount point. */
static int open_path(const struct invocation *inv, const char *path, struct enter_wish *wish,
		     struct enter_target *t, struct error *err)
{
	struct error why = { 0 };
	struct stat st;
	int ret = entry_open_path(t, path, -1, &why);

	if (ret == 0) {
		wish->join |= opened(t);
		return 0;
	}
	if (ret == -EINVAL && stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		ret = open_persistent(path, wish, t, err);
		if (ret != -ENOENT)
			return ret;
	}
	if (open_by_scan(inv, path, wish, t, err) == 0)
		return 0;
	*err = why;
	return why.code;
}

static int open_netns(const struct invocation *inv, const struct target *target,
		      struct enter_wish *wish, struct enter_target *t, struct error *err)
{
	char path[300];
	int n = snprintf(path, sizeof(path), "/run/netns/%s", target->text);

	if (n < 0 || (size_t)n >= sizeof(path) || entry_open_path(t, path, NS_NET, NULL) < 0)
		return open_by_scan(inv, target->word, wish, t, err);
	wish->join |= 1U << NS_NET;
	return 0;
}

static int open_target(const struct invocation *inv, const char *word, struct enter_wish *wish,
		       struct enter_target *t, struct error *err)
{
	struct target target;
	int ret = target_parse(word, &target, err);

	if (ret < 0)
		return ret;
	if (target.kind == TARGET_PID) {
		pid_t pid = strcmp(target.text, "self") == 0 ? getpid() : (pid_t)target.num;

		wish->join_all |= !wish->join;
		return entry_open_pid(t, pid, err);
	}
	if (target.kind == TARGET_PATH)
		return open_path(inv, target.text, wish, t, err);
	if (target.kind == TARGET_NETNS)
		return open_netns(inv, &target, wish, t, err);
	return open_by_scan(inv, word, wish, t, err);
}

/* The number may have been given to another since somebody looked at it. */
static int check_still(const char *text, const struct enter_target *t, struct error *err)
{
	uint64_t life;
	int ret = enter_parse_id("still", text, &life, err);

	return ret < 0 ? ret : entry_check_life(t, life, err);
}

static int open_files(const struct enter_options *o, struct enter_target *t, struct error *err)
{
	for (int type = 0; type < NS_TYPES; type++) {
		const char *text = o->ns[type];
		int ret;

		if (!text || !*text || enter_is_letters(text))
			continue;
		ret = entry_open_path(t, text + (*text == '='), type, err);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static int open_socket(const char *text, struct enter_target *t, struct error *err)
{
	uint32_t fd;
	int ret = enter_parse_number("net-socket", text, INT32_MAX, &fd, err);

	return ret < 0 ? ret : entry_open_socket(t, (int)fd, err);
}

/* What was asked for has to be there: of a process any, else what was opened. */
static int check_opened(const struct enter_wish *wish, const struct enter_target *t,
			struct error *err)
{
	unsigned missing = wish->join & ~opened(t);

	if (t->pid || !(missing || wish->join_all))
		return 0;
	for (int type = 0; type < NS_TYPES; type++)
		if (missing >> type & 1)
			return error_set(err, -EINVAL,
					 "whose %s namespace? Name a TARGET or a file",
					 ns_types[type].title);
	return error_set(err, -EINVAL, "all namespaces of what? Name a process as TARGET");
}

int enter_open(const struct invocation *inv, const char *word, struct enter_wish *wish,
	       struct enter_target *out, struct error *err)
{
	const struct enter_options *o = inv->options;
	int ret = 0;

	if (word)
		ret = open_target(inv, word, wish, out, err);
	if (ret == 0 && o->still)
		ret = check_still(o->still, out, err);
	if (ret == 0)
		ret = open_files(o, out, err);
	if (ret == 0 && o->net_socket)
		ret = open_socket(o->net_socket, out, err);
	if (ret == 0)
		ret = check_opened(wish, out, err);
	if (ret < 0)
		return ret;
	if (out->pid)
		entry_open_places(out);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* From the options of `nsview enter` to the wish. Looks nothing up. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include <nsview/cleanup.h>

#include "enter.h"

static const char type_letters[] = "muinpCUT";

/* "muinpCUT" in the order of the letters. */
static int letter_type(char letter)
{
	static const enum ns_type types[] = { NS_MNT, NS_UTS,	 NS_IPC,  NS_NET,
					      NS_PID, NS_CGROUP, NS_USER, NS_TIME };
	const char *at = strchr(type_letters, letter);

	return letter && at ? (int)types[at - type_letters] : -1;
}

/* -mnp is taken for -m -n -p, as anybody means it: a file has a slash or a "=" in front. */
bool enter_is_letters(const char *text)
{
	return *text && text[strspn(text, type_letters)] == '\0';
}

static void take_types(const struct enter_options *o, struct enter_wish *w)
{
	for (int type = 0; type < NS_TYPES; type++) {
		if (!o->ns[type])
			continue;
		w->join |= 1U << type;
		for (const char *c = o->ns[type]; enter_is_letters(o->ns[type]) && *c; c++)
			w->join |= 1U << letter_type(*c);
	}
	if (o->net_socket)
		w->join |= 1U << NS_NET;
	w->join_all = o->all || o->except;
}

/* The index of a word in a list that NULL ends; without a word, that of the first. */
static int choice(const char *option, const char *word, const char *const *words, int *out,
		  struct error *err)
{
	*out = 0;
	for (int i = 0; word && words[i]; i++)
		if (strcmp(word, words[i]) == 0) {
			*out = i;
			return 0;
		}
	return word ? error_set(err, -EINVAL, "--%s does not take \"%.64s\", but %s, %s%s%s",
				option, word, words[0], words[1], words[2] ? ", " : "",
				words[2] ? words[2] : "")
		    : 0;
}

static int take_ids(const struct enter_options *o, struct enter_words *words, struct error *err)
{
	struct wish_ids *ids = &words->wish.ids;
	int ret = 0;

	ids->has_uid = o->uid;
	ids->has_gid = o->gid;
	ids->has_groups = o->groups;
	ids->preserve_credentials = o->preserve_credentials;
	ids->keep_caps = o->keep_caps;
	ids->no_new_privs = o->no_new_privs;
	ids->like_target = o->like_target;
	ids->follow_context = o->follow_context;
	if (o->uid)
		ret = enter_parse_number("setuid", o->uid, UINT32_MAX - 1, &ids->uid, err);
	if (ret == 0 && o->gid)
		ret = enter_parse_number("setgid", o->gid, UINT32_MAX - 1, &ids->gid, err);
	if (ret == 0 && o->groups)
		ret = enter_parse_groups(o->groups, &words->groups, &ids->ngroups, err);
	ids->groups = words->groups;
	if (ret == 0 && o->cap_add)
		ret = enter_parse_caps("cap-add", o->cap_add, &ids->cap_add, err);
	if (ret == 0 && o->cap_drop)
		ret = enter_parse_caps("cap-drop", o->cap_drop, &ids->cap_drop, err);
	if (ret == 0 && o->preserve_credentials && (o->uid || o->gid || o->groups))
		ret = error_set(err, -EINVAL,
				"--preserve-credentials and -S, -G or --groups exclude each other");
	return ret;
}

static int take_setenv(const struct enter_options *o, struct enter_words *words, struct error *err)
{
	words->setenv = calloc(o->setenv.n + 1, sizeof(char *));
	if (!words->setenv)
		die("out of memory");
	for (size_t i = 0; i < o->setenv.n; i++) {
		if (strcspn(o->setenv.at[i], "=") == 0 || !strchr(o->setenv.at[i], '='))
			return error_set(err, -EINVAL, "--setenv takes NAME=VALUE, not \"%.64s\"",
					 o->setenv.at[i]);
		words->setenv[i] = o->setenv.at[i];
	}
	words->wish.place.setenv = words->setenv;
	return 0;
}

/* nsenter(1) has its files with and without a "=" behind the letter. */
static const char *behind_equals(const char *text)
{
	return text && *text == '=' ? text + 1 : text;
}

static int take_place(const struct enter_options *o, struct enter_words *words, struct error *err)
{
	static const char *const envs[] = { "host", "target", "clear", NULL };
	static const char *const whose[] = { "target", "host", NULL };
	static const enum enter_env env_of[] = { ENV_HOST, ENV_TARGET, ENV_CLEAR };
	struct wish_place *place = &words->wish.place;
	const char *wd = o->wdns ? o->wdns : behind_equals(o->wd);
	const char *root = behind_equals(o->root);
	const char *env = behind_equals(o->env);
	int value, ret = take_setenv(o, words, err);

	place->join_cgroup = o->join_cgroup;
	place->target_root = root && !*root;
	place->target_wd = wd && !*wd;
	place->wd = wd && *wd ? wd : NULL;
	if (root && *root && words->wish.create >> NS_MNT & 1)
		words->wish.make.root = root;
	else
		place->root = root && *root ? root : NULL;
	if (ret == 0 && env && *env) {
		ret = choice("env", env, envs, &value, err);
		place->env = env_of[value];
	} else if (env) {
		place->env = ENV_TARGET;
	}
	if (ret == 0) {
		ret = choice("tools", o->tools, whose, &value, err);
		words->wish.except |= value ? enter_not_with_host_tools(&words->wish) : 0;
	}
	if (ret == 0 && o->resolv) {
		ret = choice("resolv", o->resolv, whose, &value, err);
		place->target_resolv = !value;
	}
	return ret < 0 || !o->preserve_fds ? ret
					   : enter_parse_number("preserve-fds", o->preserve_fds,
								1 << 16, &place->preserve_fds, err);
}

static int take_session(const struct enter_options *o, struct wish_session *session,
			struct error *err)
{
	uint32_t fd = 0;
	int ret = 0;

	session->info_fd = -1;
	session->share_tty = o->share_tty;
	session->pty = o->pty;
	session->pid_file = o->pid_file;
	session->no_fork = o->no_fork;
	session->die_with_parent = o->die_with_parent;
	if (o->share_tty && o->pty)
		return error_set(err, -EINVAL, "--share-tty and --pty exclude each other");
	if (o->info_fd) {
		ret = enter_parse_number("info-fd", o->info_fd, INT32_MAX, &fd, err);
		session->info_fd = (int)fd;
	}
	if (ret == 0 && o->kill_child && *o->kill_child)
		return enter_parse_signal(o->kill_child, &session->kill_child, err);
	if (o->kill_child)
		session->kill_child = SIGKILL;
	return ret;
}

static int take_ranges(const char *option, const struct option_list *list, struct id_range **out,
		       struct error *err)
{
	*out = calloc(list->n + 1, sizeof(**out));
	if (!*out)
		die("out of memory");
	for (size_t i = 0; i < list->n; i++) {
		int ret = enter_parse_range(option, list->at[i], &(*out)[i], err);

		if (ret < 0)
			return ret;
	}
	return 0;
}

static int take_maps(const struct enter_options *o, struct enter_words *words, struct error *err)
{
	static const char *const allow[] = { "allow", "deny", NULL };
	struct wish_make *make = &words->wish.make;
	const struct option_list *gids = o->gid_maps.n ? &o->gid_maps : &o->maps;
	int value, ret = take_ranges("map", &o->maps, &words->uid_maps, err);

	if (ret == 0)
		ret = take_ranges("map-gids", gids, &words->gid_maps, err);
	make->uid_maps = words->uid_maps;
	make->gid_maps = words->gid_maps;
	make->nuid_maps = o->maps.n;
	make->ngid_maps = gids->n;
	make->map_root = o->map_root;
	make->map_current = o->map_current;
	make->map_auto = o->map_auto;
	make->has_map_user = o->map_user;
	make->has_map_group = o->map_group;
	make->setgroups = o->setgroups;
	if (ret == 0 && o->map_user)
		ret = enter_parse_number("map-user", o->map_user, UINT32_MAX - 1, &make->map_user,
					 err);
	if (ret == 0 && o->map_group)
		ret = enter_parse_number("map-group", o->map_group, UINT32_MAX - 1,
					 &make->map_group, err);
	return ret < 0 ? ret : choice("setgroups", o->setgroups, allow, &value, err);
}

static int tristate(const char *option, const char *word, int *out, struct error *err)
{
	static const char *const words[] = { "yes", "no", NULL };
	int value, ret = choice(option, word && *word ? word : NULL, words, &value, err);

	*out = !word ? TRISTATE_DEFAULT : value ? TRISTATE_NO : TRISTATE_YES;
	return ret;
}

static int take_mounts(const struct enter_options *o, struct enter_words *words, struct error *err)
{
	static const char *const kinds[] = { "private", "slave", "shared", "unchanged", NULL };
	static const unsigned long flags[] = { 0, MS_SLAVE | MS_REC, MS_SHARED | MS_REC, MS_REC };
	struct wish_make *make = &words->wish.make;
	size_t n = o->mounts.n;
	int proc = 0, sys = 0, tmp = 0, kind = 0;
	int ret = tristate("mount-proc", o->mount_proc, &proc, err);

	if (ret == 0)
		ret = tristate("mount-sys", o->mount_sys, &sys, err);
	if (ret == 0)
		ret = tristate("mount-tmp", o->mount_tmp, &tmp, err);
	if (ret == 0)
		ret = choice("propagation", o->propagation, kinds, &kind, err);
	if (ret < 0)
		return ret;
	make->mount_proc = proc;
	make->mount_sys = sys;
	make->mount_tmp = tmp;
	make->propagation = flags[kind];
	make->chroot = o->chroot;
	words->mounts = calloc(n + 1, sizeof(*words->mounts));
	words->mount_text = calloc(n + 1, sizeof(char *));
	if (!words->mounts || !words->mount_text)
		die("out of memory");
	for (size_t i = 0; ret == 0 && i < n; i++) {
		words->mount_text[i] = strdup(o->mounts.at[i]);
		if (!words->mount_text[i])
			die("out of memory");
		ret = enter_parse_mount(words->mount_text[i], &words->mounts[i], err);
	}
	make->mounts = words->mounts;
	make->nmounts = n;
	return ret;
}

/* [NAME][,ADDR[,PEERADDR]] */
static int take_veth(const char *text, struct enter_words *words, struct error *err)
{
	struct wish_make *make = &words->wish.make;
	const char **const fields[] = { &make->veth_name, &make->veth_addr, &make->veth_peer_addr };
	char *rest;

	if (!text)
		return 0;
	make->veth = true;
	rest = words->veth_text = strdup(text);
	if (!rest)
		die("out of memory");
	for (size_t i = 0; rest && i < sizeof(fields) / sizeof(*fields); i++) {
		char *word = strsep(&rest, ",");

		*fields[i] = *word ? word : NULL;
	}
	return rest ? error_set(err, -EINVAL, "--veth takes NAME,ADDR,PEERADDR, not \"%.64s\"",
				text)
		    : 0;
}

static int take_make(const struct enter_options *o, struct enter_words *words, struct error *err)
{
	static const char *const lo[] = { "up", "off", NULL };
	struct wish_make *make = &words->wish.make;
	int value, ret = take_maps(o, words, err);

	if (ret == 0)
		ret = take_mounts(o, words, err);
	if (ret == 0)
		ret = choice("lo", o->lo, lo, &value, err);
	if (ret < 0)
		return ret;
	make->lo_off = value;
	make->hostname = o->hostname;
	make->domainname = o->domainname;
	make->as_pid_1 = o->as_pid_1;
	make->persist = o->persist;
	make->has_monotonic = o->monotonic;
	make->has_boottime = o->boottime;
	ret = take_veth(o->veth, words, err);
	if (ret == 0 && o->monotonic)
		ret = enter_parse_offset("monotonic", o->monotonic, &make->monotonic, err);
	if (ret == 0 && o->boottime)
		ret = enter_parse_offset("boottime", o->boottime, &make->boottime, err);
	return ret;
}

/* What -F leaves nobody behind for. */
static int check_no_fork(const struct enter_wish *w, struct error *err)
{
	const struct {
		bool wanted;
		const char *option;
	} needs[] = {
		{ w->create >> NS_USER & 1, "--new=user" },
		{ w->create >> NS_PID & 1, "--new=pid" },
		{ w->create >> NS_TIME & 1, "--new=time" },
		{ w->make.veth, "--veth" },
		{ w->make.persist, "--persist" },
		{ w->session.pid_file, "--pid-file" },
		{ w->session.info_fd >= 0, "--info-fd" },
		{ w->session.kill_child, "--kill-child" },
		{ w->session.pty, "--pty" },
	};

	for (size_t i = 0; w->session.no_fork && i < sizeof(needs) / sizeof(*needs); i++)
		if (needs[i].wanted)
			return error_set(err, -EINVAL,
					 "--no-fork and %s exclude each other: it takes a process "
					 "beside the command",
					 needs[i].option);
	return 0;
}

int enter_words_parse(const struct enter_options *o, struct enter_words *words, struct error *err)
{
	struct enter_wish *w = &words->wish;
	int ret = 0;

	take_types(o, w);
	if (o->except)
		ret = enter_parse_types("except", o->except, &w->except, err);
	if (ret == 0 && o->create)
		ret = enter_parse_types("new", o->create, &w->create, err);
	if (ret == 0)
		ret = take_ids(o, words, err);
	if (ret == 0)
		ret = take_place(o, words, err);
	if (ret == 0)
		ret = take_session(o, &w->session, err);
	if (ret == 0)
		ret = take_make(o, words, err);
	return ret < 0 ? ret : check_no_fork(w, err);
}

void enter_words_release(struct enter_words *words)
{
	for (size_t i = 0; words->mount_text && i < words->wish.make.nmounts; i++)
		free(words->mount_text[i]);
	free(words->mount_text);
	free(words->mounts);
	free(words->groups);
	free(words->setenv);
	free(words->uid_maps);
	free(words->gid_maps);
	free(words->veth_text);
}

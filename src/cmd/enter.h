/* SPDX-License-Identifier: MIT */
/* The options of `nsview enter`, and the wish that they make. Private to cmd/enter*.c. */
#ifndef NSVIEW_CMD_ENTER_H
#define NSVIEW_CMD_ENTER_H

#include <nsview/enter.h>
#include <nsview/enter_run.h>
#include <nsview/entry.h>

#include "command.h"

struct enter_options {
	const char *target;
	const char *still;
	bool all;
	const char *ns[NS_TYPES]; /* -m and its like: NULL, "" or a file */
	const char *net_socket;
	const char *except, *create;

	const char *root, *wd, *wdns;
	const char *uid, *gid, *groups;
	bool preserve_credentials, keep_caps;
	const char *cap_add, *cap_drop;
	bool no_new_privs, like_target, follow_context;
	const char *env;
	struct option_list setenv;
	bool join_cgroup;
	const char *tools, *resolv, *preserve_fds;
	bool share_tty, pty;
	const char *pid_file, *info_fd;
	bool no_fork;

	bool map_root, map_current, map_auto;
	const char *map_user, *map_group;
	struct option_list maps, gid_maps;
	const char *setgroups, *hostname, *domainname;
	const char *mount_proc, *mount_sys, *mount_tmp;
	struct option_list mounts;
	bool chroot;
	const char *propagation, *monotonic, *boottime, *veth, *lo;
	bool as_pid_1;
	const char *kill_child;
	bool die_with_parent;
	const char *persist, *unpersist;

	bool dry_run;
	const char *as;
	const char *json;
	bool verify;
};
extern const struct option_spec enter_option_table[];

/* The wish with the memory behind its lists. */
struct enter_words {
	struct enter_wish wish;
	gid_t *groups;
	const char **setenv;
	struct id_range *uid_maps, *gid_maps;
	struct wish_mount *mounts;
	char **mount_text; /* copies that mounts points into */
	char *veth_text;
};

/* -EINVAL with words. words is zeroed; enter_words_release afterwards in any case. */
int enter_words_parse(const struct enter_options *o, struct enter_words *words, struct error *err);
void enter_words_release(struct enter_words *words);

/* The parts of it that are lists, each pure. */
int enter_parse_types(const char *option, const char *text, unsigned *out, struct error *err);
/* Whether an option of a type is followed by letters of more types, as in -mnp, and by no file. */
bool enter_is_letters(const char *text);
int enter_parse_number(const char *option, const char *text, uint32_t max, uint32_t *out,
		       struct error *err);
int enter_parse_id(const char *option, const char *text, uint64_t *out, struct error *err);
/* "INNER:OUTER:COUNT" */
int enter_parse_range(const char *option, const char *text, struct id_range *out,
		      struct error *err);
/* Numbers with commas, "" for none; *out is to be freed. */
int enter_parse_groups(const char *text, gid_t **out, size_t *out_n, struct error *err);
/* "net_admin,cap_sys_ptrace", "all": a mask. */
int enter_parse_caps(const char *option, const char *text, uint64_t *out, struct error *err);
/* A signal by number or name, with or without SIG. */
int enter_parse_signal(const char *text, int *out, struct error *err);
/* Seconds with an optional fraction and sign. */
int enter_parse_offset(const char *option, const char *text, struct time_offset *out,
		       struct error *err);
/* "TYPE,SOURCE,TARGET,OPTION..."; text is cut up and has to live as long as out. */
int enter_parse_mount(char *text, struct wish_mount *out, struct error *err);

/*
 * Closes what was open that is neither for us nor for the command, fills 0 to 2; -EBADF with words
 * where a descriptor that an option names is not open. Before any other is opened.
 */
int enter_descriptors(const struct enter_wish *w, const char *net_socket, struct error *err);

/*
 * Opens what the words name: a TARGET (NULL: none) and files per type. Sets in the wish what
 * follows from the kind of target: all types of a process, the one of a namespace.
 */
int enter_open(const struct invocation *inv, const char *word, struct enter_wish *wish,
	       struct enter_target *out, struct error *err);

/* -EINVAL with words where what was asked for would partly be left out. */
int enter_usage(const struct invocation *inv, const struct enter_wish *w, struct error *err);

/*
 * --as=WHO: a process by number, into *out_pid; or a user by name or uid:NUMBER, who this process
 * then is for good. -errno with words.
 */
int enter_as(const char *word, pid_t *out_pid, struct error *err);

/* --verify: the rows are printed. 0, 1 or 3 as verify_status, ENTER_FAILED with words in err. */
int enter_verify(const struct invocation *inv, struct enter_job *job, const char *json,
		 struct error *err);

#endif

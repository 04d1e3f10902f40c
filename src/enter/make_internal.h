/* SPDX-License-Identifier: MIT */
/* What the parts of make share. Private to enter/. */
#ifndef NSVIEW_ENTER_MAKE_INTERNAL_H
#define NSVIEW_ENTER_MAKE_INTERNAL_H

#include <stdbool.h>
#include <nsview/make.h>
#include <nsview/veth.h>

#include "make_map.h"

/* One kind of ids of the new user namespace. */
struct make_ids {
	struct id_map map;
	uint32_t own; /* of the caller */
	bool tool;    /* newuidmap or newgidmap has to write it */
	/* What is written instead where the tool fails and nobody asked for its ranges; n may be 0.
	 */
	struct id_map fallback;
};

struct make_user {
	struct make_ids ids[2]; /* uid, gid */
	bool deny_setgroups;
	bool fallback; /* is allowed */
};

/* What our veth's other end is called inside. */
#define MAKE_PEER "eth0"

struct make_net {
	char name[16]; /* of our end of the veth; "": chosen */
	bool has_address, has_peer_address;
	struct link_address address, peer_address;
	bool wired;
};

/* What make_persist has put on the host so far. */
struct make_files {
	int dir;       /* -1 */
	bool made_dir; /* it was not there */
	bool mounted;  /* on itself */
	unsigned types;
	uint64_t mntns_id; /* of the mount namespace that they are to be in, 0: not known */
};

struct make {
	const struct wish_make *wish; /* borrowed */
	unsigned create;
	int proc; /* O_PATH of /proc, which shows our pid namespace */
	struct make_user user;
	struct make_net net;
	struct make_files files;
	char note[256];
};

enum make_id_kind { MAKE_UID, MAKE_GID };
extern const char *const make_id_names[2];

static inline bool make_has(const struct make *m, enum ns_type type)
{
	return m->create & 1U << type;
}

/* Untrusted text as a person sees it, cut at the size of out. Returns out. */
const char *make_shown(const char *text, char *out, size_t size);
enum { MAKE_SHOWN = 160 };

/* Why a change of mounts or names failed with -errno: more than its word where that says little. */
const char *make_why(int error);

/* Each looks over its part of the wish; -errno with words. */
int make_prepare_user(struct make *m, struct error *err);
int make_prepare_mounts(const struct make *m, struct error *err);
int make_prepare_net(struct make *m, struct error *err);
int make_prepare_persist(struct make *m, struct error *err);

/* Lets newuidmap or newgidmap write the map of pid. Its own words are in err. */
int make_run_tool(const struct make *m, enum make_id_kind kind, pid_t pid, struct error *err);
/* Full path of a tool in $PATH into out; -ENOENT. */
int make_find_tool(enum make_id_kind kind, char *out, size_t size);

int make_mounts(const struct make *m, struct error *err);
void make_undo_persist(struct make *m);

#endif

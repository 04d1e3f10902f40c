/* SPDX-License-Identifier: MIT */
/* TARGET: one grammar for every command (nsview(1), section TARGET). */
#ifndef NSVIEW_TARGET_H
#define NSVIEW_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/error.h>
#include <nsview/graph.h>
#include <nsview/need.h>

enum target_kind {
	TARGET_PID,   /* 4123, self */
	TARGET_NS,    /* 4026532340, net:[4026532340], net:4026532340 */
	TARGET_INNER, /* pid:7@4026532458 */
	TARGET_PATH,  /* /run/netns/lab */
	TARGET_NETNS, /* netns:lab */
	TARGET_CTR,   /* ctr:web */
	TARGET_UNIT,  /* unit:ssh.service */
	TARGET_MOUNT, /* mount:/mnt/x */
	TARGET_UID,   /* uid:100999 */
	TARGET_IFACE, /* iface:veth3a1c; this and the following: see net_resolve of net.h */
	TARGET_IP,    /* ip:10.0.0.5 */
	TARGET_MAC,   /* mac:02:42:ac:11:00:02 */
	TARGET_PORT,  /* port:80, port:udp/53 */
};

struct target {
	enum target_kind kind;
	const char *word; /* as typed; borrowed from argv */
	const char *text; /* behind the prefix; borrowed from argv */
	uint64_t num;	  /* pid, inode, uid or port */
	uint64_t ns;	  /* TARGET_INNER: the pid namespace; TARGET_PATH: its inode, 0 if none */
	int type;	  /* TARGET_NS: enum ns_type if one was typed, else -1 */
};

/* What a target stands for: namespaces, or processes, in the graph. */
struct selection {
	struct ns **namespaces;
	size_t nnamespaces;
	struct process **processes;
	size_t nprocesses;
};

/* Parses one word. -EINVAL with a sentence that names the nearest right form. Pure. */
int target_parse(const char *word, struct target *out, struct error *err);

/* Whether what stands behind this word and a colon is a target of that form: "ctr", "net", ... */
bool target_is_prefix(const char *word);

/* Which facts of all processes and namespaces resolving it reads: NEED_* of need.h. */
unsigned target_needs(const struct target *t);

/*
 * Adds what t stands for to sel; what sel has already is not added again. -ENOENT where nothing
 * matches, -EEXIST where a prefix or name is ambiguous (the candidates are in the sentence). Needs
 * target_needs() to have been read. TARGET_PID with text "self" needs num filled in. -ENOTSUP for
 * what only a look at the host tells (see scan_resolve): TARGET_MOUNT, and TARGET_PATH while its
 * ns is 0; and for those that the network tells (see net_resolve).
 */
int target_resolve(const struct graph *g, const struct target *t, struct selection *sel,
		   struct error *err);

void selection_release(struct selection *sel);
void selection_add_ns(struct selection *sel, struct ns *ns);
void selection_add_process(struct selection *sel, struct process *p);

#endif

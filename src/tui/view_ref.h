/* SPDX-License-Identifier: MIT */
/*
 * What an object is called across graphs: the same namespace or process is found again in the next
 * one, and another that was given its number is not taken for it. Pure.
 */
#ifndef NSVIEW_TUI_VIEW_REF_H
#define NSVIEW_TUI_VIEW_REF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <nsview/buffer.h>
#include <nsview/graph.h>

struct net_link;

enum ref_kind {
	REF_NONE,
	REF_NS,
	REF_SET,
	REF_PROCESS,
	REF_LINK,
	REF_NOTE, /* a row of the picture that is no object */
};

struct view_ref {
	enum ref_kind kind;
	enum ns_type type; /* REF_NS */
	/* Inode (of a link its namespace's), pid, or a number made of the set's eight inodes. */
	uint64_t num;
	uint64_t life;	/* the kernel's id, or the start time; 0 where it is not known */
	uint32_t index; /* REF_LINK: its number there; REF_NOTE: which of several */
	uint32_t wire;	/* REF_LINK: 0, or one more wire of it */
};

struct view_ref ref_of_ns(const struct ns *ns);
struct view_ref ref_of_process(const struct process *p);
struct view_ref ref_of_set(const struct nsset *set);
/* Of a namespace that is in the graph. */
struct view_ref ref_of_link(const struct net_link *link);

/* By kind, type and numbers; <0, 0, >0. Objects that differ in life only compare equal. */
int ref_compare(const struct view_ref *a, const struct view_ref *b);
/* Whether they are the same object, as far as can be told. */
bool ref_same(const struct view_ref *a, const struct view_ref *b);

/* The object in g, NULL where it is gone. Of a set, any process in it. */
struct ns *ref_find_ns(const struct graph *g, const struct view_ref *ref);
struct process *ref_find_process(const struct graph *g, const struct view_ref *ref);
/* In the networks that go with g. */
const struct net_link *ref_find_link(const struct graph *g, const struct view_ref *ref);
/* Of a namespace itself, of a link that where it is; NULL. */
struct ns *ref_find_place(const struct graph *g, const struct view_ref *ref);

/* "net:4026532340", "4123": as TARGET takes it; nothing for what is none. */
void ref_target(const struct view_ref *ref, const struct graph *g, struct buffer *out);
/* "net:[4026532340]", "4123": as a person copies it. */
void ref_name(const struct view_ref *ref, const struct graph *g, struct buffer *out);

/* References in order, each once. */
struct ref_list {
	struct view_ref *at; /* owned */
	size_t n, cap;
};
void ref_list_release(struct ref_list *l);
bool ref_list_has(const struct ref_list *l, const struct view_ref *ref);
/* Puts it in, or takes it out. */
void ref_list_put(struct ref_list *l, const struct view_ref *ref, bool in);
void ref_list_copy(struct ref_list *to, const struct ref_list *from);
bool ref_list_same(const struct ref_list *a, const struct ref_list *b);

#endif

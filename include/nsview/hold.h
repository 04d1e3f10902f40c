/* SPDX-License-Identifier: MIT */
/*
 * What keeps a namespace alive, reference by reference, with its reason and where to let go; and
 * what was searched for it. Graph in, answers out.
 */
#ifndef NSVIEW_HOLD_H
#define NSVIEW_HOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/buffer.h>
#include <nsview/graph.h>

struct reference {
	enum holder_kind kind;
	enum ns_link link;	       /* proc, thread and children: the link that leads there */
	const struct process *process; /* NULL where there is none */
	pid_t tid;		       /* 0: the process itself, or one whose table it shares */
	const struct holder *holder;   /* mounts and descriptors, else NULL */
	const struct ns *ns;	       /* owner and parent: the namespace that needs this one */
};

struct reference_list {
	struct reference *at; /* owned; strongest kind first, then as the graph is sorted */
	size_t n, cap;
};

/* Everything that was seen to keep ns alive. Borrows from g. */
void references_find(const struct graph *g, const struct ns *ns, struct reference_list *out);
void references_release(struct reference_list *list);

/* Why a reference holds, where its kind alone does not tell; "" else. Unescaped; static. */
const char *reference_reason(const struct reference *ref);

/*
 * What lets go of all references: sentences without their full stop, each ended by a NUL, since a
 * path may hold a newline. Unescaped, but a command stands in one only where its words may be
 * copied to a shell as they are. advice_next steps through them; start with {data, len}.
 */
void release_advice(const struct graph *g, const struct ns *ns, const struct reference_list *list,
		    struct buffer *out);
bool advice_next(struct span *rest, struct span *out_sentence);

/*
 * References that the kernel counts and nothing in the list accounts for. false: not to be told,
 * since the count is not known, or tasks are in it, who share one reference or do not.
 */
bool references_unaccounted(const struct ns *ns, const struct reference_list *list, uint64_t *out);

/* "31 mount namespaces, 228 processes and their threads, ..." */
void searched_words(const struct graph *g, struct buffer *out);
/* "pid 77 (EACCES); ...": nothing where all was searched. */
void not_searched_words(const struct graph *g, struct buffer *out);

#endif

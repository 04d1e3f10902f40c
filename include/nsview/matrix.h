/* SPDX-License-Identifier: MIT */
/* The matrix of `nsview ps`: which namespaces each set of processes shares with which other. */
#ifndef NSVIEW_MATRIX_H
#define NSVIEW_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <nsview/graph.h>

/* One cell. */
struct matrix_cell {
	const struct ns *ns; /* NULL: unknown or none */
	unsigned letter;     /* 0 = A, by first appearance in that type's column */
	bool host;	     /* the reference namespace: "=" but in the host's own row */
	bool notable;	     /* shared with the host although the row is a container: "!" */
};

struct matrix_row {
	const struct nsset *set;
	const struct process *process; /* the row's process: lead of the set, or any with -a */
	bool host;	 /* lives in all of the reference namespaces, and is no container */
	uint32_t nprocs; /* of the graph that share the eight types of the row's set */
	struct matrix_cell cell[NS_TYPES];
};

struct matrix {
	struct matrix_row *rows;
	size_t n;
	struct ns *reference[NS_TYPES]; /* what "=" means; borrowed from the graph */
	bool reference_is_host;		/* else: the namespaces of nsview itself */
	bool by_set;			/* one row per set, not per process */
	uint32_t *find;			/* private: how matrix_find gets at a row */
};

/*
 * Builds the matrix of the given processes, in their order. With by_set one row for each distinct
 * combination of the eight types (the *_for_children links do not count), led by its lowest pid;
 * else one row per process, in the given order. With by_set the host's row, if any, comes first.
 * The letter A is kept for the reference, also where none of the rows is in it. Needs
 * NEED_IDENTITY for notable.
 */
void matrix_build(struct matrix *m, const struct graph *g, struct process *const *list, size_t n,
		  bool by_set);
void matrix_release(struct matrix *m);

/* The row of a process (with by_set that of its set, or of one like it), or NULL. */
const struct matrix_row *matrix_find(const struct matrix *m, const struct process *p);

/* "A".."Z", "AA"... into out (at least 8 bytes). */
void matrix_letter(unsigned letter, char *out);

#endif

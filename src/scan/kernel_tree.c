/* SPDX-License-Identifier: MIT */
/* The table of detached trees of mounts and the namespaces in them. Reads nothing itself. */
#include <stdlib.h>

#include <nsview/error.h>
#include <nsview/grow.h>

#include "kernel_tree.h"

void kernel_trees_add(struct kernel_trees *t, const struct holder_record *mount)
{
	t->mounts = list_room(t->mounts, t->n, sizeof(*t->mounts));
	t->mounts[t->n++] = (struct tree_mount){ .record = mount };
}

static int compare_mount(const void *a, const void *b)
{
	const struct holder_record *x = ((const struct tree_mount *)a)->record;
	const struct holder_record *y = ((const struct tree_mount *)b)->record;

	if (x->tree != y->tree)
		return x->tree < y->tree ? -1 : 1;
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* A tree may have a hundred thousand mounts of one namespace, and as many descriptors. */
void kernel_trees_sort(struct kernel_trees *t)
{
	size_t n = 0;

	if (t->n)
		qsort(t->mounts, t->n, sizeof(*t->mounts), compare_mount);
	for (size_t i = 0; i < t->n; i++)
		if (!n || compare_mount(&t->mounts[n - 1], &t->mounts[i]) != 0)
			t->mounts[n++] = t->mounts[i];
	t->n = n;
}

void kernel_trees_release(struct kernel_trees *t)
{
	free(t->mounts);
	*t = (struct kernel_trees){ 0 };
}

struct tree_mount *kernel_trees_find(const struct kernel_trees *t, unsigned long long tree,
				     size_t *out_n)
{
	size_t begin = 0, end = t->n;

	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;

		if (t->mounts[middle].record->tree < tree)
			begin = middle + 1;
		else
			end = middle;
	}
	while (end < t->n && t->mounts[end].record->tree == tree)
		end++;
	*out_n = end - begin;
	return t->mounts + begin;
}

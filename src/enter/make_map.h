/* SPDX-License-Identifier: MIT */
/* Id maps of a new user namespace, put together and checked. Pure. Private to enter/. */
#ifndef NSVIEW_ENTER_MAKE_MAP_H
#define NSVIEW_ENTER_MAKE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <nsview/buffer.h>
#include <nsview/error.h>
#include <nsview/proctext.h>

enum { ID_MAP_MAX = 340 /* user_namespaces(7), 4.15; 5 before */, ID_MAP_BYTES = 4096 };

struct id_map {
	size_t n;
	struct id_range ranges[ID_MAP_MAX];
};

/* Ids of others that a person may use: lines of /etc/subuid or /etc/subgid. */
struct id_block {
	uint32_t start, count;
};
enum { ID_BLOCKS_MAX = 64 };

/* What is wished, and what there is, for one kind of ids. */
struct id_wish {
	const char *kind; /* "uid", "gid" */
	bool has_single;  /* own is mapped to single */
	uint32_t single, own;
	const struct id_range *maps;
	size_t nmaps;
	bool further;		       /* the blocks fill what is left free, inside from 0 on */
	const struct id_block *blocks; /* may be none */
	size_t nblocks;
};

/* -EINVAL with words where ranges overlap, wrap, are empty, or make too many or too much text. */
int id_map_make(const struct id_wish *wish, struct id_map *out, struct error *err);

/* One for one, all that the text of a uid_map or gid_map has inside. */
int id_map_identity(const char *kind, const char *text, size_t len, struct id_map *out,
		    struct error *err);

/* As the kernel takes it. */
void id_map_text(const struct id_map *map, struct buffer *out);

/* Whether someone without any capability may write it: their own id, alone. */
bool id_map_is_own(const struct id_map *map, uint32_t own);

/* Root inside where there is one, else the first that there is; the map is not empty. */
uint32_t id_map_first(const struct id_map *map);
/* The id of the other side, or -1 where it is not mapped. */
int64_t id_map_inside(const struct id_map *map, uint32_t outside);
int64_t id_map_outside(const struct id_map *map, uint32_t inside);

/*
 * The blocks of a person in the text of /etc/subuid, by name (may be NULL) or number: subuid(5).
 * Lines that are none are left out. Returns how many, at most n.
 */
size_t subid_parse(const char *text, size_t len, const char *name, uint32_t id,
		   struct id_block *out, size_t n);

#endif

/* SPDX-License-Identifier: MIT */
/* THE table of the eight namespace types and the ten links in /proc/PID/ns (namespaces(7)). */
#ifndef NSVIEW_NSTYPE_H
#define NSVIEW_NSTYPE_H

#include <stddef.h>
#include <stdint.h>

/* In the order in which everything is sorted: by name. */
enum ns_type { NS_CGROUP, NS_IPC, NS_MNT, NS_NET, NS_PID, NS_TIME, NS_USER, NS_UTS, NS_TYPES };

/* The links of /proc/PID/ns: the first eight are the types themselves. */
enum ns_link { LINK_PID_FOR_CHILDREN = NS_TYPES, LINK_TIME_FOR_CHILDREN, NS_LINKS };

struct ns_type_info {
	const char *name;     /* as in /proc/PID/ns and in `ls -t` */
	const char *title;    /* in a sentence: "network" */
	int clone_flag;	      /* CLONE_NEW*, also what NS_GET_NSTYPE answers */
	uint32_t initial_ino; /* of the initial namespace; see ns_initial_is_fixed() */
	const char *since;    /* Linux version with the namespace and its link */
};

struct ns_link_info {
	const char *name;  /* file name in /proc/PID/ns */
	enum ns_type type; /* type of the namespace it leads to */
};

extern const struct ns_type_info ns_types[NS_TYPES];
extern const struct ns_link_info ns_links[NS_LINKS];

/* The type called name, or -1. */
int ns_type_parse(const char *name, size_t len);

/* The type whose CLONE_NEW* flag this is, or -1. */
int ns_type_from_flag(int clone_flag);

/*
 * Whether ino is the fixed inode number of the initial namespace of that type. Fixed since Linux
 * 3.8 for ipc, uts, user and pid, 4.6 for cgroup, 5.6 for time, and 6.18 for net and mnt
 * (include/uapi/linux/nsfs.h); on older kernels the last two have ordinary numbers and are found
 * otherwise.
 */
int ns_is_initial(enum ns_type type, uint64_t ino);

/*
 * Parses what readlink of /proc/PID/ns/X gives, "net:[4026531840]". Returns 0 and the inode
 * number, or -EINVAL where the text is anything else (the type's name is not judged).
 */
int ns_link_parse(const char *text, size_t len, uint64_t *out_ino);

#endif

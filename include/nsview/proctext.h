/* SPDX-License-Identifier: MIT */
/*
 * Parsers for the text of /proc files (proc(5)). Pure: text in, values out; any bytes are safe.
 * Pointers in the results are borrowed from the text given. All return 0 or -EINVAL unless said
 * otherwise; what a line does not have is left at the value named.
 */
#ifndef NSVIEW_PROCTEXT_H
#define NSVIEW_PROCTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <nsview/buffer.h>

/* A piece of text that is not NUL-terminated. */
struct span {
	const char *data; /* may be NULL where len is 0 */
	size_t len;
};
bool span_equal(struct span a, struct span b);
bool span_is(struct span s, const char *text);

enum { PROC_KERNEL_THREAD = 0x00200000 /* PF_KTHREAD, of flags */ };

/* /proc/PID/stat. comm may hold anything but NUL, also ") R 1": the last ')' ends it. */
struct proc_stat {
	pid_t pid;
	struct span comm; /* without the parentheses */
	char state;
	pid_t ppid;
	unsigned flags;	    /* PF_* of the kernel, as PROC_KERNEL_THREAD */
	uint64_t starttime; /* clock ticks after boot */
	int64_t num_threads;
};
int proc_stat_parse(const char *text, size_t len, struct proc_stat *out);

enum { PROC_LEVELS = 33 }; /* pid namespaces nest 32 deep below the initial one */

/* /proc/PID/status; only lines at the start of a line count, so that Name: cannot forge one. */
struct proc_status {
	uint32_t uid[4], gid[4];  /* real, effective, saved, file system */
	unsigned nspid_count;	  /* 0 where the kernel has no NSpid (before 4.1) */
	pid_t nspid[PROC_LEVELS]; /* from the reader's pid namespace inwards */
	uint64_t cap_inh, cap_prm, cap_eff, cap_bnd, cap_amb;
	bool has_caps;
	int no_new_privs; /* 0, 1, or -1 where the kernel does not say (before 4.10) */
	int seccomp;	  /* 0 off, 1 strict, 2 filter, -1 unknown */
	pid_t tgid;	  /* 0 when absent */
};
int proc_status_parse(const char *text, size_t len, struct proc_status *out);

/* Steps through text line by line. Start with {text, len}; false at the end. */
bool proc_line_next(struct span *rest, struct span *out_line);

/* One line of /proc/PID/cgroup, "HIERARCHY:CONTROLLERS:PATH" (cgroups(7)). */
struct cgroup_line {
	unsigned hierarchy;	 /* 0: the v2 hierarchy */
	struct span controllers; /* "cpu,cpuacct", "name=systemd", "" for v2 */
	struct span path;	 /* starts with '/' */
};
int proc_cgroup_line_parse(struct span line, struct cgroup_line *out);

/* One line of /proc/PID/mountinfo (proc(5)). Octal escapes stay: see proc_unescape. */
struct mount_line {
	int id, parent;
	unsigned major, minor;
	struct span root, point, options, tags, fstype, source, super_options;
};
int proc_mount_line_parse(struct span line, struct mount_line *out);
/* Steps through a whole mountinfo as proc_line_next, past lines that are none. */
bool proc_mount_next(struct span *rest, struct mount_line *out);

/* Decodes \ooo as mountinfo writes it, into out (at least len + 1 bytes); returns the length. */
size_t proc_unescape(struct span text, char *out);
void proc_unescape_append(struct span text, struct buffer *out);

/* One line of uid_map or gid_map (user_namespaces(7)). */
struct id_range {
	uint32_t inside, outside, count;
};
int proc_id_range_parse(struct span line, struct id_range *out);
/* The number that an id of one side of a map has on the other; -1: it is not mapped. */
int64_t id_ranges_inside(const struct id_range *ranges, size_t n, uint32_t outside);
int64_t id_ranges_outside(const struct id_range *ranges, size_t n, uint32_t inside);

/* The line btime of /proc/stat: when the machine started, seconds after 1970 UTC. */
int proc_boot_time_parse(const char *text, size_t len, uint64_t *out_sec);

/* timens_offsets (time_namespaces(7)): clock is "monotonic"/"1" or "boottime"/"7". */
struct time_offset {
	int64_t sec;
	int32_t nsec;
};
/* Both offsets from the whole file. -EINVAL where either is missing. */
int proc_time_offsets_parse(const char *text, size_t len, struct time_offset *out_monotonic,
			    struct time_offset *out_boottime);

#endif

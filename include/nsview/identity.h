/* SPDX-License-Identifier: MIT */
/*
 * Who a process belongs to (container, pod, unit, machine, session), from its cgroup path and
 * from files that the engines leave on disk. No engine is asked, no process is started. No
 * evidence, no claim.
 */
#ifndef NSVIEW_IDENTITY_H
#define NSVIEW_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <nsview/arena.h>
#include <nsview/graph.h>
#include <nsview/proctext.h>

/*
 * Derives an identity from the text of /proc/PID/cgroup (v1, v2 and hybrid). Pure. Strings are
 * allocated in arena. false: nothing is claimed. name is the short id or unit name here.
 */
bool identity_from_cgroup(struct arena *arena, const char *text, size_t len, struct identity *out);

/* The path that best tells where a process is: v2 unless it is "/", else name=systemd, else the
 * longest. Borrowed from text; "/" if there is no usable line. Pure. */
struct span identity_cgroup_path(const char *text, size_t len);

/*
 * Looks for a better name in the engine's state files below root ("" for the host's own):
 * Docker's config.v2.json, containers/storage's containers.json, runc's and crun's state, CRI and
 * containerd task directories, machined's machine files. Changes name and name_source if one is
 * found. Reads files only; any of them may be missing, unreadable or hostile. 0, or -ELIBACC where
 * there is one in JSON and jansson cannot be loaded.
 */
int identity_name_from_disk(struct arena *arena, const char *root, struct identity *id);

/*
 * Identity from a state file that runc, crun or containerd keep for each living container
 * (../run/... from the proc root), under the name of a cgroup in text. procfd is the proc root.
 * false: nothing is claimed.
 */
bool identity_from_state_file(struct arena *arena, int procfd, const char *text, size_t len,
			      struct identity *out);

/*
 * Processes that are known to supervise nobody, so that a thousand children of one parent ask
 * about it once. Zeroed before use; any number of threads may share one.
 */
struct ancestry {
	_Atomic uint64_t plain[1024]; /* pid << 32 | ppid */
};

/*
 * Identity where neither a cgroup nor a state file gives one: the command line of conmon,
 * containerd-shim, lxc-start, systemd-nspawn, bwrap or firejail among the next ancestors, unless
 * the process is in that one's mount namespace; below bwrap also /proc/PID/root/.flatpak-info.
 * ppid saves a look where it is known, else -1. false: nothing is claimed.
 */
bool identity_from_process(struct arena *arena, int procfd, pid_t pid, pid_t ppid,
			   struct ancestry *known, struct identity *out);

#endif

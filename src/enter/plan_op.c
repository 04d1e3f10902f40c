/* SPDX-License-Identifier: MIT */
/*
 * THE tables of operations: what each is called, which system call it stands for, what it is good
 * for, and why it fails in the way it fails where no more is known than that. Only words.
 */
#include <errno.h>

#include "plan_internal.h"

const struct op_info op_table[PLAN_OPS] = {
	[OP_PIDFD] = { "pidfd", "pidfd_open(2)", "hold on to the target", "open the target" },
	[OP_NS_READ] = { "ns_read", "readlink(2)", "see which namespaces the target is in",
			 "look at the namespaces" },
	[OP_NS_OPEN] = { "ns_open", "open(2)", "open the namespace", "open the namespace" },
	[OP_ROOT_OPEN] = { "root_open", "open(2)", "keep the target's root at hand",
			   "open the root directory" },
	[OP_WD_OPEN] = { "wd_open", "open(2)", "keep the target's working directory at hand",
			 "open the working directory" },
	[OP_CGROUP_READ] = { "cgroup_read", "read(2)", "see which cgroup the target is in",
			     "read the cgroup" },
	[OP_HELPER] = { "helper", "fork(2)", "a helper joins and makes, we stay where we are",
			"fork the helper" },
	[OP_CGROUP] = { "cgroup", "write(2) to cgroup.procs", "move into the target's cgroup",
			"move into the cgroup" },
	[OP_DROP_GROUPS] = { "drop_groups", "setgroups(2)",
			     "leave behind groups that mean nothing there",
			     "give up supplementary groups" },
	[OP_JOIN] = { "join", "setns(2)", "join all or none of", "join the" },
	[OP_JOIN_ONE] = { "join", "setns(2)", "join the", "join the" },
	[OP_NEW_USER] = { "new_user", "unshare(2)", "make a new", "make" },
	[OP_MAP] = { "map", "write(2) to uid_map, gid_map",
		     "say who is who in the new user namespace",
		     "write the id maps of the new user namespace" },
	[OP_NEW] = { "new", "unshare(2)", "make new", "make" },
	[OP_OFFSETS] = { "offsets", "write(2) to timens_offsets", "set the new clocks",
			 "set the clock offsets" },
	[OP_CLONE] = { "clone", "clone(2)", "start the process that becomes the command",
		       "start a process in these namespaces" },
	[OP_PERSIST] = { "persist", "move_mount(2)", "bind the new namespaces to files",
			 "bind the new namespaces to files" },
	[OP_VETH] = { "veth", "RTM_NEWLINK of rtnetlink(7)",
		      "make a pair of virtual Ethernet devices, one end inside",
		      "make the veth pair" },
	[OP_PROPAGATION] = { "propagation", "mount(2)", "keep new mounts from reaching the host",
			     "change the propagation of mounts" },
	[OP_BIND] = { "bind", "mount(2)", "make the new root a mount of its own",
		      "mount the new root" },
	[OP_MOUNT] = { "mount", "mount(2)", "mount what was asked for", "mount" },
	[OP_PIVOT] = { "pivot", "pivot_root(2)", "make it the root and let go of the old one",
		       "change the root" },
	[OP_CHROOT] = { "chroot", "fchdir(2), chroot(2)", "take over the root directory",
			"take over the root directory" },
	[OP_PROC] = { "proc", "mount(2)", "a /proc of the new pid namespace", "mount a new /proc" },
	[OP_SYS] = { "sys", "mount(2)", "a /sys of the new network namespace", "mount a new /sys" },
	[OP_TMP] = { "tmp", "mount(2)", "an empty /tmp", "mount a new /tmp" },
	[OP_RESOLV] = { "resolv", "mount(2)", "the target's resolv.conf and hosts over ours",
			"put the target's resolv.conf over ours" },
	[OP_HOSTNAME] = { "hostname", "sethostname(2)", "name the new UTS namespace",
			  "set the hostname" },
	[OP_DOMAINNAME] = { "domainname", "setdomainname(2)", "name its NIS domain",
			    "set the domain name" },
	[OP_LINK_UP] = { "link_up", "SIOCSIFFLAGS of netdevice(7)", "bring the new interfaces up",
			 "bring an interface up" },
	[OP_WD] = { "wd", "fchdir(2)", "a working directory below that root",
		    "enter the working directory" },
	[OP_REAPER] = { "reaper", "fork(2)", "stay as pid 1 that collects zombies",
			"fork the command" },
	[OP_LIMITS] = { "limits", "prlimit(2)", "limits like the target's",
			"take over the target's limits" },
	[OP_CONTEXT] = { "context", "write(2) to attr/exec", "the target's security label",
			 "take over the security label" },
	[OP_BOUNDING] = { "bounding", "prctl(2)", "a smaller bounding set",
			  "drop capabilities from the bounding set" },
	[OP_GROUPS] = { "groups", "setgroups(2)", "supplementary groups",
			"set the supplementary groups" },
	[OP_GID] = { "gid", "setresgid(2)", "group id", "set the group id" },
	[OP_UID] = { "uid", "setresuid(2)", "user id", "set the user id" },
	[OP_CAPS] = { "caps", "capset(2)", "capabilities that outlive the exec",
		      "set the capabilities" },
	[OP_NO_NEW_PRIVS] = { "no_new_privs", "prctl(2)", "no privileges by exec from here on",
			      "set no_new_privs" },
	[OP_EXEC] = { "exec", "execve(2)", "run", "run the command" },
};

/* op PLAN_OPS: any that has none of its own. */
static const struct {
	enum plan_op op;
	int error;
	const char *why;
} reasons[] = {
	{ OP_CLONE, ENOMEM,
	  "the first process of the pid namespace has ended, and nothing can be born in it any "
	  "more; or memory has run out" },
	{ OP_CLONE, EINVAL,
	  "the kernel lets no init have siblings, nor a process share memory across time "
	  "namespaces" },
	{ OP_CLONE, ENOSPC, "pid namespaces nest 32 deep at most" },
	{ OP_JOIN, ESRCH, "the target has ended meanwhile" },
	{ OP_JOIN, EBADF, "the target is no longer open" },
	{ OP_JOIN, EINVAL,
	  "this kernel cannot join all at once (before Linux 5.8), or has not the "
	  "type of namespace" },
	{ OP_JOIN, EUSERS, "a time namespace is joined by a process of one thread only" },
	{ OP_JOIN_ONE, EUSERS, "a time namespace is joined by a process of one thread only" },
	{ OP_JOIN_ONE, EINVAL,
	  "it is not of that type, is a user namespace that one is in already, or a pid "
	  "namespace that is not below ours" },
	{ OP_NEW_USER, EUSERS, "user namespaces nest 32 deep at most" },
	{ OP_NEW_USER, ENOSPC,
	  "user.max_user_namespaces of this user namespace or one above it is used up, or they "
	  "are nested 32 deep" },
	{ OP_NEW_USER, EACCES,
	  "a security module forbids it (AppArmor: kernel.apparmor_restrict_unprivileged_userns, "
	  "or the profile)" },
	{ OP_NEW_USER, EPERM,
	  "our root directory was changed by chroot(2), our ids are not mapped, or "
	  "a security module or seccomp filter forbids it" },
	{ OP_NEW_USER, EINVAL, "this kernel has no user namespaces, or we have several threads" },
	{ OP_NEW, ENOSPC,
	  "a limit of user.max_*_namespaces, here or in a user namespace above, is used up, "
	  "fs.mount-max is reached, or pid namespaces are nested 32 deep" },
	{ OP_NEW, EUSERS, "a limit of user.max_*_namespaces is used up" },
	{ OP_NEW, EINVAL, "this kernel has not all of these types" },
	{ OP_MAP, EPERM,
	  "one may map one's own id only, and gids only with setgroups denied; more takes "
	  "CAP_SETUID and CAP_SETGID in the user namespace above, or newuidmap(1) and a line in "
	  "/etc/subuid and /etc/subgid; and what is mapped has to be mapped above" },
	{ OP_MAP, EINVAL, "the map overlaps itself, has more than 340 lines, or no line at all" },
	{ OP_MAP, EBUSY, "a map is written once only" },
	{ OP_OFFSETS, ERANGE, "the clocks would be before 0, or past 146 years" },
	{ OP_OFFSETS, EACCES, "offsets are set before the first process of the namespace only" },
	{ OP_OFFSETS, EPERM, "that takes CAP_SYS_TIME in the user namespace that owns it" },
	{ OP_CGROUP, EACCES,
	  "its cgroup.procs, or that of the cgroup above both, is not ours to "
	  "write" },
	{ OP_CGROUP, EPERM, "the cgroup is delegated to somebody else" },
	{ OP_CGROUP, EBUSY,
	  "the cgroup has controllers for cgroups below it, and so takes no "
	  "processes itself" },
	{ OP_CGROUP, EOPNOTSUPP, "the cgroup takes threads only, or is in an invalid domain" },
	{ OP_CGROUP, ENODEV, "the cgroup was removed meanwhile" },
	{ OP_CGROUP, ENOENT, "the cgroup was removed meanwhile, or is outside of what is mounted" },
	{ OP_CGROUP, ENOSPC, "its cpuset has no processors or memory nodes yet" },
	{ OP_PROC, EPERM,
	  "it takes a pid namespace that is ours by its user namespace, and no mount that hides "
	  "parts of the /proc there is" },
	{ OP_SYS, EPERM,
	  "it takes a network namespace that is ours by its user namespace, and no mount that "
	  "hides parts of the /sys there is" },
	{ OP_MOUNT, EPERM,
	  "in a user namespace only some file systems may be mounted, and flags of mounts that "
	  "came from outside stay as they are" },
	{ OP_PIVOT, EINVAL,
	  "the new root is no mount point, or it is shared, or the old one is "
	  "no mount (initramfs)" },
	{ OP_PIVOT, EBUSY, "the new root is on the mount that is the root already" },
	{ OP_GROUPS, EPERM,
	  "setgroups(2) is denied in that user namespace, its gid_map is not written, or "
	  "CAP_SETGID is missing" },
	{ OP_GROUPS, EINVAL,
	  "a group is not mapped in the user namespace, or there are more than "
	  "65536" },
	{ OP_DROP_GROUPS, EPERM, "CAP_SETGID is missing, or setgroups(2) is denied" },
	{ OP_GID, EINVAL, "that gid is not mapped in the user namespace" },
	{ OP_GID, EPERM, "CAP_SETGID is missing in the user namespace" },
	{ OP_UID, EINVAL, "that uid is not mapped in the user namespace" },
	{ OP_UID, EPERM, "CAP_SETUID is missing in the user namespace" },
	{ OP_UID, EAGAIN, "that user has as many processes as may be (RLIMIT_NPROC)" },
	{ OP_CAPS, EPERM, "one cannot have more than the permitted set" },
	{ OP_BOUNDING, EPERM, "CAP_SETPCAP is missing in the user namespace" },
	{ OP_LIMITS, EPERM,
	  "raising a hard limit takes CAP_SYS_RESOURCE in the initial user "
	  "namespace" },
	{ OP_LIMITS, EACCES, "lowering oom_score_adj takes CAP_SYS_RESOURCE" },
	{ OP_CONTEXT, EINVAL, "the label is not known to the policy" },
	{ OP_CONTEXT, EACCES, "the policy forbids the change" },
	{ OP_CHROOT, EPERM, "CAP_SYS_CHROOT is missing in the user namespace" },
	{ OP_HOSTNAME, EPERM,
	  "the UTS namespace belongs to a user namespace in which "
	  "CAP_SYS_ADMIN is missing" },
	{ OP_DOMAINNAME, EPERM,
	  "the UTS namespace belongs to a user namespace in which "
	  "CAP_SYS_ADMIN is missing" },
	{ OP_VETH, EPERM,
	  "CAP_NET_ADMIN is missing in the user namespace that owns our own "
	  "network namespace: only root of the host can give it an end" },
	{ OP_VETH, EOPNOTSUPP, "the kernel has no veth devices" },
	{ OP_VETH, EEXIST, "an interface has that name already" },
	{ OP_LINK_UP, EPERM, "CAP_NET_ADMIN is missing in the user namespace that owns it" },
	{ OP_PERSIST, EINVAL,
	  "the directory is on a mount that is shared, and a mount namespace "
	  "cannot be bound where it would be copied into itself" },
	{ OP_PERSIST, EPERM, "mounting takes CAP_SYS_ADMIN over our own mount namespace" },
	{ OP_PERSIST, EEXIST, "the file is there already" },
	{ OP_PERSIST, ELOOP, "a symbolic link stands in its place" },
	{ OP_EXEC, ENOENT, "the file is not there, or the interpreter or loader that it names" },
	{ OP_EXEC, EACCES,
	  "it is no executable file, is on a mount with noexec, or a directory "
	  "above it may not be entered" },
	{ OP_EXEC, ENOEXEC, "it is no program that this kernel can run" },
	{ OP_EXEC, E2BIG, "its arguments and environment are too long" },
	{ OP_EXEC, ETXTBSY, "somebody is writing to it" },
	{ OP_EXEC, EPERM, "the mount is nosuid or a tracer forbids it, or a security module does" },
	{ OP_NS_READ, EACCES, "that takes the right to look into the process" },
	{ OP_NS_READ, EPERM, "that takes the right to look into the process" },
	{ OP_ROOT_OPEN, EACCES, "that takes the right to look into the process" },
	{ OP_WD_OPEN, EACCES,
	  "that takes the right to look into the process, or into a directory "
	  "above" },
	{ OP_WD, ENOENT, "there is no such directory" },
	{ OP_WD, EACCES, "it, or a directory above it, may not be entered by that user" },
	{ OP_HELPER, ENOMEM,
	  "memory has run out, or the first process of the pid namespace has "
	  "ended" },
	{ OP_MAP, EACCES, "the files of the helper in /proc are not ours to write" },
	{ OP_NS_READ, ESRCH, "it has ended meanwhile" },
	{ PLAN_OPS, ESRCH, "the target has ended meanwhile" },
	{ PLAN_OPS, EAGAIN,
	  "as many processes as may be are there (RLIMIT_NPROC, pids.max of the "
	  "cgroup, kernel.pid_max)" },
	{ PLAN_OPS, EMFILE, "too many files are open (RLIMIT_NOFILE)" },
	{ PLAN_OPS, ENFILE, "too many files are open on this host (fs.file-max)" },
	{ PLAN_OPS, ENOMEM, "memory has run out" },
	{ PLAN_OPS, ENOSYS, "this kernel, or a seccomp filter, has no such system call" },
	{ PLAN_OPS, ECANCELED, "what it was waiting for has failed" },
	{ PLAN_OPS, EPERM,
	  "no rule that nsview knows forbids it: a security module or a seccomp filter may" },
	{ PLAN_OPS, EACCES,
	  "no rule that nsview knows forbids it: a security module or a seccomp filter may" },
};

static const char *find_why(enum plan_op op, int error)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].op == op && reasons[i].error == error)
			return reasons[i].why;
	return NULL;
}

bool op_has_why(enum plan_op op, int error)
{
	return find_why(op, error) != NULL;
}

const char *op_why(enum plan_op op, int error)
{
	const char *why = find_why(op, error);

	if (!why)
		why = find_why(PLAN_OPS, error);
	return why ? why : "the kernel says so, and nsview knows no reason";
}

#!/bin/sh
# What nsview says about namespaces of every odd kind, against what the tasks themselves read when
# they made them (nslab), or against the kernel's own files.
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"
. "$(dirname "$0")/lab.sh"

plan 86
us=$(ns_of self user)

# In the sandbox of root the user namespace is the host's, and levels count from there.
top() { is_host_root && ! old_kernel; }

# No "kernel:" before the reason: where it must work, this is a failure.
cannot() { skip "$1" "cannot be made here: $(cat "$tmp"/*.err | tail -n 1)"; }

### user namespaces, three deep
if lab nested-user; then
	asked "$(cell "$u1_ns_user" ONS)" "$us" "user: the owner of the first is ours"
	asked "$(cell "$u2_ns_user" ONS)" "$u1_ns_user" "user: the owner of the second is the first"
	asked "$(cell "$u3_ns_user" PNS)" "$u2_ns_user" "user: the parent of the third is the second"
	asked "$(cell "$u3_ns_uts" ONS)" "$u3_ns_user" "user: it owns the uts made in it"
	levels="$(cell "$u1_ns_user" LEVEL) $(cell "$u2_ns_user" LEVEL) $(cell "$u3_ns_user" LEVEL)"
	if top; then
		is "$levels" "1 2 3" "user: levels"
	else
		is "$levels" "? ? ?" "user: levels are unknown where the top is out of sight"
	fi
	asked "$(cell "$u2_ns_user" OWNED)" 2 "user: the second owns a uts and the third"
	asked "$(cell "$u2_ns_user" CHILDREN)" 1 "user: the second has a child"
	asked "$(cell "$u3_ns_user" CHILDREN)" 0 "user: the third has none"
	is "$(cell "$u1_ns_user" UIDMAP)" "$(awk '{ print $1, $2, $3 }' "/proc/$u1_pid/uid_map")" \
		"user: the uid map is the kernel's"
	is "$(cell "$u1_ns_user" GIDMAP)" "$(awk '{ print $1, $2, $3 }' "/proc/$u1_pid/gid_map")" \
		"user: the gid map is the kernel's"
	is "$(cell "$u2_ns_user" SETGROUPS)" "$(cat "/proc/$u2_pid/setgroups")" "user: setgroups"
	asked "$(cell "$u2_ns_user" OWNERUID)" 0 "user: who made it"
	# shellcheck disable=SC2086
	listed=$($NSVIEW ls -q -n -r -o NS uid:0 | sort)
	is "$listed" "$(printf '%s\n' "$u1_ns_user" "$u2_ns_user" "$u3_ns_user" | sort)" \
		"user: uid:0 leads to all that map it, and not to the host's"
	like "$(show "$u3_ns_user")" "Uid map +0 <- 0 x 1" "user: show has the map"
	lab_end
else
	cannot 14
fi

### a wide map, made by somebody else
is_apart() { ino=$(ns_of "$stay_pid" user) && [ -n "$ino" ] && [ "$ino" != "$us" ]; }
if ! is_host_root; then
	skip 4 "not here: only root may map many ids"
else
	setpriv --reuid 1234 --regid 1234 --clear-groups unshare --user sleep 1000 &
	stay_pid=$!
fi
if ! is_host_root; then
	:
elif wait_for is_apart; then
	printf '0 100000 1000\n5000 70000 1\n' >"/proc/$stay_pid/uid_map"
	wide=$(ns_of "$stay_pid" user)
	is "$(cell "$wide" UIDMAP)" "0 100000 1000, 5000 70000 1" "user: two ranges"
	is "$(cell uid:100999 NS) $(cell uid:70000 NS)" "$wide $wide" "user: both ends are found by uid"
	is "$(cell uid:101000 NS) $(cell uid:99999 NS)" "$us $us" \
		"user: one beside the range is the host's alone"
	asked "$(cell "$wide" OWNERUID)" 1234 "user: the uid of who made it"
	stay_end
else
	skip 4 "kernel: another user cannot make a user namespace here"
fi

### pid namespaces, three deep
if lab nested-pid; then
	chain() { process "$1" NSPID | tr -cs '0-9\n' ' '; }
	is "$(chain "$p3_pid")" "$(awk '/^NSpid:/ { print $2, $3, $4, $5 }' "/proc/$p3_pid/status")" \
		"pid: the PID in each namespace is the kernel's"
	is "$(cell "$p1_ns_pid" INITPID) $(cell "$p3_ns_pid" INITPID)" "$p1_pid $p3_pid" \
		"pid: init, as seen from here"
	is "$(process "pid:1@$p3_ns_pid" PID)" "$p3_pid" "pid: init, by its number inside"
	if old_kernel; then
		skip 1 "kernel: what a number means further out hangs on the parents"
	else
		is "$(process "pid:2@$p1_ns_pid" PID)" "$p2_pid" "pid: a grandchild's number further out"
	fi
	asked "$(cell "$p3_ns_pid" PNS)" "$p2_ns_pid" "pid: the parent"
	asked "$(cell "$p2_ns_pid" CHILDREN)" 1 "pid: children"
	# shellcheck disable=SC2086
	$NSVIEW tree -q --by=pid >"$tmp/tree"
	depth() { awk -v w="pid:[$1]" '(i = index($0, w)) { print i; exit }' "$tmp/tree"; }
	if old_kernel; then
		is "$(depth "$p3_ns_pid")" "$(depth "$p1_ns_pid")" "pid: nothing is nested without proof"
		like "$(cat "$tmp/tree")" "parent not visible" "pid: and the tree says why"
	else
		[ "$(depth "$p1_ns_pid")" -lt "$(depth "$p2_ns_pid")" ]
		ok $? "pid: the tree nests the second in the first"
		[ "$(depth "$p2_ns_pid")" -lt "$(depth "$p3_ns_pid")" ]
		ok $? "pid: and the third in the second"
	fi
	lab_end
else
	cannot 8
fi

### time
if lab time; then
	seconds() { echo "$1" | sed '/\./s/0*$//; s/\.$//'; }
	is "$(cell "$t_ns_time" MONOOFF)" "$(seconds "$monotonic")" "time: monotonic offset"
	is "$(cell "$t_ns_time" BOOTOFF)" "$(seconds "$boottime")" "time: boot-time offset"
	is "$(cell "$c_ns_time" MONOOFF)" 0 "time: the maker's own has none"
	asked "$(cell "$t_ns_time" ONS)" "$us" "time: owner"
	lab_end
else
	cannot 4
fi
if lab time-for-children; then
	is "$(cell "$c_ns_time_for_children" HELD) $(cell "$c_ns_time_for_children" NPROCS)" \
		"children 0" "time for children: listed, and why"
	like "$(show "$c_ns_time_for_children")" "Children of +$c_pid " "time for children: whose"
	like "$(show "$c_pid")" "time_for_children time:.$c_ns_time_for_children. +nobody yet" \
		"time for children: the process has it"
	lab_end
else
	cannot 3
fi

### threads
if lab thread; then
	for type in uts net ipc; do
		eval "ino=\$t_ns_$type"
		# shellcheck disable=SC2154 # set by eval
		is "$(cell "$ino" HELD) $(cell "$ino" NPROCS) $(cell "$ino" NTHREADS)" "thread 0 1" \
			"thread: its $type is held by a thread alone"
	done
	like "$(show "$t_ns_uts")" "Threads +thread $t_tid of $l_pid " "thread: show names it"
	like "$(show "$l_pid")" "Threads +$t_tid:.* uts:.$t_ns_uts." "thread: so does its process"
	is "$(process "$l_pid" THREADS)" 1 "thread: ps counts it"
	is "$(cell "$t_ns_uts" HOSTNAME)" "$(uname -n)" "thread: its hostname can be read"
	lab_end
else
	cannot 7
fi
if lab zombie-leader; then
	is "$(cell "$t_ns_uts" HELD) $(cell "$t_ns_net" HELD) $(cell "$t_ns_ipc" NTHREADS)" \
		"thread thread 1" "zombie leader: what its thread is in is listed"
	is "$(process "$l_pid" STATE) $(process "$l_pid" THREADS)" "Z 1" "zombie leader: its state"
	is "$(cell "$t_ns_uts" HOSTNAME)" "$(uname -n)" "zombie leader: its thread's hostname"
	like "$(show "$l_pid")" "net +- \(left at its exit\)" "zombie leader: what it has left"
	lab_end
else
	cannot 4
fi

### namespaces for children
if lab pid-for-children; then
	is "$(cell "$c1_ns_pid_for_children" HELD) $(cell "$c1_ns_pid_for_children" NPROCS)" \
		"children 0" "pid for children: after its first child's end"
	like "$(show "$c1_ns_pid_for_children")" "Children of +$c1_pid " "pid for children: whose"
	if [ "$c0_children" = - ]; then
		skip 2 "kernel: nothing tells of a pid namespace before its first child"
	elif old_kernel; then
		like "$(cell "$c0_children" NS)" "there is no namespace $c0_children" \
			"pid for children: one without a first child is not seen by an old kernel"
		like "$(show "$c0_pid")" "pid_for_children +- \(no child yet\)" \
			"pid for children: and the process says so"
	else
		is "$(cell "$c0_children" HELD) $(cell "$c0_children" PNS)" "children $c0_ns_pid" \
			"pid for children: before its first child"
		like "$(show "$c0_pid")" "pid_for_children pid:.$c0_children. +nobody yet" \
			"pid for children: the process has it"
	fi
	lab_end
else
	cannot 4
fi

### a user namespace without a process
if lab orphan-userns; then
	# shellcheck disable=SC2086
	$NSVIEW ls -n -r -o NS,HELD,OWNED,CHILDREN >"$tmp/out" 2>"$tmp/err"
	if old_kernel; then
		unlike "$(cat "$tmp/out")" "^$m_ns_user " "orphan: not seen by an old kernel"
		like "$(cat "$tmp/err")" "owners and parents unknown: ENOTTY" "orphan: which is said"
		skip 4 "kernel: nothing leads to it before Linux 4.9"
	else
		like "$(cat "$tmp/out")" "^$m_ns_user owner 3 1$" "orphan: listed, and why"
		unlike "$(cat "$tmp/err")" "unknown" "orphan: nothing is left out"
		is "$(cell "$c_ns_uts" ONS) $(cell "$c_ns_user" PNS)" "$m_ns_user $m_ns_user" \
			"orphan: owner and parent of what lives on"
		is "$(cell "$m_ns_user" UIDMAP)" "0 0 1" "orphan: its map, read by joining it"
		like "$(show "$m_ns_user")" "owns 3" "orphan: show says what it owns"
		# shellcheck disable=SC2086
		like "$($NSVIEW tree -q)" "user:.$m_ns_user..*no process" "orphan: the tree has it"
	fi
	lab_end
else
	cannot 6
fi

### held by a descriptor, by a mount
if lab fd-held; then
	is "$(held "$h_fd_ino" HELD,WHO)" "fd pid $h_pid fd $h_fd" "fd: listed, and by which"
	like "$(show "$h_fd_ino")" "fd $h_fd of pid $h_pid " "fd: show names it"
	is "$(held "$h_fd_ino" TYPE,NPROCS,NHOLD)" "net 0 1" "fd: it is the only reference"
	asked "$(held "$h_fd_ino" ONS)" "$us" "fd: its owner is asked through the descriptor"
	lab_end
else
	cannot 4
fi
if lab mount-held; then
	is "$(held "$h_path_ino" HELD,NSFS)" "mount $h_path" "mount: listed, and where"
	like "$(show "$h_path_ino")" "mount $h_path in mnt:.$h_ns_mnt." "mount: in which namespace"
	if old_kernel; then
		like "$(cell "/proc/$h_pid/root$h_path" NS)" "this needs Linux 4.11" \
			"mount: what a path leads to cannot be told by an old kernel"
	else
		is "$(cell "/proc/$h_pid/root$h_path" NS)" "$h_path_ino" "mount: found by its path"
	fi
	is "$(cell "$h_path" NS)" "$h_ns_mnt" "mount: a path that is none here leads to who has it"
	is "$(cell "mount:$h_path" NS)" "$h_ns_mnt" "mount: so does mount:"
	like "$(held "$h_path_ino" NLINKS)" "^[1-9]" "mount: it can be looked into"
	# shellcheck disable=SC2086
	like "$("$BUILD/tools/oldkernel" -e EPERM $NSVIEW ls -q -n -r -o NLINKS "$h_path_ino")" "^[1-9]" \
		"mount: also where a filter gives EPERM for calls that it does not know"
	lab_end
else
	cannot 7
fi

### mounts and roots
if lab mounts-1000; then
	is "$(cell "$m_ns_mnt" NMOUNTS)" "$m_mounts" "mounts: their number is the task's own"
	is "$(cell "$m_ns_mnt" NMOUNTS)" "$(wc -l <"/proc/$m_pid/mountinfo")" "mounts: and mountinfo's"
	lab_end
else
	cannot 2
fi
if lab chroot; then
	is "$(process "$r_pid" ROOT)" "$r_root" "chroot: its root directory"
	like "$(show "$r_pid")" "Root +chroot'd to $r_root" "chroot: show calls it one"
	is "$(process "$$" ROOT)" / "chroot: nobody else is"
	lab_end
else
	cannot 3
fi

### uts
# shellcheck disable=SC2154 # stay_here is lab.sh's
if ! have hostname domainname; then
	skip 3 "no hostname and domainname commands"
elif stay unshare --uts sh -c "hostname odd.example; domainname nis.example; $stay_here"; then
	uts=$(ns_of "$stay_pid" uts)
	is "$(cell "$uts" HOSTNAME)" odd.example "uts: host name"
	is "$(cell "$uts" DOMAINNAME)" nis.example "uts: domain name"
	is "$(cell "$(ns_of self uts)" HOSTNAME)" "$(uname -n)" "uts: ours is still ours"
	stay_end
else
	cannot 3
fi

### ipc
mkfifo "$tmp/ipc.hold"
"$BUILD/tools/ipcobj" 3 2 1 4 <"$tmp/ipc.hold" >"$tmp/ipc" 2>"$tmp/ipc.err" &
ipc_pid=$!
exec 8>"$tmp/ipc.hold"
ipc_answers() { [ -s "$tmp/ipc" ] || ! kill -0 "$ipc_pid"; }
wait_for ipc_answers
if read -r _ _ ipc <"$tmp/ipc"; then
	is "$(cell "$ipc" SHM) $(cell "$ipc" SEM) $(cell "$ipc" MSG)" "3 2 1" "ipc: System V objects"
	if old_kernel; then
		is "$(cell "$ipc" MQUEUE)" '?' "ipc: POSIX queues cannot be counted by an old kernel"
	else
		is "$(cell "$ipc" MQUEUE)" 4 "ipc: POSIX message queues"
	fi
	like "$(cell "$(ns_of self ipc)" SHM)" '^[0-9]+$' "ipc: our own can be counted too"
else
	cannot 3
fi
exec 8>&-
wait "$ipc_pid" 2>/dev/null

### cgroup
# As /proc/self/cgroup counts: v2 below its own mount.
cgroup2=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
group=
if [ -n "$cgroup2" ] && grep -q '^0::/$' /proc/self/cgroup; then
	group=$(mktemp -d "$cgroup2/nsview-XXXXXX" 2>/dev/null)
fi
if [ -z "$group" ]; then
	if is_host_root; then
		skip 2 "not here: no writable cgroup v2 at its top"
	else
		skip 2 "not here: only root may write to cgroups"
	fi
else
	at_exit 'wait_for rmdir "$group/sub"; wait_for rmdir "$group"'
	mkdir "$group/sub"
	export group
	# It leaves for a cgroup below: the root stays where it was when the namespace was made.
	stay sh -c 'echo $$ >"$group/cgroup.procs" && exec unshare --cgroup sh -c "$1"' sh \
		"echo \$\$ >\"\$group/sub/cgroup.procs\" || exit 1; $stay_here"
	at_exit "end_process $stay_pid"
	cg=$(ns_of "$stay_pid" cgroup)
	is "$(cell "$cg" CGROOT)" "/${group##*/}" "cgroup: what its members see as the root"
	is "$(cell "$(ns_of self cgroup)" CGROOT)" / "cgroup: ours"
	stay_end
fi

### net
# Names in a /run of our own; ids in a network namespace of our own.
name=nsview-${tmp##*.}
export name
cat >"$tmp/net" <<'INSIDE'
mount -t tmpfs none /run && ip netns add $name && ip netns add $name-too || exit 1
stat -L -c %i /run/netns/$name >"$tmp/blue"
cells() { $NSVIEW ls -q -n -r -o "$1" netns:$name; }
cells NS,HELD,NETNSID,WHO,NSFS >"$tmp/before"
ip netns set $name 7 || exit 1
cells NS,NETNSID,NLINKS >"$tmp/after"
ip netns exec $name ip link add v0 type veth peer name v1 && cells NLINKS >"$tmp/links"
$NSVIEW ls -q -n -r -t net -o WHO,COOKIE,ID >"$tmp/cookies"
$NSVIEW show -q netns:$name >"$tmp/show"
INSIDE
if ! have ip; then
	skip 6 "no ip command"
elif ! tmp=$tmp unshare --net --mount sh "$tmp/net" 2>"$tmp/net.err"; then
	cannot 6
else
	blue=$(cat "$tmp/blue")
	is "$(cat "$tmp/before")" "$blue mount - netns:$name /run/netns/$name" \
		"net: a named one is held by its mount, and has no id yet"
	is "$(cat "$tmp/after")" "$blue 7 1" "net: its id is the one that was set"
	if [ -e "$tmp/links" ]; then
		is "$(cat "$tmp/links")" 3 "net: interfaces are counted"
	else
		skip 1 "kernel: no veth"
	fi
	# Those of the host that its own /run leads to are out of reach in here: unknown.
	cookies=$(awk '$2 != "?" { print $2 }' "$tmp/cookies" | sort | uniq -d)
	is "$cookies" "" "net: no two have the same cookie"
	id=$(awk -v who="netns:$name" '$1 == who { print $2 == $3 ? "the cookie" : $3 }' "$tmp/cookies")
	case $id in
	'?') old_kernel || echo "# this kernel has no NS_GET_ID"
		ok 0 "net: no id without the ioctl" ;;
	*) is "$id" "the cookie" "net: cookie and id are one number" ;;
	esac
	like "$(cat "$tmp/show")" "Netnsid +7" "net: show has its id"
fi

### the 64-bit id
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
	# shellcheck disable=SC2086
	unshare --uts $NSVIEW ls -q -n -r -t uts -o NS,ID self
done >"$tmp/ids"
if old_kernel || grep -q '?' "$tmp/ids"; then
	is "$(awk '$2 != "?"' "$tmp/ids")" "" "id: unknown where the kernel has none"
	[ -n "$variant" ] || echo "# this kernel has no NS_GET_ID"
	old_kernel && is "$(cell "$(ns_of self mnt)" ID)" '?' "id: of a mount namespace as well"
	old_kernel || like "$(cell "$(ns_of self mnt)" ID)" '^([0-9]+|\?)$' "id: of a mount namespace"
else
	is "$(awk '{ print $2 }' "$tmp/ids" | sort -u | wc -l)" 12 \
		"id: twelve namespaces, one after the other, have twelve ids"
	[ "$(awk '{ print $1 }' "$tmp/ids" | sort -u | wc -l)" -lt 12 ] ||
		echo "# no inode number was used again"
	like "$(cell "$(ns_of self mnt)" ID)" '^[0-9]+$' "id: of a mount namespace"
fi

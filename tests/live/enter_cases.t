#!/bin/sh
# `nsview enter`, the 74 cases that joining and making namespaces can go wrong in: where each has its
# test, and the tests of those that belong to no other file. The table is read: a name in it that no
# test has is a failure.
. "$(dirname "$0")/../lib.sh"
tests=$(cd "$(dirname "$0")/.." && pwd)
export tests

# CASE FILE WORDS: words of the name of a test, as they stand in the file
table() {
	cat <<'END'
1 live/enter.t joins $type alone
1 live/enter.t --$type=FILE
2 live/enter.t all differing types in one setns
3 live/enter.t -v says what is joined
4 live/enter_cases.t a user namespace that is shared is not joined again
5 cli/enter.t a file of another type
6 cli/enter.t a path that is no namespace
6 cli/enter.t a file that is not there
7 live/enter.t helper and command are reaped
8 live/enter.t a bind-mounted file
9 live/enter.t a network namespace that is not owned by the user namespace
10 live/enter.t bwrap --dev
10 live/enter.t an ordinary user enters their own bwrap --dev
11 live/enter.t another user joins nothing and runs nothing
11 live/enter_faults.t cannot join the cgroup, IPC
12 live/enter.t the namespace of a socket
13 live/enter.t pid:N@NAMESPACE
13 live/enter.t a PID of a namespace that is gone
14 live/enter.t the clocks of the target
15 live/enter_cases.t after a scan by threads all can be joined
16 live/enter.t --join-cgroup
16 live/enter.t --join-cgroup: a v1 hierarchy
16 live/enter_cases.t a cgroup below another
16 live/enter_cases.t a busy cgroup
16 live/enter_cases.t a cgroup that no mount shows
17 live/enter.t a frozen one is refused
18 live/enter.t own root and directory
18 live/enter_security.t --wd=/proc/self/fd/N is refused
19 live/enter.t exit $code
20 live/enter.t ended by $signal, as in a shell
20 live/enter.t and a parent sees the signal
21 live/enter.t no such command
21 live/enter.t what is not executable
21 live/enter.t a script without its interpreter
22 live/enter_cases.t a parent that waits for its own child only
23 live/enter_tty.t Ctrl-C that the command traps is its own affair
24 live/enter_tty.t Ctrl-Z and fg, twenty times
25 live/enter_tty.t suspend of a shell inside
26 live/enter_tty.t in the background, and ended there by kill
27 live/enter.t is forwarded
28 live/enter.t it ends when the front is killed
29 live/enter.t ignored signals are handed on
29 live/enter_cases.t blocked signals are handed on
30 live/enter_tty.t a script goes on to read the terminal
31 live/enter_tty.t a pipeline in which another reads the terminal
32 live/enter_tty.t a command that has broken the terminal and crashed leaves it whole
33 live/enter_tty.t it has a name where the target has a devpts, an owner and a size
33 live/enter_owner.t as another user (-S)
33 live/enter_owner.t somebody in an ordinary user
34 live/enter_tty.t eleven redirections
35 live/enter_tty.t a megabyte comes out unbroken
35 live/enter_tty.t and goes in unbroken
36 live/enter.t the pid file has the PID of the command
36 live/enter.t neither is there where nothing has run
37 live/enter.t child, in its process group and session
38 live/enter.t -S -G --groups
38 cli/enter.t no user id:
39 live/enter.t without --groups there is none
39 live/enter.t where 0 is not mapped, the target
39 live/enter_cases.t groups are dropped where setgroups is allowed
40 live/enter.t all of them in a user namespace joined
40 live/enter.t --cap-drop=all
40 live/enter.t --no-new-privs
41 live/enter.t --like-target
41 live/enter_containers.t no more capabilities than it has
42 live/enter.t nothing of ours goes into other mounts
42 live/enter.t --env=clear --setenv
43 live/enter.t ... but not what the host
44 live/enter.t only 0 to 2 are handed in
44 live/enter.t --preserve-fds=3 hands in 3 to 5
45 live/enter.t all three closed
46 live/enter_cases.t a working directory without access
46 live/enter_cases.t a working directory by a link
46 live/enter_cases.t a working directory outside of the root
47 live/enter_tty.t keystrokes are pushed into the host
47 live/enter_tty.t nor without capabilities
48 live/enter_tty.t who stays behind has lost the terminal
49 live/enter_security.t and gets nothing of it, however slow it is
50 live/enter_security.t its program is not even to be seen inside
51 live/enter_security.t it opens nothing there but the command
52 live/enter_security.t an over-mounted /proc in the target
53 live/enter_security.t --follow-context writes to nothing but its own /proc
53 live/enter_label.t a label that cannot be read is not done without
53 live/enter_label.t the step stands between the join and the exec
53 live/enter_tty.t a link in place of the multiplexer is not followed
54 live/enter_security.t it is the process that was meant, or none
55 live/enter_security.t the target ends ${rest%%:*}
56 live/enter_security.t a zombie
56 live/enter_security.t a kernel thread
56 live/enter_security.t a PID 1 that may not be looked at is refused
57 live/enter_security.t no process is meant by
58 live/enter_containers.t entered by who made it
58 live/enter_containers.t podman of an ordinary user
58 live/enter_containers.t but not by another user, who is told what is missing
58 live/enter_security.t the text names what is missing
59 live/make.t all: eight new ones
59 live/make.t ENOSPC: the limit that is used up is named
60 live/make.t a second command runs
61 live/make.t no zombies
61 live/make.t exit status $status comes back
61 live/make.t Ctrl-C reaches the command
62 live/make.t killed with the front
62 live/make.t at whatever stage
63 live/enter_cases.t info of what was made
63 live/enter_cases.t no info where that has failed
64 live/make.t /proc with $set is the new one
65 live/make.t and nothing of the old root
65 live/make.t own mount namespace leads nowhere
66 live/make.t no mount reaches the host
67 live/make.t several ranges; root inside is who acts
67 live/make.t more than 4 KiB
67 live/make.t --map-auto around another id
68 live/make.t lo is up
68 live/make.t veth: both ends are up
69 live/make.t --hostname, --domainname: inside only
70 live/make.t time offsets
71 live/make.t persistent files
71 live/make.t persistent files below a shared mount
72 live/make.t root inside has all capabilities there
72 live/enter_cases.t capabilities without a user namespace
73 live/make.t s behind -- is the command
73 cli/enter.t nothing behind -- is parsed
74 live/make.t new inside new
74 live/make.t 33 levels: one too many, said
END
}
live_sandbox "$0"
. "$(dirname "$0")/lab.sh"
plan 22


# ---- the table
table >"$tmp/table"
is "$(cut -d' ' -f1 "$tmp/table" | sort -nu | tr '\n' ' ')" "$(seq 74 | tr '\n' ' ')" \
	'each of the 74 cases has a test'
is "$(while read -r case file words; do
	grep -qF -e "$words" "$tests/$file" || echo "$case: $file: $words"
done <"$tmp/table")" '' '... which is there'

stay unshare --uts sh -c "$stay_here"
half=$stay_pid
at_exit "end_process $half"
stay unshare --fork --kill-child --user --map-root-user --mount --uts --ipc --net --pid --cgroup \
	--time --mount-proc sh -c "$stay_here"
at_exit "end_process $stay_pid"
box=$(first_child "$stay_pid")
[ -n "$box" ] || sed "s/^/# /" "$tmp/stay.err"

# ---- 4: setns(2) would refuse it with EINVAL
is "$(enter "$half" -U -u -- readlink /proc/self/ns/uts 2>&1)" "$(link "$half" uts)" \
	'a user namespace that is shared is not joined again'
is "$(enter "$half" -U --dry-run | head -n 1)" \
	"shared already, nothing to join: user:[$(ns_of self user)]" '... and that is said'

# ---- 15: user and time namespaces are joined by a process of one thread only
is "$(enter "pid:1@$(ns_of "$box" pid)" -- sh -c "$show_all")" "$(all_types "$box")" \
	'after a scan by threads all can be joined'

# ---- 16: control groups
cgroup=
for dir in /sys/fs/cgroup/unified /sys/fs/cgroup; do
	[ -z "$cgroup" ] && [ -w "$dir/cgroup.procs" ] && mkdir -p "$dir/nsview-c$$/a/b" 2>/dev/null &&
		cgroup=$dir/nsview-c$$
done
if [ -n "$cgroup" ]; then
	stay unshare --uts sh -c "$stay_here"
	inner=$stay_pid
	at_exit "rmdir $cgroup/a/b $cgroup/a $cgroup"
	at_exit "end_process $inner; wait_for sh -c '! grep -q . $cgroup/a/b/cgroup.procs'"
	echo "$inner" >"$cgroup/a/b/cgroup.procs"
	is "$(enter "$inner" -c -- grep ^0: /proc/self/cgroup)" "$(grep ^0: "/proc/$inner/cgroup")" \
		'a cgroup below another'
	# Mounts that show a part of the hierarchy: of the group beside it, which begins alike.
	stay unshare --uts sh -c "$stay_here"
	beside=$stay_pid
	mkdir "$cgroup/ab" "$tmp/part" "$tmp/whole"
	at_exit "rmdir $cgroup/ab"
	at_exit "end_process $beside; wait_for sh -c '! grep -q . $cgroup/ab/cgroup.procs'"
	echo "$beside" >"$cgroup/ab/cgroup.procs"
	# shellcheck disable=SC2016 # for the shells inside
	in_part() {
		timeout 60 unshare --mount sh -c 'mount --bind "$1/a" "$3/part" && umount -l "${1%/*}" && eval "$2"
			shift 3 && exec "$@"' sh "$cgroup" "$1" "$tmp" $NSVIEW enter "$2" -c -- \
			grep ^0: /proc/self/cgroup 2>&1
	}
	like "$(in_part : "$beside")" 'cgroup .*/ab is outside of what our own .* mounts show' \
		'a cgroup that no mount shows'
	is "$(in_part : "$inner")" "$(grep ^0: "/proc/$inner/cgroup")" 'a mount of a part of them'
	is "$(in_part 'mount -t cgroup2 none "$3/whole"' "$beside")" "$(grep ^0: "/proc/$beside/cgroup")" \
		'a mount that shows it behind one that does not'
	if [ "$variant" != old ] && "$BUILD/tools/failat" -o "$tmp/list" "${NSVIEW##* }" enter "$inner" -c \
		--pid-file="$tmp/x" -- true; then
		at=$(awk '$1 == 1 && $3 == "write" { print $1 ":" $2; exit }' "$tmp/list")
		"$BUILD/tools/failat" -o "$tmp/note" -f "$at=16" "${NSVIEW##* }" enter "$inner" -c \
			--pid-file="$tmp/x" -- true 2>"$tmp/err"
		like "$? $(cat "$tmp/err")" \
			'^125 nsview: cannot move into the cgroup.*: .*so takes no processes itself' \
			'a busy cgroup'
		rm -f "$tmp/x"
	else
		skip 1 'kernel: its calls are others, or ptrace is not allowed'
	fi
else
	skip 5 'not here: no cgroup v2 hierarchy to write to'
fi

# ---- 22: the command must be reaped by us, whoever else waits for us
is "$(sh -c '$1 enter "$2" -- sh -c "exit 9" & pid=$!; wait $pid; echo $?; wait; echo none' sh \
	"$NSVIEW" "$box" 2>&1 | tr '\n' ' ')" '9 none ' 'a parent that waits for its own child only'

# ---- 29: what was blocked stays blocked, and nothing else is
if env --block-signal=USR1 true 2>/dev/null; then
	for how in "$box" "$half -u"; do
		# shellcheck disable=SC2086 # words
		is "$(env --block-signal=USR1 $NSVIEW enter $how -- grep SigBlk /proc/self/status)" \
			"$(env --block-signal=USR1 grep SigBlk /proc/self/status)" \
			"blocked signals are handed on ($how)"
	done
else
	skip 2 'not here: an env without --block-signal'
fi

# ---- 39: supplementary groups mean nothing in another user namespace
if is_host_root; then
	stay unshare --user --map-users=0,0,1000 --map-groups=0,0,1000 --setgroups allow sh -c "$stay_here" ||
		stay unshare --user sh -c "echo allow >/proc/self/setgroups; $stay_here"
	at_exit "end_process $stay_pid"
	is "$(setpriv --groups 7,8 $NSVIEW enter "$stay_pid" -U -- grep Groups /proc/self/status |
		tr -d '\t')" 'Groups: ' 'groups are dropped where setgroups is allowed'
else
	skip 1 'not here: one user only'
fi

# ---- 46: where the target's working directory cannot be the command's
if is_host_root; then
	mkdir -m 700 "$tmp/closed"
	chmod 711 "$tmp"
	# shellcheck disable=SC2016 # expands there
	stay sh -c 'cd "$tmp/closed" && exec unshare --mount sh -c "$1"' sh "$stay_here"
	at_exit "end_process $stay_pid"
	is "$(enter "$stay_pid" -S 65534 -G 65534 -- pwd 2>&1)" "$tmp/closed" \
		'a working directory without access stays, since we stand in it'
	like "$(enter "$stay_pid" -S 65534 -G 65534 --wd="$tmp/nowhere" -- pwd 2>&1)" \
		'^nsview: cannot make .*/nowhere the working directory: No such file' \
		'... and one that is not there is refused'
	mkdir "$tmp/jail" "$tmp/real"
	ln -s real "$tmp/linked"
	is "$(enter "$stay_pid" --wd="$tmp/linked" -- pwd -P)" "$tmp/real" 'a working directory by a link'
	if have busybox && ! ldd "$(command -v busybox)" >/dev/null 2>&1; then
		cp "$(command -v busybox)" "$tmp/jail/busybox"
		# Its root is changed and its working directory is not: it is outside.
		cat >"$tmp/escape.py" <<'END'
import os, sys
os.chdir(sys.argv[2]); os.chroot(sys.argv[1])
open(os.open("up", os.O_WRONLY | os.O_CREAT), "w").close()
os.execv("/busybox", ["busybox", "sleep", "1000"])
END
		if have python3; then
			unshare --mount python3 "$tmp/escape.py" "$tmp/jail" "$tmp/real" &
			at_exit "end_process $!"
			out=$!
			wait_for grep -q busybox "/proc/$out/cmdline"
			is "$(enter "$out" -- /busybox pwd)" / 'a working directory outside of the root is not taken'
			like "$(status enter "$out" -w -- /busybox pwd) $(cat "$tmp/err")" \
				'^125 nsview: the working directory is outside of the root' \
				'... and refused where it is asked for'
		else
			skip 2 'not here: no python3'
		fi
	else
		skip 2 'not here: no static busybox'
	fi
else
	skip 5 'not here: one user only'
fi

# ---- 63: what was made
own=
[ "$variant" != user ] || own=user,
inside=$(enter --new="${own}net,uts,pid" --info-fd=3 -- sh -c \
	'for t in net uts; do readlink /proc/self/ns/$t; done' 3>"$tmp/info")
is "$(for t in net uts; do echo "$t:[$(jq -r ".namespaces.$t" "$tmp/info")]"; done)" "$inside" \
	'info of what was made'
enter --new="${own}mnt,pid" --mount=tmpfs,/nowhere/at/all --info-fd=3 -- true 3>"$tmp/info" 2>/dev/null
is "$? $(cat "$tmp/info")" '125 ' 'no info where that has failed'

# ---- 72
is "$(enter --new=uts -- grep Cap /proc/self/status)" "$(grep Cap /proc/self/status)" \
	'capabilities without a user namespace are as they were'

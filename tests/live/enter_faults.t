#!/bin/sh
# `nsview enter` when a system call fails: each call of each of its processes is made to fail once
# (tests/tools/failat.c counts them from main to exec). Either nothing depended on it, or there is
# one sentence on standard error that says what could not be done, the exit status is 125 (126 or
# 127 where it is the command that cannot be run), the command is not run, and nothing is left:
# no process, no mount, no file, no link.
. "$(dirname "$0")/../lib.sh"
if [ "${NSVIEW_VARIANT:-}" = old ]; then
	plan 1
	skip 1 'kernel: its calls are others, and most of them fail already'
	exit 0
fi
if [ -z "${NSVIEW_SANDBOX:-}" ] && grep -qa __asan_init "${NSVIEW##* }"; then
	plan 1
	skip 1 'not here: the sanitizer has calls of its own, which must not fail'
	exit 0
fi
live_sandbox "$0"
. "$(dirname "$0")/lab.sh"

failat=$BUILD/tools/failat
if [ "$(status "$failat" -o "$tmp/note" /bin/true)" != 0 ]; then
	plan 1
	skip 1 "kernel: no ptrace here: $(head -n 1 "$tmp/err")"
	exit 0
fi
plan 41
options='--user --map-root-user --mount --uts --ipc --net --pid --cgroup --time --mount-proc'
# shellcheck disable=SC2086 # words
stay unshare --fork --kill-child $options sh -c "$stay_here"
box=$(first_child "$stay_pid")
at_exit "end_process $stay_pid"
keep=$tmp/keep

# Whatever of these fails, nothing may be run as if it had not.
vital=' setns unshare clone setresuid setresgid chroot mount pivot_root fsopen fsconfig fsmount '
vital="$vital open_tree mount_setattr capset memfd_create socketpair signalfd4 execve execveat "
vital="$vital close_range(0) setgroups sethostname pidfd_open socket bind "

# attempt FAULT ARGUMENT...: $result, $tmp/err, $tmp/note
attempt() {
	attempt_fault=$1
	shift
	timeout 20 "$failat" -o "$tmp/note" -f "$attempt_fault" "$NSVIEW" enter "$@" -- /bin/true \
		</dev/null >"$tmp/out" 2>"$tmp/err"
	result=$?
}

# What a command that has run leaves on purpose.
undo() {
	[ ! -d "$keep" ] || "$NSVIEW" enter --unpersist="$keep" >/dev/null 2>&1
	rmdir "$keep" 2>/dev/null
	rm -f "$tmp/pid"
	wait_for no_link
}

# A network namespace ends some time after its last process.
no_link() { [ ! -e "/sys/class/net/$link" ]; }
link=nsvf$$
left_behind() {
	[ ! -e "$keep" ] || echo "the directory $keep"
	[ ! -e "$tmp/pid" ] || echo "a pid file"
	find "$tmp" -maxdepth 1 -name '.nsview*'
	wc -l </proc/self/mountinfo | grep -vx "$mounts"
	wait_for no_link || echo "the link $link"
	sed -n 's/^left/process/p' "$tmp/note"
}

# wrong ROLE NAME: what is not as it has to be, after an attempt
wrong() {
	ran=$(grep -c '^ran /.*/true$' "$tmp/note")
	if [ "$result" = 0 ]; then
		case "$vital" in *" $2 "* | *" $2($1) "*) echo 'it was run all the same' ;; esac
		[ "$ran" = 1 ] || echo 'it ended with 0 and has run nothing'
		[ ! -s "$tmp/err" ] || grep -q -e 'pid file' -e '--info-fd' "$tmp/err" ||
			echo "it ended with 0 and said: $(cat "$tmp/err")"
		return
	fi
	case $result in 125 | 126 | 127) ;; *) echo "status $result" ;; esac
	[ "$(wc -l <"$tmp/err")" = 1 ] || echo "$(wc -l <"$tmp/err") lines"
	grep -Eq '^nsview: .{20,}' "$tmp/err" || echo 'no sentence'
	! grep -Eq -e '^nsview: [A-Z]' -e ': Operation not permitted$' -e 'signal 0' "$tmp/err" ||
		cat "$tmp/err"
	# Once it runs, what fails is only the news of it.
	[ "$ran" = 0 ] || [ "$1 $2" = '0 recvfrom' ] || echo "status $result, but it ran"
	left_behind
}

# each NAME LEAST ARGUMENT...: every call fails once; at least so many of them matter
each() {
	name=$1
	least=$2
	shift 2
	undo
	mounts=$(wc -l </proc/self/mountinfo)
	"$failat" -o "$tmp/list" "$NSVIEW" enter "$@" -- /bin/true </dev/null >"$tmp/out" 2>"$tmp/err"
	is "$? $(cat "$tmp/err")" '0 ' "$name: without a fault"
	undo
	# Calls that do not fail, or not while there is a child; and loops over all capabilities.
	awk '/^[0-9]/ && $3 !~ /^(close|wait4|waitid|rt_sig.*)$/ &&
		!($3 == "prctl" && ++n[$1] > 9)' "$tmp/list" >"$tmp/calls"
	refused=0
	: >"$tmp/wrong"
	while read -r role number call; do
		attempt "$role:$number" "$@"
		[ "$result" = 0 ] || refused=$((refused + 1))
		# The front's order depends on who is faster.
		call=$(sed -n 's/^failed //p' "$tmp/note")
		[ -z "$call" ] ||
			wrong "$role" "$call" | sed "s/^/$role:$number $call: /" >>"$tmp/wrong"
		[ "$result" != 0 ] || undo
	done <"$tmp/calls"
	is "$(cat "$tmp/wrong")" '' "$name: $(wc -l <"$tmp/calls") calls, $refused of which matter"
	[ "$refused" -ge "$least" ]
	ok $? "$name: at least $least do"
}

each 'join all' 40 "$box"
each 'join in place' 10 "$box" -u
each 'join with all there is to set' 60 "$box" --cap-drop=net_raw --cap-add=chown --like-target \
	-S 0 -G 0 --no-new-privs --pid-file="$tmp/pid" --info-fd=1 --die-with-parent
each 'new root' 60 --new=all --root=/ --mount-tmp --mount=bind,/etc,/mnt,ro --hostname=x
if is_host_root; then
	each 'host tools' 30 "$box" --tools=host --resolv=target
	each 'files and links' 60 --new=net,pid,mnt,uts --persist="$keep" --veth="$link"
else
	skip 6 'not here: needs root'
fi

# ---- what is said: PROCESS CALL ERRNO SENTENCE; the last such call of that process fails
# says REGEX ROLE CALL ERRNO ARGUMENT...
says() {
	says_like=$1
	says_at=$2
	says_call=$3
	says_error=$4
	shift 4
	"$failat" -o "$tmp/list" "$NSVIEW" enter "$@" -- /bin/true </dev/null >/dev/null 2>&1
	number=$(awk -v role="$says_at" -v call="$says_call" '$1 == role && $3 == call { n = $2 }
		END { print n }' "$tmp/list")
	attempt "$says_at:$number=$says_error" "$@"
	like "$result $(cat "$tmp/err")" "$says_like" "$says_call failing in process $says_at"
}
front=0
helper=1
child=2
says '125 nsview: cannot open process [0-9]+: Too many open files' $front pidfd_open 24 "$box"
says '125 nsview: cannot make a sealed file in memory' $front memfd_create 1 "$box"
says '125 nsview: cannot watch for signals: ' $front signalfd4 24 "$box"
says '125 nsview: cannot start a helper: ' $front socketpair 24 "$box"
says '125 nsview: cannot fork the helper: as many processes' $front clone 11 "$box"
says '125 nsview: cannot join the cgroup, IPC, .*: memory has run out' $helper setns 12 "$box"
says '125 nsview: cannot join the .*: the target has ended meanwhile' $helper setns 3 "$box"
says '125 nsview: cannot start a process in these namespaces: as many' $helper clone 11 "$box"
says '125 nsview: cannot start a process .*first process of the pid namespace has ended' \
	$helper clone 12 "$box"
says '125 nsview: the helper cannot tell which child it has started: No buffer' $helper sendto 105 "$box"
says '125 nsview: cannot take over the root directory: CAP_SYS_CHROOT' $child chroot 1 "$box"
says '125 nsview: cannot set the group id to 0: CAP_SETGID' $child setresgid 1 "$box"
says '125 nsview: cannot set the user id to 0: that user has as many' $child setresuid 11 "$box"
says '126 nsview: cannot run /bin/true: ' $child execveat 12 "$box"
says '126 nsview: cannot run the command: its arguments and env' $child execve 7 "$box"
says '125 nsview: cannot set the capabilities: one cannot have more' $child capset 1 "$box" \
	--cap-drop=net_raw
says '125 nsview: cannot make new cgroup, IPC.*: this kernel has not all' $helper unshare 22 --new=all
says '125 nsview: cannot write gid_map of the new user namespace' $front write 1 --new=all
says '125 nsview: cannot mount sysfs on /sys: .*' $child move_mount 1 --new=all
says '125 nsview: --root=/: pivot_root\(2\): .*no mount of its own' $child pivot_root 22 --new=all \
	--root=/
says '125 nsview: cannot bring up lo: ' $child ioctl 1 --new=net,pid
says '125 nsview: cannot set the hostname: it takes CAP_SYS_ADMIN' $child sethostname 1 --new=uts,pid \
	--hostname=x
says '125 nsview: cannot fork the command: as many processes' $child clone 11 --new=pid

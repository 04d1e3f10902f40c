#!/bin/sh
# Everything that can hold a namespace without being in it: made one by one, and all on one.
# nsview must name the holder and nothing else, and see it gone after its release. What is alive is
# told by the kernel itself, by the namespace's id and without nsview.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/pins_lab.sh"
only_plain
own_mounts "$0"

found='mount mount-other mount-hidden fd o-path unmounted thread-fd queued queued-socket io-uring
inet-socket unix-socket tun child-user owner pid-parent pid-for-children pid-for-children-unused
time-for-children thread zombie-leader zombie-user zombie-pid'
silent='no-mmap no-zombie-uts no-mqueue-fd no-mqueue-super no-sysfs-super no-cwd'
one='mount-other mount-hidden fd o-path thread-fd queued queued-socket io-uring inet-socket
unix-socket tun mount'
tests=$((23 * 4 + 3 + 6 * 2 + 3 + 13 + 5))
plan $tests

if ! is_host_root; then
	skip $tests "needs root of the host"
	exit
fi

work_mount "$tests"

# SOURCE=kernel: the same by the other source.
SOURCE=${SOURCE:-proc}
who() { $NSVIEW -q --source="$SOURCE" who --peek "$@"; }

# The rows of the answer about one namespace.
rows() { who --all "$1" 2>/dev/null | sed -n -e '/^searched/q' -e 's/^  //p'; }

# left CASE: the rows of its namespace, that is none where its number is another's by now
left() {
	case $(fact "$1" id) in
	'' | - | "$($NSVIEW -q ls -n -r -o ID "$ino" 2>/dev/null)") rows "$ino" ;;
	esac
}

# The one row that must be there, up to what names a namespace in it.
row_of() {
	pid=$(fact "$1" pid) fd=$(fact "$1" fd) tid=$(fact "$1" tid)
	needs=$(fact "$1" needs)
	case $1 in
	mount) echo "mount    $(fact "$1" path)" ;;
	mount-other | mount-hidden) echo "mount    $(fact "$1" path) in mnt:[$(fact "$1" mnt)]" ;;
	fd) echo "fd       pid $pid (nspin) fd $fd" ;;
	o-path) echo "fd       pid $pid (nspin) fd $fd   opened with O_PATH" ;;
	unmounted) echo "fd       pid $pid (nspin) fd $fd   its mount was removed" ;;
	thread-fd) echo "fd       pid $pid (nspin) thread $tid fd $fd" ;;
	queued) echo "inflight pid $pid (nspin) fd $fd   in that socket's queue" ;;
	queued-socket) echo "inflight pid $pid (nspin) fd $fd   a socket of it is in that queue" ;;
	io-uring) echo "fd       pid $pid (nspin) fd $fd   registered with the io_uring there" ;;
	inet-socket | unix-socket) echo "socket   pid $pid (nspin) fd $fd   a socket of it" ;;
	tun) echo "socket   pid $pid (nspin) fd $fd   a tun device" ;;
	child-user) echo "parent   user:[$needs]" ;;
	pid-parent) echo "parent   pid:[$needs]" ;;
	owner) echo "owner    uts:[$needs]" ;;
	pid-for-children*) echo "children pid $pid (nspin)   pid_for_children" ;;
	time-for-children) echo "children pid $pid (nspin)   time_for_children" ;;
	thread) echo "thread   pid $pid (nspin) thread $tid   its leader is elsewhere" ;;
	zombie-leader) echo "thread   pid $pid (nspin) thread $tid   its leader has exited" ;;
	zombie-*) echo "proc     pid $pid (nspin)   has exited, and nobody has taken its status" ;;
	esac
}

# The rows, of those that end in the name of a namespace without that name.
plain_rows() { rows "$1" | sed 's/\(:\[[0-9]*\]\) .*/\1/' | sort; }

# What has just ended is freed when the kernel comes to it, and counts until then.
settled() { [ "$(plain_rows "$1")" = "$2" ]; }

# lacks CASE: why the kernel does not tell of it, on stdout
# shellcheck disable=SC2086 # NSVIEW is a command with words
lacks() {
	case $1 in
	mount-hidden)
		[ "$($NSVIEW -q who -J self | jq -r .completeness.hidden_mounts_error)" != ENOTTY ] ||
			echo "it does not list mount namespaces (Linux 6.12)" ;;
	io-uring)
		grep -q '^ *[0-9]*: [a-z]*:\[' "/proc/$(fact "$1" pid)/fdinfo/$(fact "$1" fd)" ||
			echo "it does not name what is registered with an io_uring" ;;
	esac
}

missing=' '
for case in $found; do
	if ! start "$work" "$case"; then
		stop
		case $case in
		io-uring | tun) skip 4 "not here: $case cannot be made" ;;
		*) skip 4 "kernel: $case cannot be made" ;;
		esac
		continue
	fi
	why=$(lacks "$case")
	if [ "$why" ]; then
		missing="$missing$case "
		skip 4 "kernel: $why"
		stop
		continue
	fi
	ino=$(fact "$case" ino)
	wanted=$(row_of "$case")
	[ "$SOURCE" = proc ] || wait_for settled "$ino" "$wanted" || true
	is "$(plain_rows "$ino")" "$wanted" "$case: that and nothing else holds it"
	is "$(status who "$ino")" 0 "$case: exit status 0"
	like "$(who "$ino")" '^To release it: [^ ].*\.$' \
		"$case: where to let go is told"
	ask release "$case" >/dev/null
	alive=$(ask alive "$case")
	if [ "$alive" = unknown ]; then
		skip 1 "kernel: cannot say what is alive"
	else
		is "$alive $(left "$case")" "no " "$case: released, it is gone"
	fi
	stop
done

# Nobody below /proc names what holds this one; that it lives is seen all the same.
if start "$work" proc-mountinfo; then
	ino=$(fact proc-mountinfo ino)
	if [ "$(ask alive proc-mountinfo)" = yes ] && $NSVIEW -q ls "$ino" >/dev/null 2>&1; then
		is "$(status who "$ino")" 3 "an open mountinfo file: cannot tell"
		like "$(who "$ino")" "^mnt:\[$ino\] has 0 processes; nothing that could be seen" \
			"an open mountinfo file: nothing is claimed"
		like "$($NSVIEW -q --source="$SOURCE" show "$ino")" '^Mounted  *[^ ]*/ ' \
			"its mounts are shown, though no process is in it"
	else
		skip 3 "kernel: does not list mount namespaces"
	fi
else
	skip 3 "kernel: cannot be made"
fi
stop

# What only looks as if it held something.
for case in $silent; do
	if ! start "$work" "$case"; then
		skip 2 "not here: $case cannot be made"
		stop
		continue
	fi
	ino=$(fact "$case" ino)
	alive=$(ask alive "$case")
	like "$alive" '^(no|unknown)$' "$case: holds nothing"
	is "$(left "$case")" "" "$case: is not named as a holder"
	stop
done

# The procfs of a pid namespace whose init lives.
if start "$work" procfs; then
	ino=$(fact procfs ino)
	like "$(rows "$ino")" "^mount    $(fact procfs path)   a procfs that shows it$" \
		"a procfs is told with the pid namespace that it shows"
	like "$(rows "$ino")" "^proc     pid $(fact procfs pid) " "beside its init"
	ask release procfs >/dev/null
	ask alive procfs >/dev/null
	is "$(left procfs)" "" "released, both are gone"
else
	skip 3 "not here: procfs cannot be mounted"
fi
stop

# All on one; with each that is let go of one row goes, and with the last the namespace.
told=
for case in $one; do
	case $missing in
	*" $case "*) skip 1 "kernel: $case is not told" ;;
	*) told="$told $case" ;;
	esac
done
one=$told
# shellcheck disable=SC2086 # words
if start -1 "$work" $one; then
	ino=$(fact fd ino)
	for case in $one; do
		row_of "$case"
	done | sort >"$tmp/wanted"
	is "$(plain_rows "$ino")" "$(cat "$tmp/wanted")" "all on one: each is told, once"
	for case in $one; do
		ask release "$case" >/dev/null
		row_of "$case" >"$tmp/gone"
		grep -Fxv -f "$tmp/gone" "$tmp/wanted" >"$tmp/rest"
		mv "$tmp/rest" "$tmp/wanted"
		is "$(plain_rows "$ino")" "$(cat "$tmp/wanted")" "all on one: $case is released"
	done
else
	# shellcheck disable=SC2086 # words
	set -- $one
	skip $(($# + 1)) "not here: some cannot be made"
fi
stop

# Queues are counted without being looked into, unless that is asked for.
if start "$work" queued; then
	ino=$(fact queued ino)
	like "$($NSVIEW -q --source="$SOURCE" who self)" \
		'^not searched: .*descriptors? in (a socket.s queue|sockets. queues)' "queued descriptors are counted"
	unlike "$($NSVIEW -q --source="$SOURCE" who "$ino" 2>/dev/null)" '^  inflight' "and not looked at"
	like "$($NSVIEW --source=proc who "$ino" 2>&1)" \
		"^nsview: [0-9]+ descriptors? in sockets' queues (was|were) not looked at: --peek does$" \
		"which is said where nothing else leads there"
	like "$(who -J "$ino")" '"kind": "inflight"' "with --peek they are"
	is "$(rows "$ino")" "$(row_of queued)" "which leaves them in the queue"
else
	skip 5 "kernel: cannot be made"
fi
stop

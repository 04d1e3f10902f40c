#!/bin/sh
# Each of the 47 cases in which something keeps a namespace without a member, or looks as if it did,
# made one by one: each source says of it what the table below has, and nothing else; and all that
# can hold a network namespace together on one. What is alive is told by the kernel itself, by the
# namespace's id and without nsview.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/pins_lab.sh"
only_plain
own_mounts "$0"

# The case; KIND/REASON of the one holder in JSON, and which of what nspin says of it stands in that
# row; in which words. By /proc, and in a second line by the kernel source where that knows more.
# "absent": the source does not have the namespace. "nobody": it has, and names no holder.
cat >"$tmp/table" <<'TABLE'
mount                   mount/- path,mnt
mount-other             mount/- path,mnt
mount-hidden            mount/- path,mnt
fd                      fd/- pid,fd
o-path                  fd/o_path pid,fd opened with O_PATH
thread-fd               fd/- pid,tid,fd
queued                  inflight/- pid,fd in that socket's queue
queued-socket           inflight/queued_socket pid,fd a socket of it is in that queue
io-uring                fd/io_uring pid,fd registered with the io_uring there
inet-socket             socket/- pid,fd a socket of it
unix-socket             socket/- pid,fd a socket of it
tun                     socket/tun pid,fd a tun device
child-user              parent/- needs
owner                   owner/- needs
pid-parent              parent/- needs
pid-for-children        children/- pid pid_for_children
pid-for-children-unused children/- pid pid_for_children
time-for-children       children/- pid time_for_children
thread                  thread/- pid,tid its leader is elsewhere
zombie-leader           thread/- pid,tid its leader has exited
zombie-user             proc/- pid has exited, and nobody has taken its status
zombie-pid              proc/- pid has exited, and nobody has taken its status
proc-mountinfo          nobody
proc-mountinfo          fd/mountinfo pid,fd its list of mounts, open in /proc
detached                absent
detached                fd/detached_tree pid,fd mounted in the detached tree there
queued-twice            inflight/- pid,fd in that socket's queue
tcp-orphan              absent
tcp-orphan              socket/orphan - a TCP connection that no process has open any more
file-cred               absent
file-cred               fd/cred pid,fd a file that was opened with credentials of it
proc-uid-map            absent
proc-uid-map            fd/id_map pid,fd its id map, open in /proc
proc-net-dev            absent
proc-net-dev            fd/proc_net pid,fd a file of its /proc/PID/net
super                   absent
super                   mount/file_system path,mnt a file system that belongs to it
fsopen                  absent
fsopen                  fd/fs_context pid,fd a file system being made in it, by fsopen(2)
cgroup-procs            absent
cgroup-procs            fd/cgroup_file pid,fd a control group's file that was opened in it
shm                     absent
shm                     memory/- pid shared memory of it, attached
pidfd                   absent
pidfd                   fd/pidfd pid,fd a pidfd of a process of it
proc-dir                absent
proc-dir                fd/proc_pid pid,fd a file of /proc/PID of a process of it
proc-super              absent
proc-super              mount/procfs path,mnt a procfs that shows it
perf                    absent
perf                    fd/perf_event pid,fd a perf event that was made in it
peer-pid                absent
peer-pid                socket/peer_pid pid,fd a socket whose peer is a process of it
peer-cred               absent
peer-cred               socket/peer_cred pid,fd a socket whose peer has credentials of it
member                  proc/- pid
member-thread           thread/- pid,tid its leader is elsewhere
TABLE
pins=$("$BUILD/tools/nspin" --list | sed -n -e 's/ path$//p' -e 's/ hidden$//p')
nothing=$("$BUILD/tools/nspin" --list | sed -n 's/ none$//p')
# The mount of this mount namespace comes last: the others would be copies of it.
one='member member-thread mount-other mount-hidden fd o-path thread-fd queued queued-socket
queued-twice io-uring inet-socket unix-socket tun detached tcp-orphan proc-net-dev mount'
tests=$((2 + 39 * 7 + 11 * 2 + 18 * 2 + 1))
plan $tests

if ! is_host_root || ! have jq ip; then
	skip $tests "needs root of the host, jq and ip"
	exit
fi
has_lists $tests

work_mount $tests

# wanted SOURCE CASE: the row that it must give, as holders below writes it
wanted() {
	[ "$1" = kernel ] && last=p || last=q
	grep "^$2 " "$tmp/table" | sed "1$last" | tail -n 1 >"$tmp/row"
	read -r case how facts why <"$tmp/row"
	case $how in absent | nobody)
		[ "$how" = absent ] && echo absent
		return
		;;
	esac
	printf '%s' "$how"
	for key in pid tid fd path mnt needs; do
		case ,$facts, in
		*,"$key",*) printf ' %s=%s' "$key" "$(fact "$case" "$key")" ;;
		esac
	done
	echo "${why:+ $why}"
}

# A mount is told with the process in whose view it was seen, which is anybody in there.
holders_of='.namespaces[0].holders[] | if .kind == "mount" then .pid = null else . end |
	"\(.kind)/\(.reason // "-")" + ([["pid", .pid], ["tid", .tid], ["fd", .fd], ["path", .path],
	["mnt", .mnt], ["needs", .needed_by.ns]] | map(select(.[1]) | " \(.[0])=\(.[1])") | add) +
	if .why then " " + .why else "" end'

# holders SOURCE INO: a row for each
holders() {
	if "$NSVIEW" -q "--source=$1" who --peek -J "$2" >"$tmp/who" 2>"$tmp/who.err"; then :; fi
	if [ -s "$tmp/who" ]; then
		jq -r "$holders_of" "$tmp/who" | LC_ALL=C sort
	else
		grep -q '^nsview: there is no namespace' "$tmp/who.err" && echo absent
	fi
}

# Somebody else's nsview may have it open for an instant, and what ended may be counted for one.
settled() {
	holders "$1" "$2" >"$tmp/got"
	[ "$(cat "$tmp/got")" = "$3" ]
}

# says SOURCE INO ROWS NAME: it names these holders and no others
says() {
	wait_for settled "$1" "$2" "$3" || true
	is "$(cat "$tmp/got")" "$3" "$4"
}

# listed SOURCE ID: what ls says of it; -P has what no process is in, also no dead one
listed() {
	"$NSVIEW" -q "--source=$1" ls -J -o NS,TYPE,ID,NPROCS |
		jq -r --arg id "$2" '.namespaces[] | select(.id == $id) | "\(.type) \(.nprocs)"'
}
persistent() {
	"$NSVIEW" -q "--source=$1" ls -P -J -o NS,TYPE,ID,NPROCS |
		jq -r --arg id "$2" '.namespaces[] | select(.id == $id) | "\(.type) \(.nprocs)"'
}

# try_pin CASE
try_pin() {
	type=$(fact "$1" type) ino=$(fact "$1" ino) id=$(fact "$1" id)
	is "$(ask alive "$1")" yes "$1: is alive"
	case $1 in
	zombie-user | zombie-pid) is "$(listed kernel "$id")" "$type 1" "$1: listed by the kernel" ;;
	*) is "$(persistent kernel "$id")" "$type 0" "$1: listed by the kernel, without a process" ;;
	esac
	for source in proc kernel; do
		row=$(wanted $source "$1")
		says $source "$ino" "$row" "$1: $source names who holds it"
	done
	rest=$(jq -r '.namespaces[0] | .unaccounted' "$tmp/who")
	case $row in
	'') like "$rest" '^[1-9]' "$1: references not accounted for are told" ;;
	*) like "$rest" '^(0|null)$' "$1: all references are accounted for" ;;
	esac
	ask release "$1" >/dev/null
	is "$(ask alive "$1")" no "$1: released, it is gone"
	is "$(listed kernel "$id")$(listed proc "$id")" "" "$1: and listed no more"
}

# shellcheck disable=SC2086 # words
{
	is "$(printf '%s\n' $pins | wc -l)" 39 "39 things hold"
	is "$(for pin in $pins; do grep -q "^$pin " "$tmp/table" || echo "$pin"; done)" "" \
		"and all stand in the table"
}
for pin in $pins; do
	if start "$work" "$pin"; then
		try_pin "$pin"
	else
		skip 7 "not here: $pin cannot be made"
	fi
	stop
done

for pin in $nothing; do
	if start "$work" "$pin"; then
		is "$(ask alive "$pin")" no "$pin: holds nothing"
		id=$(fact "$pin" id)
		is "$(listed kernel "$id")$(listed proc "$id")" "" "$pin: is not listed"
	else
		skip 2 "not here: $pin cannot be made"
	fi
	stop
done

# rows_of SOURCE CASE...: what is to be said of all of them. Of a connection without a process only
# where nobody lives any more: else the kernel is about to end it.
rows_of() {
	source=$1
	shift
	case "$* " in *member*) lived=socket/orphan ;; *) lived=absent ;; esac
	for each; do
		wanted "$source" "$each" | sed -e /absent/d -e "\|$lived|d"
	done | LC_ALL=C sort
}

# tell_all CASE...: both sources see these and no others
tell_all() {
	for source in proc kernel; do
		says $source "$ino" "$(rows_of $source "$@")" "all on one: $source, without $gone"
	done
}

# shellcheck disable=SC2086 # words
if start -1 "$work" $one; then
	ino=$(fact fd ino)
	gone=nothing
	tell_all $one
	for pin in $one; do
		ask release "$pin" >/dev/null
		gone=$pin
		# shellcheck disable=SC2046 # words
		set -- $(printf '%s\n' $one | awk -v pin="$pin" 'rest; $0 == pin { rest = 1 }')
		[ "$#" -gt 0 ] || break
		tell_all "$@"
	done
	is "$(ask alive "$gone")" no "all on one: with the last it is gone"
else
	skip 37 "not here: some cannot be made"
fi
stop

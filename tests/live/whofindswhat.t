#!/bin/sh
# The README's table "who finds what", measured: each thing that can hold a namespace is made, and
# each tool that is here is asked whether it knows that namespace. With UPDATE=1 the README is
# rewritten from what was seen. What lxkns finds is what its documentation says.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/pins_lab.sh"
only_plain
own_mounts "$0"

# What it is, the cases of nspin it stands for, and lxkns's documentation.
cat >"$tmp/rows" <<'ROWS'
a process in it|member|yes
a thread apart from its process|member-thread|yes
a thread whose process's first has exited|zombie-leader|yes
a dead process whose status nobody took (user, pid)|zombie-user zombie-pid|not documented
`time_for_children`, and `pid_for_children` after a child|pid-for-children time-for-children|not documented
`pid_for_children` before the first child|pid-for-children-unused|not documented
a name made by `ip netns add`|named|yes
a bind mount where the tool runs|mount|yes
... in a mount namespace of other processes|mount-other|yes
... in one without any process|mount-hidden|where it finds that one
an open descriptor, also with its mount gone|fd o-path unmounted|yes
... in a thread's own descriptor table|thread-fd|not documented
... registered with an io_uring|io-uring|not documented
a socket of it|inet-socket unix-socket|yes
a tun descriptor|tun|not documented
a descriptor or socket in a socket's queue|queued queued-socket|not documented
... of a socket that is in a queue itself|queued-twice|not documented
namespaces that it owns, or is the parent of|owner child-user pid-parent|yes
an open `mountinfo` of a process that is gone|proc-mountinfo|not documented
an open `uid_map` of one|proc-uid-map|not documented
an open `net/dev` of one|proc-net-dev|not documented
a pidfd or `/proc/PID` directory of one|pidfd proc-dir|not documented
any file opened in that user namespace; fsopen(2)|file-cred fsopen|not documented
a file system made in that user namespace|super|not documented
a procfs of that pid namespace|proc-super|not documented
a mount of it in a detached tree|detached|not documented
an open `cgroup.procs`; a perf event|cgroup-procs perf|not documented
attached System V shared memory|shm|not documented
a socket that remembers its peer|peer-pid peer-cred|not documented
a TCP connection that nobody has open|tcp-orphan|not documented
ROWS
rows=$(wc -l <"$tmp/rows")
tests=$((rows + 1))
plan $tests

if ! is_host_root || ! have jq lsns ip; then
	skip $tests "needs root of the host, jq, lsns and ip"
	exit
fi
case $(lsns --version) in
*' 2.38'*) ;;
*)
	skip $tests "not here: the table is about lsns 2.38"
	exit
	;;
esac
has_lists $tests
if ! mount -t tmpfs finds /run; then
	skip $tests "not here: cannot mount"
	exit
fi
mkdir /run/found
work=/run/found
# shellcheck disable=SC2016 # the process is known at the end
at_exit 'exec 3>&- 4>&-; end_process "${running:-}"'
mkfifo "$tmp/ask" "$tmp/answer"
lsns_version=$(lsns --version | sed 's/.* //')
case $lsns_version in 2.38*) lsns_version=2.38 ;; esac

# by_nsview SOURCE: "holder" if it names one, "listed" if it knows the namespace, else "no"
by_nsview() {
	"$NSVIEW" -q "--source=$1" who --peek -J "$ino" >"$tmp/who" 2>/dev/null || true
	if ! [ -s "$tmp/who" ]; then
		echo no
	elif jq -e '.namespaces[0].holders | length > 0' "$tmp/who" >/dev/null; then
		echo holder
	else
		echo listed
	fi
}

yes_no() { if "$@"; then echo yes; else echo no; fi; }

# lsns may give up without a word when a process ends while it looks: asked until it answers.
by_lsns() {
	wait_for sh -c "lsns -n -r -o NS >'$tmp/lsns' 2>/dev/null && [ -s '$tmp/lsns' ]"
	grep -qx "$ino" "$tmp/lsns"
}

# By the names that it lists.
by_ip() {
	ip netns list 2>/dev/null | while read -r name _; do
		stat -Lc %i "/run/netns/$name"
	done | grep -qx "$ino"
}

# ask_all TYPE: each tool's word
ask_all() {
	netns=-
	[ "$1" != net ] || netns=$(yes_no by_ip)
	echo "$(by_nsview kernel) | $(by_nsview proc) | $(yes_no by_lsns) | $netns"
}

# measure CASE: makes it, and has them asked
measure() {
	if [ "$1" = named ]; then
		ip netns add finds || return
		ino=$(stat -Lc %i /run/netns/finds)
		ask_all net
		ip netns del finds
		return
	fi
	"$BUILD/tools/nspin" "$work" "$1" <"$tmp/ask" >"$tmp/answer" 2>"$tmp/nspin.err" &
	running=$!
	exec 3>"$tmp/ask" 4<"$tmp/answer"
	read -r pin <&4 || pin=
	read -r _ <&4 || true
	ino=$(printf '%s\n' "$pin" | sed 's/.* ino=\([0-9]*\) .*/\1/')
	type=$(printf '%s\n' "$pin" | sed 's/.* type=\([a-z]*\) .*/\1/')
	[ -z "$pin" ] || ask_all "$type"
	exec 3>&- 4>&-
	wait "$running"
	running=
}

: >"$tmp/table"
while IFS='|' read -r what cases lxkns <&9; do
	for case in $cases; do
		measure "$case"
	done | sort -u >"$tmp/cells"
	[ "$(wc -l <"$tmp/cells")" -eq 1 ]
	ok $? "$what: one answer for $cases"
	sed 's/^/# /' "$tmp/cells"
	printf '| %s | %s | %s |\n' "$what" "$(head -n 1 "$tmp/cells")" "$lxkns" >>"$tmp/table"
done 9<"$tmp/rows"

{
	echo "| what holds it | nsview, kernel source | nsview, /proc | lsns $lsns_version | ip netns | lxkns (not run) |"
	echo "|---|---|---|---|---|---|"
	cat "$tmp/table"
} >"$tmp/new"
begin='<!-- found: begin -->' end='<!-- found: end -->'
readme=$(dirname "$0")/../../README.md
if [ -n "${UPDATE:-}" ]; then
	awk -v begin="$begin" -v end="$end" -v new="$tmp/new" '
		$0 == end { inside = 0 }
		!inside { print }
		$0 == begin { inside = 1; while ((getline line <new) > 0) print line }' \
		"$readme" >"$tmp/readme" && cat "$tmp/readme" >"$readme"
fi
awk -v begin="$begin" -v end="$end" '$0 == end { inside = 0 } inside { print } $0 == begin { inside = 1 }' \
	"$readme" >"$tmp/old"
is "$(cat "$tmp/old")" "$(cat "$tmp/new")" "README.md says what was measured"

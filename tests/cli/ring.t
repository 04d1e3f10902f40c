#!/bin/sh
# Numbers wrap: a process may have a higher number than its child, so that the namespaces of the
# parents of two leads may be each other's. No row may get lost in such a ring.
cd "$(dirname "$0")" || exit 2
. ../lib.sh
plan 2

# process PID PPID NET
process() {
	mkdir -p "$tmp/proc/$1/ns"
	echo "$1 (sh) S $2 $1 $1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 100 0 0" >"$tmp/proc/$1/stat"
	for type in cgroup:4026531835 ipc:4026531839 mnt:4026531832 pid:4026531836 \
		time:4026531834 user:4026531837 uts:4026531838 "net:$3"; do
		ln -s "${type%:*}:[${type#*:}]" "$tmp/proc/$1/ns/${type%:*}"
	done
}
process 1 0 4026531833
process 20 1000 4026532001
process 900 1 4026532001
process 30 900 4026532002
process 1000 1 4026532002

list() { $NSVIEW ls -q -n -r --proc="$tmp/proc" -t net -o NS | tr -d '|` -' | sort; }
is "$(list)" "4026531833
4026532001
4026532002" "the list has all"
rows=$($NSVIEW ls -q -n --ascii --proc="$tmp/proc" -t net -o NS -Tprocess | tr -d '|` -' | sort)
is "$rows" "$(list)" "the tree by process has the same"

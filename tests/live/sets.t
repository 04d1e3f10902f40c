#!/bin/sh
# nsview's sets of (type, inode, nprocs) against an independent reading of /proc, and against lsns,
# on namespaces of every odd kind. Nslab's facts were read by the tasks themselves.
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"

cases='nested-user nested-pid time thread zombie-leader pid-for-children time-for-children
orphan-userns fd-held mount-held chroot mounts-1000 hostile-comm many-50'
plan $((3 * 14))

# Runs inside a case: three readings, each by one process more than the case has.
cat >"$tmp/read" <<'END'
$BUILD/tools/oracle >"$tmp/oracle"
$NSVIEW ls -q -n -r -o TYPE,NS,NPROCS >"$tmp/nsview"
lsns -n -r -o TYPE,NS,NPROCS >"$tmp/lsns" 2>/dev/null
echo "$?" >"$tmp/lsns.status"
$BUILD/tools/oracle -t >"$tmp/threads"
$NSVIEW ls -q -n -r -P -o TYPE,NS,HELD,NTHREADS >"$tmp/persistent"
$NSVIEW ls -q -n -r -o TYPE,NS,ONS,PNS >"$tmp/edges"
END

sorted() { awk '$3 > 0 { print $1, $2, $3 }' "$1" | sort; }

for case in $cases; do
	export tmp
	if ! "$BUILD/tools/nslab" "$case" -- sh "$tmp/read" >/dev/null 2>"$tmp/err"; then
		echo "# $(cat "$tmp/err")"
		skip 3 "kernel: $case cannot be made here"
		continue
	fi
	is "$(sorted "$tmp/nsview")" "$(sorted "$tmp/oracle")" "$case: the sets of processes are right"
	# lsns 2.38 gives up without a word where a comm holds a newline.
	if [ "$(cat "$tmp/lsns.status")" -ne 0 ]; then
		ok 0 "$case: lsns failed, nsview did not"
	else
		is "$(sorted "$tmp/nsview")" "$(sorted "$tmp/lsns")" "$case: lsns agrees"
	fi
	# Every namespace that only a thread or a *_for_children link leads to is listed.
	missing=
	for ino in $(awk '$1 == "thread" { print $5 } $1 == "children" { print $4 }' "$tmp/threads"); do
		grep -q " $ino " "$tmp/nsview" || missing="$missing $ino"
	done
	is "$missing" "" "$case: namespaces of threads and for children are listed"
done

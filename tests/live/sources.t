#!/bin/sh
# Both sources give the same graph: namespaces with all their columns, and processes with all
# theirs, on namespaces of every odd kind, and while processes come and go.
. "$(dirname "$0")/../lib.sh"
only_plain
live_sandbox "$0"

cases='nested-user nested-pid time thread zombie-leader pid-for-children time-for-children
orphan-userns fd-held mount-held chroot mounts-100 hostile-comm many-200'
plan $((14 * 3 + 5))

if [ "$(status "$NSVIEW" --source=kernel ls -q)" -eq 2 ]; then
	why=$(cat "$tmp/err")
	like "$why" '^nsview: --source=kernel: .' "where it cannot be used, --source=kernel says why"
	is "$(status "$NSVIEW" ls -q -J)" 0 "... and auto reads /proc"
	is "$(jq -r .completeness.source "$tmp/out")" proc "... and says so in JSON"
	like "$(jq -r .completeness.source_why "$tmp/out")" . "... with the reason"
	skip $((14 * 3 + 1)) "kernel: the kernel source cannot be used: $why"
	exit
fi

# Files, not pipes: whatever else ran beside one nsview and not the other would be a difference.
cat >"$tmp/read" <<'END'
for source in proc kernel; do
	$NSVIEW --source=$source ls -q -J --output-all >"$tmp/ls.$source"
	$NSVIEW --source=$source ps -q -J -a --output-all >"$tmp/ps.$source"
	$NSVIEW --source=$source tree -q --by=process >"$tmp/tree.$source"
done
END

# Where no ioctl tells ids, the kernel source alone has those of network namespaces.
namespaces() {
	jq -S --slurpfile proc "$tmp/ls.proc" '($proc[0].namespaces | any(.id)) as $ids |
		.namespaces | if $ids then . else map(del(.id, .id_why)) end' \
		"$tmp/ls.$1" >"$tmp/ls.$1.json"
}

# But for nsview itself, and what each was doing just then.
processes() {
	jq -S '[.processes[] | select(.comm != "nsview") | del(.state)]' "$tmp/ps.$1" >"$tmp/ps.$1.json"
}

# same FILE FILE NAME
same() {
	if [ -s "$1" ] && difference=$(diff "$1" "$2"); then
		ok 0 "$3"
	else
		ok 1 "$3"
		printf '%s\n' "$difference" | head -n 20 | sed 's/^/# /'
	fi
}

export tmp
for case in $cases; do
	if ! "$BUILD/tools/nslab" "$case" -- sh "$tmp/read" >"$tmp/lab" 2>"$tmp/err"; then
		echo "# $(cat "$tmp/err")"
		skip 3 "kernel: $case cannot be made here"
		continue
	fi
	for source in proc kernel; do
		namespaces $source
		processes $source
		grep -v nsview "$tmp/tree.$source" >"$tmp/tree.$source.txt"
	done
	if grep -q ' c0_children=-' "$tmp/lab"; then
		skip 1 "kernel: its files tell of no pid namespace before its first child"
	else
		same "$tmp/ls.proc.json" "$tmp/ls.kernel.json" "$case: the same namespaces"
	fi
	same "$tmp/ps.proc.json" "$tmp/ps.kernel.json" "$case: the same processes"
	same "$tmp/tree.proc.txt" "$tmp/tree.kernel.txt" "$case: the same tree"
done

is "$(jq -r .completeness.source "$tmp/ls.kernel" "$tmp/ls.proc" | tr '\n' ' ')" "kernel proc " \
	"each says what it read"
if [ "$(jq -r .completeness.kernel_total "$tmp/ls.kernel")" = null ]; then
	skip 1 "kernel: it lists network namespaces only (Linux 6.18)"
else
	is "$(jq -r '.completeness.kernel_total > 0' "$tmp/ls.kernel")" true \
		"the kernel source counts what the kernel has"
fi

# Fork traffic, some of it in new namespaces. A process that was there all the time, and had the
# same namespaces at both ends, is seen with these by the kernel source, every time.
make -s BUILD="$BUILD" "$BUILD/bench/load" >/dev/null 2>&1
cat >"$tmp/churn" <<'END'
ps() { $NSVIEW --source=$1 ps -q -J -a; }
ps proc >"$tmp/first"
for i in 1 2 3 4 5 6 7 8; do
	ps kernel >"$tmp/during.$i" || echo "$i" >>"$tmp/failed"
done
ps proc >"$tmp/last"
END
"$BUILD/bench/load" -c 200 100 -- sh "$tmp/churn" >/dev/null 2>"$tmp/err"
is "$(cat "$tmp/failed" 2>/dev/null)" "" "under fork traffic every run gives an answer"
by_pid='[.processes[] | {key: "\(.pid)", value: [.[] | objects | .ino]}] | from_entries'
jq -n --slurpfile first "$tmp/first" --slurpfile last "$tmp/last" '
	($first[0] | '"$by_pid"') as $a | ($last[0] | '"$by_pid"') as $b |
	[$a | to_entries[] | select($b[.key] == .value)] | from_entries' >"$tmp/lasting"
like "$(jq length "$tmp/lasting")" '^2[0-9][0-9]$' "... two hundred processes last"
wrong=
for file in "$tmp"/during.*; do
	wrong=$wrong$(jq -c --slurpfile lasting "$tmp/lasting" '
		('"$by_pid"') as $now | $lasting[0] | to_entries[] |
		select($now[.key] != .value) | [.key, .value, $now[.key]]' "$file")
done
is "$wrong" "" "... and are seen with their own namespaces"

#!/bin/sh
# Namespaces pinned and let go of by the thousand, by descriptors, mounts and sockets, while each
# source walks: what is shown of them existed, and what stays is always there. Numbers of inodes are
# used again at once, so that an edge to a number could lead to another namespace than it was read
# of; the kernel's id tells.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/pins_lab.sh"
only_plain
own_mounts "$0"
runs=${RUNS:-25}
tests=$((2 + 2 * 5))
plan $tests
if ! is_host_root || ! have jq; then
	skip $tests "needs root of the host, and jq"
	exit
fi
has_lists $tests
work_mount $tests
mkfifo "$tmp/ask" "$tmp/answer"

# One that stays, held by a descriptor and a mount.
: >"$work/stays"
unshare --net="$work/stays" true
# shellcheck disable=SC2217 # it is to hold it, not to read it
sleep 1000 <"$work/stays" &
keeper=$!
at_exit "end_process $keeper"
stays=$(stat -Lc %i "$work/stays")

"$BUILD/tools/nspinchurn" "$work" "$tmp/log" <"$tmp/ask" >"$tmp/answer" &
churn=$!
at_exit "exec 3>&-; end_process $churn"
exec 3>"$tmp/ask"
read -r word <"$tmp/answer"
is "$word" ready "the churn is on"

# What there is to be seen of one row, as the log has it.
row='.namespaces[] | select(.type == "uts" or .type == "net") |
	"\(.id // "?") \(.ns) \(.type) \(.held) \(.who // .nsfs[0])" + if .nhold > 1 then
	" and \(.nhold - 1) more" else "" end'

# Of this test: the others have their own namespaces.
ours() { grep -E " pid ($pids) fd | mount $work/[0-9]+( |$)" "$1" | sort -u; }

for source in proc kernel; do
	: >"$tmp/rows"
	: >"$tmp/failures"
	run=0
	while [ $run -lt "$runs" ]; do
		run=$((run + 1))
		if ! timeout -k 5 60 "$NSVIEW" -q "--source=$source" ls -P -J \
			-o NS,TYPE,ID,HELD,NHOLD,WHO,NSFS >"$tmp/out" 2>"$tmp/err" ||
			! jq -r "$row" "$tmp/out" >>"$tmp/rows"; then
			echo "ls, run $run: $(cat "$tmp/err")" >>"$tmp/failures"
		fi
		timeout -k 5 60 "$NSVIEW" -q "--source=$source" who -J "$stays" >"$tmp/out" 2>"$tmp/err"
		case $? in 0 | 3) ;; *) echo "who, run $run: $(cat "$tmp/err")" >>"$tmp/failures" ;; esac
		jq -r '.namespaces[0].holders[] | "\(.kind) \(.pid) \(.fd) \(.path)"' "$tmp/out" |
			tr '\n' ' ' >>"$tmp/stays"
		echo >>"$tmp/stays"
		timeout -k 5 60 "$NSVIEW" -q "--source=$source" who --leaked -J >"$tmp/out" 2>"$tmp/err"
		case $? in 0 | 1 | 3) ;; *) echo "leaked, run $run: $(cat "$tmp/err")" >>"$tmp/failures" ;; esac
	done
	is "$(cat "$tmp/failures")" "" "$source: $runs times three answers, each in time"
	sort -u "$tmp/log" >"$tmp/existed"
	pids=$(sed -n 's/.* pid \([0-9]*\) fd .*/\1/p' "$tmp/existed" | sort -u | paste -sd '|')
	ours "$tmp/rows" >"$tmp/seen"
	echo "# $source: $(wc -l <"$tmp/seen") different rows of $(wc -l <"$tmp/existed") holders"
	[ "$(wc -l <"$tmp/seen")" -ge "$runs" ]
	ok $? "$source: there was something to judge"
	is "$(grep -v '^?' "$tmp/seen" | comm -23 - "$tmp/existed" | head -5)" "" \
		"$source: each row was one that existed"
	cut -d' ' -f2- "$tmp/existed" | sort -u >"$tmp/existed.ns"
	is "$(grep '^?' "$tmp/seen" | cut -d' ' -f2- | sort -u | comm -23 - "$tmp/existed.ns" | head -5)" \
		"" "$source: also where its id was not to be had any more"
	is "$(sort -u "$tmp/stays")" "mount null null $work/stays fd $keeper 0 null " \
		"$source: what stays is told the same each time"
	rm "$tmp/stays"
done
[ "$(wc -l <"$tmp/log")" -gt 4000 ]
ok $? "by the thousand"

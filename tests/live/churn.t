#!/bin/sh
# Under fork traffic, with hostile names about, every run of every command gives a full answer:
# exit 0, and each of the processes that stay is there with all its namespaces.
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"
. "$(dirname "$0")/lab.sh"

runs=30
steady=150
apart=40
[ -z "$variant" ] || runs=6
plan 12

# Runs inside the load, whose first process is PID 1 and the steady ones the next.
cat >"$tmp/inside" <<'INSIDE'
cd "$tmp" || exit 2
# Numbers come round quickly, so that they are used again, above and below those that stay. The
# limit is each pid namespace's own since 6.14; before that it is the whole host's.
oldest=$(printf '6.14\n%s\n' "$(uname -r)" | sort -V | head -1)
[ "$oldest" != 6.14 ] || { echo 1000 >/proc/sys/kernel/pid_max; } 2>/dev/null
# Some more come while all is in motion.
pids=$(seq 2 $((steady + 1)))
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	unshare --uts sleep 1000 &
	until [ "$(cat /proc/$!/comm)" = sleep ]; do :; done
	pids="$pids $!"
done
for type in user pid net mnt uts ipc cgroup; do
	for pid in $pids; do echo "/proc/$pid/ns/$type"; done
done | xargs readlink | sort -u >wanted
printf '%s\n' $pids >wanted.pids
# One without a process stays too: this shell's descriptor 9 keeps it.
unshare --uts sleep 1000 &
last=$!
until [ "$(cat /proc/$last/comm)" = sleep ]; do :; done
exec 9</proc/$last/ns/uts
readlink /proc/$last/ns/uts | tr -dc '0-9\n' >wanted.held
kill "$last"
wait "$last" 2>/dev/null
deep=$((steady + 1)) # the last of them has namespaces of its own
readlink /proc/$deep/ns/net /proc/$deep/ns/uts /proc/$deep/ns/mnt >wanted.show
tr -dc '0-9\n' <wanted >wanted.numbers

# bad COMMAND WHY
bad() {
	echo "$1 run $i: $2" >>failures
	[ ! -e "out.$1" ] && cp out "out.$1"
}

for file in wanted wanted.numbers wanted.pids wanted.show; do sort -u -o $file $file; done
try() { # NAME WANTED COMMAND...
	name=$1 wanted=$2
	shift 2
	"$@" >out 2>err
	status=$?
	[ "$status" -eq 0 ] || bad "$name" "exit $status: $(cat err)"
	[ -s out ] || bad "$name" "printed nothing"
	LC_ALL=C grep -oE "$wanted_is" out | sort -u | comm -23 "$wanted" - >absent
	[ ! -s absent ] || bad "$name" "without $(wc -l <absent), first $(head -1 absent)"
}

: >failures
i=0
while [ "$i" -lt "$runs" ]; do
	i=$((i + 1))
	wanted_is='[0-9]+'
	try ls wanted.numbers $NSVIEW ls -q -n -r -o NS
	try ps wanted.pids $NSVIEW ps -q -a -n -r -o PID
	try persistent wanted.held $NSVIEW ls -q -P -n -r -o NS
	wanted_is='(user|pid|net|mnt|uts|ipc|cgroup):\[[0-9]+\]'
	try tree wanted $NSVIEW tree -q
	try show wanted.show $NSVIEW show -q $deep
	wanted_is='[0-9]+'
	try json wanted.numbers $NSVIEW ls -q --json -o TYPE,NS,NPROCS,HOSTNAME
	jq -e '.namespaces | length > 0' out >/dev/null 2>err || bad json "not valid: $(cat err)"
	iconv -f UTF-8 -t UTF-8 out >/dev/null 2>&1 || bad json "not UTF-8"
	# What takes long, not every time.
	[ $((i % 6)) -eq 0 ] || continue
	# Nothing raw reaches a terminal, nothing forges a row.
	$NSVIEW ls -q --json -o NS,WHO,COMMAND,HOSTNAME >out 2>err
	jq -e '.namespaces | length > 0' out >/dev/null 2>err || bad json "not valid: $(cat err)"
	iconv -f UTF-8 -t UTF-8 out >/dev/null 2>&1 || bad json "not UTF-8"
	$NSVIEW ls -q >out 2>err
	LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" out && bad hostile "control bytes"
	awk 'NR > 1 && $1 !~ /^[0-9]+$/ { print; exit 1 }' out >row || bad hostile "forged: $(cat row)"
	lsns >/dev/null 2>&1
	echo "$?" >>lsns
done
wc -l <wanted >count
INSIDE

command="$BUILD/bench/load"
[ -x "$command" ] || echo "# $command was not built"
# A sanitizer's search for leaks does not work in who has left its pid namespace.
status=$(tmp=$tmp runs=$runs steady=$steady ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 status "$command" -cs \
	"$steady" "$apart" -- env ASAN_OPTIONS="${ASAN_OPTIONS:-}" sh "$tmp/inside")
is "$status" 0 "the load ran"
is "$(sed 's/^/# /' "$tmp/err" | head -5)" "" "without a word"
[ "$(cat "$tmp/count")" -gt $((4 * apart)) ]
ok $? "the steady processes have namespaces of their own"
for command in ls ps persistent tree show json hostile; do
	is "$(grep "^$command " "$tmp/failures" | head -5)" "" "$command: $runs full answers"
done
echo "# lsns gave no answer in $(grep -vc '^0$' "$tmp/lsns") of $(wc -l <"$tmp/lsns") runs"

# The scan must not depend on the number of threads that it takes, nor on the order of PIDs: on an
# unchanged host two runs are the same bytes.
if lab many-200; then
	steady_ls() { $NSVIEW ls -q -n -r -o TYPE,NS,HELD,NTHREADS,ONS,PNS; }
	steady_ls >"$tmp/one"
	steady_ls >"$tmp/two"
	cmp -s "$tmp/one" "$tmp/two"
	ok $? "two runs on an unchanged host are the same"
	is "$(grep -c '^uts ' "$tmp/one")" 201 "with all that there is"
	lab_end
else
	skip 2 "cannot be made here: $(tail -n 1 "$tmp/lab.err")"
fi

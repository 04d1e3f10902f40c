#!/bin/sh
# `nsview enter --verify`: every check flips with the namespace that isolates it and with no other,
# the exit status says what ought to be isolated and is not, and no witness is left behind.
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"

if ! have jq; then
	plan 1
	skip 1 'no jq'
	exit 0
fi
plan 31

# shellcheck disable=SC2086 # NSVIEW is a command with words
verify() { timeout 60 $NSVIEW enter --verify "$@" </dev/null; }

# results RESULT: the checks in $tmp/json that came out so
results() { jq -r --arg r "$1" '.checks[] | select(.result == $r) | .check' "$tmp/json" | tr '\n' ' '; }
result() { jq -r --arg c "$1" '.checks[] | select(.check == $c) | .result' "$tmp/json"; }
seen() { jq -r --arg c "$1" '.checks[] | select(.check == $c) | .seen' "$tmp/json"; }

# Outside a new user namespace only who is root of the machine may do these two.
if is_host_root; then
	always=
else
	always='capability devices '
fi

segments=$(ipcs -m)

# ---- nothing but the one namespace that isolates it

verify --new=uts --json >"$tmp/json"
is "$?" 0 'what was asked for is isolated: exit status 0'
is "$(jq -r '.schema, (.checks | length)' "$tmp/json" | tr '\n' ' ')" '1 18 ' 'all checks are in the JSON'
is "$(jq -r '.checks[] | select(.expected) | .check' "$tmp/json")" hostname \
	'what the namespace ought to isolate is marked'
is "$(results unknown)" '' 'nothing is left open'

# flips TYPE CHECKS: isolated with that type new, and nothing else is
flips() {
	verify --new="$1" --json >"$tmp/json"
	is "$(jq -r --arg always "$always" '.checks[]
		| select(.result == "isolated")
		| select(.check as $c | $always | split(" ") | index($c) | not)
		| .check' "$tmp/json" | tr '\n' ' ')" "$2" "--new=$1: $2"
}
flips pid 'see_process signal_process trace_process '
flips uts 'hostname '
flips ipc 'sysv_shm posix_mqueue '
flips net 'interfaces loopback abstract_socket '
flips mnt 'mount_out mount_in '
flips time 'clocks '
flips cgroup 'cgroup '
flips pid,mnt 'see_process signal_process trace_process proc mount_out mount_in '

# A user namespace takes rights away: of tracing across it, of mounting, of devices.
verify --new=user --json >"$tmp/json"
is "$? $(result capability) $(result devices) $(result trace_process) $(result mount_out)" \
	'0 isolated isolated isolated isolated' '--new=user takes the rights away'
like "$(result uids)" '^(isolated|partly)$' '--new=user: users are others, or only so by name'
is "$(result signal_process) $(result sysv_shm)" 'shared shared' \
	'and without other namespaces that is all'
verify --new=user,pid --map=0:100:1 --json >"$tmp/json" 2>/dev/null ||
	verify --new=user,pid --map=5:0:1 --json >"$tmp/json"
is "$(result uids)" isolated 'users that are mapped to others are others'

verify --new=all --json >"$tmp/json"
is "$? $(results shared)$(results unknown)" '0 posix_shm ' '--new=all isolates all but files'
verify --new=mnt --mount=tmpfs,/dev/shm --json >"$tmp/json"
is "$(result posix_shm)" isolated 'files are isolated by what is mounted over them'

# ---- what ought to be isolated and is not

verify --new=pid,mnt --mount-proc=no --json >"$tmp/json"
is "$? $(result proc) $(result see_process)" '1 shared isolated' \
	'without a fresh /proc the processes are still seen in it: exit status 1'
mount --make-rshared /
verify --new=mnt --propagation=slave --json >"$tmp/json"
is "$? $(result mount_in) $(result mount_out)" '1 shared isolated' \
	'propagation to slaves goes one way'
verify --new=mnt --propagation=unchanged --json >"$tmp/json"
is "$? $(result mount_in) $(result mount_out)" '1 shared shared' 'and left as it is, both ways'
verify --new=mnt --json >"$tmp/json"
is "$? $(result mount_in) $(result mount_out)" '0 isolated isolated' 'the default is neither'

# Where a witness cannot be made, nothing is claimed.
cat >"$tmp/none" <<'END'
echo 0 >/proc/sys/kernel/shmmni || exit 99
exec "$@"
END
# shellcheck disable=SC2086 # NSVIEW is a command with words
unshare --ipc sh "$tmp/none" timeout 60 $NSVIEW enter --verify --new=ipc --json \
	>"$tmp/json" 2>"$tmp/err" </dev/null
is "$? $(result sysv_shm) $(result posix_mqueue)" '3 unknown isolated' \
	'what cannot be told is not called isolated: exit status 3'

# ---- a target, and clocks

unshare --fork --kill-child --uts --time --boottime 500 sleep 1000 &
outer=$!
at_exit "end_process $outer"
wait_for sh -c "[ \"\$(cat /proc/$outer/task/$outer/children)\" ]"
inner=$(tr -d ' ' <"/proc/$outer/task/$outer/children")
wait_for sh -c "[ \"\$(cat /proc/$inner/comm)\" = sleep ]"
before=$(hostname)
verify "$inner" --json >"$tmp/json"
is "$? $(result clocks) $(result hostname) $(result loopback)" '0 isolated isolated shared' \
	'a target: what it shares is no fault of what was joined'
like "$(seen clocks)" 'boottime \+500 s' 'clocks are compared'
is "$(nsenter --target "$inner" --uts hostname)" "$before" "a target's hostname is not touched"

# ---- words, and what is left

verify --new=net >"$tmp/out"
like "$(cat "$tmp/out")" '^connect to a port on 127.0.0.1 +isolated +net ' 'the table has them'
is "$(tail -n 1 "$tmp/out")" \
	'of 3 that the namespaces asked for ought to isolate: 3 isolated' 'and a sum'
is "$(status verify) $(cat "$tmp/out")" '125 ' 'without anything to enter it is used wrongly'
is "$(ipcs -m)" "$segments" 'no shared memory is left'
is "$(ls -d /dev/shm/nsv[0-9a-f]* /tmp/nsv[0-9a-f]*.* 2>/dev/null)$(
	grep -c 'nsv[0-9a-f]' /proc/self/mountinfo) $(cat /proc/[0-9]*/comm | grep -c '^nsv[0-9a-f]')" \
	'0 0' 'and no other witness is left'

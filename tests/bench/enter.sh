#!/bin/sh
# SPDX-License-Identifier: MIT
# Measures nsview enter against nsenter, unshare and a bare C program that does as much. Asserts
# nothing. Needs root.
#
#   enter.sh BUILD
build=${1:?usage: enter.sh BUILD}
. "$(dirname "$0")/judge.sh"
nsview=$build/nsview
[ "$(id -u)" = 0 ] || {
	echo "enter: not measured: needs root" >&2
	exit 0
}
pid=
# shellcheck disable=SC2317 # called by the trap
done_with() {
	# The first process of a PID namespace heeds no other signal.
	[ -z "$pid" ] || [ "$pid" -le 1 ] || kill -KILL "$pid" 2>/dev/null
	rm -f "$results"
}
trap done_with EXIT

unshare --user --map-root-user --mount --uts --ipc --net --pid --cgroup --fork --mount-proc \
	--kill-child sh -c 'echo ready; exec sleep 1000' >"$results" &
outer=$!
until grep -q ready "$results"; do sleep 0.05; done
pid=$(cat "/proc/$outer/task/$outer/children")
pid=${pid%% *}

# The same work as unshare's is --new=all without what unshare does not do. To do what --new=all
# does, unshare needs a program of its own, bareinit, and so one exec more, as anybody's use of it
# would. What differs still: nsview maps all ids and not one, has the command watched from outside
# (signals, its own status) and keeps what is open from it.
echo "measuring: nsview enter" >&2
"$bench/timeit" -r "${ROUNDS:-99}" \
	bare: "$bench/bareenter" "$pid" true \
	-- nsenter: nsenter -t "$pid" -a true \
	-- join: "$nsview" enter "$pid" -a -- true \
	-- plain: unshare --user --map-root-user --mount --uts --ipc --net --pid --cgroup --time \
	--fork --mount-proc true \
	-- makeplain: "$nsview" enter --new=all --mount-sys=no --lo=off --as-pid-1 -- true \
	-- unshare: unshare --user --map-root-user --mount --uts --ipc --net --pid --cgroup --time \
	--fork --mount-proc "$bench/bareinit" true \
	-- make: "$nsview" enter --new=all -- true \
	-- empty: "$nsview" --version >"$results"
judge "$results" <<'GOALS'
join nsenter <= 1 enter PID -a -- true / nsenter -t PID -a true
join bare <= 1.5 enter PID -a -- true / a bare setns, clone, exec, wait
make unshare <= 1 enter --new=all -- true / unshare with the same work
makeplain plain <= 1 ... without /sys, lo, reaper / unshare as it is
GOALS

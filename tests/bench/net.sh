#!/bin/sh
# SPDX-License-Identifier: MIT
# Measures `nsview net` over network namespaces with three links each against what people use for
# that, and how the time grows with their number; all of it in pid, mount and network namespaces of
# their own. Prints medians and the ratios that matter, each with its goal, the ratios of the minima
# beside them. Asserts nothing: the status is 0 also where a goal is missed.
#
#   net.sh BUILD
#
# NETS="0 500 1000 2000"  the numbers of namespaces to measure with; 0 is a host without containers
# ROUNDS=5                how often everything is run

build=${1:?usage: net.sh BUILD}
sizes=${NETS:-0 500 1000 2000}
rounds=${ROUNDS:-5}
compared=1000
nsview=$build/nsview
timeit=$build/bench/timeit

# add FIRST LAST: each has lo, a bridge, and the end of a pair whose other end is at a bridge
# outside, which takes no more than 1,023
add() {
	i=$1
	while [ "$i" -le "$2" ]; do
		bridge=br$((i / 1000))
		[ "$i" -ne 1 ] && [ $((i % 1000)) -ne 0 ] ||
			printf 'link add %s type bridge\n' "$bridge"
		printf 'netns add n%d\n' "$i"
		printf 'link add a%d master %s type veth peer name eth0 netns n%d\n' "$i" "$bridge" "$i"
		printf 'link add inner netns n%d type bridge\n' "$i"
		i=$((i + 1))
	done | ip -batch - >/dev/null
}

# timed N COMMANDS-OF-TIMEIT...: "N LABEL MIN MEDIAN RSS STATUS" for each command
timed() {
	n=$1
	shift
	"$timeit" "$@" | awk -v n="$n" '{ print n, $0 }'
}

# JSON comes last: it reads files below /proc/sys in each namespace, which the kernel looks up more
# slowly the more namespaces have been looked into, and which slows others down for a while.
measure() {
	echo "measuring: $1 network namespaces, $rounds rounds" >&2
	timed "$1" -r "$rounds" \
		net: "$nsview" net -q \
		-- listen: "$nsview" net -q --listen \
		-- ls: "$nsview" ls -q -P -t net
	[ "$1" -ne "$compared" ] || timed "$1" -r 1 -w 0 ip: ip -all netns exec ip -j addr
}

measure_json() {
	for n in $sizes; do
		[ "$n" -ne "$have" ] || timed "$n" -r 2 json: "$nsview" net -q --json
	done
}

inside() {
	mount -t tmpfs none /run && mkdir /run/netns && ip link set lo up || return
	have=0
	for n in $sizes; do
		[ "$n" -le "$have" ] || add $((have + 1)) "$n"
		have=$n
		measure "$n"
	done
	measure_json
}

report() {
	awk '
	{ least[$1, $2] = $3 / 1000; ms[$1, $2] = $4 / 1000; if (!($1 in seen)) { seen[$1] = 1; n[++rows] = $1 } }
	$6 > 1 { failed[$1, $2] = 1; printf "%s ended with status %d at %d namespaces\n", $2, $6, $1 }
	function have(n, what) { return ((n, what) in ms) && !((n, what) in failed) }
	function line(what, value, minima, unit, sign, goal) {
		ok = sign == "<=" ? value <= goal : value >= goal
		printf "%-42s %8.2f %-2s %8s   %s %-5g %s\n", what, value, unit,
			sprintf("(%.2f)", minima), sign, goal, ok ? "ok" : "MISS"
	}
	function ratio(what, n1, w1, n2, w2, sign, goal) {
		if (have(n1, w1) && have(n2, w2))
			line(what, ms[n1, w1] / ms[n2, w2], least[n1, w1] / least[n2, w2], "x", sign, goal)
	}
	END {
		cols = split("net json listen ls ip", col)
		printf "median wall time in ms\n%10s", "namespaces"
		for (i = 1; i <= cols; i++) printf " %9s", col[i]
		print ""
		for (r = 1; r <= rows; r++) {
			printf "%10d", n[r]
			for (i = 1; i <= cols; i++)
				if ((n[r], col[i]) in ms) printf " %9.2f", ms[n[r], col[i]]
				else printf " %9s", "-"
			print ""
		}
		print "\nmedians against the goals (minima)"
		if (have(0, "net"))
			line("net without containers", ms[0, "net"], least[0, "net"], "ms", "<=", 15)
		ratio("ip -all netns exec ip -j addr / net, 1000", 1000, "ip", 1000, "net", ">=", 10)
		ratio("net, 2000 / 500", 2000, "net", 500, "net", "<=", 4.4)
	}'
}

if [ "${NSVIEW_BENCH_INSIDE:-}" ]; then
	inside
elif [ "$(id -u)" -ne 0 ] || ! command -v ip >/dev/null 2>&1; then
	echo "networks are not measured: that takes root and ip" >&2
else
	NSVIEW_BENCH_INSIDE=1 unshare --net --pid --mount --mount-proc --fork --kill-child \
		sh "$0" "$build" | report
fi
exit 0

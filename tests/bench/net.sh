#!/bin/sh
# SPDX-License-Identifier: MIT
# Measures `nsview net` over network namespaces with three links each against what people use for
# that, and how the time grows with their number; all of it in pid, mount and network namespaces of
# their own. Prints medians and the ratios that matter, each with its goal, the ratios of the minima
# beside them. Asserts nothing: the status is 0 also where a goal is missed.
#
# There are two ways to wire them: "bridge", a pair and a bridge inside each, and "pairs", two pairs
# each. Listing the links of the host takes the kernel more than linear time in both, and most in
# the second (linkdump.c): so the bare list is measured too, and what nsview takes beside it.
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

# add FIRST LAST: with the other ends of pairs outside, in the first case at a bridge, which takes no
# more than 1,023
add() {
	i=$1
	while [ "$i" -le "$2" ]; do
		printf 'netns add n%d\n' "$i"
		if [ "$topology" = pairs ]; then
			printf 'link add a%d type veth peer name eth0 netns n%d\n' "$i" "$i"
			printf 'link add b%d type veth peer name eth1 netns n%d\n' "$i" "$i"
		else
			bridge=br$((i / 1000))
			[ "$i" -ne 1 ] && [ $((i % 1000)) -ne 0 ] ||
				printf 'link add %s type bridge\n' "$bridge"
			printf 'link add a%d master %s type veth peer name eth0 netns n%d\n' \
				"$i" "$bridge" "$i"
			printf 'link add inner netns n%d type bridge\n' "$i"
		fi
		i=$((i + 1))
	done | ip -batch - >/dev/null
}

# timed N COMMANDS-OF-TIMEIT...: "TOPOLOGY-N LABEL MIN MEDIAN RSS STATUS" for each command
timed() {
	n=$1
	shift
	"$timeit" "$@" | awk -v n="$topology-$n" '{ print n, $0 }'
}

measure() {
	echo "measuring: $1 network namespaces ($topology), $rounds rounds" >&2
	timed "$1" -r "$rounds" \
		net: "$nsview" net -q \
		-- listen: "$nsview" net -q --listen \
		-- ls: "$nsview" ls -q -P -t net \
		-- dump: "$build/bench/linkdump"
	timed "$1" -r 2 json: "$nsview" net -q --json
	[ "$1" -ne "$compared" ] || [ "$topology" = pairs ] || timed "$1" -r 1 -w 0 ip: ip -all netns exec ip -j addr
}

inside() {
	mount -t tmpfs none /run && mkdir /run/netns && ip link set lo up || return
	have=0
	for n in $sizes; do
		[ "$n" -le "$have" ] || add $((have + 1)) "$n"
		have=$n
		measure "$n"
	done
}

report() {
	awk '
	{ least[$1, $2] = $3 / 1000; ms[$1, $2] = $4 / 1000; if (!($1 in seen)) { seen[$1] = 1; n[++rows] = $1 } }
	$6 > 1 { failed[$1, $2] = 1; printf "%s ended with status %d at %s\n", $2, $6, $1 }
	function have(n, what) { return ((n, what) in ms) && !((n, what) in failed) }
	function line(what, value, minima, unit, sign, goal) {
		ok = sign == "" ? "" : (sign == "<=" ? value <= goal : value >= goal) ? "ok" : "MISS"
		printf "%-46s %8.2f %-2s %8s", what, value, unit, sprintf("(%.2f)", minima)
		if (sign != "") printf "   %s %-5g %s", sign, goal, ok
		print ""
	}
	function ratio(what, n1, w1, n2, w2, sign, goal) {
		if (have(n1, w1) && have(n2, w2))
			line(what, ms[n1, w1] / ms[n2, w2], least[n1, w1] / least[n2, w2], "x", sign, goal)
	}
	# What a command takes beside the bare list of links.
	function beside(what, n1, n2, w, sign, goal) {
		if (have(n1, w) && have(n2, w) && have(n1, "dump") && have(n2, "dump"))
			line(what, (ms[n1, w] - ms[n1, "dump"]) / (ms[n2, w] - ms[n2, "dump"]),
				(least[n1, w] - least[n1, "dump"]) / (least[n2, w] - least[n2, "dump"]),
				"x", sign, goal)
	}
	END {
		cols = split("net json listen ls dump ip", col)
		printf "median wall time in ms; dump: the links of the host, by a bare program\n%14s", "namespaces"
		for (i = 1; i <= cols; i++) printf " %9s", col[i]
		print ""
		for (r = 1; r <= rows; r++) {
			printf "%14s", n[r]
			for (i = 1; i <= cols; i++)
				if ((n[r], col[i]) in ms) printf " %9.2f", ms[n[r], col[i]]
				else printf " %9s", "-"
			print ""
		}
		print "\nmedians against the goals (minima)"
		if (have("bridge-0", "net"))
			line("net without containers", ms["bridge-0", "net"], least["bridge-0", "net"], "ms", "<=", 15)
		ratio("ip -all netns exec ip -j addr / net, 1000", "bridge-1000", "ip", "bridge-1000", "net", ">=", 10)
		split("bridge pairs", topologies)
		for (t = 1; t <= 2; t++) {
			many = topologies[t] "-2000"
			few = topologies[t] "-500"
			ratio("net, " topologies[t] ", 2000 / 500", many, "net", few, "net", "<=", 4.4)
			ratio("  the bare list of links alone", many, "dump", few, "dump")
			beside("  net beside that", many, few, "net", "<=", 4.4)
			ratio("net --json, " topologies[t] ", 2000 / 500", many, "json", few, "json", "<=", 4.4)
		}
	}'
}

if [ "${NSVIEW_BENCH_INSIDE:-}" ]; then
	topology=$NSVIEW_BENCH_INSIDE
	inside
elif [ "$(id -u)" -ne 0 ] || ! command -v ip >/dev/null 2>&1; then
	echo "networks are not measured: that takes root and ip" >&2
else
	for topology in bridge pairs; do
		NSVIEW_BENCH_INSIDE=$topology unshare --net --pid --mount --mount-proc --fork \
			--kill-child sh "$0" "$build"
	done | report
fi
exit 0

#!/bin/sh
# SPDX-License-Identifier: MIT
# Measures nsview against the floor program and the installed lsns, each round in turn, in a pid
# namespace of their own, and prints medians and the ratios that matter, each with its goal; beside
# them the ratios of the minima, which a busy machine disturbs less.
# Asserts nothing: the status is 0 also where a goal is missed.
#
#   run.sh BUILD
#
# BENCH="100 1000"  the numbers of processes to measure with
# ROUNDS=5          how often everything is run
# SCREEN=no         leaves out the interactive view

build=${1:?usage: run.sh BUILD}
. "$(dirname "$0")/judge.sh"
sizes=${BENCH:-100 1000 5000 10000 20000}
nsview=$build/nsview
special=2000
lsns_once=10000

rounds_for() {
	if [ "$1" -le 1000 ]; then echo 9; elif [ "$1" -le 5000 ]; then echo 7; else echo 5; fi
}

# in_load N M TIMEIT-ARGUMENTS...: appends "N M LABEL MIN MEDIAN RSS STATUS" for each command.
in_load() {
	n=$1 m=$2
	shift 2
	"$bench/load" $user "$n" "$m" -- "$bench/timeit" "$@" |
		awk -v n="$n" -v m="$m" '{ print n, m, $0 }' >>"$results"
}

# measure N M
measure() {
	rounds=${ROUNDS:-$(rounds_for "$1")}
	size=$1
	echo "measuring: $1 processes, $2 of them in namespaces of their own, $rounds rounds" >&2
	set -- "$1" "$2" -r "$rounds" \
		floor: "$bench/floor" -t "$threads" \
		-- ls: "$nsview" ls -q --source=proc \
		-- 'pipe|' "$nsview" ls -q --source=proc \
		-- raw: "$nsview" ls -q --source=proc -r \
		-- json: "$nsview" ls -q --source=proc --json=lines \
		-- kernel: "$nsview" ls -q --source=auto -r \
		-- floor1: "$bench/floor" \
		-- empty: "$nsview" --version
	# lsns is quadratic: a turn with the others would take most of the time.
	if [ "$have_lsns" ] && [ "$size" -lt "$lsns_once" ]; then
		set -- "$@" -- lsns: lsns
	fi
	in_load "$@"
}

measure_lsns_once() {
	in_load "$1" 0 -r 1 -w 0 lsns: lsns
}

table() {
	awk '
	{ ms[$1, $2, $3] = $5 / 1000; if (!(($1, $2) in seen)) { seen[$1, $2] = 1; n[++rows] = $1; m[rows] = $2 } }
	$7 != 0 { failed = failed sprintf("%s ended with status %d at N=%d M=%d\n", $3, $7, $1, $2) }
	END {
		cols = split("floor floor1 ls pipe raw json kernel lsns empty", col)
		printf "median wall time in ms\n%7s %5s", "N", "M"
		for (i = 1; i <= cols; i++) printf " %9s", col[i]
		print ""
		for (r = 1; r <= rows; r++) {
			printf "%7d %5d", n[r], m[r]
			for (i = 1; i <= cols; i++)
				if ((n[r], m[r], col[i]) in ms) printf " %9.2f", ms[n[r], m[r], col[i]]
				else printf " %9s", "-"
			print ""
		}
		printf "%s", failed
	}' "$results"
}

goals() {
	awk -v special="$special" '
	{
		ms[$1, $2, $3] = $5 / 1000
		least[$1, $2, $3] = $4 / 1000
		rss[$1, $2, $3] = $6
		if ($7 != 0) failed[$1, $2, $3] = 1
	}
	function have(n, m, what) { return ((n, m, what) in ms) && !((n, m, what) in failed) }
	function line(what, value, minima, unit, sign, goal) {
		ok = sign == "<=" ? value <= goal : value >= goal
		printf "%-42s %8.2f %-2s %8s   %s %-5g %s\n", what, value, unit,
			minima == "" ? "" : sprintf("(%.2f)", minima), sign, goal, ok ? "ok" : "MISS"
	}
	function ratio(what, n1, m1, w1, n2, m2, w2, sign, goal) {
		if (have(n1, m1, w1) && have(n2, m2, w2))
			line(what, ms[n1, m1, w1] / ms[n2, m2, w2],
			     least[n1, m1, w1] / least[n2, m2, w2], "x", sign, goal)
	}
	function over_floor(n, m, what, goal) {
		ratio(what " / floor, N=" n " M=" m, n, m, what, n, m, "floor", "<=", goal)
	}
	function under_lsns(n, goal) {
		ratio("lsns / ls, N=" n " M=0", n, 0, "lsns", n, 0, "ls", ">=", goal)
	}
	END {
		print "\nmedians against the goals (minima)"
		sizes = split("100 1000 5000 10000 20000", size)
		for (i = 1; i <= sizes; i++) {
			over_floor(size[i], 0, "ls", 1.3)
			over_floor(size[i], 0, "pipe", 1.3)
		}
		for (i = 1; i <= sizes; i++) {
			over_floor(size[i], special, "raw", 1.3)
			over_floor(size[i], special, "json", 1.3)
			over_floor(size[i], special, "ls", 2)
		}
		if (have(100, 0, "ls") && have(100, 0, "floor"))
			line("ls - floor, N=100 M=0", ms[100, 0, "ls"] - ms[100, 0, "floor"],
			     least[100, 0, "ls"] - least[100, 0, "floor"], "ms", "<=", 2)
		# Where the build and the privileges allow it, auto is the kernel source on such a host.
		ratio("kernel source / floor, N=20000 M=0", 20000, 0, "kernel", 20000, 0, "floor", "<=", 0.2)
		ratio("lsns / kernel source, N=10000 M=0", 10000, 0, "lsns", 10000, 0, "kernel", ">=", 150)
		under_lsns(100, 1); under_lsns(1000, 8); under_lsns(5000, 15); under_lsns(10000, 35)
		for (m = 0; m <= special; m += special)
			ratio("ls, N=20000 / N=5000, M=" m, 20000, m, "ls", 5000, m, "ls", "<=", 4.4)
		if (have(20000, 0, "ls") && have(20000, 0, "empty"))
			line("peak memory of ls per process, N=20000 M=0",
			     (rss[20000, 0, "ls"] - rss[20000, 0, "empty"]) * 1024 / 20000, "", "B", "<=", 512)
	}' "$results"
}

# screen_of N M REFRESHES: the interactive view, "NAME VALUE" a line
screen_of() {
	echo "measuring: the interactive view, $1 processes, $2 of them in namespaces of their own" >&2
	"$bench/load" $user "$1" "$2" -- env LC_ALL=C.UTF-8 HOME=/nonexistent XDG_CONFIG_HOME= \
		"$bench/screen" -r "$3" cgroup "$nsview" tui | sed "s/^/$1 /"
}

screen() {
	echo
	echo "the interactive view against its goals"
	{
		screen_of 100 0 1000
		screen_of 20000 "$special" 0
	} | awk '
	BEGIN {
		most[100, "first_output_ms"] = 50
		most[100, "resident_kb"] = 10240
		most[100, "resident_growth_kb"] = 256
		most[100, "idle_bytes_per_s"] = most[20000, "idle_bytes_per_s"] = 1024
		most[20000, "key_ms_most"] = 50
		most[20000, "key_bytes_most"] = 24 * 80 * 2
	}
	{
		goal = ($1, $2) in most ? sprintf("<= %-6d %s", most[$1, $2],
			$3 >= 0 && $3 <= most[$1, $2] ? "ok" : "MISS") : ""
		printf "%-42s %10s   %s\n", "N=" $1 " " $2, $3, goal
	}'
}

have_lsns=
if command -v lsns >/dev/null 2>&1; then
	have_lsns=1
	lsns --version
else
	echo "no lsns here: not compared" >&2
fi
echo "$threads threads, Linux $(uname -r)"

for n in $sizes; do
	measure "$n" 0
	if [ "$have_lsns" ] && [ "$n" -eq "$lsns_once" ]; then
		measure_lsns_once "$n"
	fi
	if [ "$n" -ge 5000 ] && [ "$n" -ne "$lsns_once" ]; then
		measure "$n" "$special"
	fi
done
table
goals
[ "${SCREEN:-yes}" = no ] || screen
exit 0

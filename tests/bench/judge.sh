# shellcheck shell=sh disable=SC2034 # for the benchmark
# What the benchmarks share, once they have set $build: where the programs are, a file for results
# that goes with them, and how the results of single commands are judged.
bench=$build/bench
results=$(mktemp) || exit 0
trap 'rm -f "$results"' EXIT
trap 'exit 0' INT TERM
# For load: namespaces take root, or a user namespace.
user=
[ "$(id -u)" = 0 ] || user=-U
# As many as nsview takes.
threads=$(nproc)
[ "$threads" -le 8 ] || threads=8

# Results are lines of timeit: LABEL MIN MEDIAN RSS STATUS, times in microseconds.
#
# judge FILE: prints the results, then each goal read from stdin: "NUMERATOR DENOMINATOR SIGN GOAL
# WHAT...", as the ratio of the medians with that of the minima beside it. A denominator "-" stands
# for a millisecond.
judge() {
	awk -v results="$1" '
	BEGIN {
		print "label                     median ms    min ms    peak kB"
		while ((getline line < results) > 0) {
			split(line, f, " ")
			label = f[1]
			sub(/[:|]$/, "", label)
			least[label] = f[2] / 1000
			ms[label] = f[3] / 1000
			bad[label] = f[5] != 0
			printf "%-24s %10.2f %9.2f %10d%s\n", label, ms[label], least[label], f[4],
				bad[label] ? "  ended with status " f[5] : ""
		}
		ms["-"] = least["-"] = 1
		print "\nmedians against the goals (minima)"
	}
	{
		what = $0
		for (i = 0; i < 4; i++)
			sub(/^[^ ]+ +/, "", what)
		if (!($1 in ms) || !($2 in ms) || bad[$1] || bad[$2]) {
			printf "%-52s not measured\n", what
			next
		}
		value = ms[$1] / ms[$2]
		ok = $3 == "<=" ? value <= $4 : value >= $4
		printf "%-52s %8.2f %s  (%.2f)   %s %-5g %s\n", what, value, $2 == "-" ? "ms" : "x",
			least[$1] / least[$2], $3, $4, ok ? "ok" : "MISS"
	}'
}

#!/bin/sh
# SPDX-License-Identifier: MIT
# Measures how `nsview ls` grows up to 100,000 tasks and 20,000 namespaces, by both sources, beside
# the floor program's growth, which is that of the kernel and of the caches. Asserts nothing.
#
#   big.sh BUILD
#
# Such a host takes some 10 GB and a kernel.pid_max above its tasks: where it is less, this says so.
build=${1:?usage: big.sh BUILD}
. "$(dirname "$0")/judge.sh"
tasks=${TASKS:-100000}

most=$(cat /proc/sys/kernel/pid_max)
free=$(awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo)
if [ "$most" -lt $((tasks + 2000)) ] || [ "$free" -lt $((tasks / 8)) ]; then
	echo "not measured: $tasks tasks take kernel.pid_max=$((tasks + 2000)) (it is $most)" \
		"and $((tasks / 8)) MB (there are $free)"
	exit 0
fi

# A tenth of the tasks have two namespaces of their own.
for n in $((tasks / 4)) "$tasks"; do
	echo "measuring: $n tasks, $((n / 5)) namespaces" >&2
	[ "$n" = "$tasks" ] && size=big || size=small
	"$bench/load" $user "$n" $((n / 10)) uts,ipc -- "$bench/timeit" -r "${ROUNDS:-7}" \
		floor-$size: "$bench/floor" -t "$threads" \
		-- proc-$size: "$build/nsview" ls -q --source=proc -r \
		-- kernel-$size: "$build/nsview" ls -q --source=auto -r >>"$results"
done
judge "$results" <<'GOALS'
floor-big floor-small <= 4.4 the floor, four times the tasks and namespaces
kernel-big kernel-small <= 4.4 ls by the kernel source, four times of both
proc-big proc-small <= 4.4 ls by /proc, four times of both
GOALS

#!/bin/sh
# SPDX-License-Identifier: MIT
# Measures `nsview who` on one namespace of a host with many processes and open descriptors, by
# both sources, against a bare walk of all descriptors. Asserts nothing.
#
#   who.sh BUILD
#
# PROCESSES=5000 DESCRIPTORS=10   of each, beside the three that everybody has
build=${1:?usage: who.sh BUILD}
. "$(dirname "$0")/judge.sh"
processes=${PROCESSES:-5000}

echo "measuring: who, $processes processes with ${DESCRIPTORS:-10} descriptors and more" >&2
# shellcheck disable=SC2016 # expands there
"$bench/load" $user -f "${DESCRIPTORS:-10}" "$processes" 1 -- sh -c '
	ns=$(readlink /proc/$(($1 + 1))/ns/net)
	exec "$2/bench/timeit" -r "$3" \
		walk: "$2/bench/walkfds" \
		-- proc: "$2/nsview" -q --source=proc who "$ns" \
		-- kernel: "$2/nsview" -q who "$ns"' sh "$processes" "$build" "${ROUNDS:-9}" >"$results"
judge "$results" <<'GOALS'
kernel - <= 100 who by the kernel source
proc walk <= 3 who by /proc / a bare walk of all descriptors
GOALS

#!/bin/sh
# SPDX-License-Identifier: MIT
# Usage: run.sh BUILD SECONDS
# Runs every fuzz target in BUILD/fuzz for SECONDS over a copy of its corpus, with the words of
# NAME.dict where there is one; one line each.
# What a crash needs to be repeated stays in BUILD/fuzz/NAME.crash.
set -u

if [ $# -ne 2 ]; then
	echo "usage: $0 BUILD SECONDS" >&2
	exit 2
fi
build=$1
seconds=$2
here=$(dirname "$0")
corpus=$here/corpus
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# The number of runs, from libFuzzer's "Done N runs in M second(s)".
runs() {
	sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$1"
}

failed=0
found=0
for program in "$build"/fuzz/*_fuzz; do
	[ -x "$program" ] || continue
	found=$((found + 1))
	name=$(basename "$program" _fuzz)
	mkdir -p "$work/$name"
	[ -d "$corpus/$name" ] && cp "$corpus/$name"/* "$work/$name/"
	# A target with an empty or missing corpus would pass while it tests next to nothing.
	if [ -z "$(ls -A "$work/$name")" ]; then
		echo "FAIL $name: no corpus in tests/fuzz/corpus/$name"
		failed=1
		continue
	fi
	set --
	[ -f "$here/$name.dict" ] && set -- "-dict=$here/$name.dict"
	if "$program" "$@" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
		-artifact_prefix="$work/$name.artifact-" "$work/$name" >"$work/$name.log" 2>&1; then
		echo "ok   $name: $(runs "$work/$name.log") runs"
		continue
	fi
	failed=1
	mkdir -p "$build/fuzz/$name.crash"
	cp "$work/$name.log" "$work/$name".artifact-* "$build/fuzz/$name.crash/" 2>/dev/null
	why=$(grep -m 1 -E 'violated:|ERROR:|runtime error:' "$work/$name.log" | cut -c 1-150)
	echo "FAIL $name: ${why:-it ended early}; see $build/fuzz/$name.crash"
done
if [ "$found" -eq 0 ]; then
	echo "$0: no fuzz target in $build/fuzz" >&2
	exit 2
fi
exit $failed

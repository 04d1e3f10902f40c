#!/bin/sh
# What the plan of `nsview enter` foresees against what the kernel then does: callers with different
# capabilities, ids and user namespaces, targets of different owners, sets of namespace types, joined
# by pidfd, one by one and by file, and made. What it proposes instead has to work, and be the best.
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"

set -- "$BUILD/tools/tryenter"
[ "${NSVIEW_VARIANT:-}" != old ] || set -- "$BUILD/tools/oldkernel" "$@"
status=$(status "$@")
cp "$tmp/out" "$tmp/trials"
plan $((3 + $(wc -l <"$tmp/trials")))

is "$status" 0 "all callers came to an end"
while read -r caller target tried attempts wrong mistakes _; do
	is "$tried $wrong $mistakes" "tried wrong 0" \
		"$caller, $target: what is foreseen in $attempts attempts is so"
	[ "$mistakes" = 0 ] || sed -n "s/^$caller $target: /# /p" "$tmp/err"
done <"$tmp/trials"

# Where all were possible, or none, there would be nothing to foresee.
sum() { awk -v caller="$1" '$1 ~ caller { n += $8; tried += $4 } END { print n + 0, tried + 0 }' \
	"$tmp/trials"; }
# shellcheck disable=SC2046 # two numbers
set -- $(sum '^root$')
[ "$1" -gt 1000 ]
ok $? "root can join many sets ($1)"
# shellcheck disable=SC2046 # two numbers
set -- $(sum '^ordinary$')
[ "$1" -gt 100 ] && [ "$1" -lt $(($2 / 2)) ]
ok $? "an ordinary user some, and not others ($1 in $2 attempts)"

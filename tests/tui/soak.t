#!/bin/sh
# Keys that mean nothing together, typed into a real terminal while namespaces come and go; and the
# terminal as it was after that. SOAK_KEYS says how many (CI: 10000; the rest are typed without a
# terminal, in tests/unit/tui).
cd "$(dirname "$0")" || exit 2
. ./screen.sh
live_sandbox ./soak.t
plan 4

keys=${SOAK_KEYS:-600}

# Namespaces that come and go until the file is gone.
: >"$tmp/churn"
(
	while [ -e "$tmp/churn" ]; do
		unshare --uts --ipc sleep 0.05
		unshare --user --map-root-user --net sleep 0.05
	done
) >/dev/null 2>&1 &
churn=$!

# Keys without those that leave: Q, and q and Escape where there is nothing to go back to.
awk -v n="$keys" 'BEGIN {
	srand(7)
	k = split("j k h l g G t s c F w d y x Z R + - / n N I 1 2 3 3 < > ? a b e m , . ^ ~ 0 = \\ : * " \
		"Up Down Left Right PPage NPage Home End Enter Space Tab BTab BSpace DC F1 F5 F6 C-l " \
		"M-x C-u C-w", key, " ")
	for (i = 0; i < n; i++) {
		printf "send-keys \047%s\047\n", key[int(rand() * k) + 1]
		if (i % 50 == 49) print "resize-window -x", 20 + int(rand() * 120), "-y", 4 + int(rand() * 40)
	}
}' >"$tmp/typed"

run_in 24x80 "ASAN_OPTIONS=detect_leaks=0:log_path=$tmp/asan UBSAN_OPTIONS=log_path=$tmp/asan exec env TERM=screen-256color LC_ALL=C.UTF-8 $NSVIEW tui -i 0.1 --readonly"
wait_for screen_has 'Namespaces'
pid=$(cat "$tmp/pid")
split -l 100 "$tmp/typed" "$tmp/part."
for part in "$tmp"/part.*; do
	t source-file "$part"
	wait_for quiet
done
kill -0 "$pid"
ok $? "after $keys keys it still runs"
t resize-window -x 80 -y 24
# Out of a prompt, out of a menu, out of the view.
out() {
	! kill -0 "$pid" || { t send-keys C-c && wait_for quiet && ! kill -0 "$pid"; }
}
wait_for out
wait_for ended
is "$(cat "$tmp/status")" 0 'and ends when it is told to'
[ "$(cat "$tmp/status")" = 0 ] || capture -S -50 | sed "s/^/# /"
cmp -s "$tmp/before" "$tmp/after"
ok $? 'with the terminal as it was'
is "$(cat "$tmp"/asan* 2>/dev/null)" '' 'no sanitizer has anything to say'
rm "$tmp/churn"
wait "$churn"

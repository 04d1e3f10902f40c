# shellcheck shell=sh
# What the tests of networks share: network namespaces of the test's own, what nsview says of them,
# and things that hold them.
# shellcheck disable=SC2154 # tmp is lib.sh's

# own_net SCRIPT: runs the rest of a test in a sandbox and in a network namespace of its own
own_net() {
	live_sandbox "$1"
	[ -z "${NSVIEW_OWN_NET:-}" ] || return 0
	export NSVIEW_OWN_NET=1
	start_again unshare --net -- sh "$1"
}

# hold_net: one more, which has no name; who asks for it ends $holder, which is in it
hold_net() {
	unshare --net sleep 1000 &
	holder=$!
	wait_for is_elsewhere "$holder"
}
is_elsewhere() { [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }

# nets COUNT NAME...: plans so many tests, and makes namespaces with these names below a /run of our
# own; where that cannot be, all are skipped.
nets() {
	plan "$1"
	planned=$1
	shift
	if ! have ip jq || ! mount -t tmpfs none /run || ! add_nets "$@" 2>"$tmp/nets.err"; then
		skip "$planned" "not here: cannot make network namespaces"
		exit
	fi
}
add_nets() { for name; do ip netns add "$name" || return 1; done; }

# ino [FILE]: the number of a network namespace, ours by default
ino() { stat -L -c %i "${1:-/proc/self/ns/net}"; }
named() { ino "/run/netns/$1"; }

# look [OPTION...]: what nsview says of all, in $tmp/json; NSVIEW is a command with words
# shellcheck disable=SC2086
look() { $NSVIEW net -q --all --json "$@" >"$tmp/json" 2>"$tmp/look.err"; }
# of NS JQ: from what was looked at
of() { jq -r --argjson ns "$1" ".net_namespaces[] | select(.ns == \$ns) | $2" "$tmp/json"; }

# pin ARGS...: netpin in the background, $pin_pid, until the test ends
pin() { start_pin "$BUILD/tools/netpin" "$@"; }
# pin_in NAME ARGS...: the same in that namespace
pin_in() {
	where=$1
	shift
	start_pin ip netns exec "$where" "$BUILD/tools/netpin" "$@"
}
pins=
start_pin() {
	rm -f "$tmp/pin"
	if [ -z "$pins" ]; then
		mkfifo "$tmp/hold"
		# What they wait for the end of.
		exec 7<>"$tmp/hold"
		at_exit end_pins
	fi
	"$@" <"$tmp/hold" >"$tmp/pin" 2>"$tmp/pin.err" 7>&- &
	pin_pid=$!
	pins="$pins $pin_pid"
	wait_for pin_answers && grep -q ready "$tmp/pin"
}
pin_answers() { [ -s "$tmp/pin" ] || ! kill -0 "$pin_pid"; }
end_pins() {
	exec 7>&-
	for pid in $pins; do end_process "$pid"; done
}

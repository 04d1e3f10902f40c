#!/bin/sh
# A network namespace that nothing leads to but the numbers of others is shown once, however many
# have a number for it, where the kernel tells; where it does not, that they may be one is said.
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"
[ "${NSVIEW_NET:-}" ] || only_alone
if [ -z "${NSVIEW_NET:-}" ]; then
	trap - EXIT
	rm -rf "${tmp:?}"
	NSVIEW_NET=1 exec unshare --net --mount sh "$0"
fi
[ "${NSVIEW_VARIANT:-}" != old ] || only_plain
plan 12

if ! have ip jq || ! mount -t tmpfs none /run || ! ip netns add b 2>/dev/null; then
	skip 12 "not here: cannot make network namespaces"
	exit
fi

pins=
mkfifo "$tmp/hold"
# Open for the pins; closed at the end, which ends them.
exec 7<>"$tmp/hold"
# shellcheck disable=SC2016 # known at the end
at_exit 'exec 7>&-; for p in $pins; do end_process "$p"; done'
pin_answers() { [ -s "$tmp/pin" ] || ! kill -0 "$pin_pid"; }
# hide NAME: from then on nothing that could be opened leads to it
hide() {
	rm -f "$tmp/pin"
	"$BUILD/tools/netpin" hide "/run/netns/$1" <"$tmp/hold" >"$tmp/pin" 2>"$tmp/pin.err" &
	pin_pid=$!
	pins="$pins $pin_pid"
	wait_for pin_answers && grep -q ready "$tmp/pin" && ip netns del "$1"
}
ino() { stat -L -c %i "${1:-/proc/self/ns/net}"; }
# NSVIEW is a command with words. The kernel source would find what is in the queue.
# shellcheck disable=SC2086
look() { $NSVIEW net -q --all --json --source=proc >"$tmp/json" 2>"$tmp/look.err"; }
hidden() { jq -r "[.net_namespaces[] | select(.via_nsid != null)] | $1" "$tmp/json"; }
# what NS LINK: the other end's why, nsid
peer() {
	jq -r --argjson ns "$1" ".net_namespaces[] | select(.ns == \$ns) | .links[] |
		select(.name == \"$2\") | .peer | \"\\(.how) \\(.ns) \\(.why)\"" "$tmp/json"
}
# pair NS1 LINK1 NS2 LINK2
pair() { ip -n "$1" link add "$2" type veth peer name "$4" netns "$3"; }

self=$(ino)
ip link set lo up
for name in c d h; do ip netns add "$name"; done

# We have numbers for b and for h, and b has one for h.
ip link add tob type veth peer name tohost netns b
ip link add toh type veth peer name x netns h
pair b boh h y
ip -n h addr add 10.60.0.1/24 dev x
# Whoever lists the links of b, as the kernel has it, numbers us there: so that is done before.
ip -n b link >"$tmp/links"
numbers() { (ip netns list-id && echo && ip -n b netns list-id) | sed 's/ (.*//; s/ *$//'; }
before=$(numbers)
hide h
look
is "$(hidden length)" 1 'one that two have numbers for is one'
is "$(hidden '.[0].addresses | map(.ip) | join(" ")')" 10.60.0.1 'with its addresses'
is "$(hidden '.[0].may_be')" null 'and no doubt'
is "$(peer "$self" toh | cut -d' ' -f1) $(peer "$(ino /run/netns/b)" boh | cut -d' ' -f1)" \
	'unresolved unresolved' 'both ends that lead there are known to be unresolved'
is "$(numbers)" "$before" 'and no number was assigned'
# shellcheck disable=SC2086
is "$($NSVIEW net -q --source=proc | grep -c '^ nsid:')" 1 'it has one card'

# Two hidden ones that we and b both see are two.
ip netns add g
ip link add tog type veth peer name x netns g
pair b bog g y
hide g
look
is "$(hidden length)" 2 'two are two'

# Neither c nor d has a number for the other, nor is there any way to ask.
ip netns add k
pair c cok k xc
pair d dok k xd
hide k
look
is "$(hidden length)" 4 'one that cannot be told to be one is shown twice'
is "$(hidden '[.[] | select(.may_be != null)] | length')" 2 'and each is said to be perhaps the other'
is "$(hidden '[.[] | select(.may_be != null) | .may_be.seen_by] | sort | map(tostring) | join(" ")')" \
	"$( (ino /run/netns/c; ino /run/netns/d) | sort -n | tr '\n' ' ' | sed 's/ $//')" 'by whom it is seen'
like "$(hidden '.[] | select(.may_be != null) | .entry_why')" 'may be the same' 'in words'

# Where their addresses differ, they cannot be the same.
ip netns add m
pair c com m xc
ip -n m addr add 10.61.0.1/24 dev xc
hide m
look
is "$(hidden '[.[] | select(.may_be != null)] | length')" 2 'one that has other addresses is not'

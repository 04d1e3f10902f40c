#!/bin/sh
# A network namespace that nothing leads to but the numbers of others is shown once, however many
# have a number for it, where the kernel tells; where it does not, that they may be one is said.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/net_lab.sh"
own_net "$0"
only_alone
[ "${NSVIEW_VARIANT:-}" != old ] || only_plain
nets 12 b c d h

# hide NAME: from then on nothing that could be opened leads to it
hide() { pin hide "/run/netns/$1" && ip netns del "$1"; }
# The kernel source would find what is in the queue: so all look without it.
hidden() { jq -r "[.net_namespaces[] | select(.via_nsid != null)] | $1" "$tmp/json"; }
# peer_how NS LINK: how the other end is known
peer_how() { of "$1" ".links[] | select(.name == \"$2\") | .peer.how"; }
# pair NS1 LINK1 NS2 LINK2
pair() { ip -n "$1" link add "$2" type veth peer name "$4" netns "$3"; }

self=$(ino)
ip link set lo up

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
look --source=proc
is "$(hidden length)" 1 'one that two have numbers for is one'
is "$(hidden '.[0].addresses | map(.ip) | join(" ")')" 10.60.0.1 'with its addresses'
is "$(hidden '.[0].may_be')" null 'and no doubt'
is "$(peer_how "$self" toh) $(peer_how "$(named b)" boh)" \
	'unresolved unresolved' 'both ends that lead there are known to be unresolved'
is "$(numbers)" "$before" 'and no number was assigned'
# shellcheck disable=SC2086
is "$($NSVIEW net -q --source=proc | grep -c '^ nsid:')" 1 'it has one card'

# Two hidden ones that we and b both see are two.
ip netns add g
ip link add tog type veth peer name x netns g
pair b bog g y
hide g
look --source=proc
is "$(hidden length)" 2 'two are two'

# Neither c nor d has a number for the other, nor is there any way to ask.
ip netns add k
pair c cok k xc
pair d dok k xd
hide k
look --source=proc
is "$(hidden length)" 4 'one that cannot be told to be one is shown twice'
is "$(hidden '[.[] | select(.may_be != null)] | length')" 2 'and each is said to be perhaps the other'
is "$(hidden '[.[] | select(.may_be != null) | .may_be.seen_by] | sort | map(tostring) | join(" ")')" \
	"$( (named c; named d) | sort -n | tr '\n' ' ' | sed 's/ $//')" 'by whom it is seen'
like "$(hidden '.[] | select(.may_be != null) | .entry_why')" 'may be the same' 'in words'

# Where their addresses differ, they cannot be the same.
ip netns add m
pair c com m xc
ip -n m addr add 10.61.0.1/24 dev xc
hide m
look --source=proc
is "$(hidden '[.[] | select(.may_be != null)] | length')" 2 'one that has other addresses is not'

#!/bin/sh
# `nsview why` where a bridge filters frames: rules of nftables for the family bridge. A connection
# is really made, and why has to say the same; what is not evaluated of them is named.
# shellcheck disable=SC2034,SC2154 # the lab reads dst, from, by_address, and sets the holders
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/why_lab.sh"

# frames HOOK POLICY [RULE...]: on a bridge as new
frames() {
	hook=$1 policy=$2
	shift 2
	nft delete table bridge t 2>"$tmp/err"
	bridged
	nft "add table bridge t; add chain bridge t c { type filter hook $hook priority 0 ; policy $policy ; }" || return 1
	for rule in "$@"; do nft "add rule bridge t c $rule"; done
}

plan 34

if ! frames forward accept 2>"$tmp/err"; then
	skip 34 "kernel: $(head -1 "$tmp/err")"
	exit 0
fi

frames forward drop
fails "a policy" "^the policy of chain \"bridge t c\" \(forward\)"

frames forward drop 'meta protocol arp accept' 'ip saddr 10.9.0.0/24 tcp dport 80 accept'
fails "a policy that the answer meets" "^the policy of chain \"bridge t c\" \(forward\)"
run_fix
soon connects
ok $? "a policy that the answer meets: works once it is mended as proposed"

frames forward drop 'meta protocol arp accept' 'ip saddr 10.9.0.0/24 tcp dport 80 accept' 'ip protocol tcp tcp sport 80 accept'
agrees "what is let through"

frames forward accept 'iifname "va" oifname "vb" ip protocol tcp tcp dport 80 drop'
broken "a rule from port to port" "^a rule of chain \"bridge t c\" \(forward\) .*iifname \"va\" oifname \"vb\""

frames forward accept 'iifname "va" oifname "vc" drop' 'iifname "vc" drop'
agrees "a rule for another port"

frames prerouting accept 'iifname "vb" meta protocol arp drop'
fails "answers of ARP are dropped" "^a rule of chain \"bridge t c\" \(prerouting\) .* drops ARP"

frames postrouting accept 'oifname "vb" ether type arp drop'
fails "questions of ARP are dropped" "^a rule of chain \"bridge t c\" \(postrouting\) .* drops ARP"

frames forward accept 'ether type 0x8863 drop' 'ether type ip6 drop'
agrees "a rule for other protocols"

frames input accept 'drop'
agrees "what goes from port to port is not for the bridge"

# From the bridge's own namespace
own() {
	ip addr add 10.9.0.1/24 dev br0
	from=$$
}
frames output accept 'oifname "vb" ip protocol tcp drop'
own
fails "what the bridge's own stack sends" "^a rule of chain \"bridge t c\" \(output\)"

frames input accept 'iifname "vb" ip protocol tcp tcp sport 80 drop'
own
fails "what the bridge's own stack takes in" "^a rule of chain \"bridge t c\" \(input\)"

frames forward drop
own
agrees "what the bridge's own stack sends is not forwarded"

# ---- what is not evaluated
frames forward accept 'ether saddr 02:00:00:00:00:99 drop'
untold "hardware addresses" "not evaluated: .payload. .cmp. drop"

frames forward accept
if nft 'add rule bridge t c ct state established drop' 2>"$tmp/err"; then
untold "connections" "not evaluated: ct state established drop"
else
	skip 1 "kernel: bridges know no connections: $(head -1 "$tmp/err")"
fi

frames prerouting accept 'meta mark set 7'
untold "marks" "br0: that rules for frames mark them is not evaluated: t c .nft -a list chain bridge t c"

frames forward accept
ask
is "$asked" 0 "without rules there is no doubt"
nft delete table bridge t

# ---- IPv6
frames forward drop 'meta protocol ip6 meta l4proto tcp accept'
ina ip -6 addr add fd09:9::2/64 dev eth0 nodad
inb ip -6 addr add fd09:9::3/64 dev eth0 nodad
again tcp :: 80
dst=fd09:9::3
fails "neighbour discovery is dropped" "^the policy of chain \"bridge t c\" \(forward\) .* drops neighbour discovery"
nft 'add rule bridge t c icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept'
ina ip -6 neigh flush all
agrees "neighbour discovery is let through"
nft delete table bridge t

#!/bin/sh
# `nsview why` where a connection is made on one side only: what follows the answer is filtered, as
# it is where the answer goes another way than the question. Who asked is connected all the same,
# so that it is not told to be one or the other.
# shellcheck disable=SC2034,SC2154 # the lab reads dst, from, by_address, and sets the holders
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/why_lab.sh"

talks() { nsenter -t "$from" -n "$reach" talk "$proto" "$dst" "$port"; }

# halfway NAME WORDS: connected, but B does not know
halfway() {
	soon connects
	ok $? "$1: it looks connected"
	if talks; then ok 1 "$1: nothing gets through"; else ok 0 "$1: nothing gets through"; fi
	untold "$1" "$2"
}

# whole NAME: it works, also what follows
whole() {
	soon talks
	ok $? "$1: it works to the end"
	ask
	is "$asked" 0 "$1: why says so"
	[ "$asked" -eq 0 ] || sed 's/^/# /' "$tmp/out" "$tmp/err"
}

plan 28

around
whole "the answer goes another way"

around
forwards "$r" 'ct state new accept' 'ct state established,related accept'
halfway "a router that sees no answer" "on one side only.*the policy of chain \"ip t c\" \(forward\)"

around
forwards "$r" 'ct state invalid drop' 'accept'
halfway "a router that drops what is invalid" "on one side only.*ct state invalid drop"

around
forwards "$r" 'ct state new,established,invalid accept'
whole "a router that lets pass what is invalid"

around
forwards "$r" 'ip daddr 10.9.2.2 accept'
whole "a router that asks for no state"

around
inside "$c" nft 'add table ip t; add chain ip t c { type filter hook forward priority 0 ; }'
inside "$c" nft 'add rule ip t c ct state invalid drop'
fails "a router that sees only the answer" "^a rule of chain \"ip t c\" \(forward\) .*ct state invalid drop"

around
proto=udp
again udp 10.9.2.2 80
forwards "$r" 'ct state new accept' 'ct state established,related accept'
agrees "of UDP, a router that sees no answer"
forwards "$c" 'ct state new accept'
agrees "of UDP, a router that sees only the answer"

routed
forwards "$r" 'ct state new accept' 'ct state established,related accept'
whole "a router that sees both"

bridged
nftb inet 'chain c { type filter hook input priority 0; policy drop; tcp dport 80 ct state new accept; }'
halfway "only what is new is let in" "on one side only.*the policy of chain \"inet t c\" \(input\)"

bridged
nftb inet 'chain c { type filter hook input priority 0; tcp flags & (syn|ack) == ack drop; }'
halfway "what follows has other flags" "on one side only.*tcp flags"

# What is translated is so again, and what was drawn is not drawn again.
routed
again tcp :: 8080
inb ip addr add 10.9.2.3/24 dev eth0
dst=10.9.1.1 by_address=yes
inside "$r" nft -f - <<'END'
table ip t {
	chain n { type nat hook prerouting priority -100;
		tcp dport 80 dnat to numgen inc mod 2 map { 0 : 10.9.2.2, 1 : 10.9.2.3 }:8080; }
	chain c { type filter hook forward priority 0; policy drop;
		ct state established,related accept
		ct state new ip daddr { 10.9.2.2, 10.9.2.3 } tcp dport 8080 accept; }
}
END
whole "translated to one of two"
by_address=

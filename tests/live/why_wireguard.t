#!/bin/sh
# `nsview why` through WireGuard: peers, keys, endpoints and allowed IPs of two links against each
# other, each first proven broken by a connection that fails.
# shellcheck disable=SC2034,SC2154 # the lab reads dst, from, by_address, and sets the holders
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/why_lab.sh"
if ! ip link add wg9 type wireguard 2>"$tmp/err"; then
	plan 1
	skip 1 "kernel: $(head -1 "$tmp/err")"
	exit 0
fi
ip link del wg9
have wg || { plan 1; skip 1 "wg is missing"; exit 0; }

for one in a b c; do
	(umask 077 && wg genkey >"$tmp/$one.key")
	wg pubkey <"$tmp/$one.key" >"$tmp/$one.pub"
done
key() { cat "$tmp/$1.pub"; }

# wg_link PID PORT KEY ADDRESS
wg_link() {
	inside "$1" ip link add wg0 type wireguard
	inside "$1" wg set wg0 listen-port "$2" private-key "$tmp/$3.key"
	inside "$1" ip addr add "$4/24" dev wg0
	inside "$1" ip link set wg0 up
}

# The peer that A has of B, and B of A: [ALLOWED [ENDPOINT]]
a_peer() {
	ina wg set wg0 peer "$(key b)" allowed-ips "${1:-10.10.0.3/32}" endpoint "${2:-10.9.0.3:51820}"
}
b_peer() {
	inb wg set wg0 peer "$(key a)" allowed-ips "${1:-10.10.0.2/32}" endpoint "${2:-10.9.0.2:51821}"
}

# Two links over the bridge, without peers
strangers() {
	bridged
	wg_link "$a" 51821 a 10.10.0.2
	wg_link "$b" 51820 b 10.10.0.3
	dst=10.10.0.3 by_address=yes
}
peers() {
	strangers
	a_peer
	b_peer
}
b_up() { inb ip link set wg0 up; }

plan 44

peers
works "WireGuard"
like "$(cat "$tmp/out")" "ok +[0-9]+ wireguard .*:wg0 -- .*:wg0 .*, peer $(key b | sed 's/[+]/[+]/g')" \
	"the peer is told"
like "$(cat "$tmp/out")" 'ok +[0-9]+ outer .*10.9.0.2 -> 10.9.0.3 udp/51820' "and what carries it"

# One end has a fixed address only: it hears of the other's from what comes.
strangers
a_peer
inb wg set wg0 peer "$(key a)" allowed-ips 10.10.0.2/32
ask
is "$asked" 0 "one end without an endpoint: it will be learned"
[ "$asked" -eq 0 ] || sed 's/^/# /' "$tmp/out"
works "one end without an endpoint"

# Nor does it matter what it believes of the other's, since that is corrected.
peers
b_peer 10.10.0.2/32 10.9.0.77:1
ask
is "$asked" 0 "a wrong endpoint at the other end: it will be corrected"
[ "$asked" -eq 0 ] || sed 's/^/# /' "$tmp/out"
works "a wrong endpoint at the other end"

# Made here, moved: what carries it goes on being routed here.
bridged
ip addr add 10.9.0.1/24 dev br0
ip link add wg9 type wireguard
wg set wg9 listen-port 51821 private-key "$tmp/a.key" peer "$(key b)" endpoint 10.9.0.3:51820 \
	allowed-ips 10.10.0.3/32
ip link set wg9 netns "$a"
ina ip addr add 10.10.0.2/24 dev wg9
ina ip link set wg9 up
wg_link "$b" 51820 b 10.10.0.3
inb wg set wg0 peer "$(key a)" endpoint 10.9.0.1:51821 allowed-ips 10.10.0.2/32
dst=10.10.0.3 by_address=yes
works "a link that was moved"

# ---- peers

strangers
b_peer
advised "no peer" "^no peer of .*wg0 has 10.10.0.3 among its allowed IPs" a_peer

peers
a_peer 10.10.0.99/32
advised "the destination is not allowed" "^no peer of .*wg0 has 10.10.0.3 among its allowed IPs" a_peer

peers
b_peer 10.10.0.99/32
advised "the source is not allowed" "wg0 does not let 10.10.0.2 come from .*wg0" b_peer

strangers
a_peer
advised "unknown to the other end" "wg0 has no peer with the key of .*wg0" b_peer

strangers
ina wg set wg0 peer "$(key c)" endpoint 10.9.0.3:51820 allowed-ips 10.10.0.3/32
b_peer
correct_key() { ina wg set wg0 peer "$(key c)" remove; a_peer; }
advised "another key" "^no WireGuard link .* has the key" correct_key

strangers
ina wg set wg0 peer "$(key b)" allowed-ips 10.10.0.3/32
inb wg set wg0 peer "$(key a)" allowed-ips 10.10.0.2/32
advised "no endpoint" "wg0 does not know where its peer .* is" a_peer

peers
a_peer 10.10.0.3/32 10.9.0.3:51822
# The other end would tell where it is, if it spoke.
inb wg set wg0 peer "$(key a)" remove
inb wg set wg0 peer "$(key a)" allowed-ips 10.10.0.2/32
advised "another port" "wg0 sends to UDP port 51822, but .*wg0 has port 51820" a_peer

# ---- below it

peers
inb ip link set wg0 down
broken "the other end is down" "^wg0 is administratively down"

peers
inb ip link set eth0 down
broken "underlay down" "^eth0 is administratively down"

peers
drop_in "$b" input accept "udp dport 51820 drop"
broken "what carries it is dropped" "dport 51820 drop"

# ---- what is told of it

# shellcheck disable=SC2086 # NSVIEW is a command with words
$NSVIEW net -q --json "$a" >"$tmp/json"
is "$(jq -c '.net_namespaces[].links[] | select(.name == "wg0") | .wireguard |
	[.public_key, .listen_port, (.peers[0] | .endpoint, .endpoint_port, .allowed_ips)]' "$tmp/json")" \
	"[\"$(key a)\",51821,\"10.9.0.3\",51820,[\"10.10.0.3/32\"]]" "JSON has keys and peers"
unlike "$(cat "$tmp/json")" "$(sed 's/[+]/[+]/g' "$tmp/a.key")" "private keys are told to nobody"

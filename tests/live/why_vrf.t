#!/bin/sh
# `nsview why` where links belong to a VRF: its table, who listens in it and who does not, and what
# falls through to the other tables. Each broken set-up is first proven broken.
# shellcheck disable=SC2034,SC2154 # the lab reads dst, from, by_address, and sets the holders
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/why_lab.sh"
if ! ip link add blue type vrf table 10 2>"$tmp/err"; then
	plan 1
	skip 1 "kernel: $(head -1 "$tmp/err")"
	exit 0
fi
ip link del blue

# vrf PID LINK...: these as ports of a VRF in the namespace of PID
vrf() {
	pid=$1
	shift
	inside "$pid" ip link add blue type vrf table 10
	inside "$pid" ip link set blue up
	for link; do inside "$pid" ip link set "$link" master blue; done
}

# B in a VRF, with a listener as told
behind() {
	bridged
	vrf "$b" eth0
	again "$@"
}

plan 30

behind tcp 0.0.0.0 80 dev=blue
works "a listener in the VRF"

behind tcp 0.0.0.0 80 dev=eth0
works "a listener on the port of the VRF"

behind tcp 0.0.0.0 80
broken "a listener outside of it" "listens outside of the VRF blue, by which it comes in"
works "a listener that may accept from VRFs"

behind tcp 0.0.0.0 80 dev=blue
inb sysctl -qw net.ipv4.conf.eth0.rp_filter=1 net.ipv4.conf.all.arp_filter=1
works "rp_filter and arp_filter ask the table of the VRF"

behind tcp 0.0.0.0 80 dev=blue
inb ip route add blackhole 10.9.0.2/32 vrf blue
broken "blackhole in its table" "^the route to 10.9.0.2 .* is a \"blackhole\" route"

behind tcp 0.0.0.0 80 dev=blue
inb ip route add blackhole 10.9.0.2/32
works "blackhole in the main table"

behind tcp 0.0.0.0 80 dev=blue
drop_in "$b" input accept "iifname eth0 tcp dport 80 drop"
works "it has come in by the VRF, not by its port"
drop_in "$b" input accept "iifname blue tcp dport 80 drop"
broken "dropped where it comes from the VRF" "^a rule of chain \"inet t c\" \(input\)"

bridged
vrf "$a" eth0
out_of_it() { ina ip link set eth0 nomaster; }
advised "the sender is outside of it" "^the way to 10.9.0.3 .* is in the VRF blue" out_of_it

# ---- a router

routed
vrf "$r" ra rb
works "both links of a router"

# What its table does not have falls through to the main one, but not back.
routed
vrf "$r" ra
first "one link of a router" "^there is no route to 10.9.1.2"
inr ip link set rb master blue
works "the other one as well"

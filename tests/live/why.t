#!/bin/sh
# `nsview why` on broken networks, one cause each: a connection is tried and fails, why names the
# cause, what it proposes is done, and the connection works. Where no command would mend it, the
# test does, and why must have said so. All namespaces are the test's own.
# shellcheck disable=SC2034 # the lab reads dst, from, by_address
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/why_lab.sh"

plan 161

# ---- what works

bridged
works "bridge"
routed
works "router"
dst=fd09:2::2
works "router, IPv6"
stacked
works "macvlan"

# ---- layer 2

bridged
ina ip link set eth0 down
broken "own link down" "^eth0 is administratively down"

bridged
inb ip link set eth0 down
broken "far link down" "^eth0 is administratively down"

bridged
ip link set vb down
broken "port down" "^vb is administratively down"

bridged
ip link set br0 down
broken "bridge down" "^br0 is administratively down"

bridged
bridge link set dev vb state 0
broken "port disabled" "^vb, a port of br0 .* is in state disabled"

bridged
bridge link set dev va isolated on
bridge link set dev vb isolated on
broken "isolated ports" "isolated port of br0"

bridged
bridge link set dev va locked on learning off
ip link set dev va type bridge_slave fdb_flush
broken "locked port" "^va is a locked port"

bridged
bridge link set dev vb bcast_flood off
broken "no broadcasts" "^vb, a port of br0 .*no ARP request"

if ip link add br9 type bridge vlan_filtering 1 2>/dev/null &&
	[ "$(ip -d link show br9 | grep -c 'vlan_filtering 1')" -eq 1 ]; then
ip link del br9
bridged
ip link set br0 type bridge vlan_filtering 1
bridge vlan del dev va vid 1
broken "no VLAN for untagged frames" "^va, of br0 .*lets no untagged frames in"

bridged
ip link set br0 type bridge vlan_filtering 1
bridge vlan del dev vb vid 1
bridge vlan add dev vb vid 20 pvid untagged
broken "another VLAN" "^vb, of br0 .* is not in VLAN 1"
else
	ip link del br9 2>/dev/null
	skip 6 "kernel: without VLANs on bridges"
fi

bridged
ip link set vb nomaster
broken "no port of the bridge" "^vb is no port of br0"

stacked private
broken "a private macvlan" "in mode private"

stacked
ip link set va down
broken "the link below is down" "^va is administratively down"

# The holder of the listener is B; here B is who has the lower link itself.
stacked
ip addr add 10.9.3.9/24 dev va
dst=10.9.3.9 by_address=yes
advised "a macvlan and its lower link" "cannot reach the one that it stands on" \
	sh -c "nsenter -t $b -n ip addr add 10.9.3.9/24 dev eth0; ip addr del 10.9.3.9/24 dev va"
by_address=

# ---- neighbours

bridged
ina ip neigh add 10.9.0.3 lladdr 02:00:00:00:00:99 dev eth0 nud permanent
broken "a wrong permanent neighbour" "permanent neighbour entry .* says that 10.9.0.3 is at 02:00:00:00:00:99"

bridged
ina sysctl -qw net.ipv4.neigh.eth0.delay_first_probe_time=1 net.ipv4.neigh.eth0.retrans_time_ms=50 \
	net.ipv4.neigh.eth0.base_reachable_time_ms=500
inb ip link set eth0 down
inside "$c" ip addr add 10.9.0.3/24 dev eth0
connects
inb ip link set eth0 up
broken "an address given twice" "^eth0 of .* has the address 10.9.0.3 as well"

bridged
inb ip link set eth0 arp off
broken "ARP off" "^ARP is switched off on eth0"

bridged
inb ip addr add 10.9.0.9/32 dev lo
inb sysctl -qw net.ipv4.conf.eth0.arp_ignore=1
dst=10.9.0.9 by_address=yes
broken "arp_ignore" "^arp_ignore .*10.9.0.9"
by_address=

bridged
dst=10.9.0.77 by_address=yes
advised "nobody has the address" "^nobody on the segment .* answers for 10.9.0.77" \
	inb ip addr add 10.9.0.77/24 dev eth0
by_address=

# ---- routes

routed
ina ip route del default
broken "no route" "^there is no route to 10.9.2.2"

routed
inb ip route del default
broken "no route back" "^there is no route to 10.9.1.2"

routed
ina ip route add blackhole 10.9.2.0/24
broken "blackhole" "^the route to 10.9.2.2 .* is a \"blackhole\" route"

routed
inr ip route add unreachable 10.9.2.2/32
broken "unreachable" "^the route to 10.9.2.2 .* is a \"unreachable\" route"

routed
ina ip route add prohibit default table 100
ina ip rule add from 10.9.1.2 to 10.9.2.0/24 lookup 100 priority 50
broken "prohibit in another table" "^the route to 10.9.2.2 .* is a \"prohibit\" route"

routed
inb ip rule add to 10.9.1.2 unreachable priority 60
broken "a rule refuses the way back" "routing rule of priority 60 .* refuses 10.9.1.2"

routed
ina ip route add 10.9.2.0/24 via 10.9.1.77
broken "a gateway that nobody is" "answers for 10.9.1.77, the gateway"

routed
inr ip link set rb down
broken "the router's link down" "^rb is administratively down"

routed
inr sysctl -qw net.ipv4.ip_forward=0
broken "no forwarding" "^IP forwarding is off"

routed
inr sysctl -qw net.ipv4.conf.ra.forwarding=0
broken "no forwarding of one link" "^IP forwarding is off for what comes in by ra"

routed
dst=fd09:2::2
inr sysctl -qw net.ipv6.conf.all.forwarding=0
broken "no forwarding of IPv6" "^IPv6 forwarding is off"

routed
dst=fd09:2::2
ina ip -6 route del default
broken "no IPv6 route" "^there is no route to fd09:2::2"

routed
inb ip link add eth1 type veth peer name rc netns "$r"
inr ip addr add 10.9.4.1/24 dev rc
inr ip link set rc up
inb ip addr add 10.9.4.2/24 dev eth1
inb ip link set eth1 up
inb ip route add 10.9.1.0/24 via 10.9.4.1
inb sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=1
broken "rp_filter" "^rp_filter .* drops what comes from 10.9.1.2 by eth0"

routed
inb ip addr add 10.9.1.2/32 dev lo
broken "the sender's address is also there" "^10.9.1.2, which it comes from, is also an address"

# ---- filters

bridged
drop_in "$b" input drop
broken "policy" "^the policy of chain \"inet t c\" \(input\)"

bridged
drop_in "$b" input accept "tcp dport 80 drop"
broken "a rule of input" "^a rule of chain \"inet t c\" \(input\) .* dport 80 drop"

bridged
drop_in "$a" output accept "ip daddr 10.9.0.0/24 reject"
broken "a rule of output" "^a rule of chain \"inet t c\" \(output\) .*reject"

bridged
sysctl -qw net.bridge.bridge-nf-call-iptables=1
nft 'add table ip t; add chain ip t c { type filter hook forward priority 0 ; policy drop ; }'
nft 'add rule ip t c ct state established accept'
broken "a bridge's frames shown to the filters" "^the policy of chain \"ip t c\" \(forward\)"
nft delete table ip t

routed
drop_in "$r" forward accept "iifname \"ra\" tcp dport { 22, 80 } drop"
broken "a rule of the router" "^a rule of chain \"inet t c\" \(forward\)"

routed
drop_in "$r" forward drop "ct state new accept"
broken "answers are dropped" "^the policy of chain \"inet t c\" \(forward\)"

routed
inr nft 'add table ip n; add chain ip n p { type nat hook prerouting priority -100 ; }'
inr nft 'add rule ip n p tcp dport 80 dnat to 10.9.2.2:8080'
advised "translated to where nobody listens" "^nobody listens on tcp port 8080" answer tcp 0.0.0.0 8080

# ---- listeners

bridged
again tcp 127.0.0.1 80
advised "bound to loopback" "^127.0.0.1:80 .* does not listen on 10.9.0.3" again tcp 0.0.0.0 80

bridged
end_process "$listener"
wait "$listener" 2>/dev/null
advised "nobody listens" "^nobody listens on tcp port 80" again tcp 0.0.0.0 80

bridged
again udp 0.0.0.0 80
advised "the other protocol" "^nobody listens on tcp port 80 .*, only on udp" again tcp 0.0.0.0 80

bridged
again tcp :: 80 v6only
advised "IPv6 only" "listens for IPv6 only" again tcp :: 80

bridged
again tcp 0.0.0.0 80 dev=lo
advised "bound to another link" "is bound to lo, but it comes in by eth0" again tcp 0.0.0.0 80 dev=eth0

bridged
again tcp 0.0.0.0 80 deaf
full() { ! connects; }
connects
connects
soon full
advised "a full queue" "has a full queue" again tcp 0.0.0.0 80

bridged
proto=udp
answer udp 0.0.0.0 53
port=53
drop_in "$b" input accept "udp dport 53 drop"
broken "UDP, dropped" "dport 53 drop"

# ---- within one namespace

bridged
from=$b dst=127.0.0.1
inb ip link set lo down
by_address=yes
broken "loopback down" "^lo is administratively down"
by_address=

# ---- what cannot be told

routed
inr nft 'add table ip f; add chain ip f c { type filter hook forward priority 0 ; policy drop ; }'
inr nft 'add rule ip f c tcp dport 80 limit rate 100/second accept'
inr nft 'add rule ip f c ct state established accept'
ask
is "$asked $(grep -c 'skip .*not evaluated: .*limit' "$tmp/out")" "3 1" \
	"a rule that cannot be evaluated is quoted, and the answer is not given"
ask --probe
is "$asked" 0 "but trying tells"

# ---- other words for the same, and words that are none

bridged
# shellcheck disable=SC2086
is "$(status $NSVIEW why -q "$a" 10.9.0.3:80)" 0 "an address instead of a target"
# shellcheck disable=SC2086
is "$(status $NSVIEW why -q "$a" "$b")" 0 "without a port: only whether it arrives"
# shellcheck disable=SC2086
is "$(status $NSVIEW why -q "$a" "$b:81")" 1 "another port"
# shellcheck disable=SC2086
is "$(status $NSVIEW why -q -J "$a" "$b:80")" 0 "JSON"
jq -e '.why.answer == "reachable" and .why.broken == null and (.why.hops | length > 3)' \
	"$tmp/out" >/dev/null
ok $? "JSON says the same"
# shellcheck disable=SC2086
is "$(status $NSVIEW why -q "$a")" 2 "one end is not enough"
# shellcheck disable=SC2086
is "$(status $NSVIEW why -q --probe "$a" "$b")" 2 "probing takes a port"
echo "# $total broken networks"

#!/bin/sh
# `nsview why` against the kernel in its corners: each of these is a network about which an analysis
# is easily wrong. A connection is really made, and why has to say the same.
# shellcheck disable=SC2034,SC2154 # the lab reads dst, from, by_address, and sets the holders
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/why_lab.sh"

plan 121

# ---- routes and rules

bridged
ina ip route add broadcast 10.9.0.3/32 dev eth0 table main
fails "a broadcast address" "^10.9.0.3 is a broadcast address"

routed
inr ip addr add 10.9.2.9/24 dev ra
agrees "of two equal routes the older one is taken"

routed
ina ip rule add pref 100 goto 40000
agrees "a goto to a rule that there is not"

routed
ina ip link set eth0 group 7
ina ip rule add pref 100 lookup main suppress_ifgroup 7
ina ip rule add pref 200 blackhole
fails "suppress_ifgroup" "^the routing rule of priority 200"

routed
ina ip route add blackhole default table 100
ina ip rule add pref 100 lookup 100 suppress_prefixlength 0
fails "a refusal is not suppressed" "is a \"blackhole\" route"

routed
ina ip rule add pref 100 uidrange 0-4000000 lookup 100
agrees "a rule that may apply, and leads nowhere"

routed
ina ip rule add pref 100 tos 0x10 blackhole
agrees "a rule for another TOS"

routed
ina ip rule add pref 100 ipproto tcp sport 1-1023 blackhole
agrees "a rule for ports that the kernel does not choose"

routed
inr sysctl -qw net.ipv4.conf.ra.rp_filter=1
inr ip route add 10.9.1.2/32 dev rb table 100
inr ip rule add pref 100 iif rb to 10.9.1.2 lookup 100
fails "rp_filter asks as what goes out" "^rp_filter .* by ra, since the way back is by rb"

routed
inr ip addr add 10.9.1.3/24 dev ra
ina ip route replace default nexthop via 10.9.1.1 nexthop via 10.9.1.3
agrees "several ways, all of them good"

routed
ina ip route replace default nexthop via 10.9.1.1 nexthop via 10.9.1.77
untold "several ways, some of them bad" "answers for 10.9.1.77, the gateway"

routed
ina ip route replace default nexthop via 10.9.1.78 nexthop via 10.9.1.77
fails "several ways, all of them bad" "answers for 10.9.1.7[78], the gateway"

routed
dst=fd09:2::2
ina ip -6 rule add pref 100 from fd09:1::2 blackhole
agrees "of IPv6, no rule asks for a source that is not chosen yet"

if inr test -e /proc/sys/net/ipv6/conf/ra/force_forwarding; then
routed
dst=fd09:2::2
inr sysctl -qw net.ipv6.conf.all.forwarding=0
for link in ra rb; do
	inr sysctl -qw "net.ipv6.conf.$link.force_forwarding=1"
done
agrees "force_forwarding"
else
	skip 2 "kernel: without force_forwarding"
fi

routed
dst=fd09:2::2
inr ip -6 addr add fd09:2::9/64 dev ra nodad
fails "of two equal IPv6 routes that by which it came in is taken" "answers for fd09:2::2"

# ---- which address it sends from

bridged
inb ip addr del 10.9.0.3/24 dev eth0
inb ip addr add 10.9.7.9/24 dev eth0
ina ip addr add 10.9.7.2/24 dev eth0
ina ip route add 10.9.7.9/32 dev eth0
dst=10.9.7.9 by_address=yes
fails "a route without a source takes the first address" "^there is no route to 10.9.0.2"
by_address=

bridged
proto=udp
answer udp 0.0.0.0 80
inb ip addr add 10.9.0.33/24 dev eth0
dst=10.9.0.33 by_address=yes
ask
like "$(cat "$tmp/out")" "warn .*answers from 10.9.0.3, not from 10.9.0.33" \
	"UDP may answer from another address"
by_address=

# ---- who answers for an address

bridged
inb sysctl -qw net.ipv4.conf.eth0.arp_ignore=8
fails "arp_ignore 8" "^arp_ignore .*10.9.0.3"

bridged
ina sysctl -qw net.ipv4.conf.eth0.arp_ignore=8
agrees "who has asked needs not answer"

bridged
ina ip addr add 10.9.7.2/24 dev eth0
ina ip route replace 10.9.0.0/24 dev eth0 src 10.9.7.2
inb ip route add 10.9.7.0/24 dev eth0
agrees "asked from another network"
inb sysctl -qw net.ipv4.conf.eth0.arp_ignore=2
inb ip neigh flush all
ina ip neigh flush all
fails "arp_ignore 2" "^arp_ignore .*10.9.0.3"

bridged
inb ip link add d0 type veth peer name d1
inb ip link set d0 up
inb ip link set d1 up
inb ip route add 10.9.0.2/32 dev d0
inb sysctl -qw net.ipv4.conf.eth0.arp_filter=1
fails "arp_filter" "^arp_filter .*10.9.0.3"

bridged
inb ip link add d0 type veth peer name d1
inb ip addr add 10.9.0.9/32 dev d0
inb ip link set d0 up
inb ip link set d0 down
dst=10.9.0.9 by_address=yes
agrees "an address of a link that is down is one all the same"
by_address=

routed
ina ip route del default
ina ip addr add 10.9.1.2/16 dev eth0
inr ip neigh add proxy 10.9.2.2 dev ra
inr sysctl -qw net.ipv4.neigh.ra.proxy_delay=0
agrees "an entry for which it answers in the name of others"

bridged
ina ip -6 addr add fd09:9::2/64 dev eth0 nodad
inb sysctl -qw net.ipv6.conf.eth0.accept_dad=1 net.ipv6.conf.eth0.dad_transmits=1000
inb ip -6 addr add fd09:9::3/64 dev eth0
again tcp :: 80
dst=fd09:9::3
fails "an address that is not confirmed yet" "answers for fd09:9::3"

bridged
ina ip neigh replace 10.9.0.3 lladdr 02:00:00:00:00:77 dev eth0 nud stale
untold "an entry that was right once" "still taken to be at 02:00:00:00:00:77"

routed
dst=fd09:2::2
inr ip link set rb addrgenmode none
inr ip -6 addr flush dev rb scope link
broken "no link-local address to ask from" "rb has no link-local address from which it could ask for fd09:2::2"

routed
dst=fd09:2::2
inr sysctl -qw net.ipv6.conf.rb.dad_transmits=1000
inr ip -6 addr flush dev rb scope link
inr ip -6 addr add fe80::9/64 dev rb
untold "a link-local address that is not confirmed yet" "rb cannot ask for neighbours before fe80::9 is confirmed"

# ---- bridges

bridged
bridge link set dev va bcast_flood off
agrees "who has asked needs no broadcast to be found"

bridged
ina ip -6 addr add fd09:9::2/64 dev eth0 nodad
inb ip -6 addr add fd09:9::3/64 dev eth0 nodad
again tcp :: 80
dst=fd09:9::3
agrees "IPv6 over a bridge"
ina ip neigh flush all
inb ip neigh flush all
ip link set br0 type bridge mcast_snooping 0
bridge link set dev vb mcast_flood off
fails "no multicasts" "^vb, a port of br0 .*multicasts"

bridged
inb ip link set eth0 address 02:00:00:00:00:42
bridge fdb replace 02:00:00:00:00:42 dev vc master static sticky
fails "an entry of the bridge for another port" "says that 02:00:00:00:00:42 is at vc, but it is behind vb"

bridged
inb ip link set eth0 address 02:00:00:00:00:42
bridge fdb replace 02:00:00:00:00:42 dev vb master permanent
fails "an entry of the bridge's own" "takes 02:00:00:00:00:42 for an address of its own"

bridged
bridge link set dev vb learning off flood off
ip link set dev vb type bridge_slave fdb_flush
fails "a port that nobody learns of" "^vb, .*neither learns"

bridged
for one in "$a" "$b"; do inside "$one" ip link set eth0 address 02:00:00:00:00:42; done
fails "the same hardware address at both ends" "have the same hardware address 02:00:00:00:00:42"

bridged
sysctl -qw net.bridge.bridge-nf-call-iptables=1
nft 'add table ip t; add chain ip t c { type filter hook postrouting priority 0 ; policy drop ; }'
fails "a bridge's frames, as what goes out" "^the policy of chain \"ip t c\" \(postrouting\)"
nft delete table ip t

bridged
ina tc qdisc add dev eth0 root blackhole 2>"$tmp/err"
if ina tc qdisc show dev eth0 | grep -q blackhole; then
broken "a queue that drops all" "^the queue of eth0 .* is a \"blackhole\""
else
	skip 3 "kernel: without qdiscs"
fi

# ---- filters: verdict maps

bridged
for one in a b; do
	eval "pid=\$$one"
	inside "$pid" nft -f - <<-'END'
	table inet t {
		chain c {
			type filter hook input priority 0; policy drop
			ct state vmap { invalid : drop, established : accept, related : accept }
			tcp dport 80 accept
		}
	}
	END
done
agrees "a map of states"

bridged
nftb ip 'chain no { drop; }
	chain c { type filter hook input priority 0; tcp dport vmap { 22 : accept, 79-81 : goto no }; }'
fails "a map of ports to chains" "th dport vmap \{ 22 : accept, 79-81 : goto no \}|^a rule of chain \"ip t no\""

bridged
nftb ip 'chain c { type filter hook input priority 0; policy drop;
	ip saddr vmap { 10.9.0.0/24 : accept }; }'
agrees "a map of networks"

# ---- filters: what connections are known

bridged
nftb inet 'chain c { type filter hook prerouting priority -300; ct state invalid drop; }'
fails "before connections are looked up, all are invalid" "ct state invalid.* drop"

# What B answers goes back by C, which has not seen the beginning.
around
agrees "back by another way"
forwards "$c" 'ct state established,related accept'
fails "back by a way that does not know the connection" "^the policy of chain \"ip t c\" \(forward\)"

bridged
nftb inet 'chain c { type filter hook input priority 0; meta mark set 7; meta mark 7 drop; }'
fails "a mark that a rule has set" "meta mark 7 drop"

bridged
nftb inet 'chain c { type filter hook input priority 0; meta mark set 7 counter accept; }
	chain d { type filter hook input priority 10; meta mark 7 drop; }'
fails "a mark of one that also accepts" "meta mark 7 drop"

bridged
nftb inet 'chain c { type filter hook input priority 0; tcp flags & (fin|syn|rst|ack) == syn drop; }'
fails "flags of TCP" "tcp flags and 0x17"

bridged
nftb ip 'chain c { type filter hook prerouting priority -300; ip daddr set 10.9.0.99; }'
untold "a rule that writes addresses" "not evaluated: "

# ---- filters: neighbour discovery, ARP

bridged
ina ip -6 addr add fd09:9::2/64 dev eth0 nodad
inb ip -6 addr add fd09:9::3/64 dev eth0 nodad
again tcp :: 80
dst=fd09:9::3
nftb inet 'chain c { type filter hook input priority 0; policy drop; tcp dport 80 accept; }'
fails "neighbour discovery is filtered" "^the policy of chain \"inet t c\" \(input\) .* drops neighbour discovery"
mended "neighbour discovery is filtered"
inb nft flush chain inet t c
inb nft 'add rule inet t c icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept; add rule inet t c tcp dport 80 accept'
agrees "neighbour discovery is let through"

bridged
inb nft 'add table netdev t; add chain netdev t c { type filter hook ingress device eth0 priority 0 ; policy drop ; }'
inb nft 'add rule netdev t c ip saddr 10.9.0.0/24 accept'
fails "a link that drops ARP" "^the policy of chain \"netdev t c\" \(ingress\) .* drops ARP"
inb nft 'add rule netdev t c meta protocol arp accept'
agrees "a link that lets only some protocols in"

bridged
ina sysctl -qw net.ipv4.ip_local_port_range="10000 11000"
nftb ip 'chain c { type filter hook input priority 0; tcp sport 32768-60999 drop; }'
agrees "ports are chosen from others"

if ina ip xfrm policy add src 10.9.0.3/32 dst 10.9.0.2/32 dir in action block 2>"$tmp/err"; then
untold "a policy of IPsec" "1 policy of IPsec is not evaluated"
# shellcheck disable=SC2086 # NSVIEW is a command with words
is "$($NSVIEW net -q -J "$a" | jq -c '[.net_namespaces[0].ipsec_policies]')" '[1]' "JSON counts it"
bridged
ask
is "$asked" 0 "without policies there is no doubt"
else
	skip 3 "kernel: without IPsec"
fi
if ina ip xfrm policy setdefault in block fwd accept out accept 2>"$tmp/err"; then
	if connects; then ok 1 "what IPsec blocks by default: it is broken"; else ok 0 "what IPsec blocks by default: it is broken"; fi
	untold "what IPsec blocks by default" "1 policy of IPsec is not evaluated"
else
	skip 2 "kernel: without defaults of IPsec"
fi

# ---- within one namespace; sockets bound to links

bridged
from=$b by_address=yes
again tcp 0.0.0.0 80 dev=eth0
agrees "its own address, bound to the link that has it"
nftb inet 'chain c { type filter hook prerouting priority 0; iif lo tcp dport 80 drop; }'
fails "its own address passes the hooks of lo" "^a rule of chain \"inet t c\" \(prerouting\)"
by_address=

bridged
inb ip addr del 10.9.0.3/24 dev eth0
inb ip addr add 10.9.0.3/32 dev eth0
again tcp 0.0.0.0 80 dev=eth0
agrees "what is bound to a link needs no route"

# ---- translation

bridged
again tcp 0.0.0.0 8080
inb nft -f - <<'END'
table ip n1 {
	chain c { type nat hook prerouting priority -110; tcp dport 80 redirect to :8080; }
}
table ip n2 {
	chain c { type nat hook prerouting priority -100; tcp dport 8080 redirect to :9; }
}
END
agrees "the first chain that translates is the last"

bridged
again tcp 0.0.0.0 8080
nftb ip 'chain c { type nat hook prerouting priority -100; tcp dport 80 redirect to :8080; }
	chain d { type nat hook prerouting priority -100; tcp dport 80 redirect to :9; }'
fails "of two of the same priority the newer one comes first" "^nobody listens on tcp port 9"
nftb inet 'chain d { type nat hook prerouting priority -100; tcp dport 80 redirect to :8080; }'
untold "of two tables, which is the newer is not told" "not evaluated: meta l4proto tcp th dport 80 redirect"

bridged
again tcp 127.0.0.1 80
nftb ip 'chain c { type nat hook prerouting priority -100; tcp dport 80 dnat to 127.0.0.1; }'
fails "translated to a loopback address" "^127.0.0.1 is a loopback address"
mended "translated to a loopback address"
echo "# $total broken networks"

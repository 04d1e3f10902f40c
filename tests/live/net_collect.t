#!/bin/sh
# What nsview has of network namespaces is what ip, bridge and ss say inside each; every wire leads
# where it was laid; nothing is changed by looking.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/net_lab.sh"
own_net "$0"
only_alone
names='a b c d'
# shellcheck disable=SC2086 # words
nets 50 $names
old() { [ "${NSVIEW_VARIANT:-}" = old ]; }

# peer NS LINK: the namespace and name at the other end, and how that is known
peer() { of "$1" ".links[] | select(.name == \"$2\") | .peer | \"\\(.ns) \\(.name) \\(.how)\""; }
lower() { of "$1" ".links[] | select(.name == \"$2\") | .lower | \"\\(.ns) \\(.name) \\(.how)\""; }

# Of every namespace, by ip, what does not come and go by itself; to compare before and after.
state() {
	for name in '' $names; do
		echo "== $name"
		ip ${name:+-n "$name"} -o link | sed 's/<.*mtu/mtu/; s/ state .*//'
		ip ${name:+-n "$name"} netns list-id
		ip ${name:+-n "$name"} -o -4 addr
		ip ${name:+-n "$name"} -4 route show table all | sed 's/ linkdown//'
		ip ${name:+-n "$name"} rule
	done 2>&1
}

# A bridge with three containers, chained to another bridge; the same number at both ends of a.
self=$(ino)
ip link set lo up
ip link add br0 type bridge
ip link add br1 type bridge
ip link set br0 up
ip link set br1 up
ip addr add 10.9.0.1/16 dev br0
ip link add va index 77 type veth peer name eth0 netns a index 77
ip link add vb type veth peer name eth0 netns b
ip link add vc type veth peer name eth0 netns c
ip link add up0 type veth peer name up1
for link in va vb vc up0; do ip link set $link master br0 up; done
ip link set up1 master br1 up
ip -n b link set eth0 up
ip -n a link set eth0 up alias 'to the br
idge'
ip -n a link set lo up
ip -n a addr add 10.9.0.2/16 dev eth0
ip -n a addr add 10.9.7.2/24 dev eth0
ip -n a addr add fd00:9::2/64 dev eth0 nodad
ip -n a route add default via 10.9.0.1
ip -n a route add blackhole 10.77.0.0/16
ip -n a route add unreachable 10.78.0.0/16 metric 5
ip -n a route add 10.88.0.0/16 nexthop via 10.9.0.1 weight 2 nexthop dev eth0 weight 1
ip -n a route add 10.99.0.0/16 via 10.9.0.3 table 1000
ip -n a rule add from 10.9.0.0/24 fwmark 5/7 lookup 1000 priority 100
ip -n a rule add to 10.11.0.0/16 iif eth0 blackhole priority 200
ip -n a neigh add 10.9.0.200 lladdr 02:00:00:00:00:c8 dev eth0
# Two containers wired to each other and to nobody else; one end was given its name there.
ip link add x0 netns c type veth peer name x1 netns d
ip -n c link set x0 up
ip -n d link set x1 up
ip -n a link add mv0 link eth0 type macvlan mode bridge
ip -n a link set mv0 netns d
ip link add vx type vxlan id 42 remote 10.9.0.9 dstport 4789 dev br0
ip link set vx netns d
pin_in a listen 80
listener=$pin_pid
pin_in a udp 5353
before=$(state)
look
is "$?" 0 "looking works"
is "$(jq -r '[.net_namespaces[].ns] | length' "$tmp/json")" 5 "all five are there"

is "$(peer "$self" va)" "$(named a) eth0 both" "veth: the other end, by the same ifindex there"
is "$(peer "$(named a)" eth0)" "$self va both" "and back"
is "$(peer "$self" vb)" "$(named b) eth0 both" "the second is not the first"
is "$(peer "$self" vc)" "$(named c) eth0 both" "nor the third"
is "$(peer "$(named c)" x0)" "$(named d) x1 both" "a pair between two that are not ours"
is "$(peer "$self" up0)" "$self up1 both" "a pair within one namespace"
is "$(of "$self" '[.links[] | select(.master.name == "br0") | .name] | sort | join(" ")')" \
	"up0 va vb vc" "ports of a bridge"
is "$(of "$self" '.links[] | select(.name == "up1") | .master.name')" br1 "and of the next bridge"
is "$(of "$self" '.links[] | select(.name == "va") | .port_state')" forwarding "a port's state"
is "$(bridge -j link | jq -r '.[] | "\(.ifname) \(.master) \(.state)"' | sort)" \
	"$(of "$self" '.links[] | select(.port_state) | "\(.name) \(.master.name) \(.port_state)"' |
		sort)" "all ports as bridge says"
is "$(lower "$(named d)" mv0)" "$(named a) eth0 one" "macvlan on a link elsewhere"
is "$(of "$(named d)" '.links[] | select(.name == "mv0") | .details.mode')" bridge "its mode"
is "$(lower "$(named d)" vx)" "$self br0 one" "VXLAN that was moved away from its link"
is "$(of "$(named d)" '.links[] | select(.name == "vx") | .details | "\(.id) \(.remote) \(.port)"')" \
	"42 10.9.0.9 4789" "its values"
for kind in vlan ipvlan; do
	case $kind in vlan) set -- type vlan id 7 ;; *) set -- type ipvlan ;; esac
	if ip link add link br0 name kid "$@" 2>/dev/null; then
		ip link set kid netns d
		look
		is "$(lower "$(named d)" kid)" "$self br0 one" "$kind on a link elsewhere"
		ip -n d link del kid
	else
		skip 1 "kernel: it makes no $kind links"
	fi
done

# ip, inside: link by link, address by address; not those addresses that links give themselves.
links_ip() {
	ip -n "$1" -d -j link | jq -r '.[] | "\(.ifindex) \(.ifname) \(.mtu) \(.operstate) \(.address) \(.linkinfo.info_kind) \(.ifalias)"'
}
links_nsview() {
	of "$(named "$1")" '.links[] | "\(.index) \(.name) \(.mtu) \(.operstate) \(.mac) \(.kind) \(.alias)"'
}
routes_ip() {
	ip -n "$1" -N -j route show table all | jq -r '.[] | . as $r | ($r.nexthops // [{gateway: .gateway, dev: .dev}])[] |
		{ dst: $r.dst, type: (($r.type // "1") | tostring), table: (($r.table // 254) | tostring),
		  metric: ($r.metric // 0), gateway: .gateway, dev: .dev, prefsrc: $r.prefsrc } |
		"\(.dst) \(.type) \(.table) \(.metric) \(.gateway) \(.dev) \(.prefsrc)"' |
		grep -v '^f[ef][80]' | sort
}
routes_nsview() {
	of "$(named "$1")" '.routes[] | . as $r |
		(if (.hops | length) == 0 then [{}] else .hops end)[] |
		(if $r.family == "inet" then 32 else 128 end) as $all |
		{unicast: "1", local: "2", broadcast: "3", anycast: "4", multicast: "5",
		 blackhole: "6", unreachable: "7", prohibit: "8", throw: "9"} as $types |
		{ dst: (if $r.dst == null then "default"
			elif $r.len == $all then $r.dst else "\($r.dst)/\($r.len)" end),
		  type: $types[$r.type], table: ($r.table | tostring), metric: $r.metric,
		  gateway: .gateway, dev: .link, prefsrc: $r.prefsrc } |
		"\(.dst) \(.type) \(.table) \(.metric) \(.gateway) \(.dev) \(.prefsrc)"' |
		grep -v '^f[ef][80]' | sort
}
# A state settles in its own time.
same_links() { look && [ "$(links_nsview "$1")" = "$(links_ip "$1")" ]; }
for name in a c d; do
	wait_for same_links $name
	is "$(links_nsview $name)" "$(links_ip $name)" "links of $name as ip says"
done
is "$(of "$(named a)" '.addresses[] | "\(.link) \(.ip)/\(.len) \(.scope)"' | grep -v fe80: | sort)" \
	"$(ip -n a -j addr | jq -r '.[] | .ifname as $n | .addr_info[] |
		"\($n) \(.local)/\(.prefixlen) \(.scope)"' | grep -v fe80: | sort)" "addresses of a"
is "$(routes_nsview a)" "$(routes_ip a)" "routes of all tables of a"
is "$(of "$(named a)" '.rules[] | select(.family == "inet") | .priority' | tr '\n' ' ')" \
	"$(ip -n a -j rule | jq -r '.[].priority' | tr '\n' ' ')" "policy rules of a"
is "$(of "$(named a)" '.rules[] | select(.priority == 100) |
	"\(.src)/\(.src_len) \(.mark)/\(.mark_mask) \(.action) \(.table)"')" \
	"10.9.0.0/24 5/7 lookup 1000" "a rule's conditions"
is "$(of "$(named a)" '.neighbours[] | select(.ip == "10.9.0.200") | "\(.link) \(.mac) \(.state)"')" \
	"eth0 02:00:00:00:00:c8 PERMANENT" "a neighbour"
is "$(of "$(named a)" '.sockets[] | select(.proto == "tcp" or .proto == "udp") |
	"\(.proto) \(.state) \(.local):\(.local_port)"' | sort)" \
	"$(ip netns exec a ss -Htuan | awk '{ print $1, $2, $5 }' | sort)" "sockets of a as ss says"
is "$(of "$(named a)" '.sockets[] | select(.local_port == 80) | .holders[0].pid')" "$listener" \
	"the process that listens"
forward() { of "$(named "$1")" '.sysctls[] | select(.name == "net/ipv4/ip_forward") | .value'; }
is "$(forward a)" "$(ip netns exec a cat /proc/sys/net/ipv4/ip_forward)" "a sysctl"
ip netns exec a sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward' 2>/dev/null
look
is "$(forward a) $(forward b)" "1 $(ip netns exec b cat /proc/sys/net/ipv4/ip_forward)" "each namespace's own"
ip netns exec a sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward' 2>/dev/null
look
is "$(state)" "$before" "nothing was changed: links, numbers, addresses, routes, rules"

# Sockets and devices of processes that live elsewhere.
pin away /run/netns/b 8080
away=$pin_pid
look
is "$(of "$(named b)" '.sockets[] | select(.local_port == 8080) | .holders[0].pid')" "$away" \
	"a socket held from outside names its process"
if pin_in c tap tap7; then
	tap=$pin_pid
	look
	is "$(jq -r '.wires[] | select(.kind == "tun") | .pid' "$tmp/json")" "$tap" \
		"a tap device and the process that holds it"
else
	skip 1 "not here: no /dev/net/tun"
fi
if pin_in d raw; then
	look
	is "$(of "$(named d)" '.sockets[] | select(.proto == "raw") | .holders[0].pid')" "$pin_pid" \
		"a raw socket, also where sock_diag has none"
else
	skip 1 "not here: may not make raw sockets"
fi
hostile=$(printf 'e\033[31m')
ip -n d link add name "$hostile" type bridge
ip -n d link set "$hostile" alias "$(printf 'q\377"\n')"
look
is "$(jq -e . "$tmp/json" >/dev/null; echo $?)" 0 "hostile names and aliases are valid JSON"
is "$(of "$(named d)" '[.links[].name] | map(select(startswith("e\u001b"))) | length')" 1 \
	"and reversible"

# Namespaces without a name and without a process.
ip netns add f
ip link add wf type veth peer name eth0 netns f
ip link set wf up
fd_ns=$(named f)
exec 8</run/netns/f
ip netns del f
look
if old; then
	skip 1 "kernel: it does not tell what a descriptor of an unmounted file is"
else
	is "$(peer "$self" wf)" "$fd_ns eth0 both" "the other end in one that only a descriptor holds"
fi
exec 8<&-
wait_for sh -c '! ip link show wf'
ip netns add s
ip link add ws type veth peer name eth0 netns s
ip link set ws up
sock_ns=$(named s)
pin away /run/netns/s 81
ip netns del s
look
if old; then
	skip 1 "kernel: it does not tell a socket's namespace"
else
	is "$(peer "$self" ws)" "$sock_ns eth0 both" "... that only a socket holds"
fi
ip netns add h
ip link add wh type veth peer name inner netns h
ip link set wh up
ip -n h addr add 10.50.0.1/24 dev inner
ip -n h link set inner up
numbers=$(ip netns list-id)
pin hide /run/netns/h
ip netns del h
# The kernel source finds it in the queue, and opens it by its id.
look --source=proc
if old; then
	skip 4 "kernel: what cannot be opened, it cannot tell from the rest"
else
	is "$(of "$self" '.links[] | select(.name == "wh") | .peer | "\(.name) \(.how)"')" \
		"null unresolved" "... in one that nobody can open: unresolved"
	like "$(of "$self" '.links[] | select(.name == "wh") | .peer.why')" 'could not|not be' \
		"with what is known"
	is "$(jq -r '.net_namespaces[] | select(.via_nsid != null) | .addresses[] |
		select(.ip == "10.50.0.1") | .index' "$tmp/json")" \
		"$(of "$self" '.links[] | select(.name == "wh") | .peer.index')" \
		"its addresses, by its number alone"
	is "$(ip netns list-id | wc -l)" "$(echo "$numbers" | wc -l)" "and no number was assigned for it"
fi

# TARGETs.
# shellcheck disable=SC2086
target() { $NSVIEW ls -q -n -r -t net -o NS "$1" 2>&1; }
is "$(target iface:va)" "$self" "iface:"
is "$(target iface:eth0 | sort)" \
	"$( (named a; named b; named c; old || echo "$sock_ns") | sort)" \
	"iface: in several namespaces"
is "$(target ip:10.9.7.2)" "$(named a)" "ip:"
is "$(target "mac:$(ip -n b -j link show eth0 | jq -r '.[0].address')")" "$(named b)" "mac:"
is "$(target port:80) $(target port:udp/5353)" "$(named a) $(named a)" "port:"
like "$(target ip:10.123.1.1)" 'no network namespace (has|is known to have) ip:10.123.1.1' "none has it"

# Many routes, and namespaces that go away while they are read.
seq 10000 | awk '{ printf "route add 10.%d.%d.%d/32 dev lo\n", 200 + $1 / 65536, $1 / 256 % 256, $1 % 256 }' |
	ip -n a -b - 2>/dev/null
look
is "$(of "$(named a)" '[.routes[] | select(.family == "inet")] | length')" \
	"$(ip -n a -o -4 route show table all | wc -l)" \
	"ten thousand routes"
(
	i=0
	while [ "$i" -lt 100 ] && [ ! -e "$tmp/stop" ]; do
		ip netns add "k$i"
		ip link add "k$i" type veth peer name eth0 netns "k$i"
		ip netns del "k$i"
		i=$((i + 1))
	done
) &
churn=$!
failed=0
for _ in 1 2 3 4 5 6 7 8 9 10; do
	look && jq -e '.net_namespaces | length >= 5' "$tmp/json" >/dev/null || failed=$((failed + 1))
done
: >"$tmp/stop"
wait "$churn"
is "$failed" 0 "namespaces that end while they are read end nothing"

#!/bin/sh
# `nsview why` on broken networks, one cause each: a connection is tried and fails, why names the
# cause, what it proposes is done, and the connection works. Where no command would mend it, the
# test does, and why must have said so. All namespaces are the test's own.
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"
have ip bridge nft nsenter sysctl || { plan 1; skip 1 "ip, bridge, nft or sysctl is missing"; exit 0; }
if [ -z "${NSVIEW_OWN_NET:-}" ]; then
	rm -rf --one-file-system "$tmp"
	trap - EXIT
	NSVIEW_OWN_NET=1 exec unshare --net -- sh "$0"
fi
reach=$BUILD/tools/reach
port=80
total=0

# ---- the parts: three namespaces, each held by a process

ns_differs() { [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }

# hold NAME: a namespace whose holder is $NAME
hold() {
	unshare --net sleep 1000 &
	eval "$1=$!"
	wait_for ns_differs "$!"
	inside "$!" ip link set lo up
	holders="$holders $!"
}

inside() {
	pid=$1
	shift
	nsenter -t "$pid" -n "$@"
}
ina() { inside "$a" "$@"; }
inb() { inside "$b" "$@"; }
inr() { inside "$r" "$@"; }

# answer WORDS: B listens as told; the default is all of tcp port 80
answer() {
	rm -f "$tmp/ready"
	nsenter -t "$b" -n "$reach" listen "$@" >"$tmp/ready" 2>"$tmp/listen.err" &
	listener=$!
	listeners="$listeners $!"
	wait_for grep -q ready "$tmp/ready"
}

clear_all() {
	for pid in $listeners $holders; do
		end_process "$pid"
		wait "$pid" 2>/dev/null
	done
	listeners=
	holders=
	for link in br0 va vb vc; do ip link del "$link" 2>/dev/null; done
	proto=tcp
	port=80
}
at_exit clear_all
holders=
listeners=

# The kernel puts ports to work by itself a while after they are up.
all_forward() { [ "$(bridge link show | grep -c 'state forwarding')" -eq 3 ]; }

# A and B, and C, on a bridge of ours
bridged() {
	clear_all
	hold a
	hold b
	hold c
	ip link add br0 type bridge
	ip link set br0 up
	for one in a b c; do
		eval "pid=\$$one"
		ip link add "v$one" type veth peer name eth0 netns "$pid"
		ip link set "v$one" master br0 up
		inside "$pid" ip link set eth0 up
	done
	wait_for all_forward
	ina ip addr add 10.9.0.2/24 dev eth0
	inb ip addr add 10.9.0.3/24 dev eth0
	answer tcp 0.0.0.0 80
	from=$a to=$b dst=10.9.0.3
}

# A and B, with R between them
routed() {
	clear_all
	hold a
	hold b
	hold r
	ina ip link add eth0 type veth peer name ra netns "$r"
	inb ip link add eth0 type veth peer name rb netns "$r"
	ina ip addr add 10.9.1.2/24 dev eth0
	inb ip addr add 10.9.2.2/24 dev eth0
	inr ip addr add 10.9.1.1/24 dev ra
	inr ip addr add 10.9.2.1/24 dev rb
	ina ip -6 addr add fd09:1::2/64 dev eth0 nodad
	inb ip -6 addr add fd09:2::2/64 dev eth0 nodad
	inr ip -6 addr add fd09:1::1/64 dev ra nodad
	inr ip -6 addr add fd09:2::1/64 dev rb nodad
	inr sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	for link in ra rb; do inr ip link set "$link" up; done
	ina ip link set eth0 up
	inb ip link set eth0 up
	ina ip route add default via 10.9.1.1
	inb ip route add default via 10.9.2.1
	ina ip -6 route add default via fd09:1::1
	inb ip -6 route add default via fd09:2::1
	answer tcp :: 80
	from=$a to=$b dst=10.9.2.2
}

# A and B as macvlans on a pair whose other end is nowhere much
stacked() {
	clear_all
	hold a
	hold b
	hold c
	ip link add va type veth peer name vb
	ip link set va up
	ip link set vb netns "$c"
	inside "$c" ip link set vb up
	mode=${1:-bridge} # of A's
	for one in a b; do
		eval "pid=\$$one"
		ip link add link va name "mv$one" type macvlan mode "$mode"
		mode=bridge
		ip link set "mv$one" netns "$pid"
		inside "$pid" ip link set "mv$one" name eth0
		inside "$pid" ip link set eth0 up
	done
	ina ip addr add 10.9.3.2/24 dev eth0
	inb ip addr add 10.9.3.3/24 dev eth0
	answer tcp 0.0.0.0 80
	from=$a to=$b dst=10.9.3.3
}

# ---- asking

connects() { nsenter -t "$from" -n "$reach" try "$proto" "$dst" "$port"; }

# soon COMMAND...: one that takes a while by itself
soon() {
	left=20
	until "$@"; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || return 1
		sleep 0.02
	done
}

# ask [OPTION...]: why's answer in $tmp/out, its status in $asked
ask() {
	# shellcheck disable=SC2086 # NSVIEW is a command with words
	asked=$(status $NSVIEW why -q "$@" "$from" "$(target):$port/$proto")
}
# The address where the test means a certain one.
target() {
	case $dst in
	*:*) echo "[$dst]" ;;
	*) if [ -n "$by_address" ]; then echo "$dst"; else echo "$to"; fi ;;
	esac
}
by_address=

field() { sed -n "s/^$1 *//p" "$tmp/out"; }

# The command that is printed, with nsenter for what steps into a namespace.
run_fix() {
	fix=$(field Fix | sed -e 's/ *(not run)$//' \
		-e 's/^nsview enter \([0-9]*\) -n -- /nsenter -t \1 -n -- /')
	[ -n "$fix" ] && sh -c "$fix" >"$tmp/fix.out" 2>&1
}

# broken NAME CAUSE: by why's own fix
broken() {
	first "$1" "$2"
	if run_fix && soon connects; then
		ok 0 "$1: works once it is mended as proposed"
	else
		ok 1 "$1: works once it is mended as proposed"
		sed 's/^/# /' "$tmp/out" "$tmp/fix.out"
	fi
}

# advised NAME CAUSE MEND...: no command would do it
advised() {
	name=$1
	first "$1" "$2"
	shift 2
	fix=$(field Fix)
	advice=$(field Advice)
	if [ -z "$fix" ] && [ -n "$advice" ] && "$@" && soon connects; then
		ok 0 "$name: works once it is mended as advised"
	else
		ok 1 "$name: works once it is mended as advised"
		sed 's/^/# /' "$tmp/out"
	fi
}

first() {
	total=$((total + 1))
	if connects; then ok 1 "$1: it is broken"; else ok 0 "$1: it is broken"; fi
	ask
	is "$asked $(field Cause | grep -Ec -e "$2")" "1 1" "$1: why says so"
	[ "$asked" -eq 1 ] || sed 's/^/# /' "$tmp/out" "$tmp/err"
	field Cause | grep -Eq -e "$2" || sed 's/^/# /' "$tmp/out"
}

# works NAME: what is not broken
works() {
	soon connects
	ok $? "$1: a connection works"
	ask --probe
	is "$asked $(field Probe | sed 's/ after [0-9.]* ms//')" \
		"0 connected, as the analysis says" "$1: why says so, and tries it"
	[ "$asked" -eq 0 ] || sed 's/^/# /' "$tmp/out" "$tmp/err"
}

drop_in() { # HOLDER HOOK POLICY [RULE]
	inside "$1" nft "add table inet t; add chain inet t c { type filter hook $2 priority 0 ; policy $3 ; }"
	[ -z "${4:-}" ] || inside "$1" nft "add rule inet t c $4"
}

again() { # WORDS: another listener
	end_process "$listener"
	wait "$listener" 2>/dev/null
	answer "$@"
}

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

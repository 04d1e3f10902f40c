#!/bin/sh
# `nsview why` through tunnels: the packets that carry them are walked too, and the two ends are
# held against each other. Each broken set-up is first proven broken.
# shellcheck disable=SC2034 # the lab reads dst, from, by_address
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/why_lab.sh"
if ! ip link add vx9 type vxlan id 9 dstport 4789 2>"$tmp/err"; then
	plan 1
	skip 1 "kernel: $(head -1 "$tmp/err")"
	exit 0
fi
ip link del vx9

# vx PID ADDRESS ID REMOTE PORT [MORE]: an end of a VXLAN, and its address
vx() {
	pid=$1 address=$2 id=$3 remote=$4 dstport=$5
	shift 5
	# shellcheck disable=SC2086 # no remote is no words
	inside "$pid" ip link add vx0 type vxlan id "$id" ${remote:+remote $remote} dstport "$dstport" "$@"
	inside "$pid" ip addr add "$address/24" dev vx0
	inside "$pid" ip link set vx0 up
}

# A and B on the bridge, and a VXLAN of A's over it
near() {
	bridged
	vx "$a" 10.10.0.2 42 10.9.0.3 4789
	dst=10.10.0.3
	by_address=${1:-}
}
# and B's end
tunneled() {
	near
	vx "$b" 10.10.0.3 42 10.9.0.2 4789
	by_address=yes
}

plan 63

# ---- what works

tunneled
works "VXLAN"
like "$(cat "$tmp/out")" 'ok +[0-9]+ vxlan .*:vx0 -- .*:vx0 UP, VNI 42' "the other end is told"
like "$(cat "$tmp/out")" 'ok +[0-9]+ outer .*10.9.0.2 -> 10.9.0.3 udp/4789' "and what carries it"

bridged
ina ip -6 addr add fd09::2/64 dev eth0 nodad
inb ip -6 addr add fd09::3/64 dev eth0 nodad
vx "$a" 10.10.0.2 42 fd09::3 4789
vx "$b" 10.10.0.3 42 fd09::2 4789
dst=10.10.0.3 by_address=yes
works "over IPv6"

# Frames for all go to two ends, of which the second has it.
tunneled
ina ip link del vx0
vx "$a" 10.10.0.2 42 "" 4789
ina bridge fdb append 00:00:00:00:00:00 dev vx0 dst 10.9.0.4
ina bridge fdb append 00:00:00:00:00:00 dev vx0 dst 10.9.0.3
inside "$c" ip addr add 10.9.0.4/24 dev eth0
vx "$c" 10.10.0.4 42 10.9.0.2 4789
works "two other ends"

# Made here, moved to A: its packets go on being routed here.
tunneled
ina ip link del vx0
ip addr add 10.9.0.1/24 dev br0
ip link add vxa type vxlan id 42 remote 10.9.0.3 local 10.9.0.1 dstport 4789
ip link set vxa netns "$a"
ina ip link set vxa name vx0
ina ip addr add 10.10.0.2/24 dev vx0
ina ip link set vx0 up
ina ip link set eth0 down
inb ip link set vx0 type vxlan id 42 remote 10.9.0.1
works "a VXLAN that was moved"
like "$(cat "$tmp/out")" 'outer .*10.9.0.1 -> 10.9.0.3' "routed where it was made"
ip addr del 10.9.0.1/24 dev br0
broken_local() { ip addr add 10.9.0.1/24 dev br0; }
advised "its own address is gone" "sends from 10.9.0.1, which is no address" broken_local

# ---- below it

tunneled
inb ip link set eth0 down
broken "underlay down" "^eth0 is administratively down"

tunneled
inb ip link set vx0 down
broken "the other end is down" "^vx0 is administratively down"

tunneled
drop_in "$b" input accept "udp dport 4789 drop"
broken "what carries it is dropped" "dport 4789 drop"

tunneled
drop_in "$a" output drop "udp dport 53 accept"
inside "$a" nft "insert rule inet t c oifname vx0 accept"
broken "what carries it may not leave" "^the policy of chain \"inet t c\" \(output\)"

tunneled
ina ip route add blackhole 10.9.0.3
broken "no way to the other end" "^the route to 10.9.0.3 .* is a \"blackhole\" route"

# ---- the ends differ

near
vx "$b" 10.10.0.3 43 10.9.0.2 4789
remake() { inb ip link del vx0; vx "$b" 10.10.0.3 42 10.9.0.2 4789; }
by_address=yes
advised "another VNI" "vx0 sends with VNI 42, but .*vx0 takes in VNI 43" remake

near
vx "$b" 10.10.0.3 42 10.9.0.2 8472
by_address=yes
advised "another port" "vx0 sends to UDP port 4789, but .*vx0 has port 8472" remake

tunneled
ina ip link set vx0 type vxlan id 42 remote 10.9.0.77
broken "a remote that nobody is" "vx0 leads to 10.9.0.77, but the one that leads to it is at 10.9.0.3"

tunneled
inside "$c" ip addr add 10.9.0.4/24 dev eth0
ina ip link set vx0 type vxlan id 42 remote 10.9.0.4
broken "a remote where there is no VXLAN" "vx0 leads to 10.9.0.4, but the one that leads to it is at 10.9.0.3"

# It must not learn the right way from what comes.
near yes
vx "$b" 10.10.0.3 42 10.9.0.77 4789 nolearning
broken "only the way back is wrong" "vx0 leads to 10.9.0.77, but the one that leads to it is at 10.9.0.2"

near
ina ip link del vx0
vx "$a" 10.10.0.2 42 "" 4789
vx "$b" 10.10.0.3 42 10.9.0.2 4789
by_address=yes
broken "no remote at all" "vx0 has no other end"

tunneled
ina ip link del vx0
vx "$a" 10.10.0.2 42 10.9.0.3 4789 nolearning
mac=$(inb ip -j link show vx0 | jq -r '.[0].address')
ina bridge fdb add "$mac" dev vx0 dst 10.9.0.77
broken "an entry that leads elsewhere" "permanent entry of .*vx0 says that $mac is behind 10.9.0.77"

near yes
make_it() { vx "$b" 10.10.0.3 42 10.9.0.2 4789; }
advised "no other end" "^no vxlan .* takes in what vx0 sends" make_it

# ---- over a bridge, and to a group

tunneled
for one in "$a" "$b"; do
	inside "$one" ip link add brx type bridge
	inside "$one" ip addr flush dev vx0
	inside "$one" ip link set vx0 master brx
	inside "$one" ip link set brx up
done
ina ip addr add 10.10.0.2/24 dev brx
inb ip addr add 10.10.0.3/24 dev brx
works "as a port of bridges"

bridged
vx "$a" 10.10.0.2 42 "" 4789 group 239.1.1.1 dev eth0
vx "$b" 10.10.0.3 42 "" 4789 group 239.1.1.1 dev eth0
dst=10.10.0.3 by_address=yes
works "to a group"
bridge link set dev vb isolated on
bridge link set dev va isolated on
broken "the group is cut in two" "isolated port of br0"

# ---- out of this host

near yes
ina ip link set vx0 type vxlan id 42 remote 10.9.0.88
first "all of the segment is seen, and nobody is the remote" "answers for 10.9.0.88"
mkfifo "$tmp/tap"
rm -f "$tmp/ready" # of another
if [ -r /dev/net/tun ] && [ -w /dev/net/tun ]; then
	"$BUILD/tools/netpin" tap tap9 <"$tmp/tap" >"$tmp/ready" 2>/dev/null &
	exec 8>"$tmp/tap"
	wait_for grep -q ready "$tmp/ready"
	ip link set tap9 master br0 up
	wait_for sh -c 'bridge link show dev tap9 | grep -q "state forwarding"'
	ask
	is "$asked $(grep -c 'skip .*outer packet: .*tap9: a process has its other end' "$tmp/out")" "3 1" \
		"what carries it goes where nobody sees it: cannot tell"
	exec 8>&-
else
	skip 1 "not here: no /dev/net/tun that may be opened"
fi

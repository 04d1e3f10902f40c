#!/bin/sh
# `nsview why` over bonds, and over VLANs on bridges that keep them apart: which port of a bond is
# used, fail-over, and tags that are missing on the way. Each broken set-up is first proven broken.
# shellcheck disable=SC2034,SC2154 # the lab reads dst, from, by_address, and sets the holders
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/why_lab.sh"

used() { ina ip -d link show "$1" | grep -q 'state ACTIVE'; }

# A with a bond of two links, and B, on a bridge of ours
bonded() {
	clear_all
	hold a
	hold b
	ip link add br0 type bridge
	ip link set br0 up
	ip link add vb type veth peer name eth0 netns "$b"
	ip link add va type veth peer name s0 netns "$a"
	ip link add vc type veth peer name s1 netns "$a"
	ina ip link add bond0 type bond mode "${1:-active-backup}" miimon 10
	for link in s0 s1; do
		ina ip link set "$link" master bond0
		ina ip link set "$link" up
	done
	for link in va vb vc; do ip link set "$link" master br0 up; done
	ina ip link set bond0 up
	inb ip link set eth0 up
	wait_for all_forward
	if [ -z "${1:-}" ]; then
		wait_for ina ip link set bond0 type bond active_slave s0
		wait_for used s0
	fi
	ina ip addr add 10.9.0.2/24 dev bond0
	inb ip addr add 10.9.0.3/24 dev eth0
	answer tcp 0.0.0.0 80
	from=$a to=$b dst=10.9.0.3
}

# A and B in VLAN 20 of the bridge, with tags
tagged() {
	bridged
	ip link set br0 type bridge vlan_filtering 1
	for link in va vb; do bridge vlan add dev "$link" vid 20; done
	for pid in "$a" "$b"; do
		inside "$pid" ip addr flush dev eth0
		inside "$pid" ip link add link eth0 name eth0.20 type vlan id 20
		inside "$pid" ip link set eth0.20 up
	done
	ina ip addr add 10.9.0.2/24 dev eth0.20
	inb ip addr add 10.9.0.3/24 dev eth0.20
}

plan 39

# ---- bonds

if ip link add bond9 type bond 2>"$tmp/err"; then
	ip link del bond9
	bonded
	works "bond"
	like "$(cat "$tmp/out")" "ok +[0-9]+ .*:s0 -- .*:va UP, port of br0" "by the port that it uses"

	ina ip link set s0 down
	wait_for used s1
	works "bond, after its fail-over"
	like "$(cat "$tmp/out")" "ok +[0-9]+ .*:s1 -- .*:vc UP, port of br0" "by the other one"

	bonded balance-rr
	works "bond that uses all its ports"

	bonded
	ip link set va nomaster
	broken "bond: the way of the used port ends" "^s1 is a backup of bond0 .*, which uses s0 now"

	bonded
	ip link set va nomaster
	from=$b to=$a dst=10.9.0.2
	nsenter -t "$a" -n "$reach" listen tcp 0.0.0.0 80 >"$tmp/ready2" &
	listeners="$listeners $!"
	wait_for grep -q ready "$tmp/ready2"
	broken "bond: nothing is taken in by a backup" "^s1 is a backup of bond0 .*, which uses s0 now"

	bonded
	bridge link set dev va isolated on
	bridge link set dev vb isolated on
	broken "bond: what is wrong with the used port comes first" "isolated port of br0"

	bonded
	ina ip link set s0 down
	ina ip link set s1 down
	broken "bond: all ports down" "^s[01] is administratively down"

	bonded
	ina ip link set bond0 down
	broken "bond down" "^bond0 is administratively down"
else
	skip 23 "kernel: $(head -1 "$tmp/err")"
fi

# ---- VLANs

if ip link add br9 type bridge vlan_filtering 1 2>/dev/null &&
	[ "$(ip -d link show br9 | grep -c 'vlan_filtering 1')" -eq 1 ] &&
	ip link add link br9 name v9 type vlan id 9 2>/dev/null; then
	ip link del br9
	tagged
	works "VLAN with tags"

	tagged
	bridge vlan del dev va vid 20
	broken "its own port is not in the VLAN" "^va, of br0 .* lets no frames of VLAN 20 in"

	tagged
	bridge vlan del dev vb vid 20
	broken "the far port is not in the VLAN" "^vb, of br0 .* is not in VLAN 20"

	# One end with a tag, the other without
	tagged
	inb ip addr flush dev eth0.20
	inb ip addr add 10.9.0.3/24 dev eth0
	bridge vlan del dev vb vid 1
	bridge vlan add dev vb vid 20 pvid untagged
	works "a port that takes the tag off"

	# The bridge itself, as a router has it
	tagged
	ip link add link br0 name br0.20 type vlan id 20
	ip link set br0.20 up
	ip addr add 10.9.0.1/24 dev br0.20
	dst=10.9.0.1 by_address=yes
	nsenter -t $$ -n "$reach" listen tcp 0.0.0.0 80 >"$tmp/ready3" &
	listeners="$listeners $!"
	wait_for grep -q ready "$tmp/ready3"
	to=$$
	broken "the bridge itself is not in the VLAN" "^br0, of br0 .* is not in VLAN 20"
	ip link del br0.20
	by_address=

	# Another tag at the other end
	tagged
	inb ip link del eth0.20
	inb ip link add link eth0 name eth0.30 type vlan id 30
	inb ip link set eth0.30 up
	inb ip addr add 10.9.0.3/24 dev eth0.30
	other_tag() {
		inb ip link del eth0.30
		inb ip link add link eth0 name eth0.20 type vlan id 20
		inb ip link set eth0.20 up
		inb ip addr add 10.9.0.3/24 dev eth0.20
	}
	advised "another tag at the other end" "answers for 10.9.0.3" other_tag
else
	ip link del br9 2>/dev/null
	skip 16 "kernel: without VLANs on bridges"
fi

#!/bin/sh
# `nsview why` where bridges hear an address from several sides: two who have the same, an entry that
# is out of date, frames that come back. A connection is really made; what hangs on who was heard
# last is not guessed.
# shellcheck disable=SC2034,SC2154 # the lab reads dst, from, by_address, and sets the holders
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/why_lab.sh"

mac=02:00:00:00:00:42
# Nobody says anything unasked.
quiet() { for one in "$a" "$b" "$c"; do inside "$one" sysctl -qw net.ipv6.conf.all.disable_ipv6=1; done; }
# C asks for somebody who is not there, and only once.
c_speaks() {
	ip=$((${ip:-70} + 1))
	inside "$c" "$reach" try udp "10.9.0.$ip" 9
	heard_at vc
}
heard_at() { bridge fdb show br br0 | grep -q "^$mac dev $1 master"; }

plan 13

# B and C have the same; C is heard last, and A does not ask any more who has B's address.
bridged
quiet
inb ip link set eth0 address "$mac"
soon connects
ok $? "before: a connection works"
inside "$c" ip link set eth0 address "$mac"
inside "$c" ip addr add 10.9.0.4/24 dev eth0
inside "$c" sysctl -qw net.ipv4.neigh.eth0.mcast_solicit=1
ina ip neigh replace 10.9.0.3 lladdr "$mac" dev eth0 nud permanent
soon c_speaks
ok $? "before: C is heard"
if connects; then ok 1 "the same address, heard elsewhere: it is broken"; else ok 0 "the same address, heard elsewhere: it is broken"; fi
soon c_speaks
untold "the same address, heard elsewhere" "br0 has heard $mac behind vc last, but it is behind vb"
ina ip neigh del 10.9.0.3 dev eth0
agrees "the same address, but who has it is asked"
like "$(cat "$tmp/out")" "warn .*:eth0 and .*:eth0 have the same hardware address $mac: br0 sends to whichever" \
	"and there is a warning"

# B has moved from one port to another, and was not heard since.
bridged
quiet
inb ip link set eth0 address "$mac"
soon connects
bridge link set dev vb learning off # what B still says of the connection is not heard
bridge fdb replace "$mac" dev vc master dynamic
untold "an entry that is out of date" "br0 has heard $mac behind vc last"

# A port that sends frames back to where they came from, and there is another bridge.
bridged
hold r
ip link set va nomaster
ip link set va netns "$r"
ip link set vb nomaster
ip link set vb netns "$r"
inr ip link add br1 type bridge
inr ip link set br1 up
ip link add up0 type veth peer name up1 netns "$r"
ip link set up0 master br0 up
inr ip link set up1 master br1 up
for link in va vb; do inr ip link set "$link" master br1 up; done
soon connects
agrees "a bridge on a bridge"
inr ip link set br1 type bridge ageing_time 100000
bridge link set dev up0 hairpin on
ina ip neigh flush all
inb ip neigh flush all
inr ip link set br1 type bridge fdb_flush
untold "frames that come back" "br1: frames that it sent come back by up1"
bridge link set dev up0 hairpin off
agrees "frames that do not come back"
ip link del up0

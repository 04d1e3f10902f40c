#!/bin/sh
# The wiring picture as a tab, over real networks: whole screens of a bridge with two containers,
# and what becomes of them while one looks.
cd "$(dirname "$0")" || exit 2
. ./screen.sh
. ../live/net_lab.sh
own_net ./network.t
nets 45 first second
ip link set lo up

# Cards come by number, which is as the kernel deals them: the lower one is web.
if [ "$(named first)" -lt "$(named second)" ]; then
	set -- first second
else
	set -- second first
fi
for name in web db; do
	: >"/run/netns/$name"
	mount --bind "/run/netns/$1" "/run/netns/$name" && umount "/run/netns/$1" &&
		rm "/run/netns/$1"
	shift
done

# What differs from run to run is told as what it is, as wide as it was where columns are.
masked() {
	sed -E -e '1s/^( nsview).*/\1/' -e '1s/^(.*)nsview 0.*/\1nsview/' \
		-e 's/net:\[[0-9]{10}\]/net:[NNNNNNNNNN]/' -e 's/net:[0-9]{10}/net:NNNNNNNNNN/' \
		-e 's/  [0-9]+ procs?(\x1b|$)/  P\1/' \
		-e 's/^(.*(Received|Sent) .* )[0-9]+$/\1N/'
}
picture() { capture "$@" | masked; }

# ---- br0 with a container on either port, one of which is down; one with lo only

ip link add br0 address 02:00:00:00:00:01 type bridge
ip addr add 172.30.0.1/16 dev br0
n=2
for name in web db; do
	ip link add "v$name" address "02:00:00:00:01:0$n" type veth \
		peer name eth0 address "02:00:00:00:02:0$n" netns "$name"
	ip link set "v$name" master br0 up
	ip -n "$name" addr add "172.30.0.$n/16" dev eth0
	ip -n "$name" link set lo up
	n=$((n + 1))
done
ip link set br0 up
ip -n web link set eth0 up
ip -n web route add default via 172.30.0.1
ip netns add dull
has() { ip -o link show "$1" | grep -q "state $2"; }
wait_for has br0 UP && wait_for has vweb UP

# at_picture ROWSxCOLS [NAME=VALUE...]: with the cursor at the end of a wire that was hopped along
at_picture() {
	start "$@" -- --tab=network
	wait_for screen_has 'vdb'
	keys g j j Enter
	wait_for screen_has '^> +eth0'
}
at_picture 24x80
golden network-80x24 'the picture at 80x24'
sed -n '/^<!-- network: begin/,/^<!-- network: end/p' ../../README.md | sed '1,2d;$d' | sed '$d' |
	masked | cmp - golden/network-80x24.txt >/dev/null
ok $? 'which is that in README.md'
at_picture 50x200
golden network-200x50 'at 200x50'
at_picture 8x40
golden network-40x8 'at 40x8'
keys '>' '>' '>'
shows '^> .* ─── veth ─┘ │$' 'which shows the rest when it is moved'
at_picture 24x80 LC_ALL=C
golden network-80x24-c 'in the C locale'
[ "$(capture | LC_ALL=C tr -d '\n\040-\176' | wc -c)" -eq 0 ]
ok $? 'that is ASCII alone'
at_picture 24x80
golden network-color-80x24 'in colours' -e
at_picture 24x80 NO_COLOR=1
golden network-nocolor-80x24 'in none' -e

# ---- along the wires

at_picture 24x80
shows '^── vweb > eth0 of netns:web ──' 'Enter on a link goes to the other end of its wire'
keys Escape
shows '^> +├ vweb ' 'Esc goes back'
keys Enter Enter
shows '^── vweb > eth0 > vweb of self ──' 'and there and back is a way too'
keys l
shows '^ Wires .*netns:web:eth0  veth' 'the page of a link has its wires'
keys l Enter
shows '^── .*vweb > eth0 of netns:web ──' 'each of which is a jump'
keys Escape Escape Escape
keys 1
text '/netns:db'
keys Enter Enter
shows '^ Links +lo loopback UP 127.0.0.1/8' 'the page of a namespace has its links on any tab'
shows '^ +eth0@self:vdb veth DOWN 172.30.0.3/16' 'with what they lead to'
keys l l l Enter
shows '1:Namespaces 2:Processes \[3:Network\]' 'a jump to which leads to the picture'
shows '^> +└ vdb ' 'to that very link'
shows '^ State +LLD \(the other end' 'with its page'
keys Escape
shows '^ \[1:Namespaces\]' 'and Esc back'

# ---- while one looks

start 24x80 -- --tab=network
shows '^ +eth0@self:vweb +veth +UP .* veth ─┘ │$' 'a wire that is up'
shows '^ +\+\(1 namespace with only lo\)$' 'those with lo only are one row'
text '/eth0@'
keys Enter
shows '^> +eth0@self:vweb ' 'a search goes to a link'
ip -n web link set eth0 down
keys R
shows '^> +eth0@self:vweb +veth +DOWN .*──X veth ─┘ │$' 'it is broken when its end goes down'
shows '^ State +DOWN \(switched off\)' 'which the page says too'
ip -n web link set eth0 up
keys R
shows '^> +eth0@self:vweb +veth +UP .*─── veth ─┘ │$' 'and whole when it comes up'
ip link add br1 type bridge
keys R
shows '^ \+ +br1 +bridge DOWN' 'a link that appears is marked'
shows '^> +eth0@self:vweb ' 'and the cursor stays where it is'
ip link del br1
keys R
shows '^ x +br1 ' 'so is one that vanishes'
keys F
ip netns del web
keys R
shows '^ link 2 of net:\[[0-9]+\] is gone$' 'what is followed is said to be gone'
shows '^.x netns:web  net:' 'a namespace that has vanished is marked'
# The kernel takes a namespace apart when it comes to it.
read_again() { keys R && "$@"; }
wait_for read_again screen_has '^ x +vweb@netns:web:eth0 '
ok $? 'with the link that led to it'
shows '^ +└ vdb .*┐$' 'the other wire stays'
keys G Space
shows '^ +netns:dull  net:' 'Space opens those with lo only'
keys Space
hides 'netns:dull' 'and folds them'

# ---- routes and listeners

if [ -x "$BUILD/tools/reach" ]; then
	nsenter --net=/run/netns/db ip link set eth0 up
	nsenter --net=/run/netns/db "$BUILD/tools/reach" listen tcp 0.0.0.0 80 >"$tmp/listens" &
	listener=$!
	wait_for grep -q ready "$tmp/listens"
	start 50x80 -- --tab=network
	wait_for screen_has 'vdb'
	text '/netns:db  net'
	keys Enter
	shows '^ Routes +172.30.0.0/16 dev eth0 src 172.30.0.3' 'the page has routes'
	shows "^ Listen +tcp (\*|0\.0\.0\.0):80 reach\($listener\)" 'and who listens'
	keys Enter l l l l l l l l Enter
	shows '2:Processes\] 3:Network' 'whose name is a jump'
	end_process "$listener"
	wait "$listener" 2>/dev/null
else
	skip 3 'not here: needs the test programs'
fi

# ---- the words of the command line

start 24x80 -- --tab=network
wait_for screen_has 'vdb'
keys x
shows '^ nsview net$' 'x has the command'
keys "\\"
text 'link == "eth0"'
keys Enter
shows 'filter: link == "eth0"$' 'links can be filtered'
shows 'veth to self:vdb' 'what a wire leads to is told where that is left out'
start 24x80 -- --tab=3
shows '\[3:Network\]' 'a tab by its number'
start 24x100 -- --tab=nonsense
shows '^nsview: --tab takes namespaces, processes or network, not "nonsense"$' 'or none'

# ---- where there is none

on_fixture 24x80 -- --tab=network
shows '^  the network can be read of a running host only' 'of a copy of /proc it says that there is none'
keys q
wait_for ended
is "$(cat "$tmp/status")" 0 'and ends well'

#!/bin/sh
# The wiring picture, tables and drawings of real networks: what stands on which line, what is
# folded, grouped or left out, and that no name breaks any of the formats.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/net_lab.sh"
own_net "$0"
only_alone
nets 44 web db a b dull

# NSVIEW is a command with words. What differs from run to run is told as what it is.
# shellcheck disable=SC2086
net() { $NSVIEW net -q "$@" 2>&1; }
# shellcheck disable=SC2086
drawing() { $NSVIEW graph net -q "$@" 2>&1; }
plain() { sed -E 's/net:\[[0-9]+\]/net:[N]/; s/[0-9]+ procs?$/P/; s/ [0-9]+ procs?  +/ P /'; }

# ---- a bridge with two containers, one of them down; a pair of its own; one with lo only

ip link set lo up
ip link add br0 type bridge
ip link set br0 up
ip addr add 172.30.0.1/16 dev br0
for name in web db; do
	ip -n "$name" link set lo up
	ip link add "v$name" type veth peer name eth0 netns "$name"
	ip link set "v$name" master br0 up
done
ip -n web link set eth0 up
ip -n web addr add 172.30.0.2/16 dev eth0
ip -n db addr add 172.30.0.3/16 dev eth0
ip -n a link add x type veth peer name y netns b
ip -n a link set lo up
ip -n b link set lo up
ip -n a link set x up
ip -n b link set y up
ip -n b addr add 10.1.0.2/24 dev y
# The carrier comes a moment later.
came_up() { [ "$(ip -n "$1" -j link show "$2" | jq -r '.[0].operstate')" = UP ]; }
wait_for came_up web eth0 && wait_for came_up a x && wait_for came_up b y
has_carrier() { [ "$(ip -j link show br0 | jq -r '.[0].operstate')" = UP ]; }
wait_for has_carrier

net | plain >"$tmp/picture"
head=$(head -n 1 "$tmp/picture")
like "$head" '^ (self|host)  net:\[N\]  P$' 'the namespace that one is in comes first'
# Cards come by number, which is as the kernel deals them.
card() { awk -v who="$1" '/^ [^ ]/ { on = $1 == who } on' "$tmp/picture" | sed 's/[^ -~].*//; s/ *$//'; }
is "$(card "netns:web")" " netns:web  net:[N]  (mount)
   eth0@self:vweb veth   UP   172.30.0.2/16" 'a container, by name, with where it leads'
is "$(card "netns:db")" " netns:db  net:[N]  (mount)
   eth0@self:vdb  veth   DOWN 172.30.0.3/16" 'and one that is down'
like "$(grep vweb "$tmp/picture" | head -n 1)" '^   ├ vweb +veth +UP +─+' 'ports stand below their bridge'
like "$(grep vdb "$tmp/picture" | head -n 1)" '^   └ vdb +veth +LLD +──X─' \
	'a wire that is down has an X'
like "$(cat "$tmp/picture")" '^ \(1 namespace with only lo hidden: --all\)$' 'lo alone is folded'
unlike "$(cat "$tmp/picture")" 'netns:dull' 'and has no card'
like "$(net --all)" '^ netns:dull ' 'with --all it has'
is "$(grep -o '[┐┘]' "$tmp/picture" | sort | uniq -c | tr -s ' ' | tr '\n' ' ')" ' 3 ┐  3 ┘ ' \
	'each wire begins once and ends once'

net --ascii >"$tmp/ascii"
is "$(LC_ALL=C tr -d '\n -~' <"$tmp/ascii" | wc -c)" 0 'ASCII has nothing else'
is "$(plain <"$tmp/ascii" | sed "s/--X/──X/; s/[-|+.\`']//g" | tr -d ' ')" \
	"$(sed 's/[─│┼┐┘├└]//g' "$tmp/picture" | sed "s/[-|+.\`']//g; s/X/──X/" | tr -d ' ')" \
	'and says the same'
# Where the wire of a port bends; what stands behind that are lanes of others.
bend() { awk -v port="[- ]$1 " '$0 ~ port { print index($0, "."); exit }' "$tmp/ascii"; }
[ "$(bend vweb)" -ne "$(bend vdb)" ]
ok $? 'two wires that are side by side have a lane each'
for width in 60 80 200; do
	[ "$(COLUMNS=$width net | wc -L)" -le "$width" ]
	ok $? "it fits $width columns"
done
is "$(net | plain)" "$(net | plain)" 'two runs are the same'
is "$(net --color=always | sed "s/$(printf '\033')\[[0-9;]*m//g" | plain)" "$(net | plain)" \
	'colour adds nothing else'

# ---- around

net --around netns:a | plain >"$tmp/picture"
is "$(grep -c '^ [a-z]' "$tmp/picture")" 2 'one wire around it are two namespaces'
like "$(cat "$tmp/picture")" '^ netns:b ' 'the other end is one of them'
net --around netns:web >"$tmp/picture"
like "$(cat "$tmp/picture")" 'vdb +veth +LLD +veth to netns:db:eth0( |$)' 'what is further away is named'
like "$(net --around netns:web,2)" '^ netns:db ' 'two wires away'
unlike "$(net --around netns:web,0)" '^ (self|host) ' 'and none'
like "$(net netns:web)" 'eth0 +veth +UP +172.30.0.2/16  veth to self:vweb$' 'a target alone'
like "$(net ip:10.1.0.2)" '^ netns:b ' 'by an address'
is "$(status net --around netns:web,x)" 2 'a distance that is no number'
is "$(status net netns:none)" 2 'a namespace that is not there'

# ---- tables

is "$(net --addrs -n -r -o ADDR,LEN,LINK netns:web | grep -F .)" '127.0.0.1 8 lo
172.30.0.2 16 eth0' 'addresses of one namespace'
is "$(net --addrs -J | jq -c '[.addrs[] | .addr | select(startswith("172.30.0"))] | sort')" \
	'["172.30.0.1","172.30.0.2","172.30.0.3"]' 'of all, as JSON'
is "$(net --links -n -r -o LINK,KIND,MASTER,UP -Q 'master == "br0"')" 'vweb veth br0 yes
vdb veth br0 yes' 'links that a filter takes'
is "$(net --links -n -r -o END -Q 'link == "vweb"')" "net:$(named web):eth0" 'the other end'
like "$(net --routes -n -r -o TABLE,DST,LINK netns:web)" '^main 172.30.0.0/16 eth0$' 'routes'
like "$(net --rules -n -r -o PRIORITY,TABLE netns:web)" '^32766 main$' 'rules'
ip -n web neigh add 172.30.9.9 lladdr 02:00:00:00:00:09 dev eth0 nud permanent
is "$(net --neigh -n -r -o IP,MAC,STATE netns:web | grep 172)" \
	'172.30.9.9 02:00:00:00:00:09 PERMANENT' 'neighbours'
is "$(status net --links --routes)" 2 'two tables at once'
is "$(status net -o NS)" 2 'columns of no table'
is "$(net --json | jq -c '[.schema, (.net_namespaces | length), (.wires | length)]')" '[1,6,5]' \
	'JSON has every namespace and wire'

# ---- drawings, with names as hostile as they can be

hostile=$(printf '"<&>]\033[1m\134')
ip link add name "$hostile" type veth peer name "$(printf '\377;|--')" netns dull
ip link set "$hostile" alias "$(printf '</title><script>\342\200\256')"
unlike "$(net --all; net --links -o +ALIAS)" "$(printf '\033|\342\200\256|\377')" \
	'no name reaches a terminal raw'
net --json | jq -e . >"$tmp/json"
ok $? 'nor breaks JSON'
drawing >"$tmp/dot"
if have dot; then
	dot -Tcanon "$tmp/dot" >"$tmp/canon" 2>"$tmp/dot.err"
	is "$?$(cat "$tmp/dot.err")" 0 'dot reads the DOT'
	like "$(cat "$tmp/canon")" "\"?cluster_n$(named web)\"?" 'namespaces are clusters, by number'
else
	skip 2 'no dot'
fi
drawing --format=svg >"$tmp/net.svg"
if have xmllint; then
	xmllint --noout "$tmp/net.svg" 2>"$tmp/xml.err"
	is "$?$(cat "$tmp/xml.err")" 0 'the SVG is XML'
else
	skip 1 'no xmllint'
fi
unlike "$(cat "$tmp/net.svg")" '<script|onload|href' 'with nothing in it that runs'
like "$(drawing --format=mermaid)" "^  subgraph n$(named web)\\[\"netns#58;web" 'Mermaid'
is "$(status drawing --format=png)" 2 'a format that there is not'

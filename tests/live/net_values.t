#!/bin/sh
# The sysctls that nsview has of_name a network namespace and of each link are those that /proc/sys shows
# inside, also where there are so many namespaces that they are read in another way.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/net_lab.sh"
own_net "$0"
only_alone
nets 15 a

# of_name NAME JQ
of_name() { of "$(named "$1")" "$2"; }
# in_a COMMAND: under sh, in the namespace a
in_a() { ip netns exec a sh -c "$1"; }
# set NAME VALUE: below /proc/sys/net
set_in_a() { in_a "echo $2 >/proc/sys/net/$1" 2>/dev/null; }

ip link add va type veth peer name eth0 netns a
ip -n a link add br0 type bridge
ip -n a link set lo up
ip -n a link set eth0 up
# What is set differs from what is there by default, and from name to name.
for pair in ipv4/conf/all/rp_filter=2 ipv4/conf/all/arp_ignore=3 ipv4/conf/all/proxy_arp=1 \
	ipv4/conf/all/accept_local=1 ipv4/conf/all/ignore_routes_with_linkdown=1 \
	ipv4/conf/default/rp_filter=1 ipv4/conf/default/forwarding=1 ipv4/conf/all/src_valid_mark=1 \
	ipv6/conf/all/proxy_ndp=1 ipv6/conf/default/forwarding=1 ipv4/conf/eth0/forwarding=1 \
	ipv4/conf/eth0/rp_filter=1 ipv4/conf/eth0/arp_ignore=2 ipv4/conf/eth0/route_localnet=1 \
	ipv4/conf/eth0/ignore_routes_with_linkdown=1 ipv6/conf/eth0/accept_ra=2 \
	ipv6/conf/eth0/proxy_ndp=1 ipv6/conf/eth0/forwarding=1 ipv4/conf/br0/bc_forwarding=1 \
	ipv6/conf/br0/disable_ipv6=1 ipv4/ip_nonlocal_bind=1 ipv4/ip_unprivileged_port_start=80; do
	set_in_a "${pair%=*}" "${pair#*=}"
done

# sysctls NAME: every one, as nsview has it, without what changes by itself
sysctls() { of_name "$1" '.sysctls[] | select(.name | endswith("_count") | not) | "\(.name) \(.value)"'; }
# The same names, read inside; "null" where there is no such file.
files() {
	sysctls "$1" | while read -r name _; do
		echo "$name $(ip netns exec "$1" cat "/proc/sys/$name" 2>/dev/null || echo null)"
	done
}
look
is "$(of_name a '[.sysctls[].name] | length >= 30')" true 'there are many sysctls'
is "$(sysctls a)" "$(files a)" 'each is what /proc/sys says inside'
like "$(sysctls a)" '^net/ipv4/conf/all/rp_filter 2$' 'one that was set, of all'
like "$(sysctls a)" '^net/ipv4/conf/default/forwarding 1$' 'and of default'
is "$(of_name a '[.sysctls[].name] == ([.sysctls[].name] | sort | unique)')" true \
	'in order, each once'
is "$(of_name a '.partly | map(select(.part == "sysctls")) | length')" 0 'all of them'

confs() {
	of_name a '.links[] | .name as $l | (.ipv4_conf | to_entries[] | "ipv4 \($l) \(.key) \(.value)"),
		(.ipv6_conf // {} | to_entries[] | "ipv6 \($l) \(.key) \(.value)")' | tr '	' ' '
}
# What this kernel has no file for is 0 there.
conf_files() {
	confs | while read -r family link key _; do
		file=/proc/sys/net/$family/conf/$link/$key
		echo "$family $link $key $(ip netns exec a cat "$file" 2>/dev/null || echo 0)"
	done
}
is "$(confs)" "$(conf_files)" 'the values of each link are those of /proc/sys'
like "$(confs)" '^ipv4 eth0 arp_ignore 2$' 'one that was set'
each=18
[ ! -e /proc/sys/net/ipv6/conf/lo/force_forwarding ] || each=19
is "$(confs | wc -l)" "$(($(ip -n a -o link | wc -l) * each))" 'every link has all of them'

# ---- whether a link is up goes by its flags: its operational state follows them after a while

ip link set va up
said() { jq -r '.wires[] | select(.kind == "veth") | .up' "$tmp/json"; }
# shellcheck disable=SC2086
drawn() { $NSVIEW net -q --ascii 2>/dev/null | awk '$1 == "va" { print $3 }'; }
seen=
for state in down up down up down up; do
	ip -n a link set eth0 "$state"
	look
	seen="$seen$(said) $(drawn) "
done
is "$seen" 'false LLD true UP false LLD true UP false LLD true UP ' 'up and down are seen at once'

# ---- what a person wrote into a rule is escaped once, where it is shown

comment=$(printf 'a\033[31m"q" \134 b')
if have iptables-legacy && ip netns exec a iptables-legacy -A INPUT -s 10.0.0.9 \
	-m comment --comment "$comment" -j DROP 2>/dev/null; then
	look
	# JSON has a backslash twice, so that bytes that are not UTF-8 can be told.
	is "$(of_name a '.filters[] | .rules[] | .text | select(contains("comment"))')" \
		"ip saddr 10.0.0.9 comment \"$(printf %s "$comment" | sed 's/\\/\\\\/')\" drop" \
		'a comment in JSON is as it was written'
	# shellcheck disable=SC2086
	$NSVIEW net -q -u --firewall netns:a >"$tmp/rules" 2>&1
	like "$(cat "$tmp/rules")" 'comment "a\\x1b\[31m"q" \\\\ b"' 'and in a table escaped once'
	unlike "$(cat "$tmp/rules")" "$(printf '\033')" 'so that no terminal gets it raw'
else
	skip 3 'not here: no iptables-legacy that works here'
fi

# ---- so many that /proc is taken afresh now and then

i=0
while [ "$i" -lt 80 ]; do
	printf 'netns add m%d\n' "$i"
	i=$((i + 1))
done | ip -batch - || exit 1
i=0
while [ "$i" -lt 80 ]; do
	ip netns exec "m$i" sh -c "echo $((2000 + i)) >/proc/sys/net/ipv4/ip_unprivileged_port_start"
	i=$((i + 3))
done 2>/dev/null
look
every() {
	jq -r '.net_namespaces[] | .ns as $n | .sysctls[] |
		select(.name == "net/ipv4/ip_unprivileged_port_start") | "\($n) \(.value)"' "$tmp/json" |
		sort
}
inside() {
	echo "$(ino) $(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)"
	for file in /run/netns/*; do
		name=${file##*/}
		echo "$(named "$name") $(ip netns exec "$name" \
			cat /proc/sys/net/ipv4/ip_unprivileged_port_start)"
	done
}
is "$(every)" "$(inside | sort)" 'with many namespaces, each has its own'
is "$(every | awk '{ print $2 }' | sort -u | wc -l)" 29 'and they differ'

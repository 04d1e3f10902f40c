#!/bin/sh
# `nsview why` where nftables looks something up: sets and maps of several fields, of networks and
# ports, of addresses to translate to, and numbers that are drawn; as container hosts and firewalls
# have them. A connection is really made, and why has to say the same.
# shellcheck disable=SC2034,SC2154 # the lab reads dst, from, by_address, and sets the holders
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/why_lab.sh"

nftr() { printf 'table %s t {\n%s\n}\n' "$1" "$2" | inside "$r" nft -f -; }

plan 61

# ---- verdicts by several fields

bridged
nftb ip 'map m { type ipv4_addr . inet_service : verdict; elements = { 10.9.0.2 . 22 : accept, 10.9.0.2 . 80 : drop }; }
	chain c { type filter hook input priority 0; ip saddr . tcp dport vmap @m; }'
fails "a map of addresses and ports" "ip saddr . th dport vmap \{ 10.9.0.2 . 22 : accept, 10.9.0.2 . 80 : drop \}"

bridged
nftb ip 'chain c { type filter hook input priority 0; policy drop;
	iifname . ip saddr . tcp dport vmap { "eth0" . 10.9.0.0/24 . 70-90 : accept, "eth0" . 10.9.1.0/24 . 1-9 : accept }; }'
agrees "a map of links, networks and ports"

bridged
nftb ip 'chain c { type filter hook input priority 0;
	ip saddr . tcp dport vmap { 10.9.0.0/25 . 70-90 : drop, 10.9.0.128/25 . 1-65535 : accept }; }'
fails "a map of networks and ports" "vmap \{ 10.9.0.0-10.9.0.127 . 70-90 : drop"

bridged
nftb ip 'map m { type ipv4_addr . inet_service : verdict; flags interval;
		elements = { 10.9.0.0/24 . 80 : drop, 10.9.0.2 . 1-65535 : accept }; }
	chain c { type filter hook input priority 0; ip saddr . tcp dport vmap @m; }'
untold "a map of networks that overlap" "not evaluated: .*ip saddr . th dport vmap"

bridged
nftb ip 'chain c { type filter hook input priority 0; tcp dport vmap { 22 : accept, * : drop }; }'
fails "a map that has something for all others" "vmap \{ 22 : accept, \* : drop \}"
inb nft flush chain ip t c
inb nft 'add rule ip t c tcp dport vmap { 80 : accept, * : drop }'
agrees "a map that has something for all others, but also this one"

bridged
nftb ip 'set s { type ipv4_addr . inet_proto . inet_service; elements = { 10.9.0.2 . tcp . 80 }; }
	chain c { type filter hook input priority 0; policy drop; ip saddr . meta l4proto . th dport @s accept; }'
agrees "a set of several fields"
inb nft flush chain ip t c
inb nft 'add rule ip t c ip saddr . meta l4proto . th dport != @s accept'
fails "a set of several fields, and what is not in it" "^the policy of chain"

bridged
ina ip -6 addr add fd09:9::2/64 dev eth0 nodad
inb ip -6 addr add fd09:9::3/64 dev eth0 nodad
again tcp :: 80
dst=fd09:9::3
nftb ip6 'set s { type ipv6_addr . ipv6_addr . inet_service; elements = { fd09:9::2 . fd09:9::3 . 80 }; }
	chain c { type filter hook input priority 0; ip6 saddr . ip6 daddr . tcp dport @s drop; }'
fails "a set of long keys" "ip6 saddr . ip6 daddr . th dport fd09:9::2 . fd09:9::3 . 80 drop"

bridged
nftb ip 'chain c { type filter hook input priority 0; policy drop; iifname { "et*", "wl*" } accept; }'
agrees "a set of the beginnings of names"

bridged
nftb ip 'chain c { type filter hook input priority 0; meta mark set 7; meta mark 5-9 drop; }'
fails "marks from one to another" "meta mark 5-4294967295 meta mark 0-9 drop"

bridged
nftb ip 'chain c { type filter hook input priority 0; meta mark set meta mark or 0x4000; meta mark & 0x4000 == 0x4000 drop; }'
fails "a bit of the mark" "meta mark and 0x4000 16384 drop"

bridged
nftb ip 'chain c { type filter hook input priority 0; meta mark set 0x4000 tcp dport 81 accept; meta mark 0x4000 drop; }'
untold "what marks before it asks" "not evaluated: meta mark"

bridged
nftb ip 'set s { type ipv4_addr; flags dynamic; timeout 1m; }
	chain c { type filter hook input priority 0; add @s { ip saddr }; ip saddr @s drop; }'
untold "a set that the packet itself is added to" "not evaluated: "

# ---- translation by maps

routed
again tcp :: 8080
dst=10.9.1.1 by_address=yes
nftr ip 'chain c { type nat hook prerouting priority -100; dnat to tcp dport map { 80 : 10.9.2.2 . 8080, 81 : 10.9.2.3 . 81 }; }'
agrees "a map of ports to addresses and ports"
like "$(cat "$tmp/out")" "to 10.9.2.2 port 8080" "and where that leads"
inr nft flush chain ip t c
inr nft 'add rule ip t c dnat to tcp dport map { 80 : 10.9.2.2 . 9, 81 : 10.9.2.3 . 81 }'
fails "a map to a port on which nobody listens" "^nobody listens on tcp port 9"
inr nft flush chain ip t c
inr nft 'add rule ip t c dnat to tcp dport map { 22 : 10.9.2.2 . 8080 }'
fails "a map that does not have it" "^nobody listens on tcp port 80"
inr nft flush chain ip t c
inr nft 'add rule ip t c meta l4proto tcp dnat to ip saddr map { 10.9.1.0/24 : 10.9.2.2 }:8080'
agrees "a map of networks to addresses, and a port"
inr nft flush chain ip t c
inr nft 'add rule ip t c dnat to ip saddr . tcp dport map { 10.9.1.2 . 80 : 10.9.2.2 . 8080 }'
agrees "a map of addresses and ports to others"
inr nft flush chain ip t c
inr nft 'add rule ip t c dnat to tcp dport map { 80 : 10.9.2.2-10.9.2.9 }'
untold "a map to one of several addresses" "where this leads cannot be told: dnat to 10.9.2.2-10.9.2.9"

bridged
again tcp 0.0.0.0 8080
nftb ip 'chain c { type nat hook prerouting priority -100; meta l4proto tcp redirect to :tcp dport map { 80 : 8080 }; }'
agrees "a map of ports"

bridged
nftb ip 'chain c { type filter hook input priority 0; ct mark set ip saddr map { 10.9.0.2 : 7 } drop; }'
fails "a map of marks that has it" "^a rule of chain"
inb nft flush chain ip t c
inb nft 'add rule ip t c ct mark set ip saddr map { 10.9.0.99 : 7 } drop'
agrees "a map of marks that does not have it"

# ---- what is drawn

bridged
nftb ip 'chain c { type filter hook input priority 0; numgen random mod 2 vmap { 0 : drop, 1 : drop }; }'
fails "lots that are all the same" "numgen vmap \{ 0 : drop, 1 : drop \}"
inb nft flush chain ip t c
inb nft 'add rule ip t c numgen random mod 3 vmap { 0 : drop }; add rule ip t c drop'
fails "lots of which some are blanks" "numgen vmap \{ 0 : drop \}|drop"
inb nft flush chain ip t c
inb nft 'add rule ip t c numgen random mod 100 vmap { 0-49 : drop, 50-99 : accept }'
untold "lots that differ" "numgen vmap \{ 0-49 : drop, 50-99 : accept \}"
inb nft flush chain ip t c
inb nft 'add rule ip t c jhash ip saddr mod 2 vmap { 0 : drop, 1 : accept }'
untold "hashes that differ" "hash vmap \{ 0 : drop, 1 : accept \}"

# services BACKENDS: as kube-proxy makes them, of which one is drawn; A asks for 10.96.0.1
services() {
	routed
	again tcp :: 8080
	inb ip addr add 10.9.2.3/24 dev eth0
	dst=10.96.0.1 by_address=yes
	nftr ip "
	map service-ips { type ipv4_addr . inet_proto . inet_service : verdict;
		elements = { 10.96.0.1 . tcp . 80 : goto service-1, 10.96.0.2 . tcp . 53 : goto service-2 }; }
	map no-endpoints { type ipv4_addr . inet_proto . inet_service : verdict;
		elements = { 10.96.0.3 . tcp . 80 : goto reject-chain }; }
	chain reject-chain { reject; }
	chain mark-for-masquerade { meta mark set meta mark or 0x4000; }
	chain endpoint-a { ip saddr 10.9.2.2 jump mark-for-masquerade; meta l4proto tcp dnat to 10.9.2.2:8080; }
	chain endpoint-b { ip saddr 10.9.2.3 jump mark-for-masquerade; meta l4proto tcp dnat to 10.9.2.3:8080; }
	chain endpoint-c { meta l4proto tcp dnat to 10.9.2.77:8080; }
	chain endpoint-d { meta l4proto tcp dnat to 10.9.2.78:8080; }
	chain service-1 {
		ip daddr 10.96.0.1 tcp dport 80 ip saddr != 10.244.0.0/16 jump mark-for-masquerade
		$1
	}
	chain service-2 { numgen random mod 1 vmap { 0 : goto endpoint-c }; }
	chain services { ip daddr . meta l4proto . th dport vmap @service-ips; }
	chain masquerading {
		meta mark and 0x4000 == 0 return
		meta mark set meta mark xor 0x4000
		masquerade fully-random
	}
	chain nat-prerouting { type nat hook prerouting priority dstnat; jump services; }
	chain nat-postrouting { type nat hook postrouting priority srcnat; jump masquerading; }
	chain filter-forward { type filter hook forward priority -110;
		ct state new ip daddr . meta l4proto . th dport vmap @no-endpoints; }"
}

services 'numgen random mod 1 vmap { 0 : goto endpoint-a }'
agrees "a service of one"
like "$(cat "$tmp/out")" "from 10.9.2.1 .masquerade" "and it is masqueraded"
services 'numgen random mod 2 vmap { 0 : goto endpoint-a, 1 : goto endpoint-b }'
agrees "a service of several"
services 'numgen random mod 2 vmap { 0 : goto endpoint-a, 1 : goto endpoint-c }'
untold "a service of which one is gone" "answers for 10.9.2.77"
services 'numgen random mod 2 vmap { 0 : goto endpoint-d, 1 : goto endpoint-c }'
fails "a service of which all are gone" "answers for 10.9.2.7[78]"
services 'meta l4proto tcp dnat to numgen random mod 2 map { 0 : 10.9.2.2, 1 : 10.9.2.3 }:8080'
agrees "a service of addresses that are drawn"
dst=10.96.0.3
fails "a service of nobody" "10.96.0.3"
by_address=

#!/bin/sh
# `nsview why` and iptables-legacy: rules in the kernel's own tables, each first proven to break a
# connection, and then mended by what why proposes.
# shellcheck disable=SC2034 # the lab reads dst, from, by_address
. "$(dirname "$0")/../lib.sh"
have iptables-legacy ip6tables-legacy || { plan 1; skip 1 "iptables-legacy is missing"; exit 0; }
. "$(dirname "$0")/why_lab.sh"
# A lock of its own, that an ordinary user may take as well.
XTABLES_LOCKFILE=$tmp/xtables.lock
export XTABLES_LOCKFILE
if ! iptables-legacy -t filter -S >"$tmp/out" 2>&1; then
	plan 1
	skip 1 "kernel: $(head -1 "$tmp/out")"
	exit 0
fi

names() { inside "$1" cat /proc/thread-self/net/ip_tables_names /proc/thread-self/net/ip6_tables_names; }
ipt() { pid=$1; shift; inside "$pid" iptables-legacy -w "$@"; }
ipt6() { pid=$1; shift; inside "$pid" ip6tables-legacy -w "$@"; }
# firewall PID [OPTION...]: the table of packet filters in a namespace
firewall() {
	pid=$1
	shift
	# shellcheck disable=SC2086 # NSVIEW is a command with words
	$NSVIEW net -q --firewall "$@" "$pid"
}

plan 44

# ---- filter

bridged
ipt "$b" -A INPUT -p tcp --dport 80 -j DROP
broken "a rule of INPUT" "^a rule of chain \"iptables-legacy filter INPUT\" \(input\) .* dport 80 drop"

bridged
ipt "$b" -P INPUT DROP
broken "the policy of INPUT" "^the policy of chain \"iptables-legacy filter INPUT\""

bridged
ipt "$a" -A OUTPUT ! -s 10.9.0.99 ! -d 10.9.1.0/24 -o eth+ -m comment --comment 'no "way" out' -j DROP
broken "inverted addresses, a wildcard" "\(output\) .*saddr != 10.9.0.99 .*oifname \"eth\*\" .*no .*way.* drop"

routed
ipt "$r" -N web
ipt "$r" -A web -s 10.9.9.0/24 -j RETURN
ipt "$r" -A web -m iprange --src-range 10.9.1.1-10.9.1.9 -j DROP
ipt "$r" -A FORWARD -i ra -p tcp -m multiport --dports 22,80:81 -j web
broken "a chain of one's own" "^a rule of chain \"iptables-legacy filter web\" \(forward\)"

routed
ipt "$r" -P FORWARD DROP
ipt "$r" -A FORWARD -m conntrack --ctstate NEW -j ACCEPT
broken "answers are dropped" "^the policy of chain \"iptables-legacy filter FORWARD\""

routed
dst=fd09:2::2
ipt6 "$r" -A FORWARD -d fd09:2::/64 -p tcp --dport 80 -j REJECT
broken "IPv6 is refused" "^a rule of chain \"ip6tables-legacy filter FORWARD\" .*reject"

# ---- other tables

routed
ipt "$r" -t raw -A PREROUTING ! -i rb -p tcp -j DROP
broken "raw" "^a rule of chain \"iptables-legacy raw PREROUTING\""

routed
ipt "$r" -t mangle -A POSTROUTING -o rb -j DROP
broken "mangle" "^a rule of chain \"iptables-legacy mangle POSTROUTING\""

routed
ipt "$r" -t mangle -A PREROUTING -i ra -p tcp --dport 80 -j MARK --set-mark 7
inr ip route add blackhole default table 100
inr ip rule add fwmark 7 lookup 100 priority 50
broken "marked into a blackhole" "^the route to 10.9.2.2 .* is a \"blackhole\" route"

bridged
ina ip route add blackhole default table 100
ina ip rule add fwmark 0x4/0x4 lookup 100 priority 50
ipt "$a" -t mangle -A OUTPUT -p tcp -j MARK --set-xmark 0x4/0xff
broken "marked on the way out" "^the route to 10.9.0.3 .* is a \"blackhole\" route"

routed
ipt "$r" -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.9.2.2:8080
advised "translated to where nobody listens" "^nobody listens on tcp port 8080" answer tcp 0.0.0.0 8080

# ---- what does not break it

routed
ipt "$r" -t nat -A POSTROUTING -o rb -j MASQUERADE
ipt "$r" -P FORWARD DROP
ipt "$r" -A FORWARD -m state --state ESTABLISHED,RELATED -j ACCEPT
ipt "$r" -A FORWARD -i rb+ -j DROP
ipt "$r" -A FORWARD -p udp --dport 80 -j DROP
ipt "$r" -A FORWARD -m conntrack ! --ctstate INVALID -j ACCEPT
ipt "$b" -A INPUT -s 10.9.1.0/24 -j DROP
works "masquerade, and rules for others"
like "$(cat "$tmp/out")" 'nat .*from 10.9.2.1' "the translation is told"

# ---- what cannot be told

routed
ipt "$r" -P FORWARD DROP
ipt "$r" -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
ipt "$r" -A FORWARD -p tcp -m limit --limit 100/s -j ACCEPT
ask
is "$asked $(grep -c 'skip .*iptables-legacy filter FORWARD: not evaluated: .*limit' "$tmp/out")" "3 1" \
	"a rule that cannot be evaluated is quoted, and the answer is not given"

bridged
ipt "$b" -A INPUT -m limit --limit 1/s -p udp -j DROP
works "a rule that cannot be evaluated, of another protocol"

# ---- the table

bridged
is "$(names "$a")" "" "a namespace without tables"
ask
is "$(names "$a")" "" "stays without: nothing was made by looking"
ipt "$b" -P INPUT DROP
ipt "$b" -A INPUT -p tcp --dport 80 -j ACCEPT
ipt "$b" -A INPUT -p tcp --dport 80
firewall "$b" -r -o FAMILY,TABLE,CHAIN,HOOK,VERDICT,RULE -Q "tool == 'iptables-legacy' and chain == 'INPUT'" -n >"$tmp/rows"
is "$(cat "$tmp/rows")" 'ip filter INPUT input accept meta\x20l4proto\x20tcp\x20th\x20dport\x2080\x20accept
ip filter INPUT input - meta\x20l4proto\x20tcp\x20th\x20dport\x2080
ip filter INPUT input drop policy' "rules and policies, in the order in which they are tried"
connects
is "$(firewall "$b" -J -o +PACKETS -Q 'packets > 0' | jq -r '.firewall[0] | "\(.rule) \(.packets > 0)"')" \
	"meta l4proto tcp th dport 80 accept true" "counters"
# shellcheck disable=SC2086
is "$($NSVIEW net -q -J "$b" | jq -c '[.net_namespaces[0].filters[] | select(.legacy and .name == "INPUT") |
	.policy, (.rules | length), .rules[0].verdict]')" '["drop",2,"accept"]' "JSON has them"

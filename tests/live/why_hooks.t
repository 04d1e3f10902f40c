#!/bin/sh
# What `nsview why` does not evaluate, but must name: filters of tc, BPF programs of XDP, rules for
# ARP. Each first breaks a connection; the answer is that it cannot be told, and trying tells. Rules
# of nftables for one link are evaluated.
# shellcheck disable=SC2034 # the lab reads dst, from, by_address
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/why_lab.sh"

# doubtful NAME WORDS: broken, not told, and named; with --probe it is told
doubtful() {
	proven "$1"
	ask
	is "$asked $(grep -Eq -e "skip .*$2" "$tmp/out" && echo named)" "3 named" "$1: why names it, and does not guess"
	grep -Eq -e "skip .*$2" "$tmp/out" || sed 's/^/# /' "$tmp/out"
	ask --probe
	is "$asked" 1 "$1: trying tells"
}

plan 31

# ---- tc: 2 is TC_ACT_SHOT of classic BPF
if tc qdisc add dev lo clsact 2>"$tmp/err" &&
	tc filter add dev lo egress bpf da bytecode "1,6 0 0 2," 2>"$tmp/err"; then
bridged
tc qdisc add dev vb clsact
tc filter add dev vb egress bpf da bytecode "1,6 0 0 2,"
doubtful "a filter of tc, going out" "vb: 1 bpf filter of tc for what goes out by it is not evaluated .tc filter show dev vb egress"

bridged
inb tc qdisc add dev eth0 ingress
inb tc filter add dev eth0 ingress bpf da bytecode "1,6 0 0 2,"
inb tc filter add dev eth0 ingress bpf da bytecode "1,6 0 0 2,"
doubtful "filters of tc, coming in" "eth0: 2 bpf filters of tc for what comes in by it are not evaluated .nsview enter .*tc filter show dev eth0 ingress"
# shellcheck disable=SC2086 # NSVIEW is a command with words
is "$($NSVIEW net -q -J "$b" | jq -c '[.net_namespaces[0].links[] | select(.name == "eth0") |
	.tc[] | select(.kind == "ingress") | .in_filters, .filter]')" '[2,"bpf"]' "JSON counts them"

bridged
tc qdisc add dev va clsact
ask
is "$asked" 0 "without filters there is no doubt"
else
	skip 8 "kernel: $(head -1 "$tmp/err")"
fi

# ---- XDP: the program drops all
cat >"$tmp/drop.c" <<'END'
__attribute__((section("xdp"), used)) int drop(void *ctx) { (void)ctx; return 1; }
char _license[] __attribute__((section("license"), used)) = "MIT";
END
bridged
if have clang && clang -O2 -target bpf -c "$tmp/drop.c" -o "$tmp/drop.o" 2>"$tmp/err" &&
	inb ip link set dev eth0 xdpgeneric obj "$tmp/drop.o" sec xdp 2>"$tmp/err"; then
doubtful "XDP" "eth0: its BPF program .xdpgeneric, [0-9]+. is not evaluated .nsview enter .*ip -d link show dev eth0"
# shellcheck disable=SC2086
is "$($NSVIEW net -q -J "$b" | jq -c '[.net_namespaces[0].links[] | select(.name == "eth0") | .xdp]')" \
	'["xdpgeneric"]' "JSON has it"
inb ip link set dev eth0 xdpgeneric off
else
	skip 4 "not here: no program of XDP can be made or attached: $(head -1 "$tmp/err")"
fi

# ---- ARP
bridged
inb nft 'add table arp t; add chain arp t c { type filter hook input priority 0 ; policy drop ; }'
doubtful "rules for ARP" "rules for ARP are not evaluated .nsview enter .*nft -a list chain arp t c"

# ---- rules for one link, also where a frame only passes it
if nft 'add table netdev t; add chain netdev t c { type filter hook ingress devices = { va, lo } priority 0 ; }' 2>"$tmp/err"; then
nft delete table netdev t
bridged
nft 'add table netdev t; add chain netdev t c { type filter hook ingress devices = { vc, va } priority 0 ; }'
nft 'add rule netdev t c ip daddr 10.9.0.3 tcp dport 80 drop'
broken "a rule for a port of the bridge" "^a rule of chain \"netdev t c\" \(ingress\)"
nft delete table netdev t

bridged
inb nft 'add table netdev t; add chain netdev t c { type filter hook ingress device eth0 priority 0 ; }'
inb nft 'add rule netdev t c ip saddr 10.9.0.2 drop'
broken "a rule for the last link" "^a rule of chain \"netdev t c\" \(ingress\)"
else
	skip 6 "kernel: $(head -1 "$tmp/err")"
fi

# A hook may name its links by how their names begin, also before they are there.
hold one
inside "$one" nft add table netdev t
if nsenter -t "$one" -n "$BUILD/tools/nfprefix" t c eth 2>"$tmp/err"; then
bridged
inb nft add table netdev t
nsenter -t "$b" -n "$BUILD/tools/nfprefix" t c eth
fails "a rule for links by the beginning of their names" "^the policy of chain \"netdev t c\" \(ingress\)"
# shellcheck disable=SC2086 # NSVIEW is a command with words
is "$($NSVIEW net -q -J "$b" | jq -c '[.net_namespaces[0].filters[] | .device, .devices, .device_prefixes]')" \
	'["eth*",[],["eth"]]' "JSON has how they begin"

bridged
inb nft add table netdev t
nsenter -t "$b" -n "$BUILD/tools/nfprefix" t c ethx
agrees "a rule for links whose names begin otherwise"
else
	skip 5 "kernel: hooks name links only in full: $(head -1 "$tmp/err")"
fi

if nft 'add table netdev t; add chain netdev t c { type filter hook ingress devices = { va, lo } priority 0 ; }' 2>"$tmp/err"; then
nft delete table netdev t
bridged
inb ip link add d0 type veth peer name d1
inb nft 'add table netdev t; add chain netdev t c { type filter hook ingress devices = { d0, eth0, d1 } priority 0 ; policy drop ; }'
fails "a policy for several links" "^the policy of chain \"netdev t c\" \(ingress\)"
# shellcheck disable=SC2086
is "$($NSVIEW net -q -J "$b" | jq -c '[.net_namespaces[0].filters[] | (.device | split(",") | sort), (.devices | sort), .device_prefixes]')" \
	'[["d0","d1","eth0"],["d0","d1","eth0"],[]]' "JSON has them all"

bridged
inb ip link add d0 type veth peer name d1
inb nft 'add table netdev t; add chain netdev t c { type filter hook ingress devices = { d0, d1 } priority 0 ; policy drop ; }'
agrees "a policy for several other links"
else
	skip 5 "kernel: $(head -1 "$tmp/err")"
fi

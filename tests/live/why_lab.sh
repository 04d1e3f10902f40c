# shellcheck shell=sh
# What the tests of `nsview why` share: networks made of namespaces that are the test's own, and
# cases that are first seen broken, then mended by what why proposes. A test sources ../lib.sh and
# then this, which starts it again in a sandbox and in a network namespace of its own.
# shellcheck disable=SC2154 # tmp is lib.sh's
. "$(dirname "$0")/net_lab.sh"
own_net "$0"
have ip bridge nft nsenter sysctl || { plan 1; skip 1 "ip, bridge, nft or sysctl is missing"; exit 0; }
reach=$BUILD/tools/reach
port=80
total=0

# ---- the parts: three namespaces, each held by a process

# hold NAME: a namespace whose holder is $NAME
hold() {
	hold_net
	eval "$1=$holder"
	inside "$holder" ip link set lo up
	holders="$holders $holder"
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
	mended "$1"
}

# mended NAME: it works after that
mended() {
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

# proven NAME: no connection can be made
proven() {
	total=$((total + 1))
	if connects; then ok 1 "$1: it is broken"; else ok 0 "$1: it is broken"; fi
}

first() {
	proven "$1"
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

# agrees NAME: it works, and why says so without having tried
agrees() {
	soon connects
	ok $? "$1: a connection works"
	ask
	is "$asked" 0 "$1: why says so"
	[ "$asked" -eq 0 ] || sed 's/^/# /' "$tmp/out" "$tmp/err"
}

# fails NAME CAUSE
fails() { first "$1" "$2"; }

# untold NAME WORDS: what hangs on something that is not evaluated is said
untold() {
	ask
	is "$asked $(grep -Eq -e "$2" "$tmp/out" && echo said)" "3 said" "$1: why does not guess"
	[ "$asked" -eq 3 ] || sed 's/^/# /' "$tmp/out" "$tmp/err"
}

nftb() { printf 'table %s t {\n%s\n}\n' "$1" "$2" | inside "$b" nft -f -; }

# around: what B answers goes back by C, not by R
around() {
	routed
	hold c
	inb ip link add eth1 type veth peer name cb netns "$c"
	ina ip link add eth1 type veth peer name ca netns "$c"
	inside "$c" ip addr add 10.9.5.1/24 dev cb
	inside "$c" ip addr add 10.9.6.1/24 dev ca
	inb ip addr add 10.9.5.2/24 dev eth1
	ina ip addr add 10.9.6.2/24 dev eth1
	for link in ca cb; do inside "$c" ip link set "$link" up; done
	ina ip link set eth1 up
	inb ip link set eth1 up
	inside "$c" sysctl -qw net.ipv4.ip_forward=1
	inside "$c" ip route add 10.9.1.0/24 via 10.9.6.2
	inb ip route add 10.9.1.0/24 via 10.9.5.1
}

# forwards HOLDER RULE...: all else is dropped
forwards() {
	pid=$1
	shift
	inside "$pid" nft 'add table ip t; add chain ip t c { type filter hook forward priority 0 ; policy drop ; }'
	for rule in "$@"; do inside "$pid" nft "add rule ip t c $rule"; done
}

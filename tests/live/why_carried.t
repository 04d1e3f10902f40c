#!/bin/sh
# `nsview why` through tunnels of the other kinds: GRE, IP in IP and Geneve, for packets and for
# frames. Each broken set-up is first proven broken, then mended by what why proposes or advises.
# shellcheck disable=SC2034,SC2154 # the lab reads dst, from, by_address, and sets the holders
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/why_lab.sh"

# made KIND: whether the kernel makes such links; else $tmp/err says why
made() {
	unshare --net ip link add t0 type "$@" 2>"$tmp/err"
}
kinds=
made gre local 10.9.0.2 remote 10.9.0.3 && kinds="$kinds gre gretap"
made ipip local 10.9.0.2 remote 10.9.0.3 && kinds="$kinds ipip"
made sit local 10.9.0.2 remote 10.9.0.3 && kinds="$kinds sit"
made ip6gre local fd09::2 remote fd09::3 && kinds="$kinds ip6gre ip6gretap"
made geneve id 42 remote 10.9.0.3 && kinds="$kinds geneve"
has() { case " $kinds " in *" $1 "*) ;; *) return 1 ;; esac }

# end PID LOCAL REMOTE ADDRESS [MORE]: one end of a tunnel of $kind, in the namespace of PID
end() {
	pid=$1 address=$4
	case $kind in
	geneve) set -- "$@" id 42 remote "$3" ;;
	*) set -- "$@" local "$2" remote "$3" ;;
	esac
	shift 4
	inside "$pid" ip link add t0 type "$kind" "$@"
	inside "$pid" ip link set t0 up
	case $address in
	*:*) inside "$pid" ip -6 addr add "$address/64" dev t0 nodad ;;
	*) inside "$pid" ip addr add "$address/24" dev t0 ;;
	esac
}

# The two ends; each may have words of its own.
a_end() { end "$a" "$outer_a" "$outer_b" "$inner_a" "$@"; }
b_end() { end "$b" "$outer_b" "$outer_a" "$inner_b" "$@"; }
b_again() { inb ip link del t0; b_end "$@"; }

# apart KIND: A and B on the bridge, with no tunnel yet
apart() {
	kind=$1
	bridged
	outer_a=10.9.0.2 outer_b=10.9.0.3 inner_a=10.10.0.2 inner_b=10.10.0.3 carrier='ip protocol gre'
	case $kind in
	ip6gre*)
		ina ip -6 addr add fd09::2/64 dev eth0 nodad
		inb ip -6 addr add fd09::3/64 dev eth0 nodad
		outer_a=fd09::2 outer_b=fd09::3 carrier='meta l4proto gre'
		;;
	sit)
		inner_a=fd10::2 inner_b=fd10::3 carrier='ip protocol 41'
		again tcp :: 80
		;;
	ipip) carrier='ip protocol 4' ;;
	geneve) carrier='udp dport 6081' ;;
	esac
	dst=$inner_b by_address=yes
}

together() {
	apart "$1"
	a_end
	b_end
}

plan 71

for each in gre geneve gretap ipip sit ip6gre ip6gretap; do
	if ! has "$each"; then
		skip 6 "kernel: it makes no $each links"
		continue
	fi
	together "$each"
	works "$each"
	like "$(cat "$tmp/out")" "ok +[0-9]+ outer .*$outer_a -> $outer_b " "$each: what carries it"
	drop_in "$b" input accept "$carrier drop"
	broken "$each: what carries it is dropped" "^a rule of chain \"inet t c\" \(input\)"
	by_address=
done

for each in gre geneve; do
	if ! has "$each"; then
		skip 9 "kernel: it makes no $each links"
		continue
	fi
	together "$each"
	inb ip link set eth0 down
	broken "$each: underlay down" "^eth0 is administratively down"

	together "$each"
	inb ip link set t0 down
	broken "$each: the other end is down" "^t0 is administratively down"

	apart "$each"
	a_end
	advised "$each: no other end" "^no $each .* takes in what t0 sends" b_end
	by_address=
done

if has gre; then
	apart gre
	a_end key 5
	b_end key 5
	works "gre with a key"
	like "$(cat "$tmp/out")" 'gre .*:t0 -- .*:t0 .*, key 5' "its key is told"

	apart gre
	a_end key 5
	b_end key 6
	advised "gre: another key" "t0 sends with key 5, but .*t0 takes in key 6" b_again key 5
else
	skip 6 "kernel: it makes no gre links"
fi
if has geneve; then
	apart geneve
	a_end dstport 7000
	b_end
	advised "geneve: another port" "t0 sends to UDP port 7000, but .*t0 has port 6081" \
		b_again dstport 7000
else
	skip 3 "kernel: it makes no geneve links"
fi
# Made here, moved to A: its packets go on being routed here.
if has ipip; then
	apart ipip
	ip addr add 10.9.0.1/24 dev br0
	ip link add t9 type ipip local 10.9.0.1 remote 10.9.0.3
	ip link set t9 netns "$a"
	ina ip link set t9 up
	ina ip addr add 10.10.0.2/24 dev t9
	outer_a=10.9.0.1
	b_end
	works "ipip that was moved"
else
	skip 2 "kernel: it makes no ipip links"
fi

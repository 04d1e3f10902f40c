#!/bin/sh
# `nsview why` where several sockets could take a connection: the one that the kernel takes counts,
# and whether that one's queue is full. A connection is really made, and why has to say the same.
# shellcheck disable=SC2034,SC2154 # the lab reads dst, from, by_address, and sets the holders
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/why_lab.sh"

# fill WORDS: a listener whose queue is full, the only one as yet
fill() {
	end_process "$listener"
	wait "$listener" 2>/dev/null
	answer "$@"
	connects
	connects
}

plan 30

bridged
fill tcp 10.9.0.3 80 reuseport deaf
answer tcp 0.0.0.0 80 reuseport
fails "a full queue for the address, and one for all that is not" "10.9.0.3:80 .* has a full queue"

bridged
fill tcp 0.0.0.0 80 reuseport deaf
answer tcp 10.9.0.3 80 reuseport
agrees "a full queue for all addresses, and one for this that is not"

bridged
fill tcp 0.0.0.0 80 reuseport deaf dev=eth0
answer tcp 0.0.0.0 80 reuseport
untold "a full queue for the link, and one for all that is not" "has a full queue"

bridged
fill tcp 0.0.0.0 80 reuseport deaf dev=eth0
answer tcp 10.9.0.3 80 reuseport
agrees "the address counts more than the link"

bridged
fill tcp 10.9.0.3 80 reuseport deaf
answer tcp 10.9.0.3 80 reuseport dev=eth0
untold "of two for the address any" "has a full queue"

bridged
fill tcp 0.0.0.0 80 reuseport deaf
answer tcp :: 80 reuseport
fails "for IPv4 one of IPv4 counts more" "0.0.0.0:80 .* has a full queue"

bridged
fill tcp :: 80 reuseport deaf
answer tcp 0.0.0.0 80 reuseport
agrees "for IPv4 one of IPv6 counts less"

bridged
fill tcp ::ffff:10.9.0.3 80 reuseport deaf
answer tcp 0.0.0.0 80 reuseport
fails "one for the address, even if it is of IPv6" "10.9.0.3:80 .* has a full queue"

bridged
fill tcp 0.0.0.0 80 reuseport deaf
answer tcp 0.0.0.0 80 reuseport
untold "two that are alike, of which one is full" "0.0.0.0:80 .* has a full queue"
ask --probe
like "$(cat "$tmp/out")" "^Probe" "and trying tells"

bridged
fill tcp 0.0.0.0 80 reuseport deaf
answer tcp 0.0.0.0 80 reuseport
end_process "$listener"
wait "$listener" 2>/dev/null
fails "one that is full, once the other has gone" "has a full queue"

bridged
again tcp 0.0.0.0 80 reuseport
answer tcp 0.0.0.0 80 reuseport
agrees "two that are alike"

bridged
again tcp 0.0.0.0 80 reuseport
answer tcp 0.0.0.0 80 reuseport dev=eth0
agrees "one of them bound to the link"

bridged
ina ip -6 addr add fd09:9::2/64 dev eth0 nodad
inb ip -6 addr add fd09:9::3/64 dev eth0 nodad
dst=fd09:9::3
fill tcp :: 80 reuseport deaf
answer tcp fd09:9::3 80 reuseport
agrees "of IPv6, one for the address"

# ---- UDP
bridged
proto=udp
again udp 10.9.0.3 80 peer=10.9.0.2,9999
fails "a socket that is connected to another port" "is connected to somebody else"
answer udp 0.0.0.0 80
agrees "a socket that is connected, and one that is not"

bridged
proto=udp
again udp 10.9.0.3 80 peer=10.9.0.99,9999
fails "a socket that is connected to another address" "is connected to somebody else"

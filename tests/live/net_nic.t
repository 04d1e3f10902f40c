#!/bin/sh
# "Where did my NIC go?": a device that was moved into another namespace is found there by its
# name, its other name and its address. A real NIC cannot be moved in a test; where the kernel has
# netdevsim one of these is, and otherwise a virtual device stands in.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/net_lab.sh"
own_net "$0"
have ip jq nsenter || { plan 1; skip 1 "ip, jq or nsenter is missing"; exit 0; }
plan 9

hold_net
at_exit "end_process $holder"
away=$(ino "/proc/$holder/ns/net")

# ns_of TARGET: the one network namespace that a target stands for
ns_of() {
	# shellcheck disable=SC2086 # NSVIEW is a command with words
	$NSVIEW net -q -J "$1" 2>/dev/null | jq -r '[.net_namespaces[].ns] | join(" ")'
}

if made=$(ip link add nic9 type ifb 2>&1 || ip link add nic9 type dummy 2>&1); then
	ip link set nic9 alias "uplink of rack 4"
	ip link property add dev nic9 altname enp9s0 2>/dev/null
	mac=$(ip -j link show nic9 | jq -r '.[0].address')
	is "$(ns_of iface:nic9)" "$(ino)" "here before"
	ip link set nic9 netns "$holder"
	is "$(ns_of iface:nic9)" "$away" "found where it went, by its name"
	is "$(ns_of iface:enp9s0)" "$away" "by its other name"
	is "$(ns_of "mac:$mac")" "$away" "by its address"
	# shellcheck disable=SC2086
	is "$($NSVIEW net -q --links -n -r -o NS,LINK,ALIAS -Q "link == 'nic9'")" \
		"$away nic9 uplink\\x20of\\x20rack\\x204" "what was written on it went along"
	# shellcheck disable=SC2086
	is "$($NSVIEW ps -q -n -r -o PID iface:nic9)" "$holder" "and who has it now"
	end_process "$holder"
	wait "$holder" 2>/dev/null
	gone() { [ -z "$(ns_of iface:nic9)" ]; }
	wait_for gone
	ok $? "a virtual one ends with its namespace"
else
	skip 7 "kernel: $made"
fi

# One that has a bus, as a real one has.
if [ -w /sys/bus/netdevsim/new_device ] && is_host_root &&
	echo "919 1" >/sys/bus/netdevsim/new_device; then
	at_exit "echo 919 >/sys/bus/netdevsim/del_device"
	nic=$(ip -j link show | jq -r '.[] | select(.parentdev == "netdevsim919") | .ifname')
	hold_net
	at_exit "end_process $holder"
	ip link set "$nic" netns "$holder"
	is "$(ns_of "iface:$nic")" "$(ino "/proc/$holder/ns/net")" "a device with a bus, found where it went"
	# shellcheck disable=SC2086
	is "$($NSVIEW net -q -J "$holder" | jq -r --arg nic "$nic" '.net_namespaces[0].links[] |
		select(.name == $nic) | "\(.bus) \(.device) \(.kind)"')" \
		"netdevsim netdevsim919 null" "with what it hangs on"
else
	skip 2 "kernel: without netdevsim no device with a bus can be made"
fi

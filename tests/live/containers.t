#!/bin/sh
# Real containers, by every runtime that is here, on the host itself: whose they are and how that
# is known, their PIDs inside and outside, their sets of namespaces, their row of the matrix.
# The names carry our PID; each is taken down by its own, also when the test fails.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/lab.sh"

each=9
plan $((5 * each + 13))

base=nsview-$$
seconds=100000000
. "$(dirname "$0")/containers_lab.sh"

# The namespaces of $pid, by its links
links() {
	for type in $types; do
		ns_of "$pid" "$type"
		echo
	done | sort
}

# For each type: whether it shares that with us, who are on the host
matrix() {
	for type in $types; do
		if [ "$(ns_of "$pid" "$type")" = "$(ns_of self "$type")" ]; then echo host; else echo own; fi
	done
}

# The same from the row that ps has of it: = and, in the host's own row, A are the host's.
row() {
	process "$pid" "$(echo "$types" | sed 's/[a-z]*/ns_&/g; s/ /,/g')" | tr ' ' '\n' |
		sed 's/^[=A]!*$/host/; t; s/^[B-Z]$/own/'
}

# container RUNTIME WHO EVIDENCE TARGET: the tests of the one whose process is $pid
container() {
	is "$(cell "$pid" NS | sort)" "$(links)" "$1: its namespaces are those of /proc"
	is "$(process "$pid" IDENTITY)" "$2" "$1: whose it is"
	like "$(show "$pid")" "Evidence +$3" "$1: and what tells"
	is "$(process "$pid" NSPID | tr -cs '0-9\n' ' ')" \
		"$(awk '/^NSpid:/ { $1 = ""; print substr($0, 2) }' "/proc/$pid/status")" \
		"$1: its PID outside and inside"
	is "$(process "pid:$(awk '/^NSpid:/ { print $NF }' "/proc/$pid/status")@$(ns_of "$pid" pid)" PID)" \
		"$pid" "$1: it is found by its PID inside"
	like "$(process "$4" PID)" "^$pid$" "$1: $4 leads to it"
	is "$(row)" "$(matrix)" "$1: its row of the matrix"
	like "$(cell "$(ns_of "$pid" mnt)" WHO)" "^$2" "$1: its mount namespace bears its name"
	unlike "$(process "$pid" ns_uts,ns_ipc,ns_net,ns_pid)" '\?' "$1: nothing is unknown"
}

# shellcheck disable=SC2086 # NSVIEW is a command with words
on_host() { $NSVIEW ls -q --json -t user 2>/dev/null | jq -e '.host.visible' >/dev/null; }

reason=
[ -n "$reason" ] || have jq || reason="no jq"
[ -n "$reason" ] || make_root || reason="no static busybox for a root directory"
[ -n "$reason" ] || [ "$(id -u)" -eq 0 ] || reason="not here: needs root"
[ -n "$reason" ] || on_host || reason="not here: we are in a container ourselves"

### runc
next
if [ -n "$reason" ]; then
	skip "$each" "$reason"
elif ! have runc; then
	skip "$each" "no runc"
else
	at_exit "runc delete -f $base-runc"
	if oci runc && runc run -d -b "$bundle" "$base-runc" </dev/null >"$tmp/log" 2>&1 &&
		wait_for find_sleep; then
		container runc "runc:$base-runc" "cgroup: .*$base-runc, and .*/$base-runc/state.json exists" \
			"ctr:$base-runc"
	else
		skip "$each" "runc starts nothing here: $(why)"
	fi
	runc delete -f "$base-runc" >"$tmp/log" 2>&1
fi

### crun
next
if [ -n "$reason" ]; then
	skip "$each" "$reason"
elif ! have crun; then
	skip "$each" "no crun"
else
	at_exit "crun_somehow delete -f $base-crun"
	if oci crun && crun_somehow run -d -b "$bundle" "$base-crun" && wait_for find_sleep; then
		container crun "crun:$base-crun" "cgroup: .*$base-crun, and .*/$base-crun/status exists" \
			"ctr:$base-crun"
	else
		skip "$each" "crun starts nothing here: $(why)"
	fi
	crun_somehow delete -f "$base-crun"
fi

### systemd-nspawn
next
if [ -n "$reason" ]; then
	skip "$each" "$reason"
elif ! have systemd-nspawn; then
	skip "$each" "no systemd-nspawn"
else
	nspawn
	if wait_for find_sleep; then
		at_exit "end_process $pid"
		container systemd-nspawn "machine:$base-n" "(parent|ancestor) $nspawn_pid: systemd-nspawn " \
			"ctr:$base-n"
		end_process "$pid"
	else
		skip "$each" "systemd-nspawn starts nothing here: $(why)"
	fi
	wait "$nspawn_pid"
fi 2>/dev/null

### bubblewrap, which ordinary users have too
by_user=$reason
[ "$reason" != "not here: needs root" ] || by_user=
for with in --unshare-all "--unshare-user --unshare-pid"; do
	next
	if [ -n "$by_user" ]; then
		skip "$each" "$by_user"
		continue
	elif ! have bwrap; then
		skip "$each" "no bwrap"
		continue
	fi
	# shellcheck disable=SC2086 # words
	bwrap $with --die-with-parent --bind "$root" / --proc /proc --dev /dev \
		"/bin/$base-sleep" "$seconds" </dev/null >"$tmp/log" 2>&1 &
	bwrap_pid=$!
	at_exit "end_process $bwrap_pid"
	if wait_for find_sleep; then
		container "bwrap $with" "bwrap:$base-sleep" \
			"ancestor $bwrap_pid: bwrap ... /bin/$base-sleep" "ctr:$base-sleep"
		shared=$(process "$pid" ns_net)
	else
		skip "$each" "bwrap starts nothing here: $(why)"
		shared=none
	fi
	end_process "$bwrap_pid"
	wait "$bwrap_pid"
done 2>/dev/null
if [ -n "$by_user" ] || [ "$shared" = none ] || ! have bwrap; then
	skip 1 "${by_user:-no bwrap that works}"
else
	is "$shared" '=!' "bwrap: a container on the host's network is marked"
fi

### unshare and chroot: nothing tells of a container, and nothing is claimed
loose() { # NAME ROOT
	is "$(cell "$pid" NS | sort)" "$(links)" "$1: its namespaces are those of /proc"
	is "$(process "$pid" IDENTITY)" - "$1: no container is claimed"
	is "$(process "$pid" ROOT)" "$2" "$1: its root directory"
	is "$(process "$pid" NSPID | tr -cs '0-9\n' ' ')" \
		"$(awk '/^NSpid:/ { $1 = ""; print substr($0, 2) }' "/proc/$pid/status")" \
		"$1: its PID outside and inside"
	is "$(row)" "$(matrix)" "$1: its row of the matrix"
	unlike "$(process "$pid" ns_net)" '!' "$1: sharing the host's network is not remarkable"
}
next
if [ -n "$reason" ]; then
	skip 6 "$reason"
else
	chroot "$root" /bin/sleep "$seconds" </dev/null >"$tmp/log" 2>&1 &
	loose_pid=$!
	at_exit "end_process $loose_pid"
	wait_for find_sleep
	loose chroot "$root"
	end_process "$loose_pid"
fi
next
if [ -n "$reason" ]; then
	skip 6 "$reason"
else
	unshare --mount --pid --uts --ipc --cgroup --fork --kill-child --root "$root" \
		/bin/sleep "$seconds" </dev/null >"$tmp/log" 2>&1 &
	loose_pid=$!
	at_exit "end_process $loose_pid"
	if wait_for find_sleep; then
		loose "unshare --root" "$root"
	else
		skip 6 "unshare makes nothing here: $(why)"
	fi
	end_process "$loose_pid"
fi

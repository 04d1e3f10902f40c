# shellcheck shell=sh
# What the tests with real containers share: a root directory for them, and starting those whose
# start takes more than a line. Each runs a sleep of its own length, by which its process is found.
# A test sources ../lib.sh and lab.sh, sets base (the beginning of all names) and seconds (of the
# first), and sources this.
# shellcheck disable=SC2034,SC2154 # pid is for the test; tmp is lib.sh's, base the test's
root=$tmp/root

is_sleep() { # PID
	[ "$(tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null)" = "/bin/sleep $seconds " ]
}

# find_sleep: its process, $pid
find_sleep() {
	for dir in /proc/[0-9]*; do
		if is_sleep "${dir#/proc/}"; then
			pid=${dir#/proc/}
			return 0
		fi
	done
	return 1
}

# Before each container.
next() { seconds=$((seconds + $$)); }

make_root() {
	have busybox && ! ldd "$(command -v busybox)" >/dev/null 2>&1 || return 1
	mkdir -p "$root/bin" "$root/usr" "$root/etc" "$root/proc" "$root/sys" "$root/dev" \
		"$root/tmp" "$root/run"
	cp "$(command -v busybox)" "$root/bin/busybox"
	for name in sleep sh cat readlink ls id pwd env; do ln -s busybox "$root/bin/$name"; done
	# One with a name by which it is known.
	printf '#!/bin/sh\nexec /bin/sleep "$@"\n' >"$root/bin/$base-sleep"
	chmod a+x "$root/bin/$base-sleep"
	echo "$base" >"$root/etc/here"
	chmod -R a+rX "$root" "$tmp"
}

# Why a runtime started nothing, by its own words in $tmp/log.
why() { tail -n 1 "$tmp/log" | tr '#' ' '; }

# oci RUNTIME: a bundle whose process is the sleep
oci() {
	bundle=$tmp/$1
	mkdir "$bundle"
	(cd "$bundle" && "$1" spec) || return 1
	jq --arg root "$root" --arg seconds "$seconds" '.process.terminal = false
		| .process.args = ["/bin/sleep", $seconds] | .root.path = $root
		| del(.linux.resources)' "$bundle/config.json" >"$bundle/new" &&
		mv "$bundle/new" "$bundle/config.json"
}

# It refuses hybrid cgroups: then without v2, in a mount namespace of its own.
crun_somehow() {
	crun "$@" </dev/null >"$tmp/log" 2>&1 && return
	unified=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
	[ -n "$unified" ] || return 1
	# shellcheck disable=SC2016 # expands there
	unshare --mount sh -c 'umount "$1" && shift && exec crun "$@"' sh "$unified" "$@" \
		</dev/null >"$tmp/log" 2>&1
}

# systemd-nspawn, which needs no systemd with these options, in the background
nspawn() {
	systemd-nspawn -D "$root" --machine="$base-n" --register=no --keep-unit -q --private-network \
		/bin/sleep "$seconds" </dev/null >"$tmp/log" 2>&1 &
	nspawn_pid=$!
	# What it leaves behind where there is no systemd; in use by another, they stay.
	at_exit 'rmdir /sys/fs/cgroup/*/payload /sys/fs/cgroup/*/supervisor \
		/sys/fs/cgroup/payload /sys/fs/cgroup/supervisor'
	at_exit "end_process $nspawn_pid"
}

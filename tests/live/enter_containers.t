#!/bin/sh
# `nsview enter` into containers as they are made by every runtime that is here: by root, and by an
# ordinary user into what is their own. What is wanted is always the same: all namespaces of the
# container, its files, its first process as seen by it, and the command's own status.
# The names carry our PID; each is taken down by its own, also when the test fails.
# Ordinary users have to get there, too.
TMPDIR=/tmp
. "$(dirname "$0")/../lib.sh"
only_plain
. "$(dirname "$0")/lab.sh"

each=8
plan $((8 * each + 8))

base=nsview-e$$
seconds=200000000
. "$(dirname "$0")/containers_lab.sh"

# entered RUNTIME [COMMAND...]: the tests of the container whose process is $pid; COMMAND: who enters
entered() {
	name=$1
	shift
	by() { timeout 60 "$@" $NSVIEW enter "$pid" $way -- /bin/sh -c "$do" 2>&1; }
	way=-q
	do=$show_all
	is "$(by "$@")" "$(all_types "$pid")" "$name: all its namespaces"
	do='cat /etc/here; pwd; ls -d /old* /usr/lib/os-release 2>/dev/null'
	is "$(by "$@")" "$base
$(readlink "/proc/$pid/cwd")" "$name: its files, its working directory, and nothing of the host's"
	do='exit 42'
	is "$(by "$@"; echo $?)" 42 "$name: the status of the command"
	do='tr "\0" " " </proc/1/cmdline | cut -d" " -f1; ls /proc | grep -c "^[0-9]"'
	like "$(by "$@" | tr '\n' ' ')" '^[^ ]+ [2-9] $' "$name: its processes, few"
	do='kill -TERM $$'
	by "$@" >/dev/null
	is $? 143 "$name: the signal that ended it"
	do='id -u; env | cut -d= -f1 | sort | grep -v -e SHLVL -e PWD -e LC_ -e LANG -e TERM | tr "\n" " "'
	is "$(TOKEN=1 by "$@" | tr '\n' ' ')" '0 HOME PATH ' "$name: root there, with an environment of its own"
	way='-q --like-target'
	do='grep -e CapBnd -e NoNewPrivs /proc/self/status'
	is "$(by "$@")" "$(grep -e CapBnd -e NoNewPrivs "/proc/$pid/status")" \
		"$name: no more capabilities than it has (--like-target)"
	is "$(find /proc -maxdepth 2 -path '/proc/[0-9]*/exe' -lname "$copy" 2>/dev/null)" '' \
		"$name: no process of nsview is left"
}

reason=
have jq || reason='no jq'
[ -n "$reason" ] || make_root || reason='no static busybox for a root directory'
# A copy, by which its processes are known, and which everybody may run.
copy=$tmp/nsview
cp "${NSVIEW##* }" "$copy"
chmod 755 "$copy" "$tmp"
NSVIEW=$copy

# started RUNTIME: the tests, or why there are none
started() {
	if wait_for find_sleep; then
		entered "$@"
	else
		skip $each "$1 starts nothing here: $(why)"
	fi
}
installed() {
	next
	if [ -n "$reason" ]; then
		skip $each "$reason"
	elif ! have "$1"; then
		skip $each "not here: no $1"
	else
		return 0
	fi
	return 1
}

if installed runc; then
	at_exit "runc delete -f $base-runc"
	oci runc && runc run -d -b "$bundle" "$base-runc" </dev/null >"$tmp/log" 2>&1
	started runc
	runc delete -f "$base-runc" >/dev/null 2>&1
fi

if installed crun; then
	at_exit "crun_somehow delete -f $base-crun"
	oci crun && crun_somehow run -d -b "$bundle" "$base-crun"
	started crun
	crun_somehow delete -f "$base-crun"
fi

if installed systemd-nspawn; then
	nspawn
	started systemd-nspawn
	! find_sleep || end_process "$pid"
	wait "$nspawn_pid"
fi 2>/dev/null

if installed podman; then
	# It leaves the cgroup above its own behind; what was there before, or is not empty, stays.
	pods() { find /sys/fs/cgroup -maxdepth 4 -depth -path '*/libpod_parent*' -type d "$@"; }
	no_pods() { pods -exec rmdir {} ';' 2>/dev/null; ! pods | grep -q .; }
	pods | grep -q . || at_exit 'wait_for no_pods'
	at_exit "podman rm -f -t0 $base-podman"
	podman --runtime runc run -d --network none --ulimit nofile=1024:1024 --ulimit nproc=4096:4096 \
		--name "$base-podman" --rootfs "$root" /bin/sleep "$seconds" </dev/null >"$tmp/log" 2>&1
	started podman
	podman rm -f -t0 "$base-podman" >/dev/null 2>&1
fi

# An ordinary user's podman, in a mount namespace where that user has a name and further ids:
# rootless COMMAND... Where no podman is, there is nothing to clean up either.
rootless() {
	# shellcheck disable=SC2016 # expands there
	unshare --mount sh -c 'cd "$0" && for name in passwd group subuid subgid; do
			mount --bind "$name" "/etc/$name" || exit 1; done
		exec setpriv --reuid 4242 --regid 4242 --clear-groups --inh-caps=-all \
			env -i PATH="$PATH" HOME="$0/home" XDG_RUNTIME_DIR="$0/run" "$@"' "$tmp/user" "$@"
}
make_user() {
	mkdir -p "$tmp/user/home" "$tmp/user/run" && cp -R "$root" "$tmp/user/root" || return 1
	{ cat /etc/passwd; echo "$base:x:4242:4242::$tmp/user/home:/bin/sh"; } >"$tmp/user/passwd"
	{ cat /etc/group; echo "$base:x:4242:"; } >"$tmp/user/group"
	for name in subuid subgid; do echo 4242:400000:65536 >"$tmp/user/$name"; done
	chown -R 4242:4242 "$tmp/user/home" "$tmp/user/run" "$tmp/user/root"
	chmod 700 "$tmp/user/home" "$tmp/user/run"
}
# Its first process, the monitor and what holds the user namespace end with it.
end_rootless() {
	rootless podman rm -f -t0 "$base-rootless"
	rootless podman system migrate
}
# boxed COMMAND...: who starts it, who is also who enters it
boxed() {
	"$@" bwrap --unshare-all --die-with-parent --bind "$root" / --proc /proc --dev /dev --chdir / \
		--uid 0 --gid 0 /bin/sleep "$seconds" </dev/null >"$tmp/log" 2>&1 &
	bwrap_pid=$!
	at_exit "end_process $bwrap_pid"
	started "bwrap${1:+ of an ordinary user}" "$@"
	end_process "$bwrap_pid"
	wait "$bwrap_pid"
}
if installed bwrap; then boxed; fi 2>/dev/null
if ! as_user test -x "$copy"; then
	skip $((each + 6)) 'not here: an ordinary user cannot reach the files of the test'
	exit 0
fi
if installed bwrap; then
	boxed setpriv --reuid 4242 --regid 4242 --clear-groups --inh-caps=-all
fi 2>/dev/null

next
if [ -n "$reason" ]; then
	skip $((2 * each + 2)) "$reason"
elif ! have podman newuidmap || [ ! -e /etc/subuid ] || [ ! -e /etc/subgid ]; then
	skip $((2 * each + 2)) 'not here: no podman, no newuidmap, or no /etc/subuid to mount on'
elif at_exit end_rootless && make_user && rootless podman --runtime runc run -d --network none \
	--ulimit nofile=1024:1024 --ulimit nproc=4096:4096 --name "$base-rootless" \
	--rootfs "$tmp/user/root" /bin/sleep "$seconds" </dev/null >"$tmp/log" 2>&1 &&
	wait_for find_sleep; then
	entered 'podman of an ordinary user' setpriv --reuid 4242 --regid 4242 --clear-groups \
		--inh-caps=-all
	entered 'podman of an ordinary user, by root'
	is "$(awk '{ print $1, $2, $3 }' "/proc/$pid/uid_map")" '0 4242 1
1 400000 65536' '... which has further ids'
	end_rootless >/dev/null 2>&1
	# By what they were started with; a zombie has no environment any more.
	wait_for sh -c '! grep -lF "$1" /proc/[0-9]*/environ 2>/dev/null | grep .' sh \
		"HOME=$tmp/user/home"
	ok $? '... and of which nothing is left'
else
	skip $((2 * each + 2)) "podman of an ordinary user starts nothing: $(why)"
fi

# ---- whose it is: one's own works, and of others the text says what is missing
next
if have bwrap; then
	as_user bwrap --unshare-all --die-with-parent --bind "$root" / --proc /proc --dev /dev \
		/bin/sleep "$seconds" </dev/null >"$tmp/log" 2>&1 &
	bwrap_pid=$!
	at_exit "end_process $bwrap_pid"
	wait_for find_sleep
	is "$(as_user "$copy" enter "$pid" -- /bin/cat /etc/here 2>&1)" "$base" \
		'bwrap in which one is no root: entered by who made it'
	is "$(as_user "$copy" enter "$pid" -- /bin/id -u 2>&1)" 4242 '... as the user that one is'
	is "$(enter "$pid" -- /bin/cat /etc/here 2>&1)" "$base" '... and by root'
	other=$(setpriv --reuid 4343 --regid 4343 --clear-groups --inh-caps=-all \
		"$copy" enter "$pid" -- /bin/cat /etc/here 2>&1)
	like "$?$other" "^125nsview: cannot look at the namespaces of process $pid: .*CAP_SYS_PTRACE" \
		'... but not by another user, who is told what is missing'
	end_process "$bwrap_pid"
	wait "$bwrap_pid" 2>/dev/null
else
	skip 4 'not here: no bwrap'
fi
# A user with two capabilities, and a user namespace that root made with mounts of its own.
unshare --user --map-root-user --mount --uts sh -c \
	"hostname $base; exec sleep $seconds" 2>"$tmp/log" &
made=$!
at_exit "end_process $made"
wait_for sh -c "[ \"\$(nsenter -t $made -u hostname)\" = $base ]"
is "$(setpriv --reuid 4343 --regid 4343 --clear-groups --inh-caps=-all,+sys_admin,+sys_ptrace \
	--ambient-caps=-all,+sys_admin,+sys_ptrace "$copy" enter "$made" --preserve-credentials -- \
	sh -c 'hostname; readlink /proc/self/ns/mnt' 2>&1)" \
	"$base
$(readlink "/proc/$made/ns/mnt")" 'who has two capabilities joins a user namespace and what it owns'
end_process "$made"
is "$(find "$tmp" -maxdepth 1 -name '.nsview*')" '' 'no file is left'

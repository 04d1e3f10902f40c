# shellcheck shell=sh
# What the shell tests share: TAP, cleaning up by id, waiting without sleeping.
# A test file sources it, calls plan N, and then ok/is/like/skip N times.

count=0
bad=0
cleanup_words=
tmp=$(mktemp -d "${TMPDIR:-/tmp}/t.XXXXXX") || exit 2

plan() { echo "1..$1"; }

# ok STATUS NAME
ok() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		bad=$((bad + 1))
		echo "not ok $count - $2"
	fi
}

# is GOT WANTED NAME
is() {
	if [ "$1" = "$2" ]; then
		ok 0 "$3"
	else
		ok 1 "$3"
		printf '%s\n' "$2" | sed 's/^/# wanted: /'
		printf '%s\n' "$1" | sed 's/^/# got:    /'
	fi
}

# like TEXT REGEX NAME
like() {
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then
		ok 0 "$3"
	else
		ok 1 "$3"
		printf '# wanted: %s\n' "$2"
		printf '%s\n' "$1" | sed 's/^/# got:    /'
	fi
}

# unlike TEXT REGEX NAME
unlike() {
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then
		ok 1 "$3"
		printf '# unwanted: %s\n' "$2"
		printf '%s\n' "$1" | sed 's/^/# got:    /'
	else
		ok 0 "$3"
	fi
}

# skip NUMBER REASON: a reason starts with "kernel:" or "not here:" where no machine could help it
skip() {
	i=0
	while [ "$i" -lt "$1" ]; do
		count=$((count + 1))
		i=$((i + 1))
		echo "ok $count - # SKIP $2"
	done
}

# have TOOL...
have() {
	for tool; do
		command -v "$tool" >/dev/null 2>&1 || return 1
	done
}

is_root() { [ "$(id -u)" -eq 0 ]; }

# Root of the machine, not of a user namespace.
is_host_root() { is_root && grep -Eq '^ *0 +0 +4294967295$' /proc/self/uid_map; }

# status COMMAND...: runs it, output in $tmp/out and $tmp/err, its exit status on stdout
status() {
	"$@" >"$tmp/out" 2>"$tmp/err"
	echo $?
}

# wait_for COMMAND...: until it succeeds, at most 10 seconds
wait_for() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 500 ] || return 1
		sleep 0.02
	done
}

# at_exit WORDS: evaluated when the test ends, the last first
at_exit() { cleanup_words="$1; $cleanup_words"; }

# end_process PID: never a number that could mean more than one process
end_process() {
	case $1 in '' | *[!0-9]* | 0 | 1) return 0 ;; esac
	kill -KILL "$1" 2>/dev/null || true
}

finish() {
	eval "$cleanup_words" >/dev/null 2>&1
	rm -rf --one-file-system "$tmp"
	[ "$bad" -eq 0 ]
}
trap 'finish; exit $?' EXIT
trap 'exit 130' INT TERM

# start_again COMMAND...: which runs the test, with a directory of its own
start_again() {
	rm -rf --one-file-system "$tmp"
	trap - EXIT
	exec "$@"
}

# live_sandbox SCRIPT: runs the rest of a live test in pid and mount namespaces of its own with a
# fresh /proc, where every process is readable and all end with it; an ordinary user gets a user
# namespace too. NSVIEW is a command with words.
live_sandbox() {
	[ -z "${NSVIEW_SANDBOX:-}" ] || return 0
	export NSVIEW_SANDBOX=1
	set -- --pid --mount --mount-proc --fork --kill-child -- sh "$1"
	if is_root; then
		start_again unshare "$@"
	elif unshare --user --map-root-user true 2>/dev/null; then
		start_again unshare --user --map-root-user "$@"
	fi
	plan 1
	skip 1 "kernel: an ordinary user may not make user namespaces"
	exit 0
}

# own_mounts SCRIPT: runs the rest of a test that is about the host in a mount namespace of its own, so
# that whatever is mounted goes with the test; needs root of the host, else it does nothing.
own_mounts() {
	is_host_root && [ -z "${NSVIEW_OWN_MOUNTS:-}" ] || return 0
	export NSVIEW_OWN_MOUNTS=1
	start_again unshare --mount --propagation private -- sh "$1"
}

# only_alone: for what counts all namespaces; run.sh takes the host's named ones out of sight where it
# may.
only_alone() {
	grep -q ' - nsfs ' /proc/self/mountinfo || return 0
	plan 1
	skip 1 "not here: the host's named namespaces are in sight"
	exit 0
}

# only_plain: for what only root on a new kernel can see; ends the other passes with the reason.
only_plain() {
	case ${NSVIEW_VARIANT:-} in
	old) set -- "kernel: BPF, listmount(2) and pidfds are later than it" ;;
	user) set -- "not here: needs root" ;;
	*) return 0 ;;
	esac
	plan 1
	skip 1 "$1"
	exit 0
}

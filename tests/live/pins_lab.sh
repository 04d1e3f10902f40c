# shellcheck shell=sh
# What the tests of holders share: a place for what is mounted, and nspin, which makes one thing
# after the other that holds a namespace, and lets go of it when it is told to.
# shellcheck disable=SC2154 # tmp is lib.sh's

# has_lists COUNT: skips so many tests where the kernel has none of all namespaces
has_lists() {
	[ "$("$NSVIEW" --source=kernel ls -q -J | jq .completeness.kernel_total)" = null ] || return 0
	skip "$1" "kernel: it has no lists of all namespaces (Linux 6.18)"
	exit
}

# work_mount COUNT: a file system at $work, until the test ends; or skips so many tests. What is
# mounted below it, also sysfs, must never be removed as if it were files.
work_mount() {
	work=$(mktemp -d "${TMPDIR:-/tmp}/work.XXXXXX") || exit 2
	if ! mount -t tmpfs work "$work"; then
		rmdir "$work"
		skip "$1" "not here: cannot mount"
		exit
	fi
	at_exit "umount -l '$work' && rmdir '$work'"
}

# start WORD...: nspin, whose answers come on descriptor 4
nspin=
start() {
	if [ ! -p "$tmp/ask" ]; then
		mkfifo "$tmp/ask" "$tmp/answer"
		# shellcheck disable=SC2016 # the process is known at the end
		at_exit 'exec 3>&- 4>&-; end_process "$nspin"'
	fi
	"$BUILD/tools/nspin" "$@" <"$tmp/ask" >"$tmp/answer" 2>"$tmp/nspin.err" &
	nspin=$!
	exec 3>"$tmp/ask" 4<"$tmp/answer"
	: >"$tmp/pins"
	while read -r line <&4 && [ "$line" != ready ]; do
		echo "$line" >>"$tmp/pins"
	done
	[ "${line:-}" = ready ] && return
	sed 's/^/# /' "$tmp/nspin.err"
	return 1
}

stop() {
	exec 3>&- 4>&-
	wait "$nspin"
	nspin=
}

# fact NAME KEY: what nspin says of one; - where there is none
fact() { sed -n "s/^pin $1 \(.* \)\{0,1\}$2=\([^ ]*\).*/\2/p" "$tmp/pins"; }

# ask WORD NAME: the answer's last word
ask() {
	echo "$1 $2" >&3
	read -r answer <&4
	echo "${answer##* }"
}

#!/bin/sh
# nsview-tutorial(7): every command in it is run, in order, and prints what the page says.
. "$(dirname "$0")/../lib.sh"
only_plain
if ! is_host_root; then
	plan 1
	skip 1 'not here: needs root of the machine, for its users'
	exit 0
fi
if ! have busybox ip || ldd "$(command -v busybox)" >/dev/null 2>&1; then
	plan 1
	skip 1 'no static busybox or no ip'
	exit 0
fi
# Its network, names and IPC objects are the page's own.
if [ -z "${NSVIEW_SANDBOX:-}${APART:-}" ]; then
	export APART=1
	start_again unshare --net --uts --ipc sh "$0"
fi
live_sandbox "$0"
cd "$(dirname "$0")/../.." || exit 2
page=$PWD/man/nsview-tutorial.7

ip link set lo up
hostname outside
mount -t tmpfs none /srv
# Where an ordinary user may read it, too.
mount -t tmpfs -o mode=755 none /mnt
# shellcheck disable=SC2086 # the first word of it
cp ${NSVIEW%% *} /mnt/nsview && chmod 755 /mnt/nsview
PATH=/mnt:$PATH
export PATH

# A file for each command, "N.command" with its prompt, and "N.wanted" with what it prints.
awk -v dir="$tmp" '
	/^\.Bd -literal/ { shown = 1; next }
	/^\.Ed/ { shown = 0; next }
	!shown { next }
	{ sub(/^\\&/, "") }
	/^[#$] / {
		n++
		print > sprintf("%s/%03d.command", dir, n)
		printf "" > sprintf("%s/%03d.wanted", dir, n)
		next
	}
	{ print > sprintf("%s/%03d.wanted", dir, n) }' "$page"

# fits WANTED GOT: line by line, dots for anything; a line of dots alone for any lines to come
fits() {
	awk -v wanted="$1" '
		BEGIN {
			while ((getline line < wanted) > 0) {
				gsub(/[][(){}.*+?^$|\\]/, "\\\\&", line)
				gsub(/ *\\\.\\\.\\\. */, ".*", line)
				want[++n] = "^" line " *$"
			}
		}
		open { next }
		{
			k++
			if (want[k] == "^.* *$" && k == n) { open = 1; next }
			if (k > n || $0 !~ want[k]) { wrong = 1; exit }
		}
		END { exit wrong || k < n }' "$2"
}

set -- "$tmp"/[0-9]*.command
plan $#
for file; do
	command=$(cut -c 3- "$file")
	case $(cat "$file") in
	'$ '*) sh='setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all sh' ;;
	*) sh='sh' ;;
	esac
	# shellcheck disable=SC2086 # words
	(cd / && timeout 60 $sh -c "$command") >"$tmp/got" 2>&1 </dev/null
	status=$?
	fits "${file%.command}.wanted" "$tmp/got" && [ "$status" -eq 0 ]
	result=$?
	ok "$result" "$command"
	[ "$result" -eq 0 ] || sed "s/^/# status $status, got: /" "$tmp/got"
done

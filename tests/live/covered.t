#!/bin/sh
# A namespace's file that is mounted where no path leads: below something else that was mounted on
# top, and in a mount namespace whose first process is in a chroot. Each holds it all the same.
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"
plan 7

mkdir "$tmp/names" "$tmp/root"
touch "$tmp/names/lab" "$tmp/far"
# Of another file system, so that what is bound below it is never removed as if it were files.
if ! mount -t tmpfs root "$tmp/root"; then
	skip 7 "not here: cannot mount"
	exit
fi
at_exit "umount -l '$tmp/root'; umount '$tmp/names'; umount '$tmp/names/lab'"
mkdir "$tmp/root/copy"
if ! unshare --net="$tmp/names/lab" true || ! mount --rbind / "$tmp/root/copy"; then
	skip 7 "not here: cannot mount"
	exit
fi
lab=$(stat -Lc %i "$tmp/names/lab")
# Something else holds it as well: the last trace of a namespace would stay in any case.
sh -c 'exec sleep 600' <"$tmp/names/lab" &
at_exit "end_process $!"
mount --bind "$tmp/names" "$tmp/names"

# In the copy of the root there is no mount: the first process does not see it, the second does.
mkfifo "$tmp/started"
# shellcheck disable=SC2016 # $1 is the shell's
unshare --mount --propagation private sh -c 'unshare --net="$1/far" true || exit
	sleep 600 <"$1/far" &
	stat -Lc "%i $!" "$1/far" >"$1/started"
	exec chroot "$1/root/copy" sleep 600' - "$tmp" &
first=$!
read -r far second <"$tmp/started"
at_exit "end_process $first; end_process $second"
wait_for grep -q sleep "/proc/$first/comm"

for source in auto proc; do
	like "$($NSVIEW -q --source=$source who "$lab")" "^  mount +$tmp/names/lab$" "$source: a mount that is covered"
	out=$($NSVIEW -q --source=$source who "$far")
	like "$out" "^  mount +$tmp/far in mnt:" "$source: one that the first process does not see"
	like "$out" "nsenter --target $second --mount umount $tmp/far" "$source: and who does"
done

# With a /proc that is covered our own mounts cannot be read: what is not read is not counted.
mkdir "$tmp/proc"
# shellcheck disable=SC2016,SC2086 # $1 is the shell's; NSVIEW is a command with words
set -- $(unshare --mount sh -c 'mount -t proc proc "$1/proc" && mount -t tmpfs none /proc || exit
	readlink "$1"/proc/[0-9]*/ns/mnt | sort -u | wc -l
	proc=$1/proc lab=$2 && shift 2 && "$@" who -q -J --source=proc --proc="$proc" "$lab" |
		sed -n "s/.*\"mount_views\": \([0-9]*\).*/\1/p"' sh "$tmp" "$lab" $NSVIEW)
is "${2:-}" "${1:-none}" 'mounts that are not to be read are not counted as read'

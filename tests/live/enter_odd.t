#!/bin/sh
# `nsview enter` where something around it is odd: descriptors that are not open, limits, filters, a
# /proc that hides, links, groups that must not stay, directories of somebody else's namespaces.
# Ordinary users have to get there, too.
TMPDIR=/tmp
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"
. "$(dirname "$0")/lab.sh"
plan 48

# said STATUS REGEX NAME COMMAND...
said() {
	said_status=$1
	said_like=$2
	said_name=$3
	shift 3
	said_got=$("$@" 2>&1 | tr '\n' ' ')
	"$@" >/dev/null 2>&1
	like "$? $said_got" "^$said_status $said_like" "$said_name"
}
chmod 755 "$tmp"
cp "${NSVIEW##* }" "$tmp/nsview"

options='--mount --uts --ipc --net --pid --mount-proc'
# shellcheck disable=SC2086 # words
stay unshare $options --fork --kill-child sh -c "$stay_here"
at_exit "end_process $stay_pid"
box=$(first_child "$stay_pid")

# ---- descriptors: a number that is not open would be one of nsview's own
for fd in 3 4 5 6 8 11; do
	said 125 "nsview: --info-fd=$fd: no such descriptor is open" "--info-fd=$fd, not open" \
		enter "$box" --info-fd=$fd -- true
done
for fd in 3 4; do
	said 125 "nsview: --net-socket=$fd: no such descriptor is open" "--net-socket=$fd, not open" \
		enter --net-socket=$fd -- true
done
closed() { enter --new=uts -- true <&-; }
said 0 '$' 'standard input closed' closed
# shellcheck disable=SC2016,SC2086 # expands there; words
no_dev() {
	unshare --mount sh -c 'mount -t tmpfs none /dev && exec timeout 60 "$@" <&-' sh \
		$NSVIEW enter --new=uts -- true
}
said 125 'nsview: descriptor 0 is closed, and /dev/null cannot be opened in its place: No such file' \
	'... and no /dev/null' no_dev

# ---- -F: what takes a process beside the command is not left out in silence, nor waited for
for option in --new=pid --new=user --new=time --pid-file=x --info-fd=1 --persist=x --veth --kill-child --pty; do
	said 125 "nsview: --no-fork and ${option%%=[xn1]*}.* exclude each other" "-F $option" \
		enter "$box" -u -F $option -- true
done
is "$(enter "$box" -u -F -- readlink /proc/self/ns/uts)" "$(readlink "/proc/$box/ns/uts")" '-F alone'

# ---- --still: a number that was given to another is not taken for the one that had it
began=$(sed 's/.*) //' "/proc/$box/stat" | cut -d ' ' -f 20)
said 0 "$(readlink "/proc/$box/ns/uts" | sed 's/[][]/./g') \$" 'the process that was meant' \
	enter "$box" "--still=$began" -- readlink /proc/self/ns/uts
said 125 "nsview: process $box is not the one that was meant: that has ended" 'another' \
	enter "$box" --still=1 -- true
said 125 "nsview: process $box is not the one" '... which --dry-run foresees' \
	enter "$box" --dry-run --still=1
uts=$(readlink "/proc/$box/ns/uts" | tr -dc 0-9)
id=$(cell "uts:$uts" ID)
case $id in
*[!0-9]* | '')
	said 125 "nsview: whether uts:\[$uts\] is the namespace that was meant cannot be told" \
		'a kernel without ids of namespaces' enter "uts:$uts" --still=1 -- true
	skip 1 'kernel: has no ids of namespaces'
	;;
*)
	said 0 '$' 'the namespace that was meant' enter "uts:$uts" "--still=$id" -- true
	said 125 "nsview: uts:\[$uts\] is not the namespace that was meant: that has ended" \
		'another namespace' enter "/proc/$box/ns/uts" --still=1 -- true
	;;
esac
mkdir "$tmp/kept"
if enter --new=uts,ipc "--persist=$tmp/kept" -- true 2>/dev/null; then
	said 125 'nsview: an id tells one process or one namespace' 'several namespaces' \
		enter "$tmp/kept" --still=1 -- true
	enter "--unpersist=$tmp/kept"
else
	skip 1 'kernel: namespaces cannot be kept in a directory'
fi

# ---- limits
fsize() { (ulimit -f 0 && enter "$box" -- true); }
said 125 'nsview: cannot make a sealed file .*RLIMIT_FSIZE' 'no file may be written' fsize
is "$(enter self -- sed -n '/^SigIgn/p' /proc/self/status)" "$(sed -n '/^SigIgn/p' /proc/self/status)" \
	'what nsview ignores, the command does not'
cat >"$tmp/ignoring" <<'END'
import os, signal, sys
for s in signal.SIGCHLD, signal.SIGXFSZ, signal.SIGUSR1: signal.signal(s, signal.SIG_IGN)
os.execvp(sys.argv[1], sys.argv[1:])
END
if have python3; then
	ignoring() { python3 "$tmp/ignoring" "$@"; }
	wanted=$(ignoring sed -n '/^SigIgn/p' /proc/self/status)
	for new in --new=uts --new=uts,mnt --new=pid; do
		# shellcheck disable=SC2086 # NSVIEW is a command with words
		is "$(ignoring $NSVIEW enter $new -- sed -n '/^SigIgn/p' /proc/self/status)" "$wanted" \
			"what is ignored when nsview starts, the command ignores ($new)"
	done
else
	skip 3 'not here: no python3, and a shell cannot ignore SIGCHLD for good'
fi
full() { enter --new=uts --dry-run >/dev/full; }
full 2>"$tmp/err"
is "$? $(cat "$tmp/err")" '125 nsview: cannot write to standard output: No space left on device' \
	'a dry run that cannot be written'

# ---- a helper that is slow to tell of the child, and then cannot
if have strace && [ -z "$variant" ]; then
	like "$(strace -f -qq -o /dev/null -e trace=sendto -e signal=none \
		-e inject=sendto:error=ENOBUFS:delay_enter=500000:when=1 \
		$NSVIEW enter "$box" -- touch "$tmp/ran" 2>&1; echo $?) $(ls "$tmp/ran" 2>&1)" \
		'nsview: the helper cannot tell which child .*' 'it is said'
	[ ! -e "$tmp/ran" ]
	ok $? '... and the command, of which nobody knows, was not run meanwhile'
else
	skip 2 'not here: no strace, or a launcher of its own'
fi

# ---- links: as mount(8) takes them
mkdir "$tmp/real" "$tmp/whole"
mount --rbind / "$tmp/whole"
ln -s whole "$tmp/root"
said 0 '$' '--root=LINK' enter --new=mnt,pid,net --root="$tmp/root" -- true
umount -l "$tmp/whole"
ln -s real "$tmp/link"
# shellcheck disable=SC2016 # expands there
is "$(enter --new=mnt --mount=tmpfs,"$tmp/link" -- sh -c 'stat -f -c %T "$1"; stat -c %F "$2"' sh \
	"$tmp/real" "$tmp/link" | tr '\n' ' ')" 'tmpfs symbolic link ' '--mount on a link'
if old_kernel; then
	skip 1 'kernel: no openat2(2)'
else
	said 125 'nsview: cannot mount tmpfs on /proc/self/cwd: ' '--mount on a link of /proc' \
		enter --new=mnt --mount=tmpfs,/proc/self/cwd -- true
fi

# ---- files of somebody else's namespaces: ip-netns(8) has them in a directory that is a mount, too
named=$tmp/named
mkdir "$named"
mount --bind "$named" "$named"
mount --make-shared "$named"
for name in net other; do
	: >"$named/$name"
	mount --bind /proc/self/ns/net "$named/$name"
done
is "$(status enter --unpersist="$named") $(stat -f -c %T "$named/other") $(ls "$named")" \
	'0 nsfs other' '--unpersist leaves other namespaces, and the mount that they are in'
umount "$named/other"
umount "$named"
mount --bind "$named" "$named"
mount --make-private "$named"
: >"$named/net"
mount --bind /proc/self/ns/net "$named/net"
mkdir "$named/more"
mount -t tmpfs more "$named/more"
is "$(status enter --unpersist="$named") $(stat -f -c %T "$named/more")" '0 tmpfs' \
	'... and whatever else is mounted there'
umount "$named/more" "$named"

# ---- a filter of a container runtime that knows none of the younger calls
if [ -z "$variant" ]; then
	said 0 '$' 'younger calls give EPERM' \
		timeout 60 "$BUILD/tools/oldkernel" -e EPERM $NSVIEW enter "$box" -- true
else
	skip 1 'kernel: tried without a launcher of its own'
fi

# ---- a /proc of another pid namespace: its 1 is not ours, whom the pidfd would mean
said 125 'nsview: /proc shows another pid namespace than ours: mount a new one there first $' \
	'a /proc with other numbers than ours' \
	timeout 60 unshare --pid --fork --kill-child $NSVIEW enter 1 -- true
said 125 'nsview: /proc shows another pid namespace than ours' '... also where it has no such number' \
	timeout 60 unshare --pid --fork --kill-child $NSVIEW enter 2 -- true

# ---- as an ordinary user of the host
if is_host_root && as_user test -x "$tmp/nsview"; then
	mount -t proc -o hidepid=2 proc /proc
	if old_kernel; then
		skip 1 'kernel: no pidfds'
	else
		like "$(as_user "$tmp/nsview" enter "$box" -- true 2>&1)" \
			"^nsview: process $box is not shown by /proc \(mounted with hidepid=\)" 'hidepid=2'
	fi
	umount /proc
	is "$(as_user "$tmp/nsview" enter --new=user,mnt --root=/ -- sh -c 'echo "$HOME $(id -u)"' 2>&1)" \
		"$(awk -F: '$3 == 0 { print $6 " 0"; exit }' /etc/passwd)" \
		'HOME is of who the command runs as, inside'
	is "$(setpriv --groups 0,6,27 $NSVIEW enter --new=user --map=0:100000:1000 --setgroups=deny -- \
		sed -n 's/^Groups:[ \t]*//p' /proc/self/status)" '' \
		'somebody else outside, and setgroups denied: no group of ours is kept'
	is "$(setpriv --groups 0,6,27 $NSVIEW enter --new=user --map=0:100000:1000 --map-gids=0:0:1000 -- \
		sed -n 's/^Groups:[ \t]*//p' /proc/self/status)" '' '... nor where only the uid is another'
	few() { setpriv --groups 0,6,27 --bounding-set=-setgid --inh-caps=-setgid "$@"; }
	# shellcheck disable=SC2086 # NSVIEW is a command with words
	said 125 'nsview: cannot set the supplementary groups: CAP_SETGID is missing' \
		'-S without CAP_SETGID: nobody gets our groups in silence' few $NSVIEW enter self -S 4242 -- true
	# shellcheck disable=SC2086
	said 0 '$' '... who stays who they are keeps them' few $NSVIEW enter self -S 0 -- true
else
	skip 6 'not here: needs root, and an ordinary user that gets there'
fi

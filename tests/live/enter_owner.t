#!/bin/sh
# Whose the pseudo-terminal of `nsview enter` is: whoever the command runs as can open it again by
# /proc/self/fd/0 and /dev/tty, and by its name where it has one, as scripts do with /dev/stdin and
# /dev/stderr. With open(2) the owner of the file counts, and not who holds it open.
# Ordinary users have to get there, too.
[ "${NSVIEW_VARIANT:-}" = user ] || TMPDIR=/tmp
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"
. "$(dirname "$0")/lab.sh"
plan 12

nsview_for_all
cp "$BUILD/tools/ptyrun" "$tmp/ptyrun"
chmod -R a+rX "$tmp"
chmod 1777 "$tmp" # where whoever stays says so
printf '#!/bin/sh\nexec %s enter "$@"\n' "$NSVIEW" >"$tmp/E"
chmod 755 "$tmp/E"

# What a command finds: the owner, and whether each way to open it again works.
cat >"$tmp/again" <<'END'
echo "owner=$(stat -L -c %u /proc/self/fd/0) uid=$(id -u)"
for way in /proc/self/fd/0 /dev/tty $(tty); do
	case $way in
	/*) if (: <"$way" && echo written >"$way") 2>/dev/null; then
		echo "open again: ${way%[0-9]*}"
	else
		echo "refused: $way"
	fi ;;
	esac
done
echo end
END
chmod a+r "$tmp/again"

# owned NAME OWNER COMMAND...: under a terminal; a second line of the test is that nothing is refused
owned() {
	owned_name=$1 owned_by=$2
	shift 2
	printf 'expect owner=%s uid=%s\nexpect open again: /proc\nexpect open again: /dev\nexpect end\nunseen refused\nexit 0\n' \
		"$owned_by" "$owned_by" |
		"$@" >"$tmp/out" 2>"$tmp/err"
	ok $? "$owned_name"
	grep -q . "$tmp/err" && sed 's/^/# /' "$tmp/err" | head -n 25
	return 0
}
by_us() { timeout 60 "$tmp/ptyrun" "$tmp/E" "$@" -- sh "$tmp/again"; }
by_user() { as_user timeout 60 "$tmp/ptyrun" "$tmp/E" "$@" -- sh "$tmp/again"; }

# It waits to be mapped.
# shellcheck disable=SC2016 # expands there
mapped='until [ "$(id -u)" = 0 ]; do sleep 0.02; done'

stay unshare --mount sh -c "$stay_here"
files=$stay_pid
at_exit "end_process $files"
stay unshare --user --map-root-user --mount sh -c "$stay_here"
mine=$stay_pid
at_exit "end_process $mine"
owned 'as who one is' 0 by_us "$files"
owned '... in a user namespace of one id' 0 by_us "$mine"
owned '... in a new one' 0 by_us --new=user,mnt --map-root

if ! is_host_root; then
	skip 9 'not here: one user only'
	exit 0
fi
# With a devpts as a distribution has it, in which a group owns all that is made.
mount -t devpts -o newinstance,gid=5,mode=620,ptmxmode=0666 devpts /dev/pts
[ -L /dev/ptmx ] || mount --bind /dev/pts/ptmx /dev/ptmx

owned 'as another user (-S)' "$user" by_us "$files" -S "$user" -G "$user"
owned '... without a target' "$user" by_us --pty --new=uts -S "$user" -G "$user"

stay "$tmp/nsview" enter --share-tty --new=user,mnt,pid --map=0:100000:65536 -- sh -c "$stay_here"
at_exit "end_process $stay_pid"
shifted=$(pgrep -n -u 100000 sleep)
owned 'root of a user namespace that is somebody else outside' 0 by_us "$shifted"
owned '... somebody in there' 7 by_us "$shifted" -S 7 -G 7
owned '... of a new one' 0 by_us --new=user,mnt --map=0:100000:65536
owned '... somebody in a new one' 7 by_us --new=user,mnt --map=0:100000:65536 -S 7 -G 7

# One that an ordinary user has made, with further ids: there only its own root may give it away.
for devpts in '' 'mount -t devpts -o newinstance,gid=5,mode=620,ptmxmode=0666 devpts /dev/pts;'; do
	# shellcheck disable=SC2086 # nothing, or words
	stay as_user unshare --user sh -c \
		"$mapped; exec unshare --mount sh -c '$devpts$stay_here'" &
	started=$!
	wait_for pgrep -u "$user" -f 'until.*id -u'
	waiting=$(pgrep -n -u "$user" -f 'until.*id -u')
	for map in uid_map gid_map; do
		printf '0 %s 1\n1 100000 65535\n' "$user" >"/proc/$waiting/$map"
	done
	wait_for pgrep -u "$user" sleep
	wait "$started"
	theirs=$(pgrep -n -u "$user" -f 'sleep 1000')
	at_exit "end_process $theirs"
	owned "somebody in an ordinary user's${devpts:+, with a devpts}" 7 by_user "$theirs" -S 7 -G 7
	end_process "$theirs"
done
is "$(pgrep -f "^$tmp/nsview enter .*again" | tr '\n' ' ')" '' 'no process of ours is left'

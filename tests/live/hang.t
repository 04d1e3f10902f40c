#!/bin/sh
# A FUSE that never answers, with everything below it that a search for holders may meet, and an
# autofs whose daemon does nothing: nsview answers all the same, with either source, and in full.
. "$(dirname "$0")/../lib.sh"
only_plain
own_mounts "$0"
tests=$((4 + 2 * 20))
plan $tests
if ! is_host_root || ! have jq; then
	skip $tests "needs root of the host, and jq"
	exit
fi
if ! mount -t tmpfs hang /run; then
	skip $tests "not here: cannot mount"
	exit
fi
work=/run/hang fuse=/run/hang/fuse auto=/run/hang/auto
mkdir -p $fuse $auto /run/netns /run/user/1000/netns /run/user/1001
mkfifo $work/ask $work/answer
"$BUILD/tools/fusehang" $fuse $auto <$work/ask >$work/answer 2>"$tmp/err" &
server=$!
at_exit "exec 3>&- 4>&-; end_process $server"
exec 3>$work/ask 4<$work/answer
if ! read -r word task <&4 || [ "$word" != ready ]; then
	skip $tests "not here: $(cat "$tmp/err")"
	exit
fi
# Not to be inherited: it would keep the server.
keep() { "$@" 3>&- 4>&- & }

# A namespace that is mounted below it, a procfs of another, and somebody in a mount namespace of
# its own who sees both.
unshare --net=$fuse/fnet true 3>&- 4>&-
net=$(stat -Lc %i $fuse/fnet)
mkfifo $work/started
# shellcheck disable=SC2016 # $1 and $2 are the task's
keep unshare --mount --pid --fork --kill-child --propagation private sh -c \
	'mount -t proc proc "$1" && echo >"$2" && sleep 600' - $fuse/proc $work/started
at_exit "end_process $!"
read -r _ <$work/started
# A namespace and a procfs, each with something of the FUSE on top of it.
touch $work/covered
mkdir $work/proc
unshare --net=$work/covered true 3>&- 4>&-
covered=$(stat -Lc %i $work/covered)
mount -t proc proc $work/proc
mount --bind $fuse/fcover $work/covered
mount --bind $fuse/cover $work/proc
# Where name files are looked for.
mount --bind $fuse/user /run/user/1000/netns
mount --bind $fuse /run/user/1001
echo hang >&3
read -r word <&4
is "$word" hangs "the server answers no more"
is "$(status timeout -k 5 1 stat $fuse/file)" 124 "who asks it waits"
is "$(status timeout -k 5 1 ls $auto)" 124 "and who enters the autofs"
inside=$(stat -Lc %i "/proc/$task/ns/net")

# in_time NAME REGEX COMMAND...: it ends, and what it says has the REGEX
in_time() {
	name=$1 regex=$2
	shift 2
	timeout -k 5 30 "$NSVIEW" -q "--source=$source" "$@" >"$tmp/out" 2>"$tmp/err"
	case $? in
	124 | 137) ok 1 "$source: $name hangs" ;;
	*) like "$(cat "$tmp/out")" "$regex" "$source: $name" ;;
	esac
}

for source in proc kernel; do
	in_time "ls" "^ *$net net " ls
	in_time "ls -P" "^ *$net net +0 .* mount " ls -P
	in_time "all columns" "^ *$net " ls --output-all
	in_time "ps" "$task" ps -a
	in_time "tree" "net:\[$net\]" tree
	in_time "who" "^  mount +$fuse/fnet" who "$net"
	in_time "who --peek" "^  mount +$fuse/fnet" who --peek "$net"
	in_time "who of a member" "^  proc +pid $task " who "$inside"
	in_time "who --leaked" . who --leaked
	in_time "show" "^net:\[$net\]" show "$net"
	in_time "show of a process" "$task" show "$task"
	in_time "show of its mounts" "^mnt:\[" show "mnt:[$(stat -Lc %i "/proc/$task/ns/mnt")]"
	in_time "a process as target" "$inside" ls "$task"
	in_time "a mount as target" . ls "mount:$fuse"
	in_time "who of a path" "^  mount +$fuse/fnet" who $fuse/fnet
	in_time "show of a path" "^net:\[$net\]" show $fuse/fnet
	in_time "the FUSE itself as target" "$task|mnt" ls $fuse
	in_time "what a FUSE covers" "^  mount +$work/covered" who "$covered"
	in_time "a FUSE on a namespace's file as target" "mnt" ls $work/covered
	in_time "JSON" "\"ns\": $net" ls -J -o NS,TYPE,HELD,WHO,NSFS,NETNSID
done
is "$(timeout -k 5 1 cat /proc/self/mountinfo | grep -c "$fuse/fnet")" 1 "what is below is still there"

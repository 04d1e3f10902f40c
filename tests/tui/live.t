#!/bin/sh
# The interactive view over real namespaces that come and go while it is open.
cd "$(dirname "$0")" || exit 2
. ./screen.sh
live_sandbox ./live.t
plan 19

have ip && ip link set lo up 2>/dev/null
# pinned FD TYPE: a namespace that only a descriptor of ours keeps; sets $ino
pinned() {
	lives "--$2"
	eval "exec $1<\"/proc/$lives_pid/ns/$2\""
	ino=$(ino "$lives_pid" "$2")
	ends
}

# read_until CONDITION...: reads the host again and again
read_again() { keys R && "$@"; }
read_until() { wait_for read_again "$@"; }

# The host is read when R is typed: what is marked stays so until then, however slow this machine.
lives --uts
first=$lives_pid
pinned 8 ipc
start 24x80 -- --filter='type == uts || nprocs == 0'
shows "^  $(ino "$first" uts) uts" 'a namespace that was there before is no news'
shows "^ [ !]$ino ipc" 'neither is one that takes a search'
exec 8<&-
lives --uts
second=$lives_pid
uts=$(ino "$second" uts)
keys R
shows "^ \+$uts uts" 'one that appears is marked'
read_until screen_has "^  $uts uts"
ok $? 'for a while'

# The cursor is on it when it goes away.
text "/$uts"
keys Enter
shows "^>.$uts uts" 'the cursor is on it'
keys F
shows 'following' 'and follows it'
end_process "$second"
wait "$second" 2>/dev/null
keys R
shows "^>x$uts uts" 'it is marked when it has gone'
shows "^ uts:\[$uts\] is gone" 'which is said, since it was followed'
read_until screen_lacks "x$uts"
ok $? 'and then its row goes too'
end_process "$first"
wait "$first" 2>/dev/null

# Somebody keeps a descriptor of a namespace that nobody is in any more.
pinned 8 ipc
ipc=$ino
start 24x80 -- -i 0.3 --filter='nprocs == 0'
shows "^.!$ipc ipc +0 +- .* fd" 'a namespace that only a descriptor keeps is marked as leaked'
shows '1 leaked' 'and counted'
keys w
shows "^ +fd +pid $$ \(sh\) fd 8" 'w tells who'
keys Enter
shows '^ 1:Namespaces \[2:Processes\]' 'whose name is a jump'
keys Escape
shows "^>!$ipc ipc" 'and Esc leads back'
exec 8<&-
shows "^>x$ipc ipc" 'the host is read again unasked'

# Resized again and again, while it scans again and again.
start 24x80 -- -i 0.1
wait_for screen_has 'Namespaces'
for size in 80x10 40x8 20x5 132x43 39x30 200x50 80x24; do
	t resize-window -x "${size%x*}" -y "${size#*x}"
	case $size in
	20x5 | 39x30) wait_for screen_has "^ *needs 40x8, has $size\$" ;;
	*) wait_for screen_has '[0-9] (uts|cgroup|ipc) ' ;;
	esac || echo "$size"
done >"$tmp/wrong"
is "$(cat "$tmp/wrong")" '' 'each size has its screen'
keys Q
wait_for ended
is "$(cat "$tmp/status")" 0 'and it ends as it should'

if is_root && [ -x "$BUILD/bench/load" ]; then
	# Two thousand processes: the first rows are there before all has been searched.
	run_in 24x80 "exec $BUILD/bench/load 2000 200 -- env TERM=screen-256color LC_ALL=C.UTF-8 $NSVIEW tui -i 0.1"
	wait_for screen_has '[0-9] (cgroup) '
	shows '(200[0-9]|20[1-9][0-9]) procs|[0-9]+ ns ' 'a load of processes is shown'
	keys G
	shows '^>.[0-9]+ uts' 'and a key is answered while it scans'
else
	skip 2 'not here: needs root and the bench programs'
fi

#!/bin/sh
# Views that are not whole: each gives a correct answer about what can be seen, and says that it
# is partial and why. What can be seen is read by the oracle under the same restrictions.
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"
. "$(dirname "$0")/lab.sh"

plan 49
# shellcheck disable=SC2086 # commands with words, all through
:

# A place that everybody may read, which neither the checkout nor a temporary directory need be.
public=/mnt
mount -t tmpfs -o mode=755 none "$public"
cp -R "$BUILD/nsview" "$BUILD/tools" "$public/"
NSVIEW=$(printf '%s\n' "$NSVIEW" | sed "s|$BUILD/|$public/|g")
BUILD=$public

cat >"$public/reader" <<'INSIDE'
proc=${1:-/proc}
$BUILD/tools/oracle -p "$proc" >oracle
$NSVIEW ls --proc="$proc" -n -r -o TYPE,NS,NPROCS >ls 2>err
echo $? >status
$NSVIEW ls --proc="$proc" --strict >strict.out 2>&1
echo $? >strict
$NSVIEW ls -P --json --proc="$proc" >json 2>json.err
unread=0
for dir in "$proc"/[0-9]*; do
	[ ! -d "$dir" ] || readlink "$dir/ns/net" >/dev/null 2>&1 || unread=$((unread + 1))
done
echo "$unread" >unread
INSIDE

# view NAME WORDS...: both readings, in $public/NAME, with the words in front
view() {
	name=$1
	shift
	mkdir -m 777 "$public/$name"
	(cd "$public/$name" && "$@" sh "$public/reader" $proc_dir) || echo "# $name: $?"
}
proc_dir=
got() { cat "$public/$name/$1"; }
sorted() { awk '$3 > 0 { print $1, $2, $3 }' "$1" | sort; }

# Six tests that hold for every partial view.
partial() { # SENTENCE
	is "$(sorted "$public/$name/ls")" "$(sorted "$public/$name/oracle")" "$name: what can be read is right"
	is "$(got status) $(got strict)" "0 3" "$name: exit 0, and 3 with --strict"
	like "$(got err)" "^nsview: partial view: .*$1" "$name: it is said, and why"
	is "$(got err | wc -l)" 1 "$name: once"
	is "$(jq -r .completeness.partial "$public/$name/json")" true "$name: JSON says so"
	is "$(jq -r '.completeness | .unread_processes, (.unreadable | length)' "$public/$name/json" |
		tr '\n' ' ')" "$(got unread) $(got unread) " "$name: the unreadable are counted"
}

# Words, not functions: in the background they must become what they start.
nobody="setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all"
powerless="setpriv --bounding-set=-all --inh-caps=-all"

### an ordinary user
lab nested-user || echo "# $(cat "$tmp/lab.err")"
remedy="EACCES; CAP_SYS_PTRACE would show them"
if is_host_root; then
	# Something of the user's own, in a user and a uts namespace of its own.
	$nobody unshare --user --uts sleep 1000 9>&- &
	own_pid=$!
	is_apart() { ino=$(ns_of "$own_pid" uts) && [ -n "$ino" ] && [ "$ino" != "$(ns_of self uts)" ]; }
	wait_for is_apart
	view user $nobody
	partial "[0-9]+ processes unreadable \(pids 1, .*: $remedy"
	like "$(got json.err)" "descriptors of [0-9]+ processes unreadable" \
		"user: so are descriptors, where they are searched"
	is "$(jq -r '[.completeness.unreadable[].error] | unique | .[]' "$public/user/json")" EACCES \
		"user: JSON has each error"
	$nobody $NSVIEW ps -q -a -n -r -o PID,ns_net,ERROR "$lab_pid" >"$tmp/ps" 2>&1
	like "$(cat "$tmp/ps")" "^$lab_pid \? " "user: an unreadable process is a row of questions"
	end_process "$own_pid"
else
	skip 9 "not here: needs root, to become another user"
fi

### root without capabilities
view powerless $powerless
if [ "$(got unread)" -eq 0 ]; then
	skip 6 "kernel: root without capabilities sees everything"
else
	partial "unreadable \(.*: EACCES; CAP_SYS_PTRACE would show"
fi
lab_end

### hidepid
mkdir "$public/hidden"
proc_dir=$public/hidden
if ! is_host_root; then
	skip 8 "not here: needs root, to become another user"
elif ! mount -t proc -o hidepid=2 proc "$public/hidden"; then
	skip 8 "kernel: no hidepid"
else
	view hidepid $nobody
	partial "/proc hides processes of other users \(hidepid; CAP_SYS_PTRACE would show them\)"
	# A path has many spellings, and the one with the option may cover one without.
	$nobody $NSVIEW ls --proc="$public/../${public##*/}//hidden/" >"$tmp/out" 2>"$tmp/err"
	like "$(cat "$tmp/err")" "hidepid" "hidepid: however the path is written"
	$NSVIEW ls --proc="$public/hidden" >"$tmp/out" 2>"$tmp/err"
	unlike "$(cat "$tmp/err")" "hidepid" "hidepid: hides nothing from who has CAP_SYS_PTRACE"
	umount "$public/hidden"
fi
if ! mount -t proc -o hidepid=4 proc "$public/hidden" 2>/dev/null; then
	skip 1 "kernel: no hidepid=ptraceable"
else
	$powerless $NSVIEW ls --proc="$public/hidden" >"$tmp/out" 2>"$tmp/err"
	like "$(cat "$tmp/err")" "hidepid; CAP_SYS_PTRACE would" \
		"hidepid: ptraceable hides from a root without capabilities too"
	umount "$public/hidden"
fi

### a procfs of another pid namespace
foreign="/proc shows another pid namespace than ours"
mkdir "$tmp/proc"
proc_dir=$tmp/proc
cat >"$tmp/init" <<'INSIDE'
mount -t proc proc "$tmp/proc"
sleep 1000 &
read -r _
INSIDE
mkfifo "$tmp/init.hold"
tmp=$tmp unshare --pid --fork --kill-child sh "$tmp/init" <"$tmp/init.hold" &
init_pid=$!
exec 7>"$tmp/init.hold"
sleeps_inside() { cat "$tmp/proc/"[0-9]*/comm | grep -q sleep || ! kill -0 "$init_pid"; }
wait_for sleeps_inside
view inner env
partial "$foreign"
like "$($NSVIEW ps -q -a -n -r --proc="$tmp/proc" -o PID,COMM | tr '\n' ' ')" "^1 sh [0-9]+ sleep " \
	"inner: PIDs are those inside"
is "$(status $NSVIEW show --proc="$tmp/proc" self)" 2 "inner: we are not in there"
like "$(cat "$tmp/err")" "not in this view" "inner: and are told so"
exec 7>&-
wait "$init_pid"
umount "$tmp/proc"

# The other way round: we are in a new one, and /proc is still the old. A sanitizer's search for
# leaks wants its own.
asan=${ASAN_OPTIONS:-}
export ASAN_OPTIONS="$asan:detect_leaks=0"
proc_dir=
view outer unshare --pid --fork --kill-child
partial "$foreign"
# Its PID here differs from the one that getpid gives it: nothing may rest on that one.
unshare --pid --fork --kill-child $NSVIEW show self >"$tmp/out" 2>&1
like "$(cat "$tmp/out")" "Pids +[0-9]+ -> 1$" "outer: self is found under its number out here"
is "$(unshare --pid --fork --kill-child --uts $NSVIEW ls -q -n -r -t uts -o HOSTNAME self)" \
	"$(uname -n)" "outer: facts can still be read"

export ASAN_OPTIONS="$asan"

### inside a container: user, pid and mount namespaces of its own
view container unshare --user --map-root-user --pid --mount --mount-proc --fork --kill-child
partial "we are in nested user and pid namespaces: the host's namespaces above are not visible"
is "$(jq -r '.host.visible' "$public/container/json")" false "container: JSON says so"
is "$(jq -r '.host.namespaces.user' "$public/container/json")" null "container: the host's are not ours"

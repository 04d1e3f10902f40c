#!/bin/sh
# `nsview enter`: joins what it is told, runs the command with what it is told, and ends as the
# command ended; against targets of every kind. What needs a terminal is in enter_pty.t.
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"
. "$(dirname "$0")/lab.sh"
plan 113

# refused REGEX NAME ARGUMENT...: exit status 125, one line, and the command is not run
refused() {
	refused_like=$1
	refused_name=$2
	shift 2
	rm -f "$tmp/ran"
	refused_status=$(status enter "$@" -- touch "$tmp/ran")
	refused_ran=$([ -e "$tmp/ran" ] && echo 'but it ran: ')
	like "$refused_status $(wc -l <"$tmp/err") $refused_ran$(cat "$tmp/err")" \
		"^125 1 nsview: .*$refused_like" "$refused_name"
}

# target OPTIONS...: what unshare makes; its first process is $target, another one for each call
# shellcheck disable=SC2016 # expands there
target() {
	stay unshare --fork --kill-child "$@" sh -c "$stay_here" || return 1
	target=$(first_child "$stay_pid")
	at_exit "end_process $stay_pid"
}

letters='C:cgroup i:ipc m:mnt n:net p:pid T:time U:user u:uts'
box_types='--user --map-root-user --mount --uts --ipc --net --pid --cgroup --time --mount-proc'
# shellcheck disable=SC2086 # words
target $box_types sh -c 'cd /usr && hostname inside && exec "$@"' sh
box=$target

# ---- 1: each type alone, by letter, by name, and by file; nothing else changes
ino() { echo "$1" | tr -dc 0-9; }
info() { jq -r ".namespaces.$1" "$tmp/info"; }
for pair in $letters; do
	letter=${pair%%:*}
	type=${pair#*:}
	others=
	enter "$box" "-$letter" --info-fd=3 -- true 3>"$tmp/info" 2>"$tmp/err" </dev/null
	result=$?
	for other in $types; do
		[ "$other" = "$type" ] || [ "$(info "$other")" = "$(ino "$(link self "$other")")" ] ||
			others="$others $other"
	done
	is "$result $(info "$type")$others" "0 $(ino "$(link "$box" "$type")")" "-$letter joins $type alone"
done
for type in ipc net user; do
	is "$(enter "$box" "--$type" -- readlink "/proc/self/ns/$type")" "$(link "$box" $type)" "--$type"
	is "$(enter "--$type=/proc/$box/ns/$type" -- readlink "/proc/self/ns/$type")" \
		"$(link "$box" $type)" "--$type=FILE"
done
is "$(enter "$box" -un -- sh -c 'readlink /proc/self/ns/uts /proc/self/ns/net')" \
	"$(link "$box" uts; link "$box" net)" '-un is -u -n'
is "$(enter "$box" -- sh -c "$show_all")" "$(all_types "$box")" 'a process stands for all its namespaces'
is "$(enter -t "$box" -a sh -c "$show_all")" "$(all_types "$box")" 'as nsenter has it'
is "$(enter "$box" --except=net,uts -- sh -c "$show_all")" \
	"$(for t in $types; do case $t in net | uts) link self $t ;; *) link "$box" $t ;; esac; done)" \
	'--except'

# ---- 2, 3, 4: all at once; what is shared is left alone
target --uts --net
half=$target
enter "$half" -v -- true 2>"$tmp/err"
is "$(cat "$tmp/err")" 'nsview: joined: net, uts
nsview: shared already, not joined: cgroup, ipc, mnt, pid, time, user' '-v says what is joined'
if [ "$variant" != old ] && have strace; then
	strace -f -qq -o "$tmp/trace" -e trace=setns $NSVIEW enter "$box" -- true
	is "$(grep -c setns "$tmp/trace")" 1 'all differing types in one setns'
else
	skip 1 'kernel: no pidfds (or no strace here)'
fi

# ---- 7: nothing is left
enter "$box" -- true
is "$(grep -ls '^State:.Z' /proc/[0-9]*/status; grep -ls -x -e true -e nsview /proc/[0-9]*/comm)" '' \
	'helper and command are reaped'

# ---- 8, 12: by file, by socket
: >"$tmp/netns"
mount --bind "/proc/$half/ns/net" "$tmp/netns"
is "$(enter "$tmp/netns" -- readlink /proc/self/ns/net)" "$(link "$half" net)" 'a bind-mounted file'
umount "$tmp/netns"
ns=$(link "$box" ipc)
is "$(enter "ipc:$(ino "$ns")" -- readlink /proc/self/ns/ipc)" "$ns" 'a namespace by its number'
if have bash nsenter ip; then
	target --net sh -c 'ip link set lo up; exec "$@"' sh
	# shellcheck disable=SC2016 # expands there
	is "$(nsenter -t "$target" -n bash -c 'exec 5<>/dev/udp/127.0.0.1/9
		exec nsenter -t "$1" -n $2 enter -N 5 -- readlink /proc/self/ns/net' \
		bash "$half" "$NSVIEW")" "$(link "$target" net)" 'the namespace of a socket'
else
	skip 1 'not here: no bash, nsenter or ip'
fi

# ---- 9, 10: who owns what
target --net unshare --user --map-root-user
is "$(enter "$target" -- sh -c "$show_all")" "$(all_types "$target")" \
	'a network namespace that is not owned by the user namespace'
if have bwrap; then
	stay bwrap --dev-bind / / --dev /dev --proc /proc --unshare-all sh -c "$stay_here"
	at_exit "end_process $stay_pid"
	inner=$(first_child "$stay_pid")
	inner=$(first_child "$inner")
	is "$(enter "$inner" -- sh -c "$show_all")" "$(all_types "$inner")" 'bwrap --dev'
else
	skip 1 'not here: no bwrap'
fi

# ---- 11: who may not join all joins nothing
if [ "$variant" = user ]; then
	skip 1 'not here: the only user that there is'
else
	chmod 755 "$tmp"
	mkdir -m 777 "$tmp/open"
	cat >"$tmp/other" <<END
		exec setpriv --reuid=65534 --regid=65534 --clear-groups \
			$NSVIEW enter "$box" -- touch "$tmp/open/ran"
END
	like "$(status sh "$tmp/other")$(ls "$tmp/open") $(cat "$tmp/err")" '^125 nsview: cannot look' \
		'another user joins nothing and runs nothing'
fi

# ---- 13: a PID that is one in another namespace
pidns=$(ino "$(link "$box" pid)")
# shellcheck disable=SC2016 # expands there
is "$(enter "pid:1@$pidns" -- readlink /proc/1/ns/uts)" "$(link "$box" uts)" 'pid:N@NAMESPACE'
refused 'there is no namespace pid' 'a PID of a namespace that is gone' pid:1@4026599999
refused 'no process is' 'a PID that the namespace has not' "pid:4000@$pidns"

# ---- 14: time
target --time --monotonic 7000 --boottime 9000
is "$(enter "$target" -- cat /proc/self/timens_offsets | tr -s ' ')" \
	"$(tr -s ' ' <"/proc/$target/timens_offsets")" 'the clocks of the target'

# ---- 16, 17: control groups
cgroup=
for dir in /sys/fs/cgroup/unified /sys/fs/cgroup; do
	[ -z "$cgroup" ] && [ -w "$dir/cgroup.procs" ] && mkdir "$dir/nsview-test-$$" 2>/dev/null &&
		cgroup=$dir/nsview-test-$$
done
if [ -n "$cgroup" ]; then
	target --uts
	at_exit "rmdir $cgroup"
	at_exit "end_process $target; wait_for sh -c '! grep -q . $cgroup/cgroup.procs'"
	echo "$target" >"$cgroup/cgroup.procs"
	is "$(enter "$target" -c -- grep ^0: /proc/self/cgroup)" "$(grep ^0: "/proc/$target/cgroup")" \
		'--join-cgroup'
	unlike "$(enter "$target" -- grep ^0: /proc/self/cgroup)" nsview-test 'and not without it'
	echo 1 >"$cgroup/cgroup.freeze"
	wait_for grep -q 'frozen 1' "$cgroup/cgroup.events"
	refused "cgroup .*nsview-test.* is frozen" 'a frozen one is refused' "$target" -c
	echo 0 >"$cgroup/cgroup.freeze"
else
	skip 3 'not here: no cgroup v2 hierarchy to write to'
fi
v1=/sys/fs/cgroup/pids
if [ -w "$v1/cgroup.procs" ] && mkdir "$v1/nsview-test-$$" 2>/dev/null; then
	target --uts
	at_exit "rmdir $v1/nsview-test-$$"
	at_exit "end_process $target; wait_for sh -c '! grep -q . $v1/nsview-test-$$/cgroup.procs'"
	echo "$target" >"$v1/nsview-test-$$/cgroup.procs"
	is "$(enter "$target" -c -- grep :pids: /proc/self/cgroup)" "$(grep :pids: "/proc/$target/cgroup")" \
		'--join-cgroup: a v1 hierarchy'
else
	skip 1 'not here: no cgroup v1 hierarchy to write to'
fi

# ---- 18, 46: root and working directory
is "$(enter "$box" -- pwd)" /usr 'the working directory of the target'
is "$(enter "$box" -w=/tmp -- pwd)" /tmp '--wd=DIR'
is "$(enter "$box" -W /etc -- pwd)" /etc '--wdns'
is "$(cd /usr/bin && enter "$half" -- pwd)" /usr/bin 'our own, where no mount namespace is joined'
mkdir -p "$tmp/root/sub" "$tmp/root/proc" "$tmp/root/etc"
cp "$(command -v busybox || echo /bin/busybox)" "$tmp/root/busybox" 2>/dev/null
chmod 755 "$tmp"
if [ -x "$tmp/root/busybox" ]; then
	mkfifo "$tmp/root/hold"
	unshare --mount --fork --kill-child chroot "$tmp/root" /busybox sh -c \
		'cd /sub; echo >/ready; exec /busybox sleep 1000' &
	chrooted=$!
	at_exit "end_process $chrooted"
	wait_for test -e "$tmp/root/ready"
	inner=$(first_child "$chrooted")
	is "$(enter "$inner" -- /busybox sh -c 'pwd; cd /; echo *')" '/sub
busybox etc hold proc ready sub' "a target's own root and directory"
	refused '/usr the working' 'a directory that its root has not' "$inner" -w=/usr
	is "$(enter "$inner" -r=/sub -- /busybox true; echo $?) $(enter "$inner" -r=/sub -- x 2>&1)" \
		'127 nsview: command x is not found in the target in PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin (--tools=host runs the host'"'"'s own)' \
		'--root=DIR is below it'
	is "$(TOKEN=1 LANG=C TZ=UTC TERM=vt100 enter "$inner" -m -- /busybox env |
		grep -v -e ^LC_ -e ^COLORTERM= -e ^LANGUAGE= | sort)" 'HOME=/
LANG=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
TERM=vt100
TZ=UTC' 'an environment of its own'
	# 21: what is missing
	printf '#!/no/interpreter -x\n' >"$tmp/root/script"
	cp /bin/true "$tmp/root/loader"
	chmod +x "$tmp/root/script"
	: >"$tmp/root/plain"
	is "$(status enter "$inner" -- /script) $(cat "$tmp/err")" \
		'127 nsview: cannot run /script: it is a script for /no/interpreter, which is not there' \
		'a script without its interpreter'
	like "$(status enter "$inner" -- /loader) $(cat "$tmp/err")" \
		'^127 nsview: cannot run /loader: it needs the loader /lib.*, which is not there' \
		'a program without its loader'
	is "$(status enter "$inner" -- /plain) $(cat "$tmp/err")" \
		'126 nsview: cannot run /plain: it is not executable' 'what is not executable'
	is "$(status enter "$inner" -- /sub) $(cat "$tmp/err")" \
		'126 nsview: cannot run /sub: it is a directory' 'a directory'
	# Without a command
	like "$(echo 'echo $0; pwd' | SHELL=/bin/sh enter "$inner" 2>&1)" \
		'^nsview: no command is given: running /bin/sh, with the host.s files' \
		'no shell inside: the host'"'"'s'
	mkdir "$tmp/root/bin"
	cp "$tmp/root/busybox" "$tmp/root/bin/ash"
	echo 'root:x:0:0::/sub:/bin/ash' >"$tmp/root/etc/passwd"
	like "$(echo 'echo "$0 $HOME"' | enter "$inner" 2>&1 | tr '\n' ' ')" \
		"^nsview: no command is given: running /bin/ash, the target's own /bin/ash /sub \$" \
		"the shell that the target's user has"
	is "$(echo exit 7 | enter "$inner" -q 2>&1; echo $?)" 7 'its name is not said with -q'
else
	skip 11 'not here: no busybox'
fi

# ---- 19, 20, 21, 22: the status is the command's
for code in 0 1 7 42 255; do
	is "$(status enter "$box" -- sh -c "exit $code") $(cat "$tmp/err")" "$code " "exit $code"
done
for signal in TERM KILL SEGV; do
	want=$(sh -c "ulimit -c 0; kill -$signal \$\$" 2>/dev/null; echo $?)
	# shellcheck disable=SC2016 # expands there
	is "$(enter "$box" -- sh -c 'ulimit -c 0; kill -'$signal' $$' 2>/dev/null; echo $?)" "$want" \
		"ended by $signal, as in a shell"
done
if have python3; then
	is "$(python3 - $NSVIEW enter "$box" -- sh -c 'kill -TERM $$' <<'END'
import os, sys
pid = os.spawnvp(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
status = os.waitpid(pid, 0)[1]
print(os.WIFSIGNALED(status) and os.WTERMSIG(status))
END
)" 15 'and a parent sees the signal'
else
	skip 1 'not here: no python3'
fi
is "$(status enter "$box" -- nosuch-command | cat - "$tmp/err" | tr '\n' ' ')" \
	"127 nsview: command nosuch-command is not found in the target in PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin (--tools=host runs the host's own) " \
	'no such command'
is "$(status enter "$half" -- /nonexistent/x) $(cat "$tmp/err")" \
	'127 nsview: there is no file /nonexistent/x' 'no such file'

# ---- 27: what a process sends to the front reaches the command
for signal in TERM HUP USR1 USR2 INT QUIT; do
	mkfifo "$tmp/never"
	rm -f "$tmp/up"
	# In the background a shell ignores INT and QUIT for it; a new one does not.
	env --default-signal=INT,QUIT $NSVIEW enter "$box" -- sh -c \
		"trap 'exit 33' $signal; : >$tmp/up; while :; do read -r x <$tmp/never; done" 2>/dev/null &
	front=$!
	wait_for test -e "$tmp/up"
	kill "-$signal" "$front"
	wait "$front"
	is $? 33 "SIG$signal is forwarded"
	rm "$tmp/never"
done

# ---- 28, 36, 37: the front and its child
rm -f "$tmp/pid"
enter_background() {
	# shellcheck disable=SC2086 # words
	$NSVIEW enter "$@" &
	front=$!
	at_exit "end_process $front"
}
enter_background "$box" --pid-file="$tmp/pid" --info-fd=3 -- sleep 1000 3>"$tmp/info"
wait_for test -s "$tmp/pid"
wait_for test -s "$tmp/info"
command=$(cat "$tmp/pid")
is "$(cat "/proc/$command/comm") $(link "$command" net)" "sleep $(link "$box" net)" \
	'the pid file has the PID of the command'
is "$(jq -r .pid "$tmp/info") $(info pid)" "$command $(ino "$(link "$box" pid)")" '--info-fd tells the same'
stat_field() { sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f"$2"; }
is "$(for f in 2 3 4; do stat_field "$command" $f; done)" \
	"$(echo "$front"; for f in 3 4; do stat_field "$front" $f; done)" \
	"it is the front's child, in its process group and session"
kill -KILL "$front"
wait "$front" 2>/dev/null
wait_for sh -c "! kill -0 $command"
ok $? 'it ends when the front is killed'
is "$(enter "$box" --info-fd=1 -- sh -c 'echo still there' | sed 's/^{.*}$/info/' | sort)" \
	'info
still there' 'what the command has as 0, 1 or 2 stays its own, also as --info-fd'
enter "$box" --pid-file="$tmp/pid2" --info-fd=3 -- nosuch-command 3>"$tmp/info" 2>/dev/null
is "$(find "$tmp" -name 'pid2*' -o -name '.nsview*')$(cat "$tmp/info")" '' 'neither is there where nothing has run'
ln -s "$tmp/elsewhere" "$tmp/pid3"
enter "$box" --pid-file="$tmp/pid3" -- true
is "$([ -h "$tmp/pid3" ] && echo link)$(ls "$tmp/elsewhere" 2>/dev/null)" '' \
	'a link that somebody put there is replaced, not followed'
refused 'pid file /nonexistent/x' 'a pid file that cannot be' "$box" --pid-file=/nonexistent/x

# ---- 29: signals as they were given
for how in "$box" "$half -u"; do
	# shellcheck disable=SC2086 # words
	is "$(trap '' HUP USR2; $NSVIEW enter $how -- grep -E 'Sig(Blk|Ign)' /proc/self/status)" \
		"$(trap '' HUP USR2; grep -E 'Sig(Blk|Ign)' /proc/self/status)" \
		"ignored signals are handed on ($how)"
done

# ---- 38, 39: ids
is "$(enter "$box" -- id -u; enter "$box" -- id -G)" '0
0' 'root inside, and no other groups'
if is_host_root; then
	is "$(enter "$half" -S 5 -G 6 --groups=7,8 -- id | sed 's/([a-z]*)//g')" \
		'uid=5 gid=6 groups=6,7,8' '-S -G --groups'
	is "$(enter "$half" -S 5 -G 6 -- id | sed 's/([a-z]*)//g')" 'uid=5 gid=6 groups=6' \
		'without --groups there is none'
	is "$(setpriv --groups 7,8 $NSVIEW enter "$half" -- id -G)" '0 7 8' \
		'they stay where nobody asks'
	# shellcheck disable=SC2016 # expands there
	stay sh -c 'exec 8>"$tmp/ready"; cd /; exec setpriv --reuid=4242 --regid=4243 --clear-groups \
		unshare --user --map-user=5 --map-group=6 sh -c "echo >&8; exec sleep 1000"'
	at_exit "end_process $stay_pid"
	wait_for test -s "$tmp/ready"
	is "$(enter "$stay_pid" -- sh -c 'id -u; id -g')" '5
6' "where 0 is not mapped, the target's ids"
else
	skip 4 'not here: one user only'
fi
refused 'user id to 7: .*not mapped' 'an id that is not mapped' "$box" -S 7
is "$(enter "$box" --preserve-credentials -- id -u)" \
	"$(if [ "$variant" = user ] || ! is_host_root; then echo 0; else echo 0; fi)" '--preserve-credentials'

# ---- 40: capabilities
caps() { grep "Cap$1" | tr -dc '0-9a-f\n' | sed 's/^a//; s/^[A-Za-z]*//'; }
sets() { enter "$@" -- grep Cap /proc/self/status | tr '\t\n' '  '; }
last=$(cat /proc/sys/kernel/cap_last_cap)
full=$(printf '%016x' "$(((1 << (last + 1)) - 1))")
none=0000000000000000
is "$(sets "$box")" "CapInh: $none CapPrm: $full CapEff: $full CapBnd: $full CapAmb: $none " \
	'all of them in a user namespace joined'
is "$(sets "$box" --cap-drop=all)" "CapInh: $none CapPrm: $none CapEff: $none CapBnd: $none CapAmb: $none " \
	'--cap-drop=all'
less=$(printf '%016x' "$(((1 << (last + 1)) - 1 - (1 << 13)))")
is "$(sets "$box" --cap-drop=cap_net_raw)" \
	"CapInh: $none CapPrm: $less CapEff: $less CapBnd: $less CapAmb: $none " '--cap-drop of one'
raw=$(printf '%016x' $((1 << 13)))
if is_host_root; then
	own=$(sed -n 's/CapBnd:\t//p' /proc/self/status)
	is "$(sets "$half" -S 5)" "CapInh: $none CapPrm: $none CapEff: $none CapBnd: $own CapAmb: $none " \
		'none for who is not root'
	is "$(sets "$half" -S 5 --cap-add=net_raw)" \
		"CapInh: $raw CapPrm: $raw CapEff: $raw CapBnd: $own CapAmb: $raw " '--cap-add'
	prm=$(sed -n 's/CapPrm:\t//p' /proc/self/status)
	is "$(sets "$half" -S 5 --keep-caps)" \
		"CapInh: $prm CapPrm: $prm CapEff: $prm CapBnd: $own CapAmb: $prm " '--keep-caps'
else
	skip 3 'not here: one user only'
fi
is "$(enter "$half" --no-new-privs -- grep NoNewPrivs /proc/self/status | tr -d '\t')" NoNewPrivs:1 \
	'--no-new-privs'

# ---- 41: as confined as the target
stay unshare --uts prlimit --nofile=100:100 --core=0:0 setpriv --bounding-set=-net_raw --inh-caps=-net_raw \
	sh -c "umask 027; echo 321 >/proc/self/oom_score_adj; $stay_here"
at_exit "end_process $stay_pid"
like="umask; ulimit -n; cat /proc/self/oom_score_adj; grep CapBnd /proc/self/status"
is "$(enter "$stay_pid" --like-target -- sh -c "$like")" \
	"0027
100
321
$(grep CapBnd "/proc/$stay_pid/status")" '--like-target'

# ---- 42, 43: environment
stay env -i PATH=/their/path LD_PRELOAD=/their/lib.so TOKEN=theirs BASH_ENV=/their/rc \
	"$(command -v unshare)" --uts --mount /bin/sh -c "export PATH=/usr/bin:/bin; $(echo "$stay_here" | sed "s|\$tmp|$tmp|")"
at_exit "end_process $stay_pid"
is "$(SECRET=ours enter "$stay_pid" -- env | grep -c SECRET)" 0 'nothing of ours goes into other mounts'
is "$(SECRET=ours enter "$stay_pid" -u -- env | grep SECRET)" SECRET=ours 'all of ours with our own files'
is "$(SECRET=ours enter "$stay_pid" --env=host -- env | grep SECRET)" SECRET=ours '--env=host'
is "$(SECRET=ours enter "$stay_pid" --env=clear --setenv=A=1 --setenv=B= -- /usr/bin/env | sort)" 'A=1
B=' '--env=clear --setenv'
is "$(enter "$stay_pid" -e -- /usr/bin/env | grep -E '^(TOKEN|BASH_ENV)=' | sort)" 'BASH_ENV=/their/rc
TOKEN=theirs' '-e: as the target has it'
is "$(enter "$stay_pid" -e -u -- env 2>&1 | grep -E '^(TOKEN|BASH_ENV|LD_PRELOAD|PATH)=' | sort)" \
	"PATH=$PATH
TOKEN=theirs" "... but not what the host's programs load files by"

# ---- 44, 45: descriptors
fds='ls /proc/self/fd | tr "\n" " "'
is "$(enter "$half" -- sh -c "$fds" 5</dev/null 7</dev/null)" '0 1 2 3 ' 'only 0 to 2 are handed in'
is "$(enter "$box" -- sh -c "$fds" 5</dev/null 7</dev/null)" '0 1 2 3 ' '... by a child too'
is "$(enter "$box" --preserve-fds=3 -- sh -c "$fds" 3</dev/null 5</dev/null 7</dev/null)" \
	'0 1 2 3 4 5 ' '--preserve-fds=3 hands in 3 to 5'
is "$(enter "$box" -- sh -c "$fds" 0<&-)" '0 1 2 ' \
	'a closed descriptor is closed inside, and the next that is opened takes its place'
enter "$box" -- sh -c 'exit 5' 0<&- 1>&- 2>&-
is $? 5 'all three closed'
enter --dry-run "$box" >&- 2>"$tmp/err"
is "$? $(cat "$tmp/err")" '125 nsview: cannot write to standard output: Bad file descriptor' \
	'what --dry-run has to say is not lost in silence'

# ---- --tools, --resolv
is "$(enter "$box" --tools=host --info-fd=3 -- true 3>"$tmp/info"; info mnt; info pid; info net)" \
	"$(for ns in "$(link self mnt)" "$(link self pid)" "$(link "$box" net)"; do ino "$ns"; echo; done)" \
	'--tools=host: all but the mount and PID namespaces'
is "$(enter "$box" --tools=host -p --info-fd=3 -- true 3>"$tmp/info"; info pid)" \
	"$(ino "$(link "$box" pid)")" '... unless it is named'

echo 'nameserver 192.0.2.53' >"$tmp/resolv"
stay unshare --mount --net --user --map-root-user sh -c \
	"mount --bind $tmp/resolv /etc/resolv.conf; $stay_here"
at_exit "end_process $stay_pid"
cp /etc/resolv.conf "$tmp/ours"
is "$(enter "$stay_pid" --tools=host --resolv=target -- cat /etc/resolv.conf)" 'nameserver 192.0.2.53' \
	"--resolv=target: the target's name servers"
cmp /etc/resolv.conf "$tmp/ours"
ok $? '... and ours are untouched'
: >"$tmp/empty"
stay unshare --mount --net sh -c "mount --bind $tmp/empty /etc/resolv.conf; $stay_here"
at_exit "end_process $stay_pid"
is "$(enter "$stay_pid" --tools=host --resolv=target -- cat /etc/resolv.conf)" '' \
	'--resolv=target: where it has none, ours are not seen either'
refused "for the host's files" '... not in the mounts of the target' "$stay_pid" --resolv=target

# ---- an ordinary user, and nsview where it must not be
if [ -z "$variant" ] && have bwrap setpriv; then
	as_other='setpriv --reuid=65534 --regid=65534 --clear-groups'
	chmod 777 "$tmp"
	# shellcheck disable=SC2086,SC2016 # words; expands there
	stay sh -c 'exec 8>"$tmp/ready"; cd /; exec '"$as_other"' bwrap --dev-bind / / --dev /dev \
		--proc /proc --unshare-all sh -c "echo >&8; exec sleep 1000"'
	at_exit "end_process $stay_pid"
	wait_for test -s "$tmp/ready"
	inner=$(first_child "$stay_pid")
	inner=$(first_child "$inner")
	# shellcheck disable=SC2086 # words
	is "$(cd / && $as_other $NSVIEW enter "$inner" -- sh -c "id -u; $show_all")" \
		"65534
$(all_types "$inner")" 'an ordinary user enters their own bwrap --dev'
	cp "$NSVIEW" "$tmp/suid"
	chmod 4755 "$tmp/suid"
	# shellcheck disable=SC2086 # words
	like "$(cd / && $as_other "$tmp/suid" enter "$box" -- id -u 2>&1)" \
		'^nsview: nsview is installed setuid' 'an installation with the setuid bit is refused'
else
	skip 2 'not here: one user only, or no bwrap or setpriv'
fi

# ---- 56: what cannot be entered
make_zombie
refused "process $zombie has exited .*zombie" 'a zombie' "$zombie"

#!/bin/sh
# What a target can do to who enters it: each attack first succeeds against a join as one writes it
# at first (tests/tools/naivejoin.c), and then fails against `nsview enter`. And targets that are
# not, or no longer, what their number says. What is done through a terminal is in enter_tty.t.
# Ordinary users have to get there, too.
TMPDIR=/tmp
. "$(dirname "$0")/../lib.sh"
only_plain
if [ -z "${NSVIEW_SANDBOX:-}" ]; then
	# Only the host itself shows any.
	# shellcheck disable=SC2086 # NSVIEW is a command with words
	kthread=$($NSVIEW ps -q -a -n -r -o PID,KERNEL 2>/dev/null | awk '$2 == "yes" { print $1; exit }')
	[ ! -r /proc/2/comm ] || [ "$(cat /proc/2/comm)" != kthreadd ] || kthread=2
	[ -z "$kthread" ] || kthread_words=$($NSVIEW enter "$kthread" -- true 2>&1)
	export kthread_words
fi
live_sandbox "$0"
. "$(dirname "$0")/lab.sh"
plan 57

tools=$BUILD/tools
export tools
chmod 755 "$tmp"
mkdir "$tmp/outside" "$tmp/host"
echo topsecret >"$tmp/outside/secret"
cp "$tools/naivejoin" "$tmp/host/naivejoin"
cp "${NSVIEW##* }" "$tmp/host/nsview"
naive=$tmp/host/naivejoin
copy=$tmp/host/nsview

# ---- CVE-2016-9962: who is inside gets at the joiner before it has become the command.
# The attacker is root in a container that has what containers have, and so has the joiner.
docker=-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap
lurk() { # OPTIONS...: of unshare, by default those for PID namespaces
	rm -f "$tmp/loot" "$tmp/stop" "$tmp/go"
	[ $# -gt 0 ] || set -- --pid --mount-proc
	unshare --mount --uts "$@" --fork --kill-child \
		setpriv --bounding-set "$docker" --inh-caps=-all \
		sh -c '"$tools/lurker" "$@"; :' sh "$tmp/loot" "$tmp/stop" naivejoin nsview idle &
	lurker=$!
	at_exit "end_process $lurker"
	wait_for grep -q ready "$tmp/loot"
	inside=$(first_child "$lurker")
}
lurk_end() {
	: >"$tmp/stop"
	wait "$lurker"
}
has() { grep -q "^$1" "$tmp/loot"; }

lurk
(
	exec 9<"$tmp/outside"
	TOKEN=hostkey exec "$naive" -c -w "$tmp/go" "$inside" true
) &
joiner=$!
wait_for has traced
wait_for has environ
wait_for has fd
: >"$tmp/go"
wait "$joiner"
lurk_end
is "$(grep -v -e ready -e overwritten -e socket "$tmp/loot" | sort)" 'environ TOKEN=hostkey
exe naivejoin
fd topsecret
traced naivejoin' 'careless: who is inside traces the joiner, and takes its environment and descriptors'

# slowly COMMAND...: with time to look between the join and each exec
slowly() {
	strace -f -qq -o /dev/null -e trace=execve,execveat -e signal=none \
		-e inject=execve,execveat:delay_enter=300000:when=1..2 "$@"
}
lurk
i=0
while [ $i -lt 15 ]; do
	TOKEN=hostkey "$copy" enter "$inside" --like-target --env=clear -- true 9<"$tmp/outside"
	i=$((i + 1))
done
is $? 0 'nsview enters, fifteen times'
if have strace; then
	TOKEN=hostkey slowly "$copy" enter "$inside" --like-target --env=clear -- true 9<"$tmp/outside" \
		2>"$tmp/err"
	is "$? $(cat "$tmp/err")" '0 ' 'nsview: nor is it led astray by what is written to it'
else
	skip 1 'no strace'
fi
lurk_end
is "$(cat "$tmp/loot")" 'ready ' 'nsview: and gets nothing of it, however slow it is'

# A program of the host that has no more rights than those inside: by its root they have the host's
# files, if they can see it.
lurk
cp "$(command -v sleep)" "$tmp/host/idle"
"$copy" enter "$inside" -uip --like-target -- "$tmp/host/idle" 1
wait_for has 'traced idle'
ok $? 'in the PID namespace, by name: a program of the host can be traced'
lurk_end
lurk
rm "$tmp/host/idle"
cp "$(command -v sleep)" "$tmp/host/idle"
"$copy" enter "$inside" --tools=host --like-target -- "$tmp/host/idle" 1
lurk_end
is "$(grep idle "$tmp/loot")" '' '--tools=host: it is not to be seen'

# Who has the uid that makes a user namespace has all capabilities in it, whatever else is missing:
# so a container that shares the PID namespace could trace the helper that is in a new one, and get
# at the host's program by it.
lurk --ipc
i=0
wrong=
while [ $i -lt 15 ]; do
	i=$((i + 1))
	"$copy" enter "$inside" -m --new=user,net --veth -- true 2>"$tmp/err" || wrong="$? $(cat "$tmp/err")"
done
is "$wrong" '' 'nsview enters with a new user namespace, where the PID namespace is shared'
lurk_end
is "$(grep nsview "$tmp/loot")" '' 'nsview: ... and gives nothing of itself to who is there'

# The same where nsview becomes the command without a helper.
if have strace; then
	confined=$docker
	docker=+all
	lurk --user --map-root-user
	docker=$confined
	strace -f -qq -o /dev/null -e trace=setns -e signal=none -e inject=setns:delay_exit=300000 \
		"$copy" enter "$inside" -U -- true
	lurk_end
	is "$(grep nsview "$tmp/loot")" '' 'nsview: nor to who is in the user namespace that it joins in place'
else
	skip 1 'no strace'
fi

# ---- CVE-2019-5736: the joiner's own program, on the host, by /proc/PID/exe
mkdir "$tmp/shared"
printf '#!/proc/self/exe -w%s\n' "$tmp/go" >"$tmp/shared/self"
chmod 755 "$tmp/shared/self"
ln -s /proc/self/exe "$tmp/shared/link"
rm "$naive"
cp "$tools/naivejoin" "$naive"
lurk
"$naive" -c "$inside" "$tmp/shared/self" true >/dev/null 2>&1 &
joiner=$!
wait_for has 'exe naivejoin'
: >"$tmp/go"
wait "$joiner"
lurk_end
is "$(grep overwritten "$tmp/loot") $(head -c 13 "$naive")" 'overwritten naivejoin #!overwritten' \
	"careless: the host's own program is overwritten"
lurk
sum=$(cksum <"$copy")
for command in self link; do
	i=0
	while [ $i -lt 10 ]; do
		"$copy" enter "$inside" --like-target -- "$tmp/shared/$command" true >/dev/null 2>&1
		i=$((i + 1))
	done
	! have strace ||
		slowly "$copy" enter "$inside" --like-target -- "$tmp/shared/$command" >/dev/null 2>&1
done
linked=$("$copy" enter "$inside" -- "$tmp/shared/link" x 2>&1; echo $?)
lurk_end
is "$(cat "$tmp/loot") $(cksum <"$copy")" "ready  $sum" \
	'nsview: its program is not even to be seen inside, as script or by a link'
like "$(echo "$linked" | tr '\n' ' ')" '^nsview: .* 12[5-7] $' \
	'nsview: a command that is /proc/self/exe runs nothing of it'

# ---- CVE-2024-21626: a working directory or descriptor that leads out
root=$tmp/root
mkdir -p "$root/bin" "$root/etc" "$root/proc"
if have busybox && ! ldd "$(command -v busybox)" >/dev/null 2>&1; then
	cp "$(command -v busybox)" "$root/bin/busybox"
	for name in sh cat ls env id true; do ln -s busybox "$root/bin/$name"; done
	mkfifo "$root/hold"
	# shellcheck disable=SC2016 # expands there
	unshare --mount --pid --fork --kill-child sh -c 'mount --rbind "$1" "$1" && cd "$1" &&
		mkdir old && pivot_root . old && /bin/busybox mount -t proc proc /proc &&
		/bin/busybox umount -l /old && echo >/ready && exec /bin/busybox sleep 1000' sh "$root" 2>"$tmp/boxed.err" &
	boxed=$!
	at_exit "end_process $boxed"
	wait_for test -e "$root/ready" || sed 's/^/# /' "$tmp/boxed.err"
	jail=$(first_child "$boxed")
	cd "$tmp/outside" || exit 2
	is "$("$tools/naivejoin" -d "$jail" /bin/cat secret)" topsecret \
		'careless: the working directory leads out of the container'
	is "$("$tools/naivejoin" "$jail" /bin/cat /proc/self/fd/9/secret 9<"$tmp/outside")" topsecret \
		'careless: so does a descriptor'
	is "$("$tools/naivejoin" -d "$jail" /bin/cat ../../../../../../etc/hostname)" \
		"$(cat /etc/hostname)" 'careless: to all files of the host'
	is "$(enter "$jail" -- /bin/cat secret 2>/dev/null; echo $?)" 1 \
		'nsview: the working directory does not'
	is "$(enter "$jail" -- /bin/sh -c 'pwd; ls -d /proc/self/fd/[3-9]*/etc' 2>/dev/null)" / \
		'nsview: it is inside, and no descriptor is a directory'
	is "$(enter "$jail" -- /bin/cat /proc/self/fd/9/secret 9<"$tmp/outside" 2>/dev/null; echo $?)" 1 \
		'nsview: no descriptor does'
	out=
	for fd in 3 4 5 6 7 8 9 10 11 12 13; do
		enter "$jail" --wd="/proc/self/fd/$fd" -- /bin/sh -c 'ls ../../../../../../host' \
			>"$tmp/out" 2>"$tmp/err" 9<"$tmp/outside"
		case $? in
		0) out="$out $fd: $(cat "$tmp/out")" ;;
		125) grep -q '^nsview: .*\(way out\|No such\|Not a directory\|denied\)' "$tmp/err" ||
			out="$out $fd: $(cat "$tmp/err")" ;;
		esac
	done
	is "$out" '' 'nsview: --wd=/proc/self/fd/N is refused, be it its own descriptor'
	is "$(enter "$jail" --preserve-fds=1 -- /bin/cat /proc/self/fd/3/secret 3<"$tmp/outside")" \
		topsecret 'only what --preserve-fds hands in is there'

	# ---- the environment
	is "$(TOKEN=hostkey LD_LIBRARY_PATH=/x "$tools/naivejoin" "$jail" /bin/env |
		grep -c -e ^TOKEN -e ^LD_)" 2 "careless: the host's environment is there"
	is "$(TOKEN=hostkey LD_LIBRARY_PATH=/x enter "$jail" -- /bin/env | grep -c -e ^TOKEN -e ^LD_)" 0 \
		'nsview: it is not'

	# ---- libnss, locale, gconv: nothing of the target is loaded
	printf 'passwd: evil\n' >"$root/etc/nsswitch.conf"
	export LANG=de_DE.UTF-8 LC_ALL=
	# after_join FILE: what is opened between the join and the exec, but for the command
	after_join() {
		sed -n '/setns(.*= 0/,$p' "$1" |
			sed -n '/ execve\(at\)\{0,1\}(.*= 0$/q; / open\(at\)\{0,1\}2\{0,1\}(/p' |
			grep -v -e 'ENOENT.*bin/' -e "$2"
	}
	if have strace; then
		strace -f -qq -o "$tmp/trace" "$tools/naivejoin" "$jail" /bin/true
		like "$(after_join "$tmp/trace" nothing)" 'nsswitch.conf' \
			'careless: libc opens the nsswitch.conf of the target, and would load what it says'
		for command in /bin/true nosuch /nonexistent/x; do
			strace -f -qq -o "$tmp/trace" $NSVIEW enter "$jail" -- $command 2>/dev/null
			grep -q 'setns(.*= 0' "$tmp/trace"
			is "$? $(after_join "$tmp/trace" '"/bin/true"')" '0 ' \
				"nsview: it opens nothing there but the command ($command)"
		done
		# What needs a library of ours has it before, also where the need comes after the join.
		for needs in 'libcap --keep-caps' 'libmnl --except=net --new=net --veth'; do
			# shellcheck disable=SC2086 # words
			strace -f -qq -o "$tmp/trace" $NSVIEW enter "$jail" ${needs#* } -- /bin/true 2>/dev/null
			is "$? $(sed '/setns(.*= 0/,$d' "$tmp/trace" | grep -c "open.*/${needs%% *}\.so.*= [0-9]") $(
				after_join "$tmp/trace" nothing | grep '\.so')" '0 1 ' \
				"nsview: nor a library ($needs)"
		done
		strace -f -qq -o "$tmp/trace" $NSVIEW enter "$jail" --verify >"$tmp/out" 2>&1
		is "$(grep -c '^FROM INSIDE' "$tmp/out") $(sed -n '/setns(.*= 0/,$p' "$tmp/trace" |
			grep 'open.*\.so')" '1 ' 'nsview: nor for the table of --verify'
	else
		skip 7 'no strace'
	fi
	export LC_ALL=C.UTF-8
	unset LANG

	# ---- 52: a /proc in the target that is not what it seems
	mkdir -p "$root/proc/self" 2>/dev/null
	unshare --mount --pid --fork --kill-child sh -c 'mount -t tmpfs none /proc && mkdir -p /proc/self/ns \
		/proc/1/ns /proc/thread-self/ns /proc/self/fd && ln -s /etc/passwd /proc/self/exe && : >'"$tmp/over"' &&
		exec sleep 1000' &
	over=$!
	at_exit "end_process $over"
	wait_for test -e "$tmp/over"
	over=$(first_child "$over")
	is "$(enter "$over" --info-fd=3 -- true 3>"$tmp/info" && jq -r .namespaces.mnt "$tmp/info")" \
		"$(ns_of "$over" mnt)" "an over-mounted /proc in the target: ours is used"
	is "$(enter "$over" -- cat /proc/self/exe 2>/dev/null | head -c 4)" root '... which it is inside'
	cd / || exit 2
else
	skip 19 'not here: no static busybox for a root directory'
fi

# ---- a planted symbolic link in place of a file that keeps a namespace
mkdir "$tmp/keep" "$tmp/victim"
ln -s "$tmp/victim/new" "$tmp/keep/net"
ln -s "$tmp/victim" "$tmp/keep-link"
"$tools/naivejoin" -p "$tmp/keep/net" "$$"
is "$(stat -f -c %T "$tmp/victim/new")" nsfs 'careless: a planted link is followed'
umount "$tmp/victim/new"
rm "$tmp/victim/new"
is "$(status enter --new=net --persist="$tmp/keep" -- true) $(ls "$tmp/victim")" '125 ' \
	'nsview: it is not'
like "$(cat "$tmp/err")" '^nsview: --persist=.*: "net" is there already$' '... and said to be there'
is "$(status enter --new=net --persist="$tmp/keep-link" -- true) $(ls "$tmp/victim")" '125 ' \
	'nsview: nor is a link in place of the directory'
ln -s "$tmp/victim/pid" "$tmp/pid-link"
stay unshare --uts sh -c "$stay_here"
at_exit "end_process $stay_pid"
enter "$stay_pid" --pid-file="$tmp/pid-link" -- true
is "$(ls "$tmp/victim")" '' 'nor one in place of a pid file'

# ---- 53: labels: what is written to is never of the target's making
ln -s "$tmp/victim/label" "$tmp/label"
is "$(status enter "$stay_pid" --follow-context -- true >/dev/null; ls "$tmp/victim")" '' \
	'--follow-context writes to nothing but its own /proc'

# ---- 54: a number that is used again
# A parent that at once puts another process, in namespaces of its own, in place of the one that ends.
cat >"$tmp/replace" <<'END'
unshare --uts --net sh -c 'hostname first; : >"$tmp/first"; exec sleep 1000' &
victim=$!
echo $victim >"$tmp/victim.pid"
wait $victim
i=0
while [ $i -lt 200 ]; do
	i=$((i + 1))
	echo $((victim - 1)) >/proc/sys/kernel/ns_last_pid || exit
	unshare --uts --net sh -c 'hostname second; exec sleep 1000' &
	[ $! != $victim ] || break
	kill $!
done
until [ "$(nsenter -t $victim -u hostname)" = second ]; do sleep 0.01; done
: >"$tmp/second"
wait
END
export tmp
replaced() { # SETUP: a victim that is replaced when it ends
	rm -f "$tmp/first" "$tmp/second" "$tmp/victim.pid"
	sh "$tmp/replace" 2>"$tmp/replace.err" &
	replacer=$!
	wait_for test -e "$tmp/first"
	wait_for test -s "$tmp/victim.pid"
	victim=$(cat "$tmp/victim.pid")
	at_exit "end_process $victim; end_process $replacer"
}
replaced
end_process "$victim"
if wait_for test -e "$tmp/second"; then
	is "$("$tools/naivejoin" "$victim" hostname)" second \
		'careless: a number that is used again leads to another process'
	end_process "$victim"
	end_process "$replacer"
	replaced
	"$BUILD/tools/failat" -o "$tmp/list" $NSVIEW enter "$victim" --pid-file="$tmp/x" -- true
	wrong=
	stages=0
	# The number is read first; from then on it is the process that counts.
	for call in openat readlinkat socketpair clone setns prctl; do
		at=$(awk -v call="$call" '$3 == "pidfd_open" { opened = 1 }
			opened && $3 == call { print $1 ":" $2; exit }' "$tmp/list")
		[ -n "$at" ] || continue
		stages=$((stages + 1))
		got=$(timeout 30 "$BUILD/tools/failat" -o "$tmp/note" -k "$at=$victim" -w "$tmp/second" \
			$NSVIEW enter "$victim" --pid-file="$tmp/x" -- hostname 2>"$tmp/err")
		result=$?
		case "$result $got" in
		'0 second') wrong="$wrong [$call: the other one was entered]" ;;
		'125 ') grep -Eq 'process|target' "$tmp/err" || wrong="$wrong [$call: $(cat "$tmp/err")]" ;;
		'0 first') ;;
		*) wrong="$wrong [$call: $result $got $(cat "$tmp/err")]" ;;
		esac
		end_process "$victim"
		end_process "$replacer"
		replaced
	done
	is "$wrong" '' "nsview: it is the process that was meant, or none ($stages stages)"
	# With a file for one of the types they are joined one by one, and not by the pidfd.
	stay unshare --ipc sh -c "$stay_here"
	at_exit "end_process $stay_pid"
	set -- "$victim" -u --ipc="/proc/$stay_pid/ns/ipc" -- hostname
	# shellcheck disable=SC2086 # NSVIEW is a command with words
	"$BUILD/tools/failat" -o "$tmp/list" $NSVIEW enter "$@" >/dev/null
	at=$(awk '$3 == "pidfd_open" { opened = 1 }
		opened && $3 == "openat" { print $1 ":" $2; exit }' "$tmp/list")
	# shellcheck disable=SC2086
	timeout 30 "$BUILD/tools/failat" -o "$tmp/note" -k "$at=$victim" -w "$tmp/second" \
		$NSVIEW enter "$@" >"$tmp/out" 2>"$tmp/err"
	is "$? $(cat "$tmp/out" "$tmp/err")" "125 nsview: process $victim has ended meanwhile" \
		'... also where the types are joined one by one'
	end_process "$victim"
	end_process "$replacer"
	replaced
	is "$(enter "pid:$victim@$(ns_of self pid)" -- hostname)" first 'pid:N@NAMESPACE leads to it'
	end_process "$victim"
	end_process "$replacer"
else
	skip 4 "kernel: no number can be chosen: $(tail -n 1 "$tmp/replace.err")"
fi

# ---- 55: a target that ends meanwhile, at each stage
box() {
	stay unshare --uts --ipc --net --mount --fork --kill-child sh -c "$stay_here"
	box=$(first_child "$stay_pid")
	box_parent=$stay_pid
	at_exit "end_process $box_parent"
}
box
"$BUILD/tools/failat" -o "$tmp/list" $NSVIEW enter "$box" --pid-file="$tmp/x" -- true
for stage in 'fstatfs:before it is opened:there is no process' \
	'readlinkat:before its namespaces are read:(process [0-9]+ is gone|there is no process)' \
	'signalfd4:before the helper is there:cannot join the .*: the target has ended meanwhile' \
	'setns:before they are joined:cannot join the .*: the target has ended meanwhile' \
	'execveat:before the command runs:'; do
	call=${stage%%:*}
	rest=${stage#*:}
	at=$(awk -v call="$call" '$3 == call { print $1 ":" $2; exit }' "$tmp/list")
	box
	"$BUILD/tools/failat" -o "$tmp/note" -k "$at=$box" $NSVIEW enter "$box" --pid-file="$tmp/x" \
		-- true >"$tmp/out" 2>"$tmp/err"
	result=$?
	if [ -n "${rest#*:}" ]; then
		like "$result $(wc -l <"$tmp/err") $(cat "$tmp/err")" "^125 1 nsview: ${rest#*:}" \
			"the target ends ${rest%%:*}"
	else
		# Its namespaces live on in who has joined them.
		is "$result $(cat "$tmp/err")" '0 ' "the target ends ${rest%%:*}"
	fi
	rm -f "$tmp/x"
done
stay unshare --pid --uts --fork --kill-child sh -c "$stay_here"
box=$(first_child "$stay_pid")
at_exit "end_process $stay_pid"
at=$(awk '$3 == "setns" { print $1 ":" $2 + 1; exit }' "$tmp/list")
"$BUILD/tools/failat" -o "$tmp/note" -k "$at=$box" $NSVIEW enter "$box" -- true >"$tmp/out" 2>"$tmp/err"
like "$? $(wc -l <"$tmp/err") $(cat "$tmp/err")" \
	'^125 1 nsview: cannot start a process in these namespaces: the first process of the pid' \
	'the first process of the PID namespace ends after it was joined'

# ---- 56: what cannot be entered, each in its own words
make_zombie
is "$(status enter "$zombie" -- true) $(cat "$tmp/err")" \
	"125 nsview: process $zombie has exited and waits for its parent (a zombie): it is in no namespace any more" \
	'a zombie'
if [ -n "${kthread_words:-}" ]; then
	like "$kthread_words" '^nsview: process [0-9]+ is a kernel thread: it has no namespaces' \
		'a kernel thread'
else
	skip 1 'not here: no kernel thread is to be seen'
fi
is "$(setpriv --bounding-set=-sys_ptrace --inh-caps=-all $NSVIEW enter 1 -- true 2>"$tmp/err"; echo $?)" 125 \
	'a PID 1 that may not be looked at is refused'
like "$(cat "$tmp/err")" \
	'^nsview: cannot look at the namespaces of process 1: it has capabilities that are missing .*CAP_SYS_PTRACE' \
	'... and what is missing is said'

# ---- 57: numbers that mean many
for number in 0 -1 -2; do
	is "$(status enter -t "$number" -- true)" 125 "no process is meant by $number"
done
# ---- 58: an ordinary user
chmod 711 "$tmp/host"
if as_user test -x "$copy"; then
	stay unshare --uts sh -c "$stay_here"
	at_exit "end_process $stay_pid"
	like "$(as_user "$copy" enter "$stay_pid" -- true 2>&1; echo $?)" \
		"^nsview: cannot look at the namespaces of process $stay_pid: .*CAP_SYS_PTRACE" \
		"an ordinary user: root's process is refused, and the text names what is missing"
	stay setpriv --reuid 4343 --regid 4343 --clear-groups --inh-caps=-all \
		env tmp=/dev unshare --user --map-root-user --uts sh -c 'exec sleep 1000' || :
	at_exit "end_process $stay_pid"
	like "$(as_user "$copy" enter "$stay_pid" -- true 2>&1)" \
		"^nsview: cannot look at the namespaces of process $stay_pid: " "another user's is refused"
	cp "$copy" "$tmp/host/setuid"
	chmod 4755 "$tmp/host/setuid"
	like "$(as_user "$tmp/host/setuid" enter "$stay_pid" -- true 2>&1)" \
		'^nsview: nsview is installed setuid' 'an installation that is setuid enters nothing'
else
	skip 3 "not here: an ordinary user cannot reach $tmp"
fi

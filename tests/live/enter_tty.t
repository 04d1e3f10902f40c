#!/bin/sh
# `nsview enter` at a terminal: signals and stops reach whom they should, the terminal is as it was
# afterwards, and nobody inside gets hold of it. Every case runs under a pseudo-terminal that a
# script types at (tests/tools/ptyrun.c); what shells do with jobs is left to a real one.
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"
. "$(dirname "$0")/lab.sh"
plan 41

if ! have bash; then
	skip 41 'no bash'
	exit 0
fi

ptyrun=$BUILD/tools/ptyrun
ttyplay=$BUILD/tools/ttyplay
export tmp ttyplay
# What is typed is short: E enters the target.
printf '#!/bin/sh\nexec %s enter --env=host "$@"\n' "$NSVIEW" >"$tmp/E"
chmod +x "$tmp/E"
PATH=$tmp:$PATH
export PATH TERM=dumb INPUTRC=/dev/null
unset HISTFILE PROMPT_COMMAND ENV

# play NAME COMMAND... <SCRIPT: the person's part on stdin
play() {
	name=$1
	shift
	timeout 100 "$ptyrun" "$@" >"$tmp/out" 2>"$tmp/err"
	played=$?
	ok "$played" "$name"
	[ "$played" -eq 0 ] || head -n 25 "$tmp/err" | sed 's/^/# /'
}

# shell NAME <SCRIPT: at the prompt of a shell with jobs, from the first prompt on
shell() {
	{
		printf 'expect bash\nsend PS1='"'OUT''> '"'\\r\nexpect OUT>\n'
		cat
		printf 'send exit\\r\nsend exit\\r\n'
	} >"$tmp/script"
	play "$1" bash --norc --noprofile --noediting -i <"$tmp/script"
}

# shellcheck disable=SC2016 # expands there
stay unshare --user --map-root-user --mount --fork --kill-child sh -c "$stay_here" ||
	sed 's/^/# /' "$tmp/stay.err"
box=$(tr -d ' ' <"/proc/$stay_pid/task/$stay_pid/children")
# With a devpts of its own, as containers have.
stay unshare --user --map-root-user --mount --pid --fork --kill-child sh -c \
	"mount -t proc proc /proc && mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts \
	/dev/pts && $stay_here" || sed 's/^/# /' "$tmp/stay.err"
own=$(tr -d ' ' <"/proc/$stay_pid/task/$stay_pid/children")
export box own

# ---- exit status and signals

for how in --pty --share-tty; do
	# shellcheck disable=SC2016 # expands there
	play "$how: Ctrl-C that the command traps is its own affair" \
		E "$how" "$box" -- sh -c 'trap "echo caught; exit 42" INT; echo ready
		while :; do sleep 0.05; done' <<'END'
expect ready
send \x03
expect caught
exit 42
same
END
	play "$how: Ctrl-C that it does not trap ends it, and nsview, by that signal" \
		E "$how" "$box" -- sh -c 'echo ready; exec sleep 1000' <<'END'
expect ready
send \x03
exit 130
same
END
	# shellcheck disable=SC2016 # expands there
	play "$how: SIGTERM to nsview reaches the command" \
		E "$how" "$box" -- sh -c 'trap "echo caught; exit 43" TERM; echo ready
		while :; do sleep 0.05; done' <<'END'
expect ready
signal 15
expect caught
exit 43
same
END
	# Where nobody has to stay beside it, the command takes the place of nsview.
	play "$how: a command that has broken the terminal and crashed leaves it whole" \
		E "$how" "$own" -- sh -c 'stty raw -echo; echo ready; kill -SEGV $$' <<'END'
expect ready
exit 139
same
END
done
play 'the terminal goes away: the command is hung up' \
	E "$box" -- sh -c 'trap "echo gone >$tmp/gone; exit 44" HUP; echo ready
	while :; do sleep 0.05; done' <<'END'
expect ready
hangup
exit 44
END
wait_for test -s "$tmp/gone"
ok $? '... and has got the signal'

play '... also a shell, which is in a process group of its own' \
	E "$box" -- bash --norc --noprofile -i <<'END'
expect bash
hangup
exit
END

# ---- jobs

# What is stopped forks nothing: a dash that is stopped amid vfork(2) cannot be.
# twenty MODE: stopped and continued twenty times, and its own status afterwards
twenty() {
	printf 'send E %s %s -- bash -c '\''for((;;)); do read -t 0.05; echo ti""ck; done'\''\\r\n' \
		"$1" "$box"
	i=0
	while [ "$i" -lt 20 ]; do
		printf 'expect tick\nsend \\x1a\nexpect Stopped\nexpect OUT>\nsend fg\\r\nexpect E %s\n' "$1"
		i=$((i + 1))
	done
	printf 'expect tick\nsend \\x03\nexpect OUT>\nsend echo st=$?\\r\nexpect st=130\n'
}
for how in --pty --share-tty; do
	twenty "$how" | shell "$how: Ctrl-Z and fg, twenty times"
	shell "$how: suspend of a shell inside" <<END
send E $how $box -- bash --norc --noprofile --noediting -i\\r
expect bash
send suspend\\r
expect Stopped
expect OUT>
send fg\\r
expect E $how
send echo in\$((1+1))\\r
expect in2
send exit 5\\r
expect OUT>
send echo st=\$?\\r
expect st=5
END
	shell "$how: in the background, and ended there by kill" <<END
send E $how $box -- sleep 1000 &\\r
expect OUT>
send kill %1; wait %1; echo st=\$?\\r
expect st=143
END
	shell "$how: one that reads in the background waits for the foreground" <<END
send E $how $box -- sh -c 'read x; echo got=\$x' &\\r
expect OUT>
send wait; echo waited\\r
expect Stopped
expect OUT>
send fg\\r
expect E $how
send hello\\r
expect got=hello
END
	play "$how: a script goes on to read the terminal" sh -c \
		"E $how \$box -- sh -c 'read a; echo first=\$a'; echo next; read b; echo second=\$b" <<'END'
send one\r
expect first=one
expect next
send two\r
expect second=two
exit 0
same
END
	play "$how: a pipeline in which another reads the terminal" sh -c \
		"E $how \$box -- seq 3 | { wc -l; read x </dev/tty; echo theirs=\$x; }" <<'END'
expect 3
send mine\r
expect theirs=mine
exit 0
same
END
done
shell 'a script stops as a whole' <<END
send (true; E $box -- bash -c 'for((;;)); do read -t 0.05; echo ti""ck; done'; true)\\r
expect tick
send \x1a
expect Stopped
expect OUT>
send fg\r
expect tick
send \x03
expect OUT>
END
shell 'a pipeline in which the command reads the terminal' <<END
send E $box -- sh -c 'echo A; read x; echo got=\$x' | cat\\r
expect A
send hello\\r
expect got=hello
expect OUT>
END

# ---- the pseudo-terminal

# shellcheck disable=SC2016 # expands there
play 'it has a name where the target has a devpts, an owner and a size' -s 33x99 \
	E "$own" -- sh -c 'tty; stat -c "%t %u" "$(tty)"; stty size
	trap "stty size; exit 7" WINCH; echo ready; while :; do sleep 0.05; done' <<'END'
expect /dev/pts/0
expect 88 0
expect 33 99
expect ready
resize 44 111
expect 44 111
exit 7
same
END
play "where it has none, the host's serves" E "$box" -- sh -c 'tty && echo has a name' <<'END'
expect /dev/pts/
expect has a name
exit 0
END
# If it were followed, the terminal would be one of the devpts behind it.
mkdir "$tmp/evil"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$tmp/evil"
at_exit "umount $tmp/evil"
stay unshare --user --map-root-user --mount --fork --kill-child sh -c \
	"mount -t tmpfs tmpfs /dev/pts && ln -s $tmp/evil/ptmx /dev/pts/ptmx && $stay_here"
trap_box=$(tr -d ' ' <"/proc/$stay_pid/task/$stay_pid/children")
# shellcheck disable=SC2016 # expands there
play 'a link in place of the multiplexer is not followed' \
	E "$trap_box" -- sh -c 'test -t 0 && echo only=$(ls $tmp/evil)=' <<'END'
expect only=ptmx=
exit 0
END

# Which of 0, 1 and 2 are terminals stays so: by what the command writes, in and out.
cat >"$tmp/which" <<'END'
w=
for fd in 0 1 2; do
	if [ -t $fd ]; then w=$w$fd; else w=$w-; fi
done
echo "$w" >"$tmp/which.out"
echo out; echo err >&2
exit 0
END
wrong=
for case in '012:' '-12:</dev/null' '0-2:>$tmp/x' '01-:2>$tmp/x' '--2:</dev/null >$tmp/x' \
	'-1-:</dev/null 2>$tmp/x' '0--:>$tmp/x 2>&1' '---:</dev/null >$tmp/x 2>&1' '01-:2>&-' \
	'0-2:>&-' '-12:<&-'; do
	rm -f "$tmp/which.out"
	printf 'exit 0\nsame\n' | timeout 60 "$ptyrun" sh -c "E $box -- sh $tmp/which ${case#*:}" \
		2>"$tmp/err" || wrong="$wrong [${case#*:}: $(head -n 3 "$tmp/err")]"
	[ "$(cat "$tmp/which.out")" = "${case%%:*}" ] ||
		wrong="$wrong [${case#*:}: $(cat "$tmp/which.out")]"
done
is "$wrong" '' 'eleven redirections: what was a terminal is one, and nothing else is'

play 'a megabyte comes out unbroken' E "$box" -- \
	sh -c 'stty raw; head -c 1000000 /dev/zero | tr "\0" x; sleep 0' <<'END'
bytes 1000000
exit 0
same
END
is "$(cat "$tmp/out")" 'sum 120000000' '... every byte of it'
head -c 1000000 /dev/urandom >"$tmp/million"
mkfifo "$tmp/ready_to_read"
# shellcheck disable=SC2016 # expands there
is "$({ cat "$tmp/ready_to_read" "$tmp/million"; } | timeout 60 "$tmp/E" --pty "$box" -- \
	sh -c 'stty raw -echo; : >"$tmp/ready_to_read"; head -c 1000000 | cksum' | tr -d '\r')" \
	"$(cksum <"$tmp/million")" 'and goes in unbroken'
is "$(printf 'no newline' | timeout 60 "$tmp/E" --pty "$box" -- cat | tr -d '\r')" \
	'no newlineno newline' 'the end of what is piped into it is the end of input'

# ---- abuse: first that it works where the terminal is handed over, then that it does not here

cat >"$tmp/pushed" <<'END'
expect OUT>
send echo un''touched\r
expect untouched
unseen pwned2
END
if [ "$(cat /proc/sys/dev/tty/legacy_tiocsti 2>/dev/null || echo 1)" = 1 ]; then
	for way in 'ttyplay join' 'setpriv --bounding-set=-all --inh-caps=-all ttyplay join'; do
		[ "$way" = 'ttyplay join' ] || is_host_root || way='ttyplay join'
		printf 'send %s %s %s push '\''echo pwned$((1+1))'\''\\r\nexpect pwned2\n' \
			"${way%ttyplay join}$ttyplay join" "$box" "$ttyplay" |
			shell "careless: keystrokes are pushed into the host's shell"
	done
else
	skip 2 'kernel: TIOCSTI is switched off (dev.tty.legacy_tiocsti)'
fi
for drop in '' '--cap-drop=all'; do
	{
		printf 'send E %s %s -- %s push '\''echo pwned$((1+1))'\''\\r\n' "$drop" "$box" \
			"$ttyplay"
		cat "$tmp/pushed"
	} | shell "nsview: they are not${drop:+, nor without capabilities}"
done
# A terminal that is not handed in as 0, 1 or 2 is still there by its name.
shell 'nsview: nor by /dev/tty, when 0 to 2 are none' <<END
send E $box -- sh -c '$ttyplay push "echo pwned\$((1+1))" </dev/tty' </dev/null >/dev/null 2>&1\\r
$(cat "$tmp/pushed")
END

# The thief is left behind, the command ends, and then the person types.
cat >"$tmp/theft" <<'END'
"$@" "$ttyplay" steal "$tmp/stolen"
echo ended
read -r go <"$tmp/go"
read -r line
echo "host=$line"
END
theft() {
	rm -f "$tmp/stolen" "$tmp/go"
	mkfifo "$tmp/go"
	(
		wait_for test -s "$tmp/stolen"
		echo go >"$tmp/go"
	) &
	name=$1
	shift
	printf 'expect ended\nsend secret\\r\nsend more\\r\nexpect host=\nexit 0\n' |
		timeout 60 "$ptyrun" sh "$tmp/theft" "$@" >"$tmp/out" 2>"$tmp/err"
	wait $!
	head -n 25 "$tmp/err" | sed 's/^/# /'
	is "$(cat "$tmp/stolen")" "$name" "$why"
}
why='careless: who stays behind reads what is typed at the host'
theft 'stolen secret' "$ttyplay" join "$box"
why='nsview: who stays behind has lost the terminal'
theft over E "$box" --
# The launcher of an old kernel has become it.
is "$(pgrep -f "^${NSVIEW##* } enter" | tr '\n' ' ')" '' 'no process of ours is left'

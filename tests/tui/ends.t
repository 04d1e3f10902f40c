#!/bin/sh
# However it ends, the terminal is as it was before, and nothing goes on running.
cd "$(dirname "$0")" || exit 2
. ./screen.sh
plan 52

# restored NAME: the shell has its terminal back, settings and screen
restored() {
	wait_for ended
	ok $? "$1: it is gone"
	cmp -s "$tmp/before" "$tmp/after"
	ok $? "$1: the terminal's settings are as before"
	wait_for screen_has '^ended$'
	is "$(t display-message -p '#{alternate_on}#{cursor_flag}')" 01 \
		"$1: the screen and the cursor are back"
}

# signalled SIGNAL STATUS
signalled() {
	on_fixture 24x80
	end_by "$1" "$(cat "$tmp/pid")"
	restored "SIG$1"
	is "$(cat "$tmp/status")" "$2" "SIG$1 is what it died of"
}

# Never a number that could mean more than one process.
end_by() { [ "$2" -gt 1 ] && kill -s "$1" "$2"; }

on_fixture 24x80
keys q
restored q
is "$(cat "$tmp/status")" 0 'q is no failure'
signalled TERM 143
signalled HUP 129
signalled QUIT 131
# What the status is then a sanitizer may decide.
for signal in SEGV BUS FPE ILL ABRT; do
	on_fixture 24x80
	end_by "$signal" "$(cat "$tmp/pid")"
	restored "SIG$signal"
done

# While it runs a command of its own.
on_fixture 24x80
text ':help filters'
keys Enter
shows 'POSIX extended' 'a command has run'
keys Escape Q
restored Q

# The terminal goes away: tmux closes its end, which sends SIGHUP to those whose terminal it is.
on_fixture 24x80
pid=$(cat "$tmp/pid")
t kill-server
wait_for gone "$pid"
ok $? 'a terminal that is gone ends it'
run_in 24x80 "exec setsid env TERM=screen-256color LC_ALL=C.UTF-8 $NSVIEW tui --proc=$fixture"
wait_for screen_has 'partial view'
pid=$(cat "$tmp/pid")
t kill-server
wait_for gone "$pid"
ok $? 'also where no signal says so'

# Stopped, and brought back.
servers=$((servers + 1))
t new-session -d -x 80 -y 24 'exec env PS1=ready: bash --norc --noprofile -i'
wait_for screen_has '^ready:'
text "stty -g; TERM=screen-256color LC_ALL=C.UTF-8 $NSVIEW tui --proc=$fixture"
keys Enter
wait_for screen_has 'partial view'
keys C-z
shows 'Stopped' 'C-z gives the shell its terminal'
is "$(t display-message -p '#{alternate_on}#{cursor_flag}')" 01 'and its screen'
text 'echo $((40 + 2))'
keys Enter
shows '^42$' 'which echoes what is typed'
text fg
keys Enter
shows '^ nsview .*s(, slowed)?\]$' 'fg brings it back'
keys j
shows '^> 4026532344 cgroup' 'and it goes on'
keys q
shows '^ready:' 'to its end'

# Where it cannot be shown: one line, no escape byte, status 2.
# refused NAME WORDS: a shell command
refused() {
	script -qec "$2" "$tmp/typescript" >/dev/null 2>&1 </dev/null
	status=$?
	sed -e '/^Script started/d' -e '/^Script done/d' "$tmp/typescript" | tr -d '\r' >"$tmp/out"
	if [ "$status" -eq 2 ] && [ "$(grep -c . "$tmp/out")" -eq 1 ] &&
		grep -q 'nsview ls$' "$tmp/out" && ! grep -q "$(printf '\033')" "$tmp/out"; then
		ok 0 "$1"
	else
		ok 1 "$1"
		echo "# status $status"
		cat -v "$tmp/out" | sed 's/^/# /'
	fi
}
refused 'TERM=dumb' "TERM=dumb $NSVIEW tui"
refused 'no TERM' "unset TERM; $NSVIEW tui"
refused 'a TERM that is not known' "TERM=no-such-terminal $NSVIEW tui"
refused 'no terminal to read from' "TERM=xterm $NSVIEW tui </dev/null"
refused 'no terminal to write to' "TERM=xterm sh -c '$NSVIEW tui 2>&1 | cat; exit 2'"
# shellcheck disable=SC2086 # NSVIEW is a command with words
is "$($NSVIEW </dev/null 2>&1 | head -n 1)" 'Usage: nsview [OPTION...] COMMAND [ARG...]' \
	'nsview alone without a terminal is a short help'
is "$(script -qec "TERM=dumb $NSVIEW" /dev/null </dev/null 2>/dev/null | tr -d '\r' | head -n 1)" \
	'Usage: nsview [OPTION...] COMMAND [ARG...]' 'and on a terminal that cannot show it'
run_in 24x80 "exec env TERM=screen-256color LC_ALL=C.UTF-8 $NSVIEW --proc=$fixture"
shows '^ nsview .* web-07 ' 'alone on one that can, it is the interactive view'
keys q
wait_for ended
is "$(cat "$tmp/status")" 0 'and ends well'

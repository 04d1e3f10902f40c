#!/bin/sh
# The mouse: nobody's but the terminal's unless it is asked for, and never after the end.
cd "$(dirname "$0")" || exit 2
. ./screen.sh
plan 27

# mouse BUTTON COLUMN ROW: pressed, as xterm tells it (SGR); 0: the left one, 64, 65: the wheel
mouse() {
	t send-keys -l "$(printf '\033[<%d;%d;%dM\033[<%d;%d;%dm' "$@" "$@")"
}
# At once, so that they are close to each other on any machine.
double() {
	t send-keys -l "$(printf '\033[<%d;%d;%dM\033[<%d;%d;%dm\033[<%d;%d;%dM\033[<%d;%d;%dm' "$@" "$@" "$@" "$@")"
}
asked_for() { t display-message -p '#{mouse_any_flag}'; }

on_fixture 24x80 TERM=xterm-256color
is "$(asked_for)" 0 'it is off'
mouse 0 10 6
keys Down
shows '^> 4026532344 cgroup' 'and what it would say does nothing'

on_fixture 24x80 TERM=xterm-256color -- --mouse
is "$(asked_for)" 1 '--mouse asks for it'
mouse 0 10 6
shows '^> 4026532402 cgroup' 'a click chooses a row'
mouse 65 10 6
shows '^> 4026532515 cgroup' 'the wheel goes down'
mouse 64 10 6
shows '^> 4026532402 cgroup' 'and up'
mouse 0 20 2
shows '^ 1:Namespaces \[2:Processes\]' 'a click on a tab opens it'
mouse 0 2 2
shows '^ \[1:Namespaces\]' 'and back'
mouse 0 1 2
mouse 0 79 2
mouse 0 10 1
mouse 0 10 24
shows '^ \[1:Namespaces\]' 'where there is nothing nothing happens'
keys g
double 0 10 5
shows ' Enter jumps, Esc goes back ' 'a double click is Enter'
shows '^> 4026532344 cgroup' 'on that row'
# The first name in it: what it is not, the host's.
line=$(capture | sed -n '/^ Host.s /=')
double 0 30 "$line"
shows '^── cgroup:\[4026532344\] > cgroup:\[4026531835\]' 'on a name of its page it jumps there'
keys Escape
shows '^── cgroup:\[4026532344\] ' 'and Esc leads back'
keys Escape g
mouse 65 10 20
shows ' 1 of [0-9]+ ──$' 'over the pane the wheel leaves the row'
mouse 0 10 16
shows ' Enter jumps, Esc goes back ' 'a click into the pane reads it'
keys Escape c
shows '^>.*\[x\] NS' 'in a menu'
mouse 0 10 6
shows '^>.*\[x\] NPROCS' 'a click chooses'
mouse 64 10 6
shows '^>.*\[x\] NS' 'the wheel moves'
keys Escape s
shows '^> \(\*\) -' 'in the other one'
double 0 10 6
shows 'sort: TYPE' 'a double click applies it'
keys '?'
shows '^── help' 'on a page'
mouse 65 10 10
shows ' 4-[0-9]+ of [0-9]+ ' 'the wheel scrolls'
keys Escape
text '/x'
mouse 0 10 6
shows '^/x$' 'a prompt is not disturbed'
keys Escape Q
wait_for ended
is "$(asked_for)" 0 'after the end it is off'

on_fixture 24x80 TERM=xterm-256color -- --mouse
pid=$(cat "$tmp/pid")
[ "$pid" -gt 1 ] && kill -s SEGV "$pid"
wait_for ended
wait_for screen_has '^ended$'
is "$(asked_for)" 0 'also after a crash'

mkdir -p "$tmp/.config/nsview"
echo mouse >"$tmp/.config/nsview/config"
on_fixture 24x80 TERM=xterm-256color
is "$(asked_for)" 1 'the configuration file may ask for it'
keys Q
wait_for ended
is "$(asked_for)" 0 'and it is off in the end'

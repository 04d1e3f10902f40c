#!/bin/sh
# Stepping inside from the interactive view: asks first, leaves the screen to a shell, comes back.
cd "$(dirname "$0")" || exit 2
. ./screen.sh
live_sandbox ./enter.t
plan 59

alternate() { t display-message -p '#{alternate_on}'; }

# inside WORDS: typed to the shell inside, which writes what they print to a file. A shell that
# learns of a ^C forgets what it has read since: it may have to be typed again.
inside() {
	rm -f "$tmp/said"
	for _ in 1 2 3 4 5; do
		text "($1) >$tmp/say; mv $tmp/say $tmp/said"
		keys Enter
		tries=0
		until [ -e "$tmp/said" ] || [ "$tries" -ge 100 ]; do
			tries=$((tries + 1))
			sleep 0.02
		done
		[ ! -e "$tmp/said" ] || break
	done
	cat "$tmp/said"
}

lives --uts --mount
box=$lives_pid
uts=$(ino "$box" uts)
start 24x80 SHELL=/bin/sh PS1=ready: -- "--filter=ns == $uts"
shows "^>.$uts uts" 'a namespace'
keys e
shows "^ enter uts:\[$uts\].*\?$" 'e asks first'
shows "^ a all of $box  o only this one  Esc no$" 'whether all or this one'
keys j Escape
hides '^ enter uts' 'Esc is no'
keys e
shows '^ a all of' 'asked again'
keys o
shows 'the end of this shell leads back' 'the screen is left to a shell'
is "$(alternate)" 0 'the one that was there before'
is "$(inside 'readlink /proc/self/ns/uts /proc/self/ns/mnt' | tr -dc '0-9\n')" \
	"$uts
$(ino self mnt)" 'which is in that namespace alone'
text 'exit 7'
keys Enter
shows '^ back; exit status 7$' 'its end leads back, with its status'
is "$(alternate)" 1 'to the screen of its own'
shows "^>.$uts uts" 'with the cursor where it was'

keys e
shows '^ a all of' 'all'
keys a
shows 'the end of this shell leads back' 'has a shell too'
is "$(inside 'readlink /proc/self/ns/uts /proc/self/ns/mnt' | tr -dc '0-9\n')" \
	"$uts
$(ino "$box" mnt)" 'in all that its process is in'
# What is typed for it is not for the view. The job itself says that it has the terminal: a shell
# that has not started it yet does not stop.
rm -f "$tmp/began"
text "sh -c 'echo >$tmp/began; exec sleep 1000'"
keys Enter
wait_for test -e "$tmp/began"
keys C-c
is "$(inside 'echo still here')" 'still here' '^C ends what runs inside'
keys C-c "C-\\"
is "$(inside 'echo still here')" 'still here' 'and nothing else'
rm -f "$tmp/began"
text "sh -c 'echo >$tmp/began; exec sleep 1000'"
keys Enter
wait_for test -e "$tmp/began"
keys C-z
is "$(inside 'echo and here')" 'and here' '^Z stops what runs inside'
t resize-window -x 100 -y 30
text 'kill %1; exit 0'
keys Enter
# A shell may insist on its jobs.
left() { [ "$(alternate)" = 1 ] || { keys C-d && false; }; }
wait_for left
ok $? 'the end of it leads back'
wide() { [ "$(capture | sed -n 1p | wc -m)" -eq 100 ]; }
wait_for wide
ok $? 'to a screen as large as it is by now'
keys Q
wait_for ended
is "$(cat "$tmp/status")" 0 'and the view ends as ever'
cmp -s "$tmp/before" "$tmp/after"
ok $? 'with the terminal as it was'

# A process; and one that ends before the answer.
start 24x80 SHELL=/bin/sh -- --tab=processes
shows ' sleep 1000 ' 'a process'
text '/sleep 1000'
keys Enter e
shows '^ y yes  Esc no$' 'e on it asks'
lives_pid=$box
ends
keys y
shows 'nsview: there is no process' 'it has ended since'
shows '^nsview: Enter leads back' 'which can be read'
keys Enter
shows '^ it was not entered' 'and then the view goes on'
keys e
shows "^ there is no process $box" 'where it is clear before, it is said instead of asking'

# One that gets the number of the one that was asked about.
lives --uts
start 24x80 SHELL=/bin/sh -- "--filter=ns == $(ino "$lives_pid" uts)"
shows '^>.*sleep' 'a process again'
keys e
shows "^ a all of $lives_pid " 'e on it asks'
old=$lives_pid
ends
# Others start processes too: it may take several tries.
reused() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		rm -f "$tmp/ready"
		echo $((old - 1)) >/proc/sys/kernel/ns_last_pid
		tmp=$tmp unshare --uts sh -c ': >"$tmp/ready"; exec sleep 1000' &
		lives_pid=$!
		wait_for test -e "$tmp/ready"
		[ "$lives_pid" != "$old" ] || return 0
		ends
	done
	return 1
}
if [ -w /proc/sys/kernel/ns_last_pid ]; then
	reused
	keys a
	shows "nsview: process $old is not the one that was meant" \
		'another that has its number by now is not entered'
	keys Enter
	shows '^ it was not entered' 'which the view says too'
else
	skip 2 'kernel: without CONFIG_CHECKPOINT_RESTORE'
fi
ends

# Where nsview is itself there is nothing to be entered.
start 24x80 SHELL=/bin/sh -- "--filter=ns == $(ino self uts)"
shows '^>.*uts' 'a namespace that nsview is in'
keys e
shows '^ nsview is in it already: entering would change nothing' 'is not asked about'
keys Q

# In its place, as a command that was typed.
start 24x80 SHELL=/bin/sh -- --tab=processes
shows '^>' 'the view once more'
lives --uts
text ":enter $lives_pid"
keys Enter
shows 'the end of this shell leads back' ':enter leaves the screen as well'
is "$(inside 'readlink /proc/self/ns/uts' | tr -dc 0-9)" "$(ino "$lives_pid" uts)" 'for a shell'
text exit
keys Enter
shows '^ back$' 'and comes back'
text ":enter $lives_pid -- readlink /proc/self/ns/uts"
keys Enter
shows "^ uts:\[$(ino "$lives_pid" uts)\]" 'a command inside prints beside the screen'
# Esc is to be the only thing that changes the screen.
shows '^── nsview enter .*/uts ──' 'and ends'
keys Escape

# Killed meanwhile: both are gone, and the terminal is as it was.
text ":enter $lives_pid"
keys Enter
shows 'the end of this shell leads back' 'while somebody is inside'
shell=$(inside 'echo $$')
# It is not the view's screen that is there: nothing but its process can tell.
kill -s TERM "$(cat "$tmp/pid")"
wait_for ended
is "$(cat "$tmp/status")" 143 'the view is ended'
cmp -s "$tmp/before" "$tmp/after"
ok $? 'the terminal is as it was'
nobody_inside() { [ "$shell" -gt 1 ] && gone "$shell" && ! grep -qxs nsview /proc/[0-9]*/comm; }
wait_for nobody_inside
ok $? 'and nobody is left inside'
ends

# Stopped as one job, and brought back.
lives --uts
servers=$((servers + 1))
t new-session -d -x 80 -y 24 'exec env PS1=ready: bash --norc --noprofile -i'
wait_for screen_has '^ready:'
text "TERM=screen-256color LC_ALL=C.UTF-8 SHELL=/bin/bash $NSVIEW tui -i 60 -Q 'ns == $(ino "$lives_pid" uts)'"
keys Enter
shows '^>.*sleep' 'under a shell'
keys e
shows '^ a all of' 'e asks'
keys o
shows 'the end of this shell leads back' 'inside'
wait_for screen_has '[#$] *$|ready:$'
text 'suspend -f'
keys Enter
shows 'Stopped' 'what stops inside stops the view with it'
text 'echo $((40 + 2))'
keys Enter
shows '^42$' 'so that the shell outside goes on'
text fg
keys Enter
is "$(inside 'echo inside')" inside 'fg leads inside again'
text 'exit 0'
keys Enter
shows '^ back$' 'and from there to the view'
keys Q
ends

# Where it cannot be done it is said why instead of asking.
if have setpriv; then
	lives --uts --mount
	run_in 24x80 "exec setpriv --bounding-set -sys_admin --inh-caps -sys_admin env TERM=screen-256color LC_ALL=C.UTF-8 $NSVIEW tui -i 60 --filter='ns == $(ino "$lives_pid" uts)'"
	shows '^>.*sleep' 'without a capability'
	keys e
	shows '^ cannot join the mount namespace' 'it is said what cannot be done'
	ends
else
	skip 2 'not here: no setpriv'
fi

# A namespace that no process is in.
lives --ipc
ipc=$(ino "$lives_pid" ipc)
exec 8<"/proc/$lives_pid/ns/ipc"
ends
start 24x80 SHELL=/bin/sh TERM=xterm-256color -- '--filter=nprocs == 0' --mouse
shows "^>!$ipc ipc" 'a namespace without processes'
keys e
shows '^ o only this one  Esc no$' 'has one way in'
keys o
shows 'the end of this shell leads back' 'which can be gone'
is "$(inside 'readlink /proc/self/ns/ipc' | tr -dc 0-9)" "$ipc" 'and leads there'
is "$(t display-message -p '#{mouse_any_flag}')" 0 'with the mouse given back'
text 'exit 0'
keys Enter
shows '^ back$' 'and back'
is "$(t display-message -p '#{mouse_any_flag}')" 1 'where it is taken again'
exec 8<&-

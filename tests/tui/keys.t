#!/bin/sh
# Keys as a terminal sends them, on a copy of /proc; what they mean is tested without a terminal in
# tests/unit/tui.
cd "$(dirname "$0")" || exit 2
. ./screen.sh
plan 35

on_fixture 24x80
keys Down
shows '^> 4026532344 cgroup' 'an arrow key'
keys PPage End
shows '^> 4026532611 uts .*55 of|^>.* uts ' 'PgUp and End'
keys Home NPage
shows '11 of 56|12 of 56' 'Home and PgDn'
keys F1
shows '^── help' 'F1'
keys Escape F6
shows '^ Sort by' 'F6'
keys Escape BTab
shows ' \[3:Network\]' 'Shift-Tab'
keys Tab
shows '^ \[1:Namespaces\]' 'Tab'
keys g M-j
shows '^ that key does nothing here: press \? for help' 'Alt and a key is neither Esc nor that key'
t send-keys -l "$(printf '\033[1;5Cj')"
shows '^> 4026532344' 'a sequence that terminfo does not know is no key, and what follows it is one'

text /coredns
shows '^ 1 of [0-9]+$' 'a search while it is typed'
keys Enter n
shows '^ 2 of [0-9]+$' 'n'
keys N
shows '^ 1 of [0-9]+$' 'N'
keys 2
text /1291
shows '^>     docker:web sleep +1291' 'a search finds what is folded, and opens it'
keys Escape
hides 'docker:web sleep' 'and without it that is folded again'
keys 1
text '/日本'
shows '^/日本$' 'wide characters are typed'
keys Escape
text '\type == "uts" && nprocs > 100'
keys Enter
shows 'filter: type == "uts" && nprocs > 100$' 'a filter stays to be seen while it is active'
hides '4026531835' 'and rows that it leaves out are gone'
keys x
shows "^ nsview --proc=.* ls -Q|nsview '?--proc" 'x'
keys Escape "\\" C-u Enter
shows '^> ?4026531838 uts|^>' 'an empty filter lets all through'

t set-option -s set-clipboard on >/dev/null
keys g y
wait_for sh -c "tmux -S '$tmp/tmux$servers' show-buffer | grep -qx 'cgroup:\[4026531835\]'"
ok $? 'y copies by OSC 52'

text ':ls -t net -o NS,HELD'
keys Enter
shows '^ +4026532600 mount$' 'a command runs beside the screen'
shows '^── nsview ls -t net -o NS,HELD ──' 'under its words'
keys Escape
text ':nsview lss'
keys Enter
shows '^ nsview: unknown command "lss"; did you mean "ls"\?' 'its errors too'
shows '^ exit status 2' 'and its status'
keys Escape
text ":show 'a b"
keys Enter
shows '^ a quote is not closed' 'what cannot be understood is said'

keys c j Space Enter
shows '^ +NS NPROCS' 'a column less'
keys Z
shows '\[paused\]$' 'pause'
keys Z + +
shows '\[60s\]$' 'no longer than a minute'
keys 2 C-c
wait_for ended
is "$(cat "$tmp/status")" 0 'C-c leaves'
cmp -s "$tmp/before" "$tmp/after"
ok $? 'with the terminal as it was'

mkdir -p "$tmp/.config/nsview"
printf '# a comment\n\ninterval=30\n  filter=type:net\n' >"$tmp/.config/nsview/config"
on_fixture 24x80
shows 'filter: type:net$' 'options from the configuration file'
on_fixture 24x80 -- --filter=type:uts
shows 'filter: type:uts$' 'the command line goes before it'
printf 'intervall=3\n' >"$tmp/.config/nsview/config"
start 24x200 -- "--proc=$fixture"
shows 'config, line 1: unknown option --intervall=' \
	'what is wrong in it is named with its line'
rm "$tmp/.config/nsview/config"

on_fixture 24x80 -- --readonly
text ':enter 1'
keys Enter
shows '^ not with --readonly' '--readonly starts nothing that changes anything'
text ':--proc /proc enter 1'
keys Enter
shows '^ with --readonly the command comes first' 'also not behind options'

#!/bin/sh
# Whole screens on a copy of /proc, against golden ones: every size, character set and colour.
cd "$(dirname "$0")" || exit 2
. ./screen.sh
plan 29

on_fixture 24x80
keys g
golden namespaces-80x24 'namespaces at 80x24'
keys t g
golden tree-80x24 'the tree at 80x24'
keys l l
keys 2 j j l
golden processes-80x24 'processes at 80x24, a set open'
keys k l j Enter
golden detail-80x24 'reading the detail pane at 80x24'
keys Escape '?'
golden help-80x24 'help at 80x24'
keys Escape s
golden sort-80x24 'the sort menu at 80x24'
keys Escape c
golden columns-80x24 'the columns menu at 80x24'
keys Escape 1 "\\"
text 'type == net && nproc'
golden filter-80x24 'a filter that is wrong, at 80x24'

on_fixture 24x80 -- '--filter=type =~ "net|user"'
keys j
golden readme-80x24 'the picture in README.md'
sed -n '/^<!-- screen: begin/,/^<!-- screen: end/p' ../../README.md | sed '1,2d;$d' | sed '$d' |
	cmp - golden/readme-80x24.txt >/dev/null
ok $? 'which is that one'

on_fixture 50x200
keys g
golden namespaces-200x50 'namespaces at 200x50'
keys t g
golden tree-200x50 'the tree at 200x50'
keys 2
golden processes-200x50 'processes at 200x50'
keys '?'
golden help-200x50 'help at 200x50'

on_fixture 8x40
keys g
golden namespaces-40x8 'namespaces at 40x8'
keys Enter
golden detail-40x8 'the detail pane takes all of 40x8'
keys Escape 2 j
golden processes-40x8 'processes at 40x8'

on_fixture 5x20
shows 'needs 40x8, has 20x5' '20x5 is too small, and says so'
golden small-20x5 'in one line in the middle'
t resize-window -x 80 -y 24
keys g
golden namespaces-80x24 'enlarged it is as if it had been so from the start'

on_fixture 24x80 LC_ALL=C
keys g t g
golden tree-80x24-c 'the C locale: ASCII alone'
[ "$(capture | LC_ALL=C tr -d '\n\040-\176' | wc -c)" -eq 0 ]
ok $? 'not one byte of anything else'

on_fixture 24x80
keys g j
golden color-80x24 '256 colours' -e
on_fixture 24x80 TERM=screen
keys g j
golden color-80x24 '8 colours are enough' -e
on_fixture 24x80 NO_COLOR=1
keys g j
golden nocolor-80x24 'none' -e
on_fixture 24x80 TERM=vt100
keys g j
golden vt100-80x24 'a terminal that has none' -e

# Names that would forge rows, colour the screen or move the cursor.
(cd ../cli && sh hostile.sh "$tmp/hostile")
start 50x120 -- "--proc=$tmp/hostile/proc"
wait_for screen_has '[0-9] (uts|net|cgroup) '
keys 2
shows '\\x1b\[31mred' 'hostile names are escaped'
capture -e | sed 's/\x1b\[[0-9;]*m//g' | LC_ALL=C tr -d '\n\040-\176\200-\377' >"$tmp/raw"
is "$(wc -c <"$tmp/raw" | tr -d ' ')" 0 'no control character of theirs is on the screen'
is "$(capture | sed -n '4,25p' | grep -vc '[^ -~…]' | tr -d ' ')" \
	"$(capture | sed -n '4,25p' | grep -v '[^ -~…]' | grep -cE '^.{34} {1,3}[0-9]+ +[0-9]+ [A?]')" \
	'and the numbers behind them stand in their column'

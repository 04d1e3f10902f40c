#!/bin/sh
# Colour, width and character set: what the terminal, the locale and the environment decide.
cd "$(dirname "$0")" || exit 2
. ./golden.sh
plan 37
host=fixtures/host/proc

# colour ENVIRONMENT... -- ARGUMENT...: how many escape bytes are written to a pipe
colour() {
	env_words=
	while [ "$1" != -- ]; do
		env_words="$env_words $1"
		shift
	done
	shift
	# shellcheck disable=SC2086
	env $env_words $NSVIEW "$@" --proc=$host 2>&1 | escapes
}
# amount NUMBER
amount() { [ "$1" -eq 0 ] && echo none || echo some; }

is "$(amount "$(colour -- ls)")" none 'no colour into a pipe'
is "$(amount "$(colour -- ls --color=always)")" some '--color=always'
is "$(amount "$(colour -- ls --color=never)")" none '--color=never'
is "$(amount "$(colour -- ls --color=auto)")" none '--color=auto into a pipe'
is "$(amount "$(colour CLICOLOR_FORCE=1 -- ls)")" some 'CLICOLOR_FORCE'
is "$(amount "$(colour FORCE_COLOR=1 -- ls)")" some 'FORCE_COLOR'
is "$(amount "$(colour CLICOLOR_FORCE=0 -- ls)")" none 'CLICOLOR_FORCE=0 forces nothing'
is "$(amount "$(colour CLICOLOR_FORCE=1 -- ls --color=never)")" none '--color=never beats CLICOLOR_FORCE'
is "$(amount "$(colour NO_COLOR=1 CLICOLOR_FORCE=1 -- ls)")" none 'NO_COLOR beats CLICOLOR_FORCE'
is "$(amount "$(colour NO_COLOR= CLICOLOR_FORCE=1 -- ls)")" some 'an empty NO_COLOR means nothing'
is "$(amount "$(colour NO_COLOR=1 -- ls --color=always)")" some '--color=always beats NO_COLOR'
is "$(amount "$(colour CLICOLOR_FORCE=1 -- ls -J)")" none 'no colour in JSON'
is "$(amount "$(colour CLICOLOR_FORCE=1 -- ls --color=always -r)")" none 'no colour in raw output'

# Colour adds sequences and nothing else.
bad_colour=
for words in ls ps tree 'tree --by=process' 'show 1225'; do
	# shellcheck disable=SC2086
	nsview $words --proc=$host --color=always 2>/dev/null >"$tmp/colour"
	# shellcheck disable=SC2086
	nsview $words --proc=$host 2>/dev/null >"$tmp/plain"
	sed 's/\x1b\[[0-9;]*m//g' "$tmp/colour" | cmp -s - "$tmp/plain" &&
		[ "$(escapes <"$tmp/colour")" -gt 0 ] || bad_colour="$bad_colour '$words'"
done
is "$bad_colour" '' 'coloured output without its colours is the plain output'

# On a real terminal. script(1) writes what a terminal was sent.
# terminal COLUMNS TERM ARGUMENT...
terminal() {
	columns=$1 name=$2
	shift 2
	script -qec "stty cols $columns; TERM=$name LC_ALL=C.UTF-8 $NSVIEW $* --proc=$host -q" \
		"$tmp/typescript" >/dev/null 2>&1 </dev/null
	sed -e '/^Script started/d' -e '/^Script done/d' "$tmp/typescript" | tr -d '\r'
}
widest() { sed 's/\x1b\[[0-9;]*m//g' | wc -L; }
if have script && script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
	terminal 80 xterm ls >"$tmp/80"
	is "$(amount "$(escapes <"$tmp/80")")" some 'colour on a terminal'
	is "$(amount "$(terminal 80 dumb ls | escapes)")" none 'no colour where TERM=dumb'
	is "$(amount "$(terminal 80 '' ls | escapes)")" none 'no colour without TERM'
	is "$(amount "$(terminal 80 xterm ls --color=never | escapes)")" none '--color=never on a terminal'
	for words in ls ps tree 'tree --by=pid' 'tree --by=process' 'ls -T'; do
		terminal 80 xterm "$words" >"$tmp/80"
		[ "$(wc -l <"$tmp/80")" -gt 5 ] && [ "$(widest <"$tmp/80")" -le 80 ]
		ok $? "$words: no line is wider than a terminal of 80 columns"
	done
	[ "$(terminal 200 xterm tree --by=process | widest)" -gt 80 ]
	ok $? 'a terminal of 200 columns is made use of'
	terminal 80 xterm ls -u --output-all >"$tmp/80"
	[ "$(widest <"$tmp/80")" -gt 200 ]
	ok $? '--notruncate cuts nothing'
else
	skip 12 'not here: script(1) does not run'
fi

for columns in 40 80 200; do
	nsview_in COLUMNS=$columns tree --by=process --proc=$host -q >"$tmp/out"
	[ "$(wc -L <"$tmp/out")" -le $columns ]
	ok $? "COLUMNS=$columns is a width, also into a pipe"
done
COLUMNS=80
export COLUMNS
told ls --proc=$host -t net,uts
told ps --proc=$host
told tree --proc=$host
told tree --by=process --proc=$host
told show --proc=$host 1225
golden width-80 'at 80 columns'
COLUMNS=40
told ls --proc=$host -t net
told ps --proc=$host
told show --proc=$host 2600
golden width-40 'at 40 columns, which is too few'
unset COLUMNS
nsview ls --proc=$host -q >"$tmp/wanted"
for columns in 0 -1 x 99999999999 ''; do
	nsview_in COLUMNS=$columns ls --proc=$host -q >"$tmp/out"
	cmp "$tmp/out" "$tmp/wanted" >/dev/null || echo "$columns"
done >"$tmp/bad"
is "$(cat "$tmp/bad")" '' 'a COLUMNS that is no width is as none'

sh hostile.sh "$tmp/hostile"
is_ascii=
for words in ls ps 'ps -a' tree 'tree --by=pid' 'tree --by=process' 'show 1225 2400' 'ls -T'; do
	# shellcheck disable=SC2086
	a=$(nsview_in LC_ALL=C $words --proc=$host 2>&1 | no_ascii)
	# shellcheck disable=SC2086
	b=$(nsview $words --proc=$host --ascii 2>&1 | no_ascii)
	# shellcheck disable=SC2086
	c=$(nsview_in LC_ALL=C ${words%% [0-9]*} --proc="$tmp/hostile/proc" $([ "${words%% *}" != show ] || echo 14 15 23) 2>&1 | no_ascii)
	[ "$a$b$c" = 000 ] || is_ascii="$is_ascii '$words' $a $b $c"
done
is "$is_ascii" '' 'ASCII alone in the C locale, and with --ascii'
[ "$(nsview tree --proc=$host -q | no_ascii)" -gt 0 ]
ok $? 'box characters in C.UTF-8'
is "$(nsview_in LC_ALL=C tree --proc=$host -q | md5sum)" "$(nsview tree --ascii --proc=$host -q | md5sum)" \
	'the C locale is --ascii'
is "$(env -i $NSVIEW ls --proc=$host -q | md5sum)" "$(nsview ls --ascii --proc=$host -q | md5sum)" \
	'without any environment'

same=
for words in ls 'ls -r --output-all' 'ls --json=lines --output-all' ps 'ps -a' tree 'tree --by=pid' \
	'tree --by=process' 'show 1225 4026531840'; do
	for i in 1 2; do
		# shellcheck disable=SC2086
		nsview $words --proc=$host >"$tmp/run$i" 2>&1
	done
	cmp -s "$tmp/run1" "$tmp/run2" || same="$same '$words'"
done
is "$same" '' 'two runs are the same bytes'

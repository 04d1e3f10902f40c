#!/bin/sh
# What was printed was really written, or the exit status and a sentence say that it was not.
cd "$(dirname "$0")" || exit 2
. ./golden.sh
plan 12
sh hostile.sh "$tmp/hostile" || exit 2
h=--proc=$tmp/hostile/proc

# each TEST: evaluated with $words as one command after the other; names those for which it fails
each() {
	failed=
	for words in "ls $h -q" "ls -J $h -q" "ls -r $h -q" "ls --json=lines $h -q" "ps $h -q" "tree $h -q" \
		"tree -J $h -q" "show 1 $h -q" "show -J 16 17 $h -q" help 'help ls' 'help filters' --version \
		'ls --help' 'ls -H' 'completion bash' -h ''; do
		eval "$1" || failed="$failed '$words'"
	done
	is "$failed" '' "$2"
}

if [ -w /dev/full ]; then
	# shellcheck disable=SC2016
	each '
		nsview $words >/dev/full 2>"$tmp/err"
		[ $? -eq 2 ] && [ "$(cat "$tmp/err")" = \
			"nsview: cannot write to standard output: No space left on device" ]' \
		'a full disk: a sentence, exit status 2'
	nsview ls "$h" >/dev/full 2>"$tmp/err"
	is "$? $(grep -c '^nsview: cannot write' "$tmp/err")" '2 1' 'a full disk and a partial view: both are said'
else
	skip 2 'not here: no /dev/full'
fi
# shellcheck disable=SC2016
each '
	nsview $words >&- 2>"$tmp/err"
	[ $? -eq 2 ] && [ "$(cat "$tmp/err")" = \
		"nsview: cannot write to standard output: Bad file descriptor" ]' \
	'no stdout: a sentence, exit status 2'

# The reader has gone before the first byte is written: it opened the pipe, and closed it.
# gone COMMAND...: exit status in $tmp/status
mkfifo "$tmp/gone" "$tmp/pipe"
gone() {
	{
		cat <"$tmp/gone" >/dev/null
		"$@" 2>"$tmp/err"
		echo $? >"$tmp/status"
	} >"$tmp/pipe" &
	: <"$tmp/pipe"
	: >"$tmp/gone"
	wait
}
# shellcheck disable=SC2016
each '
	gone nsview $words
	[ "$(cat "$tmp/status")" -eq 2 ] && [ ! -s "$tmp/err" ]' \
	'a closed pipe: quietly, exit status 2'
{
	nsview ls --output-all -r "$h" -q 2>"$tmp/err"
	echo $? >"$tmp/status"
} | head -c 1 >/dev/null
is "$(cat "$tmp/status" "$tmp/err")" 2 'a pipe that is closed in the middle of a large output'
{
	(trap '' PIPE && nsview ls --output-all -r "$h" -q) 2>"$tmp/err"
	echo $? >"$tmp/status"
} | head -c 1 >/dev/null
is "$(cat "$tmp/status" "$tmp/err")" 2 'the same where SIGPIPE was ignored from the start'

nsview ls "$h" -q >"$tmp/wanted"
nsview ls "$h" -q <&- >"$tmp/out"
is "$? $(cmp "$tmp/out" "$tmp/wanted")" '0 ' 'no stdin'
nsview ls "$h" 2>&- >"$tmp/out"
is "$? $(cmp "$tmp/out" "$tmp/wanted")" '0 ' 'no stderr'
nsview ls "$h" <&- >&- 2>&-
is "$?" 2 'neither stdin nor stdout nor stderr'
env -i LC_ALL=C.UTF-8 TZ=UTC $NSVIEW ls "$h" -q >"$tmp/out" 2>&1
is "$? $(cmp "$tmp/out" "$tmp/wanted")" '0 ' 'no HOME, no TERM, no PATH'
# shellcheck disable=SC3045 # every shell of ours has -n
(ulimit -n 16 && nsview ls "$h" -q) >"$tmp/out" 2>&1
is "$? $(cmp "$tmp/out" "$tmp/wanted")" '0 ' '16 descriptors are enough'
env LC_ALL=no_SUCH.locale LANG= TERM='' $NSVIEW ls "$h" -q --ascii >/dev/null 2>"$tmp/err"
is "$? $(cat "$tmp/err")" '0 ' 'a locale that is not there'

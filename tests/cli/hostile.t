#!/bin/sh
# Names that processes and containers can choose neither forge rows nor break JSON, and reach no
# terminal raw.
cd "$(dirname "$0")" || exit 2
. ./golden.sh
plan 25
sh hostile.sh "$tmp/hostile" || exit 2
cd "$tmp/hostile" || exit 2
names='10 11 12 13 14 15 16 17 18 19 20 21 22 23 30 31 32 33 34 35 36 52 60 net:4026532600 net:4026532601
user:4026532060 mnt:4026532001 uts:4026533012 net:4026532999'

# One document, and objects one a line; each in UTF-8.
json() {
	name=$1
	shift
	nsview "$@" --proc=proc >"$tmp/out" 2>"$tmp/err"
	ended=$?
	[ $ended -eq 0 ] && jq -e . <"$tmp/out" >"$tmp/parsed" 2>&1 &&
		iconv -f UTF-8 -t UTF-8 <"$tmp/out" >/dev/null 2>&1
	ok $? "$name"
}
json 'ls -J: JSON, in UTF-8' ls -J --output-all
is "$(jq -r '.schema, (.namespaces | length), (.host.hostname | contains("forged"))' <"$tmp/out")" \
	"1
$(nsview ls --proc=proc -rn -o NS 2>/dev/null | wc -l)
true" 'ls -J: as many namespaces as rows'
json 'ls --json=lines: JSON, in UTF-8' ls --json=lines --output-all
is "$(jq -s 'length' <"$tmp/out")" "$(wc -l <"$tmp/out")" 'ls --json=lines: each line an object'
json 'ps -J: JSON, in UTF-8' ps -J --output-all
json 'ps -a --json=lines: JSON, in UTF-8' ps -a --json=lines --output-all
is "$(jq -s 'length' <"$tmp/out")" "$(wc -l <"$tmp/out")" 'ps --json=lines: each line an object'
for by in user pid process; do
	json "tree --by=$by -J: JSON, in UTF-8" tree -J --by=$by
done
# shellcheck disable=SC2086
json 'show -J: JSON, in UTF-8' show -J $names

# The rule of nsview-json(5) is reversible: what stands in the file can be had back.
nsview ps -a --json=lines -o PID,COMM --proc=proc 2>/dev/null >"$tmp/out"
is "$(jq -r 'select(.pid == 17).comm' <"$tmp/out")" '\\x1b\\\\"},{' 'a backslash is two in JSON'
is "$(jq -r 'select(.pid == 13).comm' <"$tmp/out")" '\xff\xfe\xc0\xaf' 'what is no UTF-8 is \xHH in JSON'
is "$(jq -c 'select(.pid == 11).comm' <"$tmp/out")" '"a\n4026531833 net"' 'a newline is JSON'\''s own'

fields=
for words in ls 'ls --output-all' ps 'ps --output-all' 'ps -a' 'ls -T'; do
	# shellcheck disable=SC2086
	nsview $words -r --proc=proc 2>/dev/null >"$tmp/out"
	awk 'NR == 1 { n = NF } NF != n || / $/ || /  / { bad = 1 } END { exit bad || NR < 20 }' "$tmp/out" ||
		fields="$fields '$words'"
done
is "$fields" '' 'raw: in each row as many fields as in the heading'
is "$(nsview ls -rn -o NS --proc=proc 2>/dev/null | grep -Evc '^[0-9]+$')" 0 'ls: no name makes a row'
is "$(nsview ls -n -o NS,WHO --proc=proc 2>/dev/null | grep -Evc '^ *[0-9]+ ')" 0 'ls: no name makes a line'

# What a terminal would obey or hide: C0, DEL, C1, bidi, invisible ones; bytes that are no UTF-8
raw=
for words in ls 'ls -T' 'ls --output-all' 'ls -r' ps 'ps -a' 'ps --output-all' tree 'tree --by=pid' \
	'tree --by=process' "show $names" 'ls --color=never -Q who'; do
	# shellcheck disable=SC2086
	nsview $words --proc=proc >"$tmp/out" 2>&1
	if LC_ALL=C tr -d '\n' <"$tmp/out" | LC_ALL=C grep -Eqa "[$(printf '\001-\037\177')]" ||
		! iconv -f UTF-8 -t UTF-16LE <"$tmp/out" >"$tmp/wide" 2>/dev/null ||
		od -An -v -tx2 -w2 "$tmp/wide" |
		grep -Eq ' (00[89].|00ad|061c|180e|200[b-f]|202[89a-e]|20[6]..|feff)$'; then
		raw="$raw '$words'"
	fi
done
is "$raw" '' 'nothing that a terminal obeys or hides is written raw'
is "$(nsview ls --color=always --proc=proc 2>/dev/null | sed 's/\x1b\[[0-9;]*m//g' | escapes)" 0 \
	'with colours, all sequences are our own'

nsview ls -n -o PID,WHO -t mnt --proc=proc 2>"$tmp/err" >"$tmp/out"
like "$(cat "$tmp/err")" '^nsview: partial view: 9 processes unreadable \(pids 40, 41, 42, \.\.\.: EINVAL; pid 50: ENOTDIR\); ' \
	'links that no kernel writes are said to be unreadable'
is "$(awk '$1 == 16 { print length($2) }' "$tmp/out")" 131072 'a command line of 128 KiB is shown whole'

for words in 'ctr:evil' '4026532018' 'unit:x'; do
	nsview ls "$words" --proc=proc
done >"$tmp/out" 2>&1
is "$(LC_ALL=C tr -d '\n\040-\176' <"$tmp/out" | wc -c | tr -d ' ')" 0 'nor by an error that offers the nearest name'
unlike "$(nsview --proc=proc __complete ls '' 2>&1 | LC_ALL=C tr -d '\n\t\040-\176\200-\377' | od -c)" '[0-9]+ .*[^ ]' \
	'nor by completion'

# A shell puts a candidate into the command line, where the next Enter would run it.
cp -R proc shell
# shellcheck disable=SC2016 # not for this shell
printf '0::/system.slice/a$(id).service\n' >shell/10/cgroup
printf '0::/system.slice/b;id.service\n' >shell/11/cgroup
printf '0::/system.slice/good@1:x-2.service\n' >shell/12/cgroup
is "$(nsview --proc=shell __complete ls unit: 2>&1 | cut -f1)" \
	"unit:init.scope
unit:good@1:x-2.service" 'nor does completion offer what a shell would run'

# What cannot be read or is too long ends nothing.
grep -v '^#' >"$tmp/long" <<END
$(head -c 200000 /dev/zero | tr '\000' '0')::/x
END
cp "$tmp/long" proc/10/cgroup
{
	printf '10 ('
	head -c 100000 /dev/zero | tr '\000' ')'
	printf ') S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 0\n'
} >proc/10/stat
ends 0 'files longer than the kernel writes them' ps -a --output-all 10 --proc=proc

#!/bin/sh
# Used wrongly: one line on stderr that names the nearest right word, exit status 2, nothing on
# stdout.
cd "$(dirname "$0")" || exit 2
. ./golden.sh
plan 119
host=fixtures/host/proc
h=--proc=$host

# repeat N TEXT
repeat() { head -c "$1" /dev/zero | tr '\000' "$2"; }

trouble 'an unknown command' 'unknown command "lss"; did you mean "ls"\?' lss
trouble 'a command without a name' 'unknown command ""' ''
trouble 'a hidden command is no suggestion' 'unknown command "__complet"; try: nsview help' __complet
trouble 'an unknown option' 'unknown option --jsom; did you mean --json\?' ls --jsom
trouble 'an unknown option with an argument' 'did you mean --color\?' ls --colour=never
trouble 'an unknown option far from all' 'unknown option --zzzzzzzzz$' ls --zzzzzzzzz
trouble 'an unknown letter' 'unknown option -Z' ls -Z
trouble 'an unknown option before the command' 'did you mean --strict\?' --scrict ls
trouble 'a letter without its argument' 'option -p needs an argument' ls -p
trouble 'an option without its argument' 'option --proc needs an argument' --proc
trouble 'an argument too many' 'option --noheadings takes no argument' ls --noheadings=1
trouble 'an option of another command' 'unknown option -T' ps -T

trouble 'an unknown type' 'no namespace type "nett"; did you mean "net"\?' ls $h -t nett
trouble 'an empty type' 'no namespace type ""; there are cgroup, ' ls $h -t ''
trouble 'an empty type among others' 'no namespace type ""' ls $h -t net,,user
trouble 'an unknown column' 'unknown column "NPROC".*NPROCS' ls $h -o NPROC
trouble 'an unknown column of ps' 'unknown column "COMMANT".*COMMAND' ps $h -o COMMANT
trouble 'no column' 'empty column name' ls $h -o ''
trouble 'no column to add' 'empty column name' ls $h -o +
trouble 'an empty column among others' 'empty column name' ls $h -o NS,,TYPE
trouble 'an unknown JSON format' '--json takes pretty or lines, not "xml"' ls $h --json=xml
trouble 'an unknown relation' '--tree takes owner, parent or process, not "x"' ls $h -Tx
trouble 'an unknown tree' '--by takes user, pid or process, not "foo"' tree $h --by=foo
trouble 'an unknown colour' '--color takes auto, always or never, not "maybe"' ls $h --color=maybe
trouble '-p and a target' 'one or the other' ls $h -p 1 2

trouble 'no such process' 'there is no process 99999' ls $h 99999
trouble 'no such namespace' 'there is no namespace 4026539999' ls $h 4026539999
trouble 'a namespace of another type' 'net:\[4026531837\]: 4026531837 is a user namespace' ls $h 'net:[4026531837]'
trouble 'no such type of target' 'did you mean net:\[4026531840\]\?' ls $h 'nte:[4026531840]'
trouble 'no such container' 'no container "wbe"; did you mean "web"\?' ls $h ctr:wbe
trouble 'no such unit' 'did you mean "ssh.service"\?' ls $h unit:sh.service
trouble 'no such named network' 'did you mean "lab"\?' ls $h netns:lub
trouble 'no such pid inside' 'no process is number 9 inside pid:\[4026532343\]' ls $h pid:9@4026532343
trouble 'a pid inside what is no pid namespace' '4026532340 is a network namespace' ls $h pid:1@4026532340
trouble 'no such mount' 'neither a namespace file nor a mount point' ls $h mount:/nonexistent
trouble 'no such path' 'neither a namespace file nor a mount point' ls $h /nonexistent
trouble 'a uid out of range' 'expected uid:N' ls $h uid:5000000000
trouble 'a number out of range' 'number is too large' ls $h 18446744073709551616
trouble 'the number 0' 'no process and no namespace has the number 0' ls $h 0
trouble 'an empty target' 'target is empty' ls $h ''
trouble 'a name behind no colon' 'did you mean ctr:foo' ls $h foo
trouble 'nothing behind the colon' 'name is missing behind the colon' ls $h ctr:
trouble 'a negative number' '"-5" is no target' ls $h -- -5
trouble 'options behind --' '"-n" is no target' ls $h -- -n
trouble 'a copy has no network' 'the network can be read of a running host only' ls $h iface:eth0
trouble 'no address' 'expected ip:ADDRESS' ls $h ip:10.0.0
trouble 'show without a target' 'show needs a target' show $h
trouble 'one bad target among good ones' 'there is no process 99999' show $h 1 99999 1225
trouble 'tree of nothing' 'there is no process 99999' tree $h 99999
trouble 'ps of nothing' 'there is no process 99999' ps $h 99999
trouble 'a long target' '"x+\.\.\."' ls $h "$(repeat 100000 x)"
# The file that is meant is the copied host's, never one of the machine that shows the copy.
trouble 'a path of this machine, of a copy of another' 'neither a namespace file nor a mount point' \
	ls $h /proc/self/ns/net

trouble 'net: an unknown column' 'unknown column "NSS", did you mean NS\?' net --links -o NSS
trouble 'net: columns of no table' 'columns and filters are of tables: add --links' net -o NS
trouble 'net: a filter of no table' 'columns and filters are of tables' net -Q 'a == 1'
trouble 'net: the columns of no table' 'columns and filters are of tables' net -H
trouble 'net: a filter that names nothing' 'unknown column "lnk".*did you mean "link"\?' net --links -Q 'lnk == 1'
trouble 'net: two tables' '--links and --routes exclude each other' net --routes --links
trouble 'net: an unknown JSON format' '--json takes pretty or lines, not "xml"' net --json=xml
trouble 'net: everything as lines' '--json=lines is of tables' net --json=lines
trouble 'net: around nothing' 'a target is empty' net --around ''
trouble 'net: a distance that is no number' 'N from 0 to 64, not "x"' net --around self,x
trouble 'net: a distance that is too large' 'N from 0 to 64, not "99999999999999999999"' \
	net --around self,99999999999999999999
trouble 'net: a port that there is not' 'expected port:N or port:PROTOCOL/N' net port:99999
trouble 'net: of a copy' 'of a running host only, not of a copy' net $h
trouble 'net: a table of a copy' 'of a running host only, not of a copy' net $h --links
trouble 'why: without ends' 'why needs two ends: nsview why A B' why
trouble 'why: with one end' 'why needs two ends' why self
trouble 'why: with three' 'why needs two ends' why self self self
trouble 'why: an empty A' 'A is empty' why '' self
trouble 'why: an empty B' 'B is empty' why self ''
trouble 'why: a port that is too large' '"70000" is no port' why self self:70000
trouble 'why: a port that is none' '"x" is no port' why self 10.0.0.1:x
trouble 'why: the port 0' '"0" is no port' why self self:0
trouble 'why: an unknown protocol' '"/sctp" is neither /tcp nor /udp' why self 10.0.0.1:5/sctp
trouble 'why: a protocol without a port' '/udp needs a port: B:PORT/udp' why self 10.0.0.1/udp
trouble 'why: an open bracket' '"\[::1" is no address in brackets' why self '[::1'
trouble 'why: what is no target' '"300.1.1.1" is no target' why self 300.1.1.1
trouble 'why: a probe without a port' '--probe needs a port to connect to' why --probe self 10.0.0.1
trouble 'why: of a copy' 'of a running host only, not of a copy' why $h 1 1225
trouble 'why: a long end' 'B is too long' why self "$(repeat 5000 x)"
trouble 'graph: of nothing' 'graph needs to know of what: nsview graph net' graph
trouble 'graph: of what cannot be drawn' 'graph needs to know of what' graph nett
trouble 'graph: a format that there is not' '--format takes dot, svg or mermaid, not "png"' graph net --format=png
trouble 'graph: an empty format' '--format takes dot, svg or mermaid, not ""' graph net --format=
trouble 'graph: an option of net' 'unknown option --links' graph net --links
trouble 'graph: a target that is none' '"nonesuch" is no target' graph net nonesuch
trouble 'graph: of a copy' 'of a running host only, not of a copy' graph $h net

trouble 'no help' 'no help on "lss"; did you mean "ls"\?' help lss
trouble 'no help on a topic' 'did you mean "targets"\?' help target
trouble 'no shell' 'completion takes one shell' completion
trouble 'an unknown shell' 'completion takes one shell' completion tcsh

trouble 'a directory that is no procfs' '/etc is no procfs, nor a copy of one' ls --proc /etc
trouble 'a file' 'cannot open /etc/passwd: Not a directory' ls --proc=/etc/passwd
trouble 'a path that is not there' 'cannot open /missing: No such file' --proc /missing ls
trouble 'no path' 'cannot open ' --proc= ls

trouble 'an empty filter' 'filter: the expression is empty' ls $h -Q ''
trouble 'an unknown column in a filter' 'unknown column "nproc" at 1; did you mean "nprocs"\?' ls $h -Q 'nproc == 1'
trouble 'a filter that breaks off' 'expected a value at 6' ls $h -Q 'ns =='
trouble 'a filter with words behind it' 'filter: .* at 9' ls $h -Q 'ns == 1 2'
trouble 'an open parenthesis' 'filter: ' ls $h -Q '(ns == 1'
trouble 'a bad regular expression' 'bad regular expression at 8: ' ls $h -Q 'who =~ "("'
trouble 'an open string' 'filter: ' ls $h -Q 'who == "x'
trouble 'a number of too many digits' 'not a number' ls $h -Q 'ns == 99999999999999999999999'
trouble 'a word for a number' 'not a number' ls $h -Q 'ns == net'
trouble '100 KB of a number' 'not a number' ls $h -Q "ns == $(repeat 100000 1)"
trouble '10,000 parentheses' 'nested more than 100 deep' ls $h -Q "$(repeat 10000 '(')ns$(repeat 10000 ')')"
trouble '10,000 negations' 'nested more than 100 deep' ls $h -Q "$(repeat 10000 '!')ns"
trouble '100 KB of a regular expression' 'too large' ls $h -Q "who =~ \"$(repeat 100000 '(')\""
trouble 'repetitions of repetitions' 'too large' ls $h -Q 'who =~ "((a{1,200}){1,200}){1,200}"'

# often N TEXT
often() { yes "$2" | head -n "$1" | tr -d '\n'; }
long=$(often 10000 'ns && ')
is "$(nsview ls $h -n -o NS -Q "${long}ns" 2>/dev/null | wc -l)" \
	"$(nsview ls $h -n -o NS 2>/dev/null | wc -l)" '10,000 terms are a filter as any other'
ends 1 '100 KB of a string matches nothing' ls $h -Q "type == \"$(repeat 100000 a)\""
many=$(often 200 NS,TYPE,)
ends 0 '400 columns' ls $h -o "${many}WHO"
ends 0 'a column twice' ls $h -o NS,TYPE,NS

forged=$(printf 'x\033[31m\nnsview: y\302\233\377')
bad_words=
for option in '' -o -t -Q --color --json= --tree= -p --; do
	case $option in
	*=) nsview ls "$option$forged" $h ;;
	'' | --) nsview ls $h $option "$forged" ;;
	*) nsview ls $option "$forged" $h ;;
	esac >"$tmp/out" 2>&1
	[ "$(wc -l <"$tmp/out")" -eq 1 ] && [ "$(no_ascii <"$tmp/out")" -eq 0 ] ||
		bad_words="$bad_words '$option'"
done
nsview "$forged" >"$tmp/out" 2>&1
[ "$(wc -l <"$tmp/out")" -eq 1 ] && [ "$(no_ascii <"$tmp/out")" -eq 0 ] || bad_words="$bad_words command"
nsview "--$forged" >"$tmp/out" 2>&1
[ "$(wc -l <"$tmp/out")" -eq 1 ] && [ "$(no_ascii <"$tmp/out")" -eq 0 ] || bad_words="$bad_words option"
is "$bad_words" '' 'no word of the command line is repeated raw'

ends 3 '--strict: a partial view is no answer' ls $h --strict
ends 3 '--strict before the command' --strict ls $h
ends 3 '--strict, where nothing matched' ls $h --strict -Q 'nprocs > 1000'
ends 1 'nothing matched' ls $h -Q 'nprocs > 1000'

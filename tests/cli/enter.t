#!/bin/sh
# `nsview enter` used wrongly: one line that says what is wrong, exit status 125, and nothing is run.
# And its command line: what is its own, and what belongs to the command.
. "$(dirname "$0")/../lib.sh"
plan 120

# shellcheck disable=SC2086 # NSVIEW is a command with words
enter() { timeout 60 $NSVIEW enter "$@"; }

# wrong NAME REGEX ARGUMENT...: the last argument but for -- and what would be run
wrong() {
	wrong_name=$1
	wrong_like=$2
	shift 2
	rm -f "$tmp/ran"
	wrong_status=$(status enter "$@" -- touch "$tmp/ran")
	wrong_ran=$([ -e "$tmp/ran" ] && echo 'but it ran: ')
	like "$wrong_status $(wc -l <"$tmp/err") $wrong_ran$(cat "$tmp/err" "$tmp/out")" \
		"^125 1 nsview: .*$wrong_like" "$wrong_name"
}

wrong 'nothing to do' 'enter needs a TARGET, or --new=TYPES'
wrong 'an unknown option' 'did you mean --hostname' --hostnam=x=y --hostnme=x self
wrong 'an unknown letter' 'unknown option -X' -X self
wrong 'an option whose argument is what should end them' '--setenv takes NAME=VALUE, not "--"' \
	self --setenv
wrong 'what is no target' 'did you mean ctr:foo' foo
wrong 'no such process' 'there is no process 4194303' 4194303
wrong 'no such process, given as nsenter has it' 'there is no process 4194303' -t 4194303
wrong 'no such path' 'cannot open /nonexistent: No such file' /nonexistent
: >"$tmp/plain" # a path that no container can have a mount at
wrong 'a path that is no namespace' 'plain is no namespace file' "$tmp/plain"
wrong 'a file of another type' 'is a user namespace, not a network namespace' \
	-n/proc/self/ns/user
wrong 'a file of no type' '/etc/passwd is no namespace file' --net=/etc/passwd
wrong 'a file that is not there' 'cannot open /nonexistent/net' -n=/nonexistent/net
wrong 'a type without a target' 'whose network namespace' -n
wrong 'types without a target' 'all namespaces of what' -a --new=uts
wrong 'an unknown type to make' 'no namespace type "nett"' --new=nett
wrong 'an empty type to make' 'no namespace type ""' --new=net,
wrong 'an unknown type to leave out' '--except: no namespace type "x"' self --except=x
wrong 'joined and new' 'cannot both be joined and be new' self -n --new=net
for option in -e -c -Z -w -r --like-target --resolv=target; do
	wrong "what takes a process: $option" 'takes a process as TARGET' --new=uts "$option"
done
wrong 'a procfs of another host' '--proc has no meaning' --proc=/nonexistent self

for number in '' -1 0x10 1.5 ' 1' 1a 4294967295 99999999999; do
	wrong "no user id: \"$number\"" '--setuid takes a number' self "--setuid=$number"
done
wrong 'no group id' '--setgid takes a number' self -G root
wrong 'a user by name' '--setuid takes a number up to 4294967294, not "root"' self -S root
for list in 1,,2 '1,' ,1 a 1,b 1:2; do
	wrong "no groups: \"$list\"" '--groups takes group numbers' self "--groups=$list"
done
wrong 'contradicting ids' 'exclude each other' self --preserve-credentials -S 0
wrong 'an unknown capability' 'no capability "net_amdin"' self --cap-drop=net_amdin
wrong 'an unknown capability in a list' 'no capability "x"' self --cap-add=chown,x
wrong 'a variable without a value' '--setenv takes NAME=VALUE' self --setenv=A
wrong 'a variable without a name' '--setenv takes NAME=VALUE' self --setenv==A
wrong 'an unknown environment' '--env does not take "mine"' self --env=mine
wrong 'unknown tools' '--tools does not take "mine"' self --tools=mine
wrong 'two kinds of terminal' 'exclude each other' self --pty --share-tty
wrong 'no descriptor' '--info-fd takes a number' self --info-fd=x
for id in '' x -1 1x 0x10 18446744073709551616; do
	wrong "no id: \"$id\"" '--still takes a number' self "--still=$id"
done
wrong 'an id of nothing' '--still tells which TARGET is meant' --new=uts --still=1
wrong 'too many descriptors' '--preserve-fds takes a number up to' self --preserve-fds=99999999
wrong 'a descriptor that is not open' '--net-socket=77: no such descriptor is open' -N 77
wrong 'a descriptor that is no socket' 'descriptor 0 is no socket' -N 0
for range in '' 0 0:0 0:0:0 0:0:1:2 0:a:1 0:4294967295:1 4294967290:0:10; do
	wrong "no range: \"$range\"" '--map' --new=user "--map=$range"
done
wrong 'an unknown setgroups' '--setgroups does not take "maybe"' --new=user --setgroups=maybe
wrong 'no yes and no no' '--mount-proc does not take "/x"' --new=mnt --mount-proc=/x
wrong 'an unknown propagation' '--propagation does not take "x"' --new=mnt --propagation=x
wrong 'a mount of no kind' '--mount takes bind, rbind' --new=mnt --mount=ext4,/a,/b
wrong 'a mount as nsenter has it' 'joined by -m or --mnt' --mount=/proc/self/ns/mnt
wrong 'a bind without a target' '--mount=bind needs a source and a target' --new=mnt --mount=bind,/a
wrong 'a tmpfs without a target' '--mount=tmpfs needs a target' --new=mnt --mount=tmpfs
for offset in '' x 1x -- 1.x; do
	wrong "no offset: \"$offset\"" '--monotonic takes seconds' --new=time "--monotonic=$offset"
done
wrong 'no signal' '--kill-child takes a signal' --new=pid --kill-child=FOO
wrong 'an unknown state of lo' '--lo does not take "down"' --new=net --lo=down
wrong 'somebody else, and not only to foresee it' '--as is for --dry-run' --new=uts --as=1
wrong 'nobody' 'there is no user "no_such_user"' --new=uts --dry-run --as=no_such_user
wrong 'no process' 'there is no process 4194303' --new=uts --dry-run --as=4194303
wrong 'a user by what is no number' 'takes a number' --new=uts --dry-run --as=uid:x
wrong 'JSON of nothing' '--json is for --dry-run and --verify' --new=uts --json
wrong 'two answers' '--dry-run and --verify exclude each other' --new=uts --dry-run --verify
wrong 'a command that would not be run' '--verify runs no command' --new=uts --verify
wrong 'a command that would not be run either' '--unpersist does nothing else' --unpersist=/nonexistent
wrong 'a chroot to nowhere' '--chroot goes with --root=DIR' --new=uts --chroot
wrong 'a mount namespace for the host'"'"'s tools' 'cannot both be joined \(--mnt\) and be left out \(--tools' \
	self -m --tools=host
wrong 'joined and left out' 'network namespace cannot both be joined' self -n --except=net
wrong 'all left out' 'nothing is left to be joined' self --except=all
wrong 'the only one left out' 'nothing is left to be joined' /proc/self/ns/mnt --tools=host
for option in hostname=x domainname=x veth lo=off monotonic=1 as-pid-1 map-root setgroups=deny \
	mount=tmpfs,/mnt mount-proc propagation=slave; do
	wrong "what is for new namespaces, where none is made: --$option" 'needs a new' self "--$option"
done
wrong 'nothing to keep' '--persist keeps new namespaces: there are none' self --persist=/nonexistent
wrong 'a word too many' '--veth takes NAME,ADDR,PEERADDR' --new=net --veth=a,10.0.0.1/8,10.0.0.2/8,x
for option in pid-file persist unpersist wdns; do
	wrong "no name: --$option" "--$option takes a " self "--$option="
done
wrong 'escapes of a terminal' 'x1b' "$(printf '\033[31mx')"
is "$(status enter self --dry-run --quiet)$(cat "$tmp/out" "$tmp/err")" 0 \
	'--dry-run --quiet has only to say why not'
is "$(status enter self --json=xml --dry-run) $(cat "$tmp/err")" \
	'125 nsview: --json takes pretty or lines, not "xml"' 'an unknown format'

# ---- what is its own, and what belongs to the command
is "$(enter self -- printf '%s,' -n --help -- -a)" '-n,--help,--,-a,' \
	'nothing behind -- is parsed'
is "$(enter self printf '%s,' -n --help -- -a)" '-n,--help,--,-a,' \
	'nothing behind the word that follows the target'
is "$(enter -t self printf '%s,' -n --help -- -a)" '-n,--help,--,-a,' \
	'nothing behind the first word, where -t gives the target'
is "$(enter self -e host --help | head -n 1)" '' 'what follows the target is run, be it a wrong command'

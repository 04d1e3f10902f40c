#!/bin/sh
# `nsview enter --dry-run --as`: what is foreseen for another process, or for a user, against what
# happens when that one tries. An asker is a shell that runs what it is told, so that who tries has
# just its credentials and namespaces.
# Ordinary users have to get there, too.
case ${NSVIEW_VARIANT:-} in user) ;; *) TMPDIR=/tmp ;; esac
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"
. "$(dirname "$0")/lab.sh"

nsview_for_all
export NSVIEW tmp
many=
is_host_root && many=yes

# asker NAME COMMAND...: a shell that runs the lines it gets and says their exit status
askers=
# shellcheck disable=SC2016 # expands there
obey='echo $$ >"$1.pid"; while read -r line <"$1.do"; do
	eval "$line" >"$1.out" 2>"$1.err"; echo $? >"$1.said"; done'
asker() {
	name=$1
	shift
	askers="$askers $name"
	mkfifo "$tmp/$name.do" "$tmp/$name.said"
	for file in pid out err; do : >"$tmp/$name.$file"; done
	chmod 666 "$tmp/$name".*
	"$@" sh -c "$obey" sh "$tmp/$name" </dev/null &
	at_exit "end_process $!"
	wait_for test -s "$tmp/$name.pid"
}
# The number that /proc has for it, which need not be its own.
pid_of() { pgrep -f "sh -c .* sh $tmp/$1\$" | tail -n 1; }

# tries NAME WORDS...: the exit status of nsview enter, run by that asker
tries() {
	name=$1
	shift
	echo "$NSVIEW enter $*" >"$tmp/$name.do"
	cat "$tmp/$name.said"
}

asker root env
asker in_net unshare --net
if [ -n "$many" ]; then
	asker ordinary as_user
	asker able setpriv --reuid "$user" --regid "$user" --clear-groups \
		--inh-caps=-all,+sys_admin,+sys_ptrace,+sys_chroot \
		--ambient-caps=-all,+sys_admin,+sys_ptrace,+sys_chroot
	asker nested as_user unshare --user --map-root-user
	asker bare setpriv --bounding-set=-all --inh-caps=-all
fi

targets=
target() {
	stay "$@" sh -c "$stay_here" || return 1
	at_exit "end_process $stay_pid"
	targets="$targets $stay_pid"
}
target unshare --net --uts
[ -z "$many" ] || target as_user unshare --user --map-root-user --net --mount --uts
target unshare --user --map-root-user --net --ipc
target unshare --mount

wishes='
TARGET
TARGET -n
TARGET -U
TARGET -n -u
TARGET -m
TARGET -S 0 -G 0
TARGET -n --new=uts
--new=uts
--new=user
--new=user,net
--new=user,net --map=0:0:1
--new=user,mnt --mount-proc
--new=user,mnt --mount-sys
--new=uts --cap-drop=net_raw
--new=user,uts --cap-drop=net_raw
--new=uts --cap-add=net_raw
TARGET --cap-add=net_raw
'
# shellcheck disable=SC2086 # words
naskers=$(set -- $askers && echo $#)
plan $((naskers + 10 + (${#many} ? 6 : 0)))

# foreseen WHO WORDS...: yes, no, or nothing where nobody can tell
foreseen() {
	who=$1
	shift
	# shellcheck disable=SC2086 # NSVIEW is a command with words
	$NSVIEW enter --dry-run "--as=$who" --json=lines "$@" >"$tmp/plan" 2>"$tmp/plan.err"
	if [ ! -s "$tmp/plan" ]; then
		echo no
	else
		jq -r 'if .possible == null then "" elif .possible then "yes" else "no" end' "$tmp/plan"
	fi
}

# compare ASKER WHO: every wish; what was foreseen wrongly, and how many could and could not
compare() {
	yes=0 no=0 wrong=
	for one in $targets new; do
		[ "$one" = new ] && part=-v || part=
		echo "$wishes" | grep ${part:+"$part"} TARGET >"$tmp/wishes"
		while read -r wish; do
			[ -n "$wish" ] || continue
			words=$(echo "$wish" | sed "s/TARGET/$one/")
			# shellcheck disable=SC2086 # words
			said=$(foreseen "$2" $words)
			was=$(tries "$1" "$words" -- true)
			case $was in 0) was=yes ;; *) was=no ;; esac
			[ "$was" = yes ] && yes=$((yes + 1)) || no=$((no + 1))
			[ -z "$said" ] || [ "$said" = "$was" ] ||
				wrong="$wrong [$words: said $said, was $was]"
		done <"$tmp/wishes"
	done
}

if ! have jq; then
	skip $((naskers + 10 + (${#many} ? 6 : 0))) 'no jq'
	exit 0
fi
all_yes=0 all_no=0
for name in $askers; do
	compare "$name" "$(pid_of "$name")"
	is "$wrong" '' "$name: what is foreseen of $((yes + no)) wishes is so"
	all_yes=$((all_yes + yes)) all_no=$((all_no + no))
done
# Where all were possible, or none, there would be nothing to foresee.
if [ -n "$many" ]; then
	[ "$all_yes" -gt 40 ] && [ "$all_no" -gt 40 ]
else
	[ "$all_yes" -gt 10 ] && [ "$all_no" -gt 3 ]
fi
ok $? "some could ($all_yes) and some could not ($all_no)"

# ---- what is printed
dry() {
	# shellcheck disable=SC2086
	timeout 60 $NSVIEW enter --dry-run "$@" 2>&1
}
pid=$(pid_of in_net)
is "$(dry "--as=$pid" --new=uts | head -n 1)" "as process $pid, uid 0, would do it:" \
	'it says for whom'
is "$(dry "--as=$pid" --new=uts -J | jq -c '[.caller.pid, .caller.uid, .caller.gid, .caller.user]')" \
	"[$pid,0,0,$(ns_of "$pid" user)]" 'also in JSON'
is "$(dry "--as=$pid" --new=uts -J | jq -r .caller.caps.hex)" \
	"$(sed -n 's/^CapEff:\t//p' "/proc/$pid/status")" '... with its capabilities'
is "$(dry --new=uts -J | jq -c '[.caller.pid, .caller.uid, .caller.gid]')" '[null,0,0]' \
	'nobody else where nobody else is named'
is "$(dry "--as=$pid" "$pid" -n | sed -n 2p)" \
	"shared already, nothing to join: net:[$(ns_of "$pid" net)]" 'what it shares is its own'
is "$(dry --as=4194303 --new=uts; echo $?)" \
	"nsview: there is no process 4194303, or it has ended
125" 'no such process'
like "$(dry --as=nobody_like_that --new=uts; echo $?)" 'there is no user "nobody_like_that"' \
	'no such user'
like "$(timeout 60 "$tmp/nsview" enter "--as=$pid" --new=uts -- true 2>&1; echo $?)" \
	'^nsview: --as is for --dry-run' 'nothing is run as another'
is "$(dry "--as=uid:$(id -u)" --new=uts >/dev/null; echo $?)" 0 'who one is one need not become'

# ---- a user, whom root becomes
[ -n "$many" ] || exit 0
compare ordinary "uid:$user"
is "$wrong" '' "a user by number: what is foreseen of $((yes + no)) wishes is so"
is "$(dry "--as=uid:$user" --new=user | head -n 1)" "as uid $user, gid $user, would do it:" \
	'it says for whom'
is "$(dry --as=nobody --new=uts -J | jq -c '[.caller.pid, .caller.uid, .caller.caps.hex]')" \
	"[null,$(id -u nobody),\"0000000000000000\"]" 'a user by name, without any capability'
is "$(as_user "$tmp/nsview" enter --dry-run --as=nobody --new=user 2>&1; echo $?)" \
	"nsview: --as: cannot become uid $(id -u nobody): that takes CAP_SETUID and CAP_SETGID
125" 'an ordinary user cannot ask for another'
is "$(as_user "$tmp/nsview" enter --dry-run --as=root --new=user 2>&1; echo $?)" \
	'nsview: --as: only root can tell what root could do
125' '... nor for root'
is "$(as_user "$tmp/nsview" enter --dry-run "--as=$(pid_of root)" --new=user 2>&1; echo $?)" \
	"nsview: cannot look at the namespaces of process $(pid_of root): Permission denied
125" '... nor for a process of root'

#!/bin/sh
# "fork: Cannot allocate memory", with memory free: a process whose children would be born in a pid
# namespace that is dead, told from one whose namespace waits for the first.
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"
. "$(dirname "$0")/lab.sh"

plan 8
# shellcheck disable=SC2086 # NSVIEW is a command with words
show() { $NSVIEW show -q "$@"; }

stay unshare --pid sh -c "sh -c :; $stay_here"
dead=$stay_pid
ino=$(readlink "/proc/$dead/ns/pid_for_children" | tr -dc 0-9)
ended="nobody any more: its process 1 has ended, and fork\(2\) fails with ENOMEM"
like "$(show "$dead")" " pid_for_children pid:\[$ino\] +$ended$" "a process that can fork no more"
like "$(show "$ino")" "^Dead +its process 1 has ended: .*ENOMEM$" "and the namespace is dead"
is "$(show -J "$ino" | jq .namespaces[0].init_ended)" true "JSON"
# shellcheck disable=SC2086
is "$(status $NSVIEW enter --dry-run "pid:$ino") $(cat "$tmp/err")" \
	"125 nsview: the first process of pid:[$ino] has ended: nothing can be started in it any more" \
	"enter --dry-run knows before it tries"
stay_end

stay unshare --pid sh -c "$stay_here"
like "$(show "$stay_pid")" ' pid_for_children +(pid:\[[0-9]+\] +nobody|- \(no child) yet' \
	"a process that has not forked yet"
stay_end

stay unshare --pid --fork --kill-child sh -c "$stay_here"
ino=$(readlink "/proc/$stay_pid/ns/pid_for_children" | tr -dc 0-9)
unlike "$(show "$stay_pid")" "$ended" "a process whose child lives"
unlike "$(show "$ino")" "^Dead " "and so does the namespace"
is "$(show -J "$ino" | jq .namespaces[0].init_ended)" false "JSON"
stay_end

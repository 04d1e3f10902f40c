#!/bin/sh
# The view of the host itself, not of a sandbox: what is the host's is known to be, whether or not
# its PID 1 can be read, and depths count from the top.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/lab.sh"

plan 10

# shellcheck disable=SC2086 # NSVIEW is a command with words, all through
$NSVIEW ls --json >"$tmp/json" 2>"$tmp/err"
is "$?" 0 "exit 0, whatever could not be read"
jq -e '.namespaces | length >= 8' "$tmp/json" >"$tmp/out"
ok $? "JSON has at least our own eight"
is "$(jq -r '.completeness.sentence // "" | if . == "" then . else "nsview: " + . end' "$tmp/json")" \
	"$(cat "$tmp/err")" "what is left out is said alike on stderr and in JSON"

if readlink /proc/1/ns/net >/dev/null 2>&1; then
	skip 3 "not here: /proc/1/ns is readable"
else
	like "$(cat "$tmp/err")" "unreadable \(pids? 1[:,]" "/proc/1/ns unreadable: it is said"
	is "$(jq -r '.completeness.unreadable[] | select(.pid == 1) | .error' "$tmp/json")" EACCES \
		"/proc/1/ns unreadable: and why"
	is "$(process 1 ns_net)" '?' "/proc/1/ns unreadable: its row is there, with questions"
fi

if [ "$(jq -r .host.visible "$tmp/json")" != true ]; then
	skip 4 "not here: we are in a container ourselves"
else
	initial=$(jq -r '.host.namespaces | .user, .uts, .pid' "$tmp/json" | tr '\n' ' ')
	is "$initial" "4026531837 4026531838 4026531836 " "the host's namespaces are the kernel's first"
	# Ours need not be: a service may have mounts of its own.
	is "$(cell "$(ns_of self user)" HOST)" yes "our user namespace is the host's"
	if old_kernel; then
		is "$(cell "$(ns_of self user)" LEVEL)" 0 "the host's has level 0"
		skip 1 "kernel: depths hang on the parents"
	elif ! is_root; then
		is "$(cell "$(ns_of self user)" LEVEL)" 0 "the host's has level 0"
		skip 1 "not here: needs root"
	elif lab nested-pid; then
		is "$(cell "$(ns_of self pid)" LEVEL)" 0 "the host's has level 0"
		is "$(cell "$p1_ns_pid" LEVEL) $(cell "$p2_ns_pid" LEVEL) $(cell "$p3_ns_pid" LEVEL)" "1 2 3" \
			"pid namespaces three deep have levels 1 2 3"
		lab_end
	else
		skip 2 "cannot be made here: $(tail -n 1 "$tmp/lab.err")"
	fi
fi

#!/bin/sh
# `nsview enter --follow-context`, also where no security module gives labels out: files are mounted
# in place of those by which a module is known, of the target's label, and of what is asked for the
# next exec. Where nothing is put in place of the last one it is the kernel that refuses.
. "$(dirname "$0")/../lib.sh"
live_sandbox "$0"
. "$(dirname "$0")/lab.sh"

plan 16
if is_host_root && cat /proc/self/attr/current >/dev/null 2>&1; then
	# What a module that is there says is for it to say, and not for a test to know.
	skip 16 'kernel: a security module gives labels out, and no file is put in its place'
	exit 0
fi
stay unshare --uts sh -c "$stay_here"
target=$stay_pid
at_exit "end_process $target"

# A command that takes the place of nsview has the number that its script had: so it is known in
# advance where it will write.
cat >"$tmp/enter" <<'END'
asked=/proc/$$/task/$$/attr/exec
[ ! -e "$tmp/asked" ] || mount --bind "$tmp/asked" "$asked" || exit 99
exec $NSVIEW enter "$target" -u "$@"
END
export tmp NSVIEW target
# follow WORDS...: exit status, what was asked for, what was printed
follow() {
	[ ! -e "$tmp/asked" ] || : >"$tmp/asked"
	sh "$tmp/enter" "$@" >"$tmp/out" 2>"$tmp/err"
	followed=$?
	[ ! -e "$tmp/asked" ] || cat "$tmp/asked"
	echo "|$followed|$(cat "$tmp/out" "$tmp/err")"
}
# shellcheck disable=SC2059 # with its escapes
label() { printf "$1" >"$tmp/label"; }

is "$(follow --follow-context -- echo ran)" '|0|ran' 'without a module there is nothing to follow'

# ---- AppArmor
mount -t tmpfs tmpfs /sys/module && mkdir -p /sys/module/apparmor/parameters
echo N >/sys/module/apparmor/parameters/enabled
is "$(follow --follow-context -- echo ran)" '|0|ran' 'nor where AppArmor is there and switched off'
echo Y >/sys/module/apparmor/parameters/enabled
like "$(follow --follow-context -- echo ran)" \
	"^\|125\|nsview: --follow-context: cannot read the label of process $target: " \
	'a label that cannot be read is not done without'
: >"$tmp/label"
mount --bind "$tmp/label" "/proc/$target/attr/current"
label 'docker-default (enforce)\n'
like "$(follow --follow-context -- echo ran)" \
	'^\|125\|nsview: cannot take over the security label: .*\(.*\)$' 'nor is one that is refused'
is "$(follow -- echo ran)" '|0|ran' 'and nobody asks for any where it was not asked for'
: >"$tmp/asked"
is "$(follow --follow-context -- echo ran)" 'exec docker-default|0|ran' \
	'AppArmor: the profile, without its mode'
is "$(follow -Z -- echo ran)" 'exec docker-default|0|ran' '-Z'
label 'unconfined\n'
is "$(follow -Z -- echo ran)" 'exec unconfined|0|ran' '... also of who has none'
label 'a (b)//&:ns:c d (complain)\n'
is "$(follow -Z -- echo ran)" 'exec a (b)//&:ns:c d|0|ran' '... with what else is in a name'
: >"$tmp/label"
like "$(follow -Z -- echo ran)" "^\|125\|nsview: --follow-context: cannot read the label" \
	'an empty one is none'
rm /sys/module/apparmor/parameters/enabled

# ---- SELinux, whose labels end with a zero byte
label 'system_u:system_r:container_t:s0:c1,c2\000'
mount -t tmpfs tmpfs /sys/fs && mkdir /sys/fs/selinux && echo 1 >/sys/fs/selinux/enforce
is "$(follow -Z -- echo ran)" 'system_u:system_r:container_t:s0:c1,c2|0|ran' 'SELinux: the label'

# ---- when: inside, and before anything that could take the right to it away
like "$($NSVIEW enter --dry-run -Z -S 0 --no-new-privs "$target" -u --json=lines |
	jq -r '[.steps[].op] | join(" ")')" '^helper join clone .*context .*uid .*no_new_privs exec$' \
	'the step stands between the join and the exec'
if have strace && [ "${NSVIEW_VARIANT:-}" != old ]; then
	# With -D it is nsview that has the number of the script.
	# shellcheck disable=SC2016 # expands there
	sed 's/exec /exec strace -D -q -o "$tmp\/trace" -e trace=setns,openat,write,execve /' \
		"$tmp/enter" >"$tmp/enter.new"
	mv "$tmp/enter.new" "$tmp/enter"
	follow -Z -- true >/dev/null
	wait_for grep -q exited "$tmp/trace"
	# The first exec is that of nsview itself.
	is "$(sed -n '/^setns(/s/(.*//p; /attr\/exec/s/(.*/ attr/p
		/^write.*container_t/s/(.*//p; /^execve.*= 0$/s/(.*//p' "$tmp/trace" | tr '\n' ' ')" \
		'execve setns openat attr write execve ' '... and so it is done'
	inject=write:error=EACCES:when=1
	sed "s/-e trace=/-e inject=$inject -e trace=/" "$tmp/enter" >"$tmp/enter.new"
	mv "$tmp/enter.new" "$tmp/enter"
	like "$(follow -Z -- echo ran)" \
		'^\|125\|nsview: cannot take over the security label: the policy forbids the change' \
		'what the policy forbids is said to be that'
	sed "s/=EACCES/=EINVAL/" "$tmp/enter" >"$tmp/enter.new"
	mv "$tmp/enter.new" "$tmp/enter"
	like "$(follow -Z -- echo ran)" \
		'security label: the label is not known to the policy \(Invalid argument\)$' \
		'... and so is what it does not know'
	is "$(cat "$tmp/out")" '' 'and nothing is run without the label'
else
	skip 4 'not here: no strace, or a launcher that it would have to trace'
fi

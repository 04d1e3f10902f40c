#!/bin/sh
# Namespaces that nothing but the kernel leads to: the kernel source lists each, /proc none, and
# one that has gone is not listed any more. What is alive the kernel tells by the namespace's id.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/pins_lab.sh"
only_plain
own_mounts "$0"

hidden='proc-uid-map proc-net-dev shm pidfd'
tests=$((4 * 6 + 4))
plan $tests

if ! is_host_root || ! readlink /proc/self/ns/pid | grep -q 4026531836; then
	skip $tests "needs root of the host, in its pid namespace"
	exit
fi
if [ "$(status "$NSVIEW" --source=kernel ls -q)" -eq 2 ]; then
	skip $tests "kernel: $(cat "$tmp/err")"
	exit
fi
has_lists $tests

if [ ! -x "$BUILD/tools/nspin" ]; then
	skip $tests "make test-programs first"
	exit
fi
work_mount $tests

# shellcheck disable=SC2086 # the cases are words
start "$work" $hidden

# listed SOURCE ID: its row of what ls -P lists. By the 64-bit id: an inode number is given anew at
# once, also to what others on the machine make.
listed() {
	"$NSVIEW" --source="$1" ls -q -P -n -r -o ID,NS,TYPE,NPROCS,HELD,ONS 2>/dev/null | grep "^$2 "
}

for case in $hidden; do
	ino=$(fact "$case" ino) id=$(fact "$case" id) type=$(fact "$case" type)
	is "$(ask alive "$case")" yes "$case: the namespace is alive"
	held=fd
	[ "$case" != shm ] || held=memory
	like "$(listed kernel "$id")" "^$id $ino $type 0 $held [0-9]+$" \
		"$case: the kernel source lists it"
	is "$(listed proc "$id")" "" "$case: /proc does not"
	like "$("$NSVIEW" --source=kernel show "$type:$ino" 2>&1)" "$type:\[$ino\]" \
		"$case: show tells about it"
	ask release "$case" >/dev/null
	wait_for sh -c "echo 'alive $case' >&3; read -r a <&4; [ \"\$a\" = 'alive $case no' ]"
	is "$(ask alive "$case")" no "$case: released, it has gone"
	is "$(listed kernel "$id")" "" "$case: the kernel source does not list it any more"
done

# Hidden ones asked for, auto takes the kernel source; for so few processes else /proc will do.
chosen() { "$NSVIEW" "$@" ls -q -J | jq -r .completeness.source; }
is "$("$NSVIEW" ls -q -J -P | jq -r .completeness.source)" kernel "auto asks the kernel for ls -P"
is "$(chosen --source=proc)" proc "--source=proc reads /proc"
is "$(chosen --source=kernel)" kernel "--source=kernel asks the kernel"
mkdir -p "$tmp/proc/12/ns"
is "$(status "$NSVIEW" --source=kernel --proc="$tmp/proc" ls)" 2 \
	"a copy of /proc is not what the kernel has"

#!/bin/sh
# What nsview does where a library that it loads when needed is missing or of no use: what needs it
# says so, in one line, and all else works, entering above all.
. "$(dirname "$0")/../lib.sh"
program=${NSVIEW##* }
plan 23

# The note for packagers says which they are: LAZY=no builds have none.
sonames=$(grep -a -o '"soname":\["[^"]*' "$program" | sed 's/.*"//' | sort -u)
if [ -z "$sonames" ]; then
	skip 23 'not here: it is linked with its libraries'
	exit 0
fi
fixture=$(dirname "$0")/../cli/fixtures/host/proc
for soname in $sonames; do
	mkdir -p "$tmp/without/${soname%%.*}" "$tmp/without/all"
	: >"$tmp/without/${soname%%.*}/$soname"
	: >"$tmp/without/all/$soname"
done
is "$(printf '%s\n' "$sonames" | sed 's/\..*//' | tr '\n' ' ')" \
	'libcap libjansson libmnl libncursesw libsmartcols ' 'the note names them all'
is "$(ldd "$program" | grep -c -e libcap -e libjansson -e libmnl -e libncursesw -e libsmartcols)" 0 \
	'and none is loaded at the start'

# without LIBRARY ARGUMENT...: output in $tmp/out and $tmp/err; its exit status on stdout
# shellcheck disable=SC2086 # NSVIEW is a command with words
without() {
	library=$1
	shift
	env LD_LIBRARY_PATH="$tmp/without/$library" $NSVIEW "$@" >"$tmp/out" 2>"$tmp/err"
	echo $?
}
# refused STATUS LIBRARY NAME ARGUMENT...: nothing but one line that names it
refused() {
	wanted=$1
	lost=$2
	name=$3
	shift 3
	like "$(without "$lost" "$@") $(wc -c <"$tmp/out") $(wc -l <"$tmp/err") $(cat "$tmp/err")" \
		"^$wanted 0 1 nsview: .*cannot load .*$lost\\.so" "$name"
}

refused 2 libsmartcols 'no tables without libsmartcols' ls --proc="$fixture"
for words in '-r' '--json' '--json=lines'; do
	# shellcheck disable=SC2086 # NSVIEW is a command with words
	$NSVIEW ls -q --proc="$fixture" "$words" >"$tmp/wanted"
	is "$(without libsmartcols ls -q --proc="$fixture" "$words") $(cat "$tmp/out")" \
		"0 $(cat "$tmp/wanted")" "but ls $words"
done
is "$(without libsmartcols show -q --proc="$fixture" 1225)" 0 'and show'

is "$(without libjansson ls --proc="$fixture")" 0 'ls without jansson'
like "$(cat "$tmp/err")" '^nsview: partial view: names that .*\(jansson, .* cannot be loaded\)' \
	'but it says that names are missing'
without libjansson ls --proc="$fixture" --json >/dev/null
is "$(jq -r '.completeness.partial, (.completeness.sentence | test("jansson"))' "$tmp/out" | tr '\n' ' ')" \
	'true true ' 'also in JSON'
is "$(without libjansson show --proc="$fixture" ctr:web) $(cat "$tmp/err")" \
	'2 nsview: there is no container "web" (without jansson, which cannot be loaded, a container is known by its id alone)' \
	'and to who looks for a name'
is "$(without libjansson show -q --proc="$fixture" ctr:3f2a91)" 0 'an id is found'
refused 2 libcap 'no scan without libcap' ls --proc="$fixture"
refused 2 libmnl 'no network without libmnl' net
if have script && script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
	like "$(script -qec "exec env TERM=xterm LD_LIBRARY_PATH=$tmp/without/libncursesw $NSVIEW tui" \
		/dev/null </dev/null | tr -d '\r')" \
		'^nsview: no interactive view: cannot load .*libncursesw.*; try: nsview ls$' \
		'no interactive view without ncursesw'
else
	skip 1 'not here: script(1) does not run'
fi

# ---- entering
own=user
if ! is_root && ! unshare --user --map-root-user true 2>/dev/null; then
	skip 8 'kernel: an ordinary user may not make user namespaces'
	exit 0
fi
is "$(without all enter --new=$own,net,mnt,pid,uts,ipc -- cat /sys/class/net/lo/flags) $(cat "$tmp/out")" \
	'0 0x9' 'entering needs none of them, not even to bring lo up'
mkfifo "$tmp/hold"
# shellcheck disable=SC2086 # NSVIEW is a command with words
$NSVIEW enter --new=$own,uts -- sh -c "readlink /proc/self/ns/uts >$tmp/uts.new; mv $tmp/uts.new $tmp/uts
	echo \$\$ >$tmp/pid.new; mv $tmp/pid.new $tmp/pid; read -r line <$tmp/hold" &
at_exit "end_process $!"
wait_for test -s "$tmp/pid"
is "$(without all enter "$(cat "$tmp/pid")" -- readlink /proc/self/ns/uts) $(cat "$tmp/out")" \
	"0 $(cat "$tmp/uts")" 'nor does joining'
echo >"$tmp/hold"
wait
refused 125 libcap '--cap-drop does' enter --new=$own --cap-drop=net_admin -- true
refused 125 libcap '--keep-caps does' enter --new=$own --keep-caps -- true
refused 125 libcap 'a target that has to be searched for does' enter ctr:nosuch -- true
refused 125 libmnl '--veth does' enter --new=$own,net --veth -- true
refused 125 libsmartcols 'the table of --verify does' enter --new=$own --verify
is "$(without libsmartcols enter --new=$own,uts --verify --json >/dev/null; jq -r .schema "$tmp/out")" 1 \
	'its JSON does not'

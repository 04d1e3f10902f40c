#!/bin/sh
# What keeps the kernel source from being used is said, and /proc is read instead: a kernel that is
# locked down, no type information, no privilege. bpf(2) is refused by a launcher; what the kernel
# would say of itself stands in files of ours. tests/tools/vm.sh tries the same on a kernel that
# really is locked down.
. "$(dirname "$0")/../lib.sh"
only_plain
live_sandbox "$0"

tests=13
plan $tests
if "$NSVIEW" --version | grep -q 'built without'; then
	skip $tests "not here: built without the kernel source"
	exit
fi
if ! is_root || [ ! -d /sys/kernel/security ] ||
	! mount -t tmpfs security /sys/kernel/security 2>"$tmp/err"; then
	skip $tests "not here: cannot mount on /sys/kernel/security"
	exit
fi
lockdown=/sys/kernel/security/lockdown
echo "none [integrity] confidentiality" >$lockdown
refused() { "$BUILD/tools/oldkernel" "$NSVIEW" "$@"; }

# said NAME WHY COMMAND...: by each way to ask for it, and the answer is that of /proc
said() {
	name=$1 why=$2
	shift 2
	is "$(status "$@" --source=kernel who self)" 2 "$name: --source=kernel does not read /proc"
	like "$(cat "$tmp/err")" "^nsview: --source=kernel: $why" "$name: and says why"
	like "$("$@" who -v self 2>&1)" "source: /proc \\(kernel source: $why" "$name: auto does, -v says so"
	is "$("$@" who -q -J self | jq -r '.completeness | .source, .source_why' | sed "s/^$why.*/why/" |
		tr '\n' ' ')" "proc why " "$name: so does JSON"
}

echo "none integrity [confidentiality]" >$lockdown
said "lockdown" "the kernel is locked down .confidentiality." refused
is "$(refused ls -q -n -r -o NS,TYPE)" "$("$NSVIEW" --source=proc ls -q -n -r -o NS,TYPE)" \
	"lockdown: nothing is missing"

echo "none [integrity] confidentiality" >$lockdown
said "no privilege" "needs CAP_BPF and CAP_PERFMON" setpriv --inh-caps=-all \
	--bounding-set=-sys_admin,-bpf,-perfmon "$NSVIEW"

[ ! -d /sys/kernel/btf ] || mount -t tmpfs btf /sys/kernel/btf
said "no BTF" "the kernel has no type information" refused

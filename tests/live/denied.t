#!/bin/sh
# An ordinary user asks by name for what is root's: whatever could not be read is said to be so, and
# never taken for nothing, for everything or for gone.
. "$(dirname "$0")/../lib.sh"
only_plain
live_sandbox "$0"
if [ -z "${NSVIEW_NET:-}" ]; then
	trap - EXIT
	rm -rf --one-file-system "$tmp"
	NSVIEW_NET=1 exec unshare --net --mount sh "$0"
fi
. "$(dirname "$0")/lab.sh"

plan 30
# shellcheck disable=SC2086 # commands with words, all through
:
if ! is_host_root || ! have setpriv ip || ! mount -t tmpfs -o mode=755 none /run; then
	skip 30 "not here: needs root, to become another user"
	exit
fi

# Where everybody may read it.
cp "$BUILD/nsview" /run/nsview
mkdir -m 755 /run/netns
user="setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all /run/nsview"

# asked STATUS WORDS...: what the user is told
asked() {
	wanted=$1
	shift
	is "$(status $user "$@")" "$wanted" "$*: exit $wanted"
}

# ---- a process of root

stay unshare --uts sh -c "$stay_here"
denied="could not be read: permission denied; CAP_SYS_PTRACE would show it"
for words in "ls $stay_pid" "who $stay_pid" "tree $stay_pid"; do
	asked 3 $words
	like "$(cat "$tmp/err")" "^nsview: the namespaces of process $stay_pid $denied$" \
		"${words% *}: and why"
done
for words in "net $stay_pid" "graph net --around=$stay_pid" "why $stay_pid self"; do
	asked 2 $words
	is "$(cat "$tmp/out" "$tmp/err")" \
		"nsview: the network namespace of process $stay_pid $denied" \
		"${words% *}: nothing but why"
done
stay_end

# ---- who else is there, and whose network is whose, where most is out of sight

like "$($user show -q self)" "^Namespaces +cgroup:.*, nobody else in sight$" \
	"show: nobody else is in sight, which is not nobody"
stay unshare --net sh -c "$stay_here"
: >/run/netns/cni-0b5c6bb6
mount --bind "/proc/$stay_pid/ns/net" /run/netns/cni-0b5c6bb6
is "$(status $user who --leaked)" 3 "who --leaked: a container out of sight is not gone: exit 3"
like "$(cat "$tmp/out")" "^no leaked namespace was seen$" "and nothing is said to be leaked"
umount /run/netns/cni-0b5c6bb6
stay_end

# ---- what is no network, and what is in none any more

is "$(status $NSVIEW net "$(ns_of self pid)")" 2 "a pid namespace is no network: exit 2"
like "$(cat "$tmp/err")" '^nsview: "[0-9]+" stands for no network namespace$' "and it is said"
stay sh -c 'sleep 1000 & echo $! >"$tmp/child"; '"$stay_here"
zombie=$(cat "$tmp/child")
end_process "$zombie"
wait_for grep -q '^State:.Z' "/proc/$zombie/status"
is "$(status $NSVIEW net "$zombie")" 2 "a zombie is in no network: exit 2"
is "$(cat "$tmp/out" "$tmp/err")" \
	"nsview: process $zombie has exited: it is in no network namespace any more" "and it is said"

# ---- a table of which nothing could be read

stay unshare --net sh -c "$stay_here"
is "$(status nsenter --net="/proc/$stay_pid/ns/net" $user net --firewall)" 3 \
	"net --firewall: what may not be read is not empty: exit 3"
like "$(cat "$tmp/err")" \
	'^nsview: the filters of 1 network namespace could not be read, or not all: .' "and it is said"
is "$(status nsenter --net="/proc/$stay_pid/ns/net" $user net --rules)" 0 \
	"net --rules: everybody may read them"
unlike "$(cat "$tmp/err")" 'could not be read, or' "and nothing is said to be missing"
# What was not asked for is no reason not to know.
: >/run/netns/closed
mount --bind "/proc/$stay_pid/ns/net" /run/netns/closed
is "$(status $user net --listen -Q 'port == 1' self)" 1 "net TARGET: a table of what can be read: exit 1"
unlike "$(cat "$tmp/err")" 'could not be looked into' "and nothing is said of others"
is "$(status $user net --listen -Q 'port == 1')" 3 "net: of all, where one cannot be: exit 3"
umount /run/netns/closed
stay_end

# ---- the user's own, which may be read by whoever made it

# Where it can say that it is there.
ours=$tmp
tmp=/run/user
mkdir -m 777 "$tmp"
stay ${user% *} unshare --user --map-root-user --net sh -c "ip link set lo up; $stay_here"
tmp=$ours
is "$(status $user why "$stay_pid" 127.0.0.1) $(grep ipsec "$tmp/out")" "0 " \
	"why: in a network of the user's own nothing is left untold"
status $user why "$stay_pid" 127.0.0.1:81 >"$tmp/code"
show=$(sed -n 's/^Show *nsview //p' "$tmp/out")
is "$(cat "$tmp/code") $show" "1 enter $stay_pid -U -n -- ss -tlnp sport = 81" \
	"what it shows joins the user namespace as well"
is "$(status $user $show)" 0 "and so that user can run it"
stay_end

# ---- no /proc at all, as in a chroot

# A sanitizer has its own to say about that.
is "$(unshare --mount sh -c 'mount -t tmpfs none /proc; exec /run/nsview ls' 2>&1 | grep -v '^==')" \
	"nsview: /proc is no procfs, nor a copy of one; one is mounted by: mount -t proc proc /proc" \
	"without /proc it is said how to have one"

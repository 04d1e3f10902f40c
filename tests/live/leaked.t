#!/bin/sh
# `nsview who --leaked` on a /run of its own: names that are dead, deleted, or left by an engine, and
# a descriptor in some daemon; what a person has named is no leak.
. "$(dirname "$0")/../lib.sh"
only_plain
own_mounts "$0"
plan 13
if ! is_host_root || ! have jq; then
	skip 13 "needs root of the host, and jq"
	exit
fi
if ! mount -t tmpfs leaked /run; then
	skip 13 "not here: cannot mount"
	exit
fi
mkdir -p /run/netns /run/docker/netns

# make NAME: a network namespace that this name alone holds; its inode number
make() {
	: >"/run/$1"
	unshare --net="/run/$1" true && stat -Lc %i "/run/$1"
}

# keep COMMAND: a task that has done COMMAND; its PID in $kept
keep() {
	rm -f "$tmp/done"
	# shellcheck disable=SC2016 # $1 is the task's
	unshare --mount --propagation private \
		sh -c "$1"' && : >"$1" && exec sleep 600' - "$tmp/done" &
	kept=$!
	at_exit "end_process $kept"
	wait_for [ -e "$tmp/done" ]
}

named=$(make netns/lab)
engine=$(make docker/netns/5d1c0f)
own=$(make docker/netns/ingress_sbox)
cni=$(make netns/cni-0a1b)
gone=$(make netns/gone)
keep 'true' # its copy of the mounts has them all
elsewhere=$(stat -Lc %i "/proc/$kept/ns/mnt")
open=$(make netns/open)
keep 'exec 9</run/netns/open && umount -l /run/netns/*'
daemon=$kept
umount /run/netns/gone /run/netns/open
rm /run/netns/open
: >/run/netns/dead
: >/run/docker/netns/dead

leaks() { $NSVIEW -q --source=proc who --leaked; }
leaks_json() { $NSVIEW -q --source=proc who --leaked -J; }
is "$(status leaks_json)" 0 "leaks are found"
cp "$tmp/out" "$tmp/leaked"
leak() { jq -r --argjson ns "$1" '.leaked[] | select(.ns == $ns) | .leak' "$tmp/leaked"; }

is "$(leak "$named")" "" "a name by hand is no leak"
is "$(leak "$engine")" engine "a name that Docker left is one"
is "$(leak "$own")" "" "but not that of a network of Docker's"
is "$(leak "$cni")" engine "a name that a CNI plugin left is one"
is "$(leak "$gone")" name_deleted "a name unmounted here alone is one"
is "$(leak "$open")" fd "a descriptor in a daemon is one"
like "$(leaks)" \
	"^ *$open net .* only open in pid $daemon \(sleep\) fd 9, its name deleted$" \
	"the daemon is named"
like "$($NSVIEW -q --source=proc who "$gone")" \
	"^  mount +/run/netns/gone in mnt:\[$elsewhere\]" "who tells where the other mount is"
is "$(jq -r '.names[] | select(.dead) | .path' "$tmp/leaked" | tr '\n' ' ')" \
	"/run/docker/netns/dead /run/netns/dead /run/netns/gone " "dead names are told from live ones"
if jq -e '[.leaked[].id] | any' "$tmp/leaked" >/dev/null; then
	is "$(jq -r '[.leaked[].id | values | tonumber] | length > 3 and . == sort' "$tmp/leaked")" \
		true "the oldest comes first"
else
	skip 1 "kernel: its files and calls tell no ids, by which namespaces have an age"
fi
is "$(jq -r '.limits.net' "$tmp/leaked")" "$(cat /proc/sys/user/max_net_namespaces)" \
	"the limits are told"
is "$(jq -r '[.users[].leaked] | add' "$tmp/leaked")" "$(jq -r '.leaked | length' "$tmp/leaked")" \
	"each leak is somebody's"

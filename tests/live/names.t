#!/bin/sh
# Name files of engines beside those of ip-netns(8): of containerd's state directory, and of podman
# and Docker without root, who mount in mount namespaces of their own. What users put there instead
# is not followed.
. "$(dirname "$0")/../lib.sh"
only_plain
own_mounts "$0"
plan 9
if ! is_host_root || ! have jq; then
	skip 9 "needs root of the host, and jq"
	exit
fi
if ! mount -t tmpfs names /run; then
	skip 9 "not here: cannot mount"
	exit
fi
cri=/run/containerd/io.containerd.grpc.v1.cri/netns
mkdir -p $cri /run/user/1000 /run/user/1001/netns
mount -t tmpfs user /run/user/1000
podman=/run/user/1000/netns docker=/run/user/1000/docker/netns
mkdir -p $podman $docker

# make PATH: a network namespace that this name alone holds; its inode number
make() {
	: >"$1"
	unshare --net="$1" true && stat -Lc %i "$1"
}

containerd=$(make $cri/cni-0a1b)
here=$(make $podman/netns-here)
kept=$(make $docker/5d1c0f)
# What podman has mounted is in its own mount namespace only.
theirs=$(make $podman/netns-theirs)
gone=$(make /run/elsewhere)
mkfifo "$tmp/ready"
# shellcheck disable=SC2016 # $1 is the task's
unshare --mount --propagation private sh -c 'echo >"$1"; exec sleep 600' - "$tmp/ready" &
engine=$!
at_exit "end_process $engine"
read -r _ <"$tmp/ready"
umount $podman/netns-theirs /run/elsewhere
: >$podman/netns-dead
mkfifo $podman/fifo
ln -s /proc/self/ns/net $podman/link
mkdir $podman/directory
: >/run/user/1001/netns/netns-plain

"$NSVIEW" -q --source=proc who --leaked -J >"$tmp/leaked"
name() { jq -r --arg p "$1" '.names[] | select(.path == $p) | "\(.maker) \(.dead)"' "$tmp/leaked"; }
leak() { jq -r --argjson ns "$1" '.leaked[] | select(.ns == $ns) | .leak' "$tmp/leaked"; }

is "$(name $cri/cni-0a1b) $(leak "$containerd")" "engine false engine" "containerd's state directory"
is "$(name $podman/netns-here) $(leak "$here")" "engine false engine" "podman without root, seen here"
is "$(name $docker/5d1c0f) $(leak "$kept")" "docker false engine" "Docker without root"
is "$(name $podman/netns-theirs)" "engine false" "mounted in the engine's mount namespace alone"
is "$(leak "$theirs")" engine "and told as the engine's"
is "$(leak "$gone")" elsewhere "what is in no directory of names is not"
is "$(name $podman/netns-dead)" "engine true" "a name without a mount is dead"
is "$(name /run/user/1001/netns/netns-plain)" "engine true" "also where the user has no tmpfs"
is "$(jq -r '.names[].path' "$tmp/leaked" | grep -cE '/(fifo|link|directory)$')" 0 \
	"what is no plain file is no name"

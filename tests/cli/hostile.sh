#!/bin/sh
# Makes a copy of a hostile host's /proc: hostile.sh DIR makes DIR/proc, and engines' files beside it.
# Everything that a process or a container can choose tries here to forge rows, to break JSON or to
# reach a terminal raw. It is made, and not kept, so that no file of the project has such bytes.
set -eu
root=${1:?usage: hostile.sh DIR}
proc=$root/proc
web=3f2a91c07d5e4b18a6c2f09d8e7b6a5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a
big=9b1d4c2e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80911

# links PID MNT UTS: all links, of which those two are its own
links() {
	mkdir -p "$proc/$1/ns"
	for link in cgroup:4026531835 ipc:4026531839 "mnt:$2" net:4026531833 pid:4026531836 \
		time:4026531834 user:4026531837 "uts:$3"; do
		ln -s "${link%%:*}:[${link#*:}]" "$proc/$1/ns/${link%%:*}"
	done
	ln -s "pid:[4026531836]" "$proc/$1/ns/pid_for_children"
	ln -s "time:[4026531834]" "$proc/$1/ns/time_for_children"
}

# process PID COMM CMDLINE CGROUP: in formats of printf; COMM is not to have a % or a \0
process() {
	links "$1" $((4026532000 + $1)) $((4026533000 + $1))
	cd "$proc/$1"
	{
		printf '%d (' "$1"
		# shellcheck disable=SC2059
		printf -- "$2"
		printf ') S 1 %d %d 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 %d 0 0\n' "$1" "$1" "$1"
	} >stat
	# shellcheck disable=SC2059
	printf -- "$2\n" >comm
	# shellcheck disable=SC2059
	printf -- "$3" >cmdline
	# shellcheck disable=SC2059
	printf -- "$4" >cgroup
	printf 'Name:\tx\nTgid:\t%d\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nNSpid:\t%d\n' "$1" "$1" >status
	printf 'CapPrm:\t0000000000000400\nCapEff:\t0000000000000400\nCapBnd:\t0000000000000400\n' >>status
	printf 'NoNewPrivs:\t0\nSeccomp:\t0\n' >>status
	cd "$OLDPWD"
}

mkdir -p "$proc/sys/kernel"
cd "$root"
root=$PWD
proc=$root/proc
printf 'web\033]0;forged\007\033[31m\342\200\256evil\n' >"$proc/sys/kernel/hostname"
printf '6.1\377\302\233m"},\n' >"$proc/sys/kernel/osrelease"

process 1 systemd '/sbin/init\0' '0::/init.scope\n'
process 10 ') R 1 (' 'parens\0) R 1 (\0' '0::/\n'
process 11 'a\n4026531833 net' 'two\nlines\r\0\nnsview: forged\n\0' '0::/system.slice/x y\tz.service\n'
process 12 '\033[2J\033[1m\007' '\033]0;title\007\033[31mred\033[0m\0\b\b\b\177\0' '0::/a\033[2J\n'
process 13 '\377\376\300\257' '\355\240\200\0\364\220\200\200\0\303\0\342\202\0' '0::/\377\n'
process 14 '\342\200\256gnp\342\200\213' '\342\200\256evil\342\201\246\357\273\277\0\342\200\250\342\200\251\0' '0::/\342\200\256\n'
process 15 '\302\233' '\302\23331mred\0\233raw\0\302\205\302\220\0' '0::/\302\233\n'
process 16 'long' '' '0::/\n'
head -c 131072 /dev/zero | tr '\000' 'x' >"$proc/16/cmdline"
process 17 '\\x1b\\\\"},{' '\\\\\0"}],"schema":2,"x":[{"\0\\u001b\0\\n\0$(id)`id`\0<b>&amp;\0' '0::/"\\\n'
process 18 'empty words' '\0\0\0a\0\0' '0::/system.slice/docker-'$web'.scope\n'
process 19 'spaces   in   it' '   \0 \0\t\0' '0::/system.slice/docker-'$big'.scope\n'
process 20 '-' '-\0' '0::/machine.slice/machine-evil.scope\n'
process 21 '?' '?\0' '0::/../../../..\n0::/other\nnonsense\n:::\n1:name=systemd\n'
process 22 '' '' ''
process 23 'wide \344\270\255\346\226\207 e\314\201 \360\237\221\215' '\344\270\255\346\226\207\344\270\255\346\226\207\0\360\237\221\250\342\200\215\360\237\221\251\0' '0::/\n'

# Nothing but links; files that are empty, cut short, no files at all, no text
links 30 4026532030 4026533030
process 31 'x' 'x\0' '0::/\n'
for file in stat comm cmdline cgroup status; do : >"$proc/31/$file"; done
process 32 'x' 'x\0' '0::/\n'
printf '32 (cut' >"$proc/32/stat"
printf 'Uid:\t-1\nGid:\t99999999999\nNSpid:\tnone\n' >"$proc/32/status"
process 33 'x' 'x\0' '0::/\n'
for file in stat comm cmdline cgroup status; do
	rm "$proc/33/$file"
	mkdir "$proc/33/$file"
done
process 34 'x' 'x\0' '0::/\n'
for file in stat comm cmdline cgroup status; do
	rm "$proc/34/$file"
	mkfifo "$proc/34/$file"
done
process 35 'x' 'x\0' '0::/\n'
for file in stat comm cmdline cgroup status; do
	rm "$proc/35/$file"
	ln -s /dev/zero "$proc/35/$file"
done
process 36 'x' 'x\0' '0::/\n'
head -c 70000 /dev/zero >"$proc/36/stat"
head -c 70000 /dev/zero >"$proc/36/status"
printf '36 (x) S 18446744073709551616 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 99999999999999999999 0\n' >"$proc/36/comm"

# Links that lead nowhere, and numbers that no kernel gives
i=40
for target in 'net:[-1]' 'net:[99999999999999999999999]' 'net:[0]' 'net:[]' 'net' '/dev/zero' \
	'net:[18446744073709551615]' 'net:[1]
net:[2]' 'uts:[4026531838]'; do
	links $i $((4026532000 + i)) $((4026533000 + i))
	rm "$proc/$i/ns/net"
	ln -s "$target" "$proc/$i/ns/net"
	i=$((i + 1))
done
mkdir -p "$proc/50"
: >"$proc/50/ns"
mkdir -p "$proc/51/ns"
links 52 4026532052 4026533052
mkdir "$proc/52/task"
for tid in 52 53 -1 x 99999999999999999999 2147483647; do
	mkdir -p "$proc/52/task/$tid/ns"
	ln -s 'net:[4026532999]' "$proc/52/task/$tid/ns/net"
	ln -s 'mnt:[4026532052]' "$proc/52/task/$tid/ns/mnt"
done
for name in 0 00 007 2147483647 2147483648 99999999999999999999 1x -5 '5 '; do
	mkdir -p "$proc/$name/ns"
done
rmdir "$proc/2147483647/ns"
links 2147483647 4026532998 4026533998

# Maps and mounts
process 60 'maps' 'maps\0' '0::/\n'
rm "$proc/60/ns/user"
ln -s 'user:[4026532060]' "$proc/60/ns/user"
printf '0 0 0\n4294967295 4294967295 4294967295\n-1 x\n' >"$proc/60/uid_map"
printf '         0\t1000 1\n\n' >"$proc/60/gid_map"
printf 'all\033[31mow\n' >"$proc/60/setgroups"
printf 'monotonic 99999999999999999999 0\nboottime -1 1999999999\n' >"$proc/60/timens_offsets"
cat >"$proc/1/mountinfo" <<'END'
30 1 254:1 / / rw,relatime shared:1 - ext4 /dev/\033[31mvda1 rw
431 30 0:4 net:[4026532600] /run/netns/\033[2Jevil rw - nsfs nsfs rw
432 30 0:4 net:[4026532601] /run/netns/two\012lines\040and\134spaces rw - nsfs nsfs rw
433 30 0:4 net:[4026532602] /run/netns/.. rw - nsfs nsfs rw
434 30 0:4 net:[4026532603] /run/netns/a/b rw - nsfs nsfs rw
435 30 0:4 mnt:[x] /mnt/x rw - nsfs nsfs rw
436 30 0:4 nope:[4026532604] /mnt/y rw - nsfs nsfs rw
437 30 0:4 net:[4026532605]
nonsense

438 30 0:4 net:[4026532606] /run/netns/\999\0 rw - nsfs nsfs rw
END
mkdir -p "$proc/1/task/1"
cp "$proc/1/mountinfo" "$proc/1/task/1/mountinfo"
ln -s 1 "$proc/self"

# Engines' files
mkdir -p "var/lib/docker/containers/$web" "var/lib/docker/containers/$big" run/systemd/machines
printf '{"Name":"/\\u001b[31mevil\\u202e\\n4026531833 net","x":18446744073709551616}' \
	>"var/lib/docker/containers/$web/config.v2.json"
{
	printf '{"Name":"/'
	head -c 100000 /dev/zero | tr '\000' 'y'
	printf '"}'
} >"var/lib/docker/containers/$big/config.v2.json"
printf 'NAME=evil\033[31m\tmachine\r\n' >run/systemd/machines/evil

#!/bin/sh
# What `nsview enter --new` makes: every type, maps, mounts, root, time, network, files that keep
# namespaces, and the first process of a pid namespace; as root and as an ordinary user.
. "$(dirname "$0")/../lib.sh"
! is_root || live_sandbox "$0"
. "$(dirname "$0")/lab.sh"
plan 93

# An ordinary user makes namespaces by way of one for users.
own=
is_root || own=user,
if ! is_root && ! unshare --user --map-root-user true 2>/dev/null; then
	skip 93 "kernel: an ordinary user may not make user namespaces"
	exit 0
fi

# new TYPES OPTIONS... -- COMMAND...; standard error is in $tmp/err
# shellcheck disable=SC2086 # NSVIEW is a command with words
new() {
	new_types=$own$1
	shift
	$NSVIEW enter --new="$new_types" "$@" 2>"$tmp/err"
}

# refused REGEX NAME TYPES OPTIONS...: exit status 125 and one line that says why
refused() {
	refused_like=$1
	refused_name=$2
	shift 2
	new "$@" -- true >"$tmp/out"
	refused_status=$?
	like "$refused_status $(cat "$tmp/err")" "^125 nsview: .*$refused_like" "$refused_name"
}

# --- 59: each type, and all
for type in $types; do
	inside=$(new "$type" -- readlink "/proc/self/ns/$type")
	[ -n "$inside" ] && [ "$inside" != "$(readlink "/proc/self/ns/$type")" ]
	ok $? "$type: a new one"
done
new all -- sh -c "for type in $types; do readlink /proc/self/ns/\$type; done" >"$tmp/inside"
for type in $types; do readlink "/proc/self/ns/$type"; done | cat - "$tmp/inside" | sort -u >"$tmp/both"
is "$(wc -l <"$tmp/both")" 16 "all: eight new ones"

# In a user namespace of its own, the limits are its root's.
cat >"$tmp/limits" <<'END'
echo 0 >/proc/sys/user/max_net_namespaces
$NSVIEW enter --new=uts,net -- true
echo 1 >/proc/sys/user/max_uts_namespaces
unshare --uts sleep 1000 &
until [ "$(readlink /proc/$!/ns/uts)" != "$(readlink /proc/self/ns/uts)" ]; do :; done
$NSVIEW enter --new=ipc,uts -- true
kill $!
END
unshare --user --map-root-user sh "$tmp/limits" >"$tmp/out" 2>&1
like "$(head -1 "$tmp/out")" 'no network namespaces can be made: user.max_net_namespaces is 0' \
	"ENOSPC: the limit that is 0 is named"
like "$(cat "$tmp/out")" 'UTS .*user.max_uts_namespaces is used up.*\(1 in.*who --leaked' \
	"ENOSPC: the limit that is used up is named, and who could go"

# --- 60, 61: the first process
is "$(new pid,mnt -- sh -c 'echo $$; sh -c "echo \$\$" ; true')" "$(printf '2\n3')" \
	"a second command runs"
for status in 0 1 7 42 255; do
	new pid -- sh -c "exit $status"
	is $? "$status" "exit status $status comes back"
done
for signal in 15 9 11; do
	(new pid -- sh -c "ulimit -c 0; kill -$signal \$\$") 2>/dev/null
	is $? $((128 + signal)) "death by signal $signal comes back"
done
is "$(new pid,mnt -- sh -c 'for i in 1 2 3 4 5; do (sh -c ":" & exec sleep 0.05) & done; wait
	n=0; while [ "$(ps ax -o ppid= | grep -c "^ *1$")" -gt 1 ] && [ $n -lt 99 ]; do n=$((n + 1)); done
	ps ax -o stat= | grep -c Z')" 0 "no zombies"
new pid,mnt -- sh -c 'setsid sleep 71234 & exit 3'
is $? 3 "the command's status, not that of what it left"
gone() { ! pgrep -f "$1"; }
wait_for gone '^sleep 71234'
ok $? "what it left has ended"
new pid,mnt -- sh -c 'kill -TERM 1; kill -KILL 1; exit 4'
is $? 4 "nothing inside can end the first process"
is "$(new pid,mnt --as-pid-1 -- sh -c 'echo $$; true')" 1 "--as-pid-1"
# shellcheck disable=SC2016 # expands inside
printf '#!/bin/sh\nexec %s enter --new=%spid -- sh -c '"'"'trap "exit 5" INT; : >"$1"; while :; do sleep 0.05; done'"'"' sh %s/up\n' \
	"$NSVIEW" "$own" "$tmp" >"$tmp/interrupted"
# By exec, since a shell that stayed in between, as dash does, would itself be ended by the Ctrl-C.
(wait_for test -e "$tmp/up" && printf '\003' && wait_for false) 2>/dev/null |
	timeout 20 script -qec "exec sh $tmp/interrupted" /dev/null >/dev/null 2>&1
is $? 5 "Ctrl-C reaches the command"

# --- 62: dies with the front
mark=7$$
$NSVIEW enter --new="${own}pid" -- sleep "$mark" &
front=$!
wait_for pgrep -f "^sleep $mark" || echo "# it was not started"
end_process "$front"
wait "$front" 2>/dev/null
wait_for gone "^sleep $mark"
ok $? "killed with the front"
i=0
while [ $i -lt 20 ]; do
	$NSVIEW enter --new="${own}pid,mnt" -- sleep "$mark" &
	front=$!
	# A different stage each time, however fast this is.
	j=0
	while [ $j -lt $((i * 60)) ]; do j=$((j + 1)); done
	end_process "$front"
	wait "$front" 2>/dev/null
	i=$((i + 1))
done
wait_for gone "(^sleep|enter .*) $mark"
ok $? "at whatever stage"
rm -f "$tmp/up"
# shellcheck disable=SC2016
$NSVIEW enter --new="${own}pid" --kill-child=TERM -- sh -c 'trap "echo TERM >$0/got; exit" TERM
	: >$0/up; while :; do sleep 0.02; done' "$tmp" &
front=$!
wait_for test -e "$tmp/up"
end_process "$front"
wait "$front" 2>/dev/null
wait_for test -s "$tmp/got"
is "$(cat "$tmp/got")" TERM "--kill-child=TERM"

# --- 64: /proc in all combinations
for set in pid mnt pid,mnt mnt,net pid,net; do
	# shellcheck disable=SC2016 # expands inside
	got=$(new "$set" -- sh -c 'read -r pid rest </proc/self/stat; [ $pid = $$ ]; echo $?')
	case $set in
	pid,mnt) is "$got" 0 "/proc with $set is the new one" ;;
	pid*) is "$got" 1 "/proc with $set is the old one" ;;
	*) is "$got" 0 "/proc with $set still fits" ;;
	esac
done
is "$(new pid,mnt --mount-proc=no -- sh -c 'grep -c " /proc " /proc/mounts')" \
	"$(grep -c " /proc " /proc/mounts)" "--mount-proc=no leaves /proc"
is "$(new net,mnt -- sh -c 'ls /sys/class/net')" lo "/sys shows the new network namespace"
if is_root; then
	skip 1 "not here: root may, since our pid namespace is its own"
else
	refused 'proc on /proc.*takes a new pid namespace' "a /proc that may not be is explained" \
		mnt --mount-proc
fi

# --- 65: another root
root=$tmp/root
mkdir -p "$root/bin" "$root/etc"
if have busybox && ! ldd "$(command -v busybox)" >/dev/null 2>&1; then
	cp "$(command -v busybox)" "$root/bin/busybox"
	for name in sh ls cat ps id nsenter ip hostname touch tail head wc; do
		ln -s busybox "$root/bin/$name"
	done
fi
if [ ! -x "$root/bin/busybox" ]; then
	skip 9 "no static busybox for a root directory"
elif old_kernel; then
	refused 'open_tree\(2\), which came with Linux 5.2' "--root: what the kernel lacks is named" \
		all --root="$root"
	mkdir -p "$root/dev"
	is "$(new pid,mnt,net --root="$root" --chroot -- true; cat "$tmp/err")" "$(cat "$tmp/err")" \
		"--chroot says the same"
	skip 7 "kernel: a /dev takes open_tree(2)"
else
	is "$(new all --root="$root" -- sh -c 'echo $$; id -u; ls /' | tr '\n' ' ')" \
		"2 0 bin dev etc proc sys " "--new=all --root=DIR"
	new all --root="$root" -- sh -c 'echo x >/dev/null && [ -z "$(cat /dev/null)" ] &&
		: >/dev/shm/x && [ -c /dev/ptmx ] && [ "$(busybox head -c 3 /dev/urandom | wc -c)" -eq 3 ] &&
		[ "$(echo y | cat /dev/stdin)" = y ]'
	ok $? \
		"with a /dev that works"
	is "$(new all --root="$root" -- cat /proc/self/mountinfo | cut -d' ' -f5 | sort | tr '\n' ' ')" \
		"/ /dev /dev/full /dev/null /dev/pts /dev/random /dev/shm /dev/tty /dev/urandom /dev/zero /proc /sys " \
		"and nothing of the old root"
	is "$(new all --root="$root" -- nsenter --mount=/proc/self/ns/mnt ls / | tr '\n' ' ')" \
		"bin dev etc proc sys " "joining one's own mount namespace leads nowhere"
	like "$(new all --root="$root" --chroot -- nsenter --mount=/proc/self/ns/mnt ls / | tr '\n' ' ')" \
		' usr ' "... as it does out of a chroot"
	is "$(new all --root="$root" --hostname=lab --mount=bind,/etc,/deep/er/etc,ro --mount-tmp \
		-- sh -c 'ls -d /deep/er/etc/passwd; touch /deep/er/etc/x 2>&1 | tail -c 22; hostname; touch /tmp/x')" \
		"$(printf '/deep/er/etc/passwd\nRead-only file system\nlab')" \
		"--mount and its mount points inside"
	[ ! -e "$root/tmp/x" ] && [ -d "$root/deep/er/etc" ]
	ok $? "mount points only are left in the directory"
	ln -s /etc "$root/link"
	new all --root="$root" --mount=tmpfs,/link/new -- true
	[ ! -e /etc/new ] && [ -d "$root/etc/new" ]
	ok $? "a link in the new root leads nowhere outside"
	is "$(new all --root=/ -- sh -c 'ls -d /usr; echo $$')" "$(printf '/usr\n2')" "--root=/ is the same root, new"
fi
refused 'No such file' "a root that is not there" mnt --root="$tmp/nowhere"
refused 'Not a directory' "a root that is none" mnt --root=/etc/passwd

# --- 66: mounts stay inside
before=$(cut -d' ' -f4- /proc/self/mountinfo | sort)
mkdir "$tmp/on"
new all --mount="tmpfs,$tmp/on,size=1m" -- true && new mnt --mount-tmp -- true &&
	new mnt --propagation=slave --mount="tmpfs,$tmp/on" -- true &&
	new mnt --propagation=shared --mount="tmpfs,$tmp/on" -- true &&
	new pid,mnt,net --propagation=unchanged -- true
ok $? "mounts are made, with any propagation"
is "$(cut -d' ' -f4- /proc/self/mountinfo | sort)" "$before" "no mount reaches the host"
like "$(new mnt --mount="tmpfs,$tmp/on,size=1m,ro" -- grep "$tmp/on" /proc/mounts)" ' ro,.*size=1024k' \
	"options of a mount"
new mnt --mount="tmpfs,$tmp/on,nonsense=1" -- true
like "$(cat "$tmp/err")" "tmpfs on $tmp/on: " "a bad one is explained"
if old_kernel; then
	skip 2 "kernel: binds take open_tree(2)"
else
	refused 'on a directory, a file on a file' "a file on a directory" mnt \
		--mount="bind,/etc/passwd,$tmp/on"
	refused 'nothing at that path' "a mount point that is not there, outside of a new root" mnt \
		--mount="bind,/etc,$tmp/on/x"
fi
mkdir "$tmp/low" "$tmp/up.d" "$tmp/work"
echo low >"$tmp/low/file"
is "$(new mnt --mount="overlay,$tmp/on,lowerdir=$tmp/low,upperdir=$tmp/up.d,workdir=$tmp/work" -- \
	sh -c "cat $tmp/on/file; echo new >$tmp/on/new"; cat "$tmp/up.d/new")" "$(printf 'low\nnew')" "an overlay"

# --- 67: maps
map() { tr -s ' ' <"/proc/self/$1_map" | sed 's/^ //'; }
ids="$(id -u) $(id -g)"
is "$(new user --map-root -- cat /proc/self/uid_map /proc/self/gid_map | tr -s ' \n' ' ')" \
	" 0 ${ids% *} 1 0 ${ids#* } 1 " "--map-root"
is "$(new user --map-current -- sh -c 'echo $(id -u) $(id -g)')" "$ids" "--map-current"
is "$(new user --map-user=7 --map-group=8 -- sh -c 'echo $(id -u) $(id -g)')" "7 8" \
	"--map-user, --map-group"
is "$(new user -- sh -c 'echo $(id -u) $(id -g)')" "0 0" "root inside without asking"
if is_root; then
	is "$(new user -- cat /proc/self/uid_map)" "$(cat /proc/self/uid_map)" "every id of root's"
	is "$(new user,mnt --map=0:1000:2 --map=5:7000:3 --mount-tmp -- sh -c '
		tr -s " " </proc/self/uid_map; id -u; : >/tmp/x; stat -c %u /tmp/x')" \
		"$(printf ' 0 1000 2\n 5 7000 3\n0\n0')" "several ranges; root inside is who acts"
else
	is "$(new user -- cat /proc/self/setgroups)" deny "setgroups denied where it has to be"
	refused 'setgroups=allow' "and may not be allowed" user --setgroups=allow
fi
is "$(new user --map-root --setgroups=deny -- cat /proc/self/setgroups)" deny "--setgroups=deny"
refused 'overlap' "maps that overlap" user --map=0:1000:5 --map=4:9000:1
refused '340' "more than 340 ranges" user \
	$(seq 10000 10340 | sed 's/.*/--map=&:&:1/')
refused '4096' "more than 4 KiB" user $(seq 10000 10339 | sed 's/.*/--map=&:&:1/')
refused 'one of' "two maps of one id" user --map-root --map-current

# Ranges by newuidmap: with files of our own for it to read, which takes root to arrange.
if ! is_host_root || old_kernel; then
	skip 6 "not here: needs root"
elif ! have newuidmap newgidmap; then
	skip 6 "no newuidmap"
else
	grep -v '^nsvtest:' /etc/passwd >"$tmp/passwd"
	echo 'nsvtest:x:4242:4242::/:/bin/sh' >>"$tmp/passwd"
	printf 'x:1:2\nnsvtest:300000:1000\n4242:400000:500\n' >"$tmp/subuid"
	printf 'nsvtest:300000:1000\n' >"$tmp/subgid"
	chmod a+rx "$tmp"
	# Below our own mount namespace nobody else sees them.
	if ! { mount --bind "$tmp/passwd" /etc/passwd && mount --bind "$tmp/subuid" /etc/subuid &&
		mount --bind "$tmp/subgid" /etc/subgid; }; then
		skip 6 "not here: no /etc/subuid to mount on"
	elif ! as_user test -x "${NSVIEW##* }"; then
		skip 6 "not here: an ordinary user cannot reach $NSVIEW"
	else
		user() { as_user $NSVIEW enter --new=user "$@" 2>"$tmp/err"; }
		is "$(user -- sh -c 'tr -s " " </proc/self/uid_map; cat /proc/self/setgroups')" \
			"$(printf ' 0 4242 1\n 1 300000 1000\n 1001 400000 500\nallow')" \
			"ranges without asking, by name and by number"
		is "$(user --map-auto --map-user=700 -- sh -c 'tr -s " " </proc/self/uid_map; id -u')" \
			"$(printf ' 700 4242 1\n 0 300000 700\n 701 300700 300\n 1001 400000 500\n700')" \
			"--map-auto around another id"
		is "$(user --map=0:300000:1000 -- id -u)" 0 "a range of one's own, asked for"
		user --map=0:500000:10 -- true
		like "$? $(cat "$tmp/err")" '125 nsview: newuidmap refused: .*500000' "another's"
		is "$(as_user setpriv --no-new-privs $NSVIEW enter --new=user -- \
			cat /proc/self/uid_map | tr -s ' ')" " 0 4242 1" "root only under no_new_privs"
		printf 'x:1:2\n' >"$tmp/subuid"
		user --map-auto -- true
		like "$? $(cat "$tmp/err")" '125 .*/etc/subuid has no ids' "--map-auto without any"
	fi
	umount /etc/subgid /etc/subuid /etc/passwd 2>/dev/null
fi

# --- 68: network
is "$(new net -- ip -o -4 addr show | awk '{ print $2, $4 }')" "lo 127.0.0.1/8" "lo is up"
like "$(new net --lo=off -- ip -o link show lo)" '<LOOPBACK> .*state DOWN' "--lo=off"
if is_root; then
	inside=$(new net --veth=nsvt0,10.99.0.1/24,10.99.0.2/24 -- sh -c '
		ip -o -4 addr show eth0 | tr -s " " | cut -d" " -f2,4
		! command -v busybox >/dev/null || busybox ping -c 1 -W 5 10.99.0.1 >/dev/null && echo answers')
	is "$inside" "$(printf 'eth0 10.99.0.2/24\nanswers')" "veth: both ends are up"
	is "$(new net --veth -- sh -c 'ip -o link show eth0 | grep -c LOWER_UP')" 1 "veth: a name is chosen"
	refused 'a link lo already' "veth: a name that is taken" net --veth=lo
	new net --veth=nsvt1 -- /nowhere/command
	wait_for sh -c '! ip link show nsvt1'
	ok $? "veth: nothing is left when it fails"
else
	skip 3 "not here: needs root"
	refused 'veth pair.*CAP_NET_ADMIN' "veth: what it takes" net --veth
fi
refused 'no address' "a bad address" net --veth=x,10.0.0.300

# --- 69, 70: names, time
is "$(new uts --hostname=inner --domainname=lab.example -- sh -c 'uname -n; cat /proc/sys/kernel/domainname'; uname -n)" \
	"$(printf 'inner\nlab.example\n'; uname -n)" "--hostname, --domainname: inside only"
refused '64 at most' "a hostname that is too long" uts --hostname="$(printf '%065d' 0)"
refused 'needs a new UTS namespace' "a hostname without its namespace" net --hostname=x
is "$(new time --boottime=86400 --monotonic=-5 -- cat /proc/self/timens_offsets | tr -s ' \n' ' ')" \
	"monotonic -5 0 boottime 86400 0 " "time offsets"
refused '--boottime=-99999999.*below 0' "a clock before 0" time --boottime=-99999999

# --- 71: files that keep namespaces; as root here, and in a user namespace as its root
keep=$tmp/keep
cat >"$tmp/persistent" <<'END'
keep=$1/keep
enter() { $NSVIEW enter "$@"; }
enter --new=all --persist="$keep" -- sh -c 'for t in cgroup ipc mnt net pid time user uts; do
	readlink /proc/self/ns/$t; done' | sort >"$1/inside"
for t in cgroup ipc mnt net pid time user uts; do echo "$t:[$(stat -c %i "$keep/$t")]"; done |
	sort | cmp - "$1/inside" && echo all eight
enter "$keep" -- true 2>&1 | sed "s|$1||"
enter "$keep" --except=pid,mnt -- sh -c 'for t in ipc net uts; do readlink /proc/self/ns/$t; done' |
	grep -cFf "$1/inside"
enter --new=net --persist="$keep" -- true 2>&1 | grep -c 'there already and holds a namespace'
enter --unpersist="$keep"
echo "released $? $(ls "$keep") $(grep -c "$keep" /proc/self/mountinfo)"
enter --unpersist="$keep" 2>/dev/null
echo "again $?"
echo precious >"$1/precious"
ln -s "$1/precious" "$keep/net"
enter --new=net --persist="$keep" -- true 2>&1 | grep -c '"net" is there already'
rm "$keep/net"
: >"$keep/uts"
enter --new=uts,net --persist="$keep" -- true 2>&1 | grep -c '"uts" is there already'
echo "$(cat "$1/precious") $(ls "$keep")"
rm "$keep/uts"
rmdir "$keep"
enter --new=all --persist="$keep" --mount=tmpfs,/proc/nowhere -- true 2>/dev/null
echo "failed $? $(ls -d "$keep" 2>/dev/null)$(grep -c "$keep" /proc/self/mountinfo)"
END
cat >"$tmp/persistent.wanted" <<'END'
all eight
nsview: the first process of the PID namespace kept in /keep has ended: nothing can be started in it (--except=pid leaves it out)
3
1
released 0  0
again 125
1
1
precious uts
failed 125 0
END
if old_kernel; then
	new net --persist="$keep" -- true
	like "$? $(cat "$tmp/err")" '^125 .*open_tree\(2\) of Linux 5.2' "persistent files: what it takes"
	[ ! -e "$keep" ]
	ok $? "and nothing is left"
	skip 2 "kernel: they take open_tree(2)"
else
	if is_root; then
		sh "$tmp/persistent" "$tmp" >"$tmp/out" 2>&1
	else
		# Its root may mount in its own mount namespace.
		unshare --user --map-root-user --mount sh "$tmp/persistent" "$tmp" >"$tmp/out" 2>&1
	fi
	is "$(cat "$tmp/out")" "$(cat "$tmp/persistent.wanted")" "persistent files"
	# A directory whose mount is shared with others, in a mount namespace that is not the first.
	unshare --user --map-root-user --mount --propagation shared \
		sh "$tmp/persistent" "$tmp" >"$tmp/out" 2>&1
	is "$(cat "$tmp/out")" "$(cat "$tmp/persistent.wanted")" "persistent files below a shared mount"
	if is_root; then
		$NSVIEW enter --new=net,pid,mnt --persist="$keep" -- sleep 1000 2>"$tmp/err" &
		front=$!
		wait_for test -e "$keep/pid"
		is "$($NSVIEW enter "$keep" -- sh -c 'ls /proc | grep -c "^[0-9]"; readlink /proc/1/exe' | tail -1)" \
			"$(readlink -f "${NSVIEW##* }")" "entered again while it lives"
		end_process "$front"
		wait "$front" 2>/dev/null
		$NSVIEW enter --unpersist="$keep"
		is "$(ls "$keep")" "" "and released"
	else
		new net --persist="$keep" -- true
		like "$? $(cat "$tmp/err")" '^125 .*CAP_SYS_ADMIN' "persistent files: what it takes"
		[ ! -e "$keep" ]
		ok $? "and nothing is left"
	fi
fi

# --- 72, 73, 74
is "$(new user,net -- sed -n 's/^CapEff:.0*//p' /proc/self/status)" \
	"$(unshare --user --map-root-user sed -n 's/^CapEff:.0*//p' /proc/self/status)" \
	"root inside has all capabilities there"
is "$(new uts -- echo --new=net -n -- x)" "--new=net -n -- x" "what is behind -- is the command's"
# shellcheck disable=SC2016
is "$(new all -- sh -c '$0 enter --new=all -- sh -c "echo \$\$"' "${NSVIEW##* }" 2>&1)" 2 "new inside new"
cat >"$tmp/levels" <<'END'
[ "$2" -gt 0 ] || { readlink /proc/self/ns/pid; exit; }
exec "$1" enter --new=pid,mnt -- sh "$0" "$1" $(($2 - 1)) 2>&1
END
deep=$(new pid,mnt -- sh "$tmp/levels" "${NSVIEW##* }" 33 2>&1)
like "$deep" 'no more PID namespaces.*32 levels' "33 levels: one too many, said"
like "$(new pid,mnt -- sh "$tmp/levels" "${NSVIEW##* }" 25 2>&1)" '^pid:' "many levels work"

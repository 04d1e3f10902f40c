#!/bin/sh
# Runs a command as root in the work tree under another kernel, and ends with its exit status:
#
#     sh tests/tools/vm.sh KERNEL MODULES_DIR COMMAND...
#
# KERNEL is its bzImage, MODULES_DIR its directory below /lib/modules, with modules.dep in it. The
# virtual machine sees this host's files; what it writes is kept in its memory and goes with it. It
# has no network. VM_APPEND adds words to the kernel's command line (lockdown=integrity), VM_MODULES
# names modules to load first, VM_ACCEL is qemu's accelerator (tcg; kvm is faster where it works),
# VM_MEMORY and VM_CPUS its size. The kernel's own messages go to the file that VM_CONSOLE names.
# Needs qemu-system-x86_64 and a static busybox, and kmod for modules that are loaded later.
set -u
[ "$#" -ge 3 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
kernel=$1
modules=$(cd "$2" && pwd) || exit 2
shift 2
tree=$(cd "$(dirname "$0")/../.." && pwd) || exit 2
busybox=$(command -v busybox) || { echo "vm.sh: busybox is missing" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/nsview-vm.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# quoted WORD...: as the words of a line of shell
quoted() {
	for word; do
		printf "'%s' " "$(printf '%s\n' "$word" | sed "s/'/'\\\\''/g")"
	done
}

# files_of NAME...: the files of these modules, each after those that it needs
files_of() {
	awk -v names="$*" '
		{ sub(":", "", $1); base = $1; sub(".*/", "", base); sub("[.]ko.*", "", base)
		  gsub("-", "_", base); file[base] = $1; needs[base] = $0 }
		END {
			n = split(names, name, " ")
			for (i = 1; i <= n; i++) {
				k = split(needs[name[i]], part, " ")
				for (; k > 0; k--)
					if (!seen[part[k]]++) print part[k]
			}
		}' "$modules/modules.dep"
}

# ---- what is in the machine's memory when it starts: enough to reach this host's files

mkdir -p "$work/ram/bin" "$work/ram/modules" "$work/ram/dev" "$work/ram/proc" "$work/ram/root" \
	"$work/ram/host"
cp "$busybox" "$work/ram/bin/busybox"
index=100
for file in $(files_of virtio_pci 9pnet_virtio 9p overlay); do
	case $file in *.ko) ;; *) echo "vm.sh: $file is compressed" >&2; exit 2 ;; esac
	cp "$modules/$file" "$work/ram/modules/$index.ko" || exit 2
	index=$((index + 1))
done
# The root is not one overlay of all, since no path below that would be cached by the kernel.
cat >"$work/ram/init" <<'END'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t devtmpfs devtmpfs /dev
mount -t proc proc /proc
for module in /modules/*.ko; do insmod "$module"; done
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro host /host
mount -t tmpfs -o mode=755 tmpfs /root
mkdir -p /root/proc /root/sys /root/dev /root/run /root/vm /root/.memory
mount -t tmpfs tmpfs /root/.memory
for path in /host/*; do
	name=${path#/host/} memory=/root/.memory/${path#/host/}
	if [ -L "$path" ]; then
		cp -P "$path" /root/
	elif [ -d "$path" ] && [ ! -d "/root/$name" ]; then
		mkdir -p "/root/$name" "$memory/upper" "$memory/work"
		chmod "$(stat -c %a "$path")" "$memory/upper"
		mount -t overlay -o "lowerdir=$path,upperdir=$memory/upper,workdir=$memory/work" \
			overlay "/root/$name"
	fi
done
umount -l /root/.memory
rmdir /root/.memory
mount -t tmpfs -o mode=755 tmpfs /root/run
mount -t tmpfs -o mode=1777 tmpfs /root/vm # not /tmp, where the work tree may be, nor /run
cp /inside.sh /command.sh /root/vm/
umount /proc
exec switch_root /root /bin/sh /vm/inside.sh
END
cat >"$work/ram/inside.sh" <<END
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TMPDIR=/vm
export LC_ALL=C.UTF-8
modules=$(quoted "$modules")
preload=$(quoted "${VM_MODULES:-}")
END
cat >>"$work/ram/inside.sh" <<'END'
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm /dev/mqueue /run/lock "/lib/modules/$(uname -r)"
mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t securityfs securityfs /sys/kernel/security
mount --bind "$modules" "/lib/modules/$(uname -r)"
mount --make-rshared /
hostname nsview-vm
ip link set lo up
for module in $preload; do modprobe "$module"; done
stty -F /dev/ttyS0 raw
sh /vm/command.sh </dev/null >/dev/ttyS0 2>&1
echo "$?" >/dev/ttyS2
stty -F /dev/ttyS0 sane # waits until all is written
echo o >/proc/sysrq-trigger
while :; do sleep 1; done
END
{
	echo "cd $(quoted "$tree") || exit 2"
	quoted exec "$@"
	echo
} | sed "s/^'exec'/exec/" >"$work/ram/command.sh"
chmod +x "$work/ram/init"
(cd "$work/ram" && find . | "$busybox" cpio -o -H newc) >"$work/initramfs" || exit 2

# ---- three serial lines: the command's output, the kernel's messages, the exit status

qemu-system-x86_64 -accel "${VM_ACCEL:-tcg}" -cpu max -m "${VM_MEMORY:-4G}" -smp "${VM_CPUS:-2}" \
	-nodefaults -display none -no-reboot -nic none -kernel "$kernel" -initrd "$work/initramfs" \
	-append "console=ttyS1 quiet panic=-1 ${VM_APPEND:-}" \
	-virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
	-chardev stdio,id=out,signal=off -serial chardev:out \
	-serial "file:${VM_CONSOLE:-$work/console}" -serial "file:$work/status" </dev/null
read -r status <"$work/status" || {
	echo "vm.sh: the machine ended without a status" >&2
	[ ! -s "$work/console" ] || tail -n 20 "$work/console" >&2
	exit 2
}
exit "${status%"$(printf '\r')"}"

#!/bin/sh
# Installs what building (deps.sh build) and testing (deps.sh build test) needs, with the
# distribution's package manager, after naming it. Does nothing where all is there. What only the
# kernel source is built with (nsview-sources(7)), and the browser that the SVG is looked at with,
# are installed where that can be done, and else left out.
set -eu

# tool (or one of several) or pkg-config name, then the package in Debian, Fedora, Arch and Alpine;
# "-": none there.
build_needs='
tool:cc          gcc                gcc               gcc          gcc
tool:make        make               make              make         make
tool:pkg-config  pkg-config         pkgconf-pkg-config pkgconf     pkgconf
header:stdio.h   libc6-dev          glibc-devel       glibc        musl-dev
header:linux/nsfs.h linux-libc-dev  kernel-headers    linux-api-headers linux-headers
lib:libmnl       libmnl-dev         libmnl-devel      libmnl       libmnl-dev
lib:ncursesw     libncurses-dev     ncurses-devel     ncurses      ncurses-dev
lib:smartcols    libsmartcols-dev   libsmartcols-devel util-linux-libs util-linux-dev
lib:jansson      libjansson-dev     jansson-devel     jansson      jansson-dev
lib:libcap       libcap-dev         libcap-devel      libcap       libcap-dev
'
kernel_needs='
tool:clang       clang              clang             clang        clang
tool:bpftool     bpftool            bpftool           bpf          bpftool
header:bpf/skel_internal.h libbpf-dev libbpf-devel    libbpf       libbpf-dev
'
test_needs='
lib:cmocka       libcmocka-dev      libcmocka-devel   cmocka       cmocka-dev
tool:jq          jq                 jq                jq           jq
tool:unshare     util-linux         util-linux        util-linux   util-linux
tool:lsns        util-linux         util-linux        util-linux   lsns
tool:setpriv     util-linux         util-linux        util-linux   setpriv
tool:script      bsdutils           util-linux-script util-linux   util-linux-misc
tool:ip          iproute2           iproute           iproute2     iproute2
tool:nft         nftables           nftables          nftables     nftables
tool:sysctl      procps             procps-ng         procps-ng    procps-ng
tool:iptables-legacy iptables     iptables-legacy   iptables     iptables-legacy
tool:wg          wireguard-tools    wireguard-tools   wireguard-tools wireguard-tools-wg
tool:newuidmap   uidmap             shadow-utils      shadow       shadow-subids
tool:dot         graphviz           graphviz          graphviz     graphviz
tool:xmllint     libxml2-utils      libxml2           libxml2      libxml2-utils
tool:tmux        tmux               tmux              tmux         tmux
tool:mandoc      mandoc             mandoc            mandoc       mandoc
tool:strace      strace             strace            strace       strace
tool:bash        bash               bash              bash         bash
tool:zsh         zsh                zsh               zsh          zsh
tool:fish        fish               fish              fish         fish
tool:busybox     busybox-static     busybox           busybox      busybox
tool:runc        runc               runc              runc         runc
tool:crun        crun               crun              crun         crun
tool:podman      podman             podman            podman       podman
tool:bwrap       bubblewrap         bubblewrap        bubblewrap   bubblewrap
tool:systemd-nspawn systemd-container systemd-container systemd    -
'
# About 150 MB, which takes less than a minute.
browser_needs='
tool:chromium,chromium-browser,google-chrome chromium chromium chromium chromium
'
lint_needs='
tool:clang       clang              clang             clang        clang
tool:clang-format clang-format      clang-tools-extra clang        clang-extra-tools
tool:clang-tidy  clang-tidy         clang-tools-extra clang        clang-extra-tools
tool:cppcheck    cppcheck           cppcheck          cppcheck     cppcheck
tool:shellcheck  shellcheck         ShellCheck        shellcheck   shellcheck
tool:codespell   codespell          codespell         codespell    py3-codespell
'

manager=
field=
for try in apt-get:2 dnf:3 pacman:4 apk:5; do
	if command -v "${try%:*}" >/dev/null 2>&1; then
		manager=${try%:*}
		field=${try#*:}
		break
	fi
done

# have_one NAME,NAME...
have_one() {
	for name in $(echo "$1" | tr , ' '); do
		command -v "$name" >/dev/null 2>&1 || [ -x "/usr/sbin/$name" ] ||
			[ -x "/sbin/$name" ] || continue
		return 0
	done
	return 1
}

have() {
	case $1 in
	tool:*) have_one "${1#tool:}" ;;
	lib:*) pkg-config --exists "${1#lib:}" 2>/dev/null ;;
	header:*) printf '#include <%s>\n' "${1#header:}" | cc -E - >/dev/null 2>&1 ;;
	esac
}

wanted=
kernel=
browser=
for set in "$@"; do
	case $set in
	build) wanted="$wanted$build_needs" kernel=$kernel_needs ;;
	test) wanted="$wanted$test_needs" browser=$browser_needs ;;
	lint) wanted="$wanted$lint_needs" ;;
	*) echo "deps.sh: build, test or lint, not $set" >&2; exit 2 ;;
	esac
done

# missing_of NEEDS: the packages, in one line
missing_of() {
	missing=
	while read -r need names; do
		[ -n "$need" ] || continue
		have "$need" && continue
		# shellcheck disable=SC2086 # the names are words
		set -- "$need" $names
		[ -n "$field" ] || { missing="$missing $2"; continue; }
		eval "package=\${$field}"
		# shellcheck disable=SC2154 # set by eval
		[ "$package" = - ] || missing="$missing $package"
	done <<-END
	$1
	END
	# shellcheck disable=SC2086 # the names are words
	[ -z "$missing" ] || printf '%s\n' $missing | sort -u | tr '\n' ' ' | sed 's/ $//'
}

may_install() {
	[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null 2>&1
}

# install_all PACKAGES
install_all() {
	as_root=
	[ "$(id -u)" -eq 0 ] || as_root=sudo
	# The names are words; $as_root may be empty.
	# shellcheck disable=SC2086
	case $manager in
	apt-get)
		$as_root apt-get update -qq &&
			$as_root env DEBIAN_FRONTEND=noninteractive \
				apt-get install -y -qq --no-install-recommends $1 >/dev/null
		;;
	dnf) $as_root dnf install -y $1 ;;
	pacman) $as_root pacman -S --needed --noconfirm $1 ;;
	apk) $as_root apk add $1 ;;
	esac
}

missing=$(missing_of "$wanted")
if [ -n "$missing" ]; then
	echo "needed and not installed: $missing"
	if [ -z "$manager" ]; then
		echo "no apt-get, dnf, pacman or apk here: please install these (Debian's names) and try again" >&2
		exit 1
	fi
	if ! may_install; then
		echo "please install them as root with $manager, and try again" >&2
		exit 1
	fi
	install_all "$missing"
fi

# try NEEDS FOR WITHOUT: what can be done without
try() {
	missing=$(missing_of "$1")
	[ -n "$missing" ] || return 0
	echo "for $2, and not installed: $missing"
	if [ -z "$manager" ] || ! may_install || ! install_all "$missing"; then
		echo "not installed: $3"
	fi
}
try "$kernel" 'the kernel source' 'nsview is built without the kernel source'
try "$browser" 'the test of the SVG' 'the SVG is not looked at in a browser'

#!/bin/sh
# Installs into an empty directory, compares what is there with what should be, and uninstalls.
set -eu
build=$1
cd "$(dirname "$0")/.."
dest=$(mktemp -d)
trap 'rm -rf "$dest"' EXIT
make -s BUILD="$build" DESTDIR="$dest" PREFIX=/usr install >/dev/null
(cd "$dest" && find . -type f | sed 's|^\./||' | sort) >"$dest.got"
{
	echo usr/bin/nsview
	echo usr/share/bash-completion/completions/nsview
	echo usr/share/zsh/site-functions/_nsview
	echo usr/share/fish/vendor_completions.d/nsview.fish
	echo usr/share/doc/nsview/README.md
	echo usr/share/doc/nsview/LICENSE
	for page in man/*.[1-8]; do echo "usr/share/man/man${page##*.}/${page##*/}"; done
} | sort >"$dest.wanted"
diff "$dest.wanted" "$dest.got"
"$dest/usr/bin/nsview" --version
make -s BUILD="$build" DESTDIR="$dest" PREFIX=/usr uninstall >/dev/null
left=$(find "$dest" -type f)
rm -f "$dest.got" "$dest.wanted"
[ -z "$left" ] || { echo "left behind: $left"; exit 1; }
echo "install ok"

#!/bin/sh
# The house's layers: includes go downward only, and foreign headers have one home.
cd "$(dirname "$0")/.." || exit 2
. tests/lib.sh
plan 5

# base 0, sys 1, graph 2, scan net store 3, query 4, render enter 5, tui 6, cmd 7.
level() {
	case $1 in
	base) echo 0 ;; sys) echo 1 ;; graph) echo 2 ;; scan | net | store) echo 3 ;;
	query) echo 4 ;; render | enter) echo 5 ;; tui) echo 6 ;; cmd) echo 7 ;;
	*) echo 9 ;;
	esac
}

# The room that a public header belongs to.
home() {
	case $1 in
	error | base64 | buffer | grow | arena | escape | nearest | json | cleanup | version | library) echo base ;;
	nstype | kern | kern_mount | tty | proctext | procfile | winsize | load_cap) echo sys ;;
	graph | fact | target | need) echo graph ;;
	scan | identity | entry | plan_facts) echo scan ;;
	nsid | veth | net | probe) echo net ;;
	column | matrix | filter | who | partial | forest | form | hold | leak | wiring | why) echo query ;;
	render | term | measure | net_picture) echo render ;;
	enter | enter_run | plan | make | persist | reaper | pty | verify) echo enter ;;
	tui) echo tui ;;
	*) echo none ;;
	esac
}

wrong=
homeless=
for file in src/*/*.[ch]; do
	room=${file#src/}
	room=${room%%/*}
	for header in $(sed -n 's|^#include <nsview/\(.*\)\.h>|\1|p' "$file"); do
		of=$(home "$header")
		[ "$of" != none ] || homeless="$homeless $header"
		[ "$(level "$of")" -le "$(level "$room")" ] || wrong="$wrong $file->$header"
	done
	for header in $(sed -n 's|^#include "\(.*\)"|\1|p' "$file"); do
		# A room may have rooms of its own, but reaches into no other.
		case $header in
		../* | */../*) wrong="$wrong $file->$header" ;;
		*/*) [ -f "src/$room/$header" ] || wrong="$wrong $file->$header" ;;
		esac
	done
done
is "$wrong" "" "includes go downward only"
is "$homeless" "" "every public header has a room"

# pattern, then the rooms where it may stand
foreign='
^#include <(curses|ncurses|panel)|tui
^#include <(libmnl|linux/rtnetlink|linux/net_namespace)|net
^#include <linux/nsfs|sys
^#include <getopt|cmd
^#include <libsmartcols|render
^#include <jansson|render store scan
(^|[^a-z_])syscall\(|sys
(^|[^a-z_])ioctl\(|sys
(^|[^a-z_])setns\(|sys
(^|[^a-z_])unshare\(|sys
(^|[^a-z_])dlopen\(|base
'
wrong=
while IFS= read -r line; do
	[ -n "$line" ] || continue
	rooms=${line##*|}
	pattern=${line%|*}
	for file in $(grep -lE "$pattern" src/*/*.[ch] src/*.c); do
		room=${file#src/}
		room=${room%%/*}
		case " $rooms " in *" $room "*) continue ;; esac
		# In a comment or a text it is only a word.
		sed 's/"[^"]*"//g' "$file" | grep -E "$pattern" | grep -qvE '^[[:space:]]*(/?\*|//)|/\*.*\*/' || continue
		wrong="$wrong $file:$pattern"
	done
done <<END
$foreign
END
is "$wrong" "" "foreign headers and raw system calls stay in their rooms"

is "$(grep -nE '(kill|waitpid)\( *-?[01] *,' src/*/*.c tests/*/*.c || true)" "" \
	"no kill or waitpid of a number that means many processes"

# The skeleton that bpftool generates calls bpf(2) by itself, so that what includes it has a raw
# system call in it, though nobody sees it there: one file has it, and what runs in the kernel
# includes only what was made for it.
is "$(grep -lE '^#include (<bpf/|".*\.lskel\.h)' src/*/*.[ch] src/*/*/*.[ch] src/*.c | tr '\n' ' ')
$(sed -n 's|^#include "\(.*\)"|\1|p' src/scan/bpf/* | sort -u | tr '\n' ' ')" \
	"src/scan/kernel_bpf.c src/scan/bpf/kernel.h 
base.h emit.h files.h kernel.h kernel_holder_record.h kernel_record.h lists.h orphan.h queue.h super.h " "the generated skeleton and BPF's headers have one home"

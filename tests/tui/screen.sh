# shellcheck shell=sh
# What the tests of the interactive view share: nsview in a tmux of its own, keys, what its screen
# shows. A .t file changes to this directory and sources it. Golden screens are in golden/;
# UPDATE=1 rewrites them: look at every one before you commit it.
. ../lib.sh

NSVIEW=${NSVIEW:-$PWD/../../build/nsview}
fixture=$PWD/../cli/fixtures/host/proc
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR COLUMNS LINES TMUX XDG_CONFIG_HOME
export TZ=UTC HOME="$tmp" ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=0}"

have tmux || {
	plan 1
	skip 1 'no tmux'
	exit 0
}

# A server that is ending may still answer: each start has a socket of its own.
servers=0
t() { tmux -S "$tmp/tmux$servers" -f /dev/null "$@"; }
at_exit 'leave'

# run_in ROWSxCOLS COMMAND: a shell command in a terminal of that size; left are, when it has
# ended, its status in $tmp/status and the terminal's settings in $tmp/after (before: $tmp/before).
# $tmp/pid is that of the shell, which may exec the program.
run_in() {
	t kill-server 2>/dev/null
	servers=$((servers + 1))
	rm -f "$tmp/status" "$tmp/pid" "$tmp/before" "$tmp/after"
	cat >"$tmp/outer" <<-END
	cd "$tmp"
	echo \$\$ >outer.pid
	stty -g >before
	trap : INT QUIT
	sh ./inner
	echo \$? >status
	stty -g >after
	echo ended
	exec sleep 1000
	END
	printf 'echo $$ >%s/pid\n%s\n' "$tmp" "$2" >"$tmp/inner"
	# A descriptor of the test's is not for a server that stays.
	t new-session -d -x "${1#*x}" -y "${1%x*}" "exec sh $tmp/outer" 8<&-
	t set-option -g status off >/dev/null
	t resize-window -x "${1#*x}" -y "${1%x*}"
}

not_running() { ! t list-sessions; }

# Nobody writes to $tmp any more.
leave() {
	t kill-server
	wait_for not_running
	for file in "$tmp/pid" "$tmp/outer.pid"; do
		[ ! -s "$file" ] || wait_for gone "$(cat "$file")"
	done
}

# start ROWSxCOLS [NAME=VALUE...] -- ARGUMENT...: nsview on a UTF-8 terminal of 256 colours
start() {
	size=$1
	shift
	words=
	while [ "$1" != -- ]; do
		words="$words '$1'"
		shift
	done
	shift
	for word; do
		arguments="${arguments:-} '$word'"
	done
	run_in "$size" "exec env TERM=screen-256color LC_ALL=C.UTF-8$words $NSVIEW tui -i 60${arguments:-}"
	arguments=
}

# on_fixture ROWSxCOLS [NAME=VALUE...] [-- ARGUMENT...]: the same on a copy of /proc
on_fixture() {
	case " $* " in *' -- '*) ;; *) set -- "$@" -- ;; esac
	start "$@" "--proc=$fixture"
	# Said when all was searched; a screen that is too small says nothing.
	wait_for screen_has '^ (partial view|needs 40x8)|^needs 40x8'
}

capture() { t capture-pane -p "$@"; }

screen_has() { capture | grep -Eq -e "$1"; }
screen_lacks() { ! screen_has "$1"; }

# shows REGEX NAME: soon, on some line
shows() {
	wait_for screen_has "$1"
	ok $? "$2"
	screen_has "$1" || capture | sed 's/^/# /'
}

# hides REGEX NAME
hides() {
	wait_for screen_lacks "$1"
	ok $? "$2"
	screen_lacks "$1" || capture | sed 's/^/# /'
}

screen_changed() {
	capture >"$tmp/changed"
	! cmp -s "$tmp/unchanged" "$tmp/changed"
}

# keys KEY...: as tmux names them, one by one. What comes before Escape has been seen to would be
# another key together with it: here it always changes the screen.
keys() {
	for key; do
		[ "$key" != Escape ] || { wait_for quiet && capture >"$tmp/unchanged"; }
		t send-keys "$key"
		[ "$key" != Escape ] || wait_for screen_changed
	done
}

# text WORDS: typed as they are
text() { t send-keys -l "$1"; }

# Whether the screen is the same as a moment ago, twice.
quiet() {
	capture >"$tmp/quiet1"
	sleep 0.05
	capture >"$tmp/quiet2"
	cmp -s "$tmp/quiet1" "$tmp/quiet2"
}

# picture [CAPTURE OPTION...]: the screen without what is different each time
picture() {
	capture "$@" | sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\+00:00/YYYY-MM-DDThh:mm:ss+00:00/'
}

# looks_as FILE [CAPTURE OPTION...]
looks_as() {
	wanted=$1
	shift
	picture "$@" >"$tmp/screen"
	cmp -s "$wanted" "$tmp/screen"
}

ended() { [ -s "$tmp/after" ]; }
gone() { ! kill -0 "$1"; }

# lives OPTION...: a process in namespaces that unshare makes, $lives_pid; ends: it does
lives() {
	rm -f "$tmp/ready"
	# shellcheck disable=SC2016 # expands there
	tmp=$tmp unshare "$@" sh -c ': >"$tmp/ready"; exec sleep 1000' &
	lives_pid=$!
	wait_for test -e "$tmp/ready"
}
ends() {
	end_process "$lives_pid"
	wait "$lives_pid" 2>/dev/null
}
# ino PID TYPE: of one of its namespaces
ino() { readlink "/proc/$1/ns/$2" | tr -dc 0-9; }

# golden NAME WORDS [CAPTURE OPTION...]: the screen, as soon as it is so
golden() {
	file=golden/$1.txt words=$2
	shift 2
	if [ -n "${UPDATE:-}" ]; then
		wait_for quiet
		picture "$@" >"$file"
	fi
	if wait_for looks_as "$file" "$@"; then
		ok 0 "$words"
	else
		ok 1 "$words"
		diff -u "$file" "$tmp/screen" | sed 's/^/# /'
	fi
}

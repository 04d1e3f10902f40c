# shellcheck shell=sh
# What the live tests share: starting a case of nslab and taking its facts, one cell of a table,
# and what a run under the old-kernel launcher or as an ordinary user cannot know.

# Three variants of each live test are run: "" (as it is), old (nsview under the old-kernel
# launcher, which takes the ioctls of nsfs and pidfds away from it) and user (an ordinary one).
variant=${NSVIEW_VARIANT:-}
old_kernel() { [ "$variant" = old ]; }

# lab CASE: starts it; its facts become shell variables, "$x_pid" and so on. 1: it cannot be made.
lab() {
	rm -f "$tmp/lab.hold"
	mkfifo "$tmp/lab.hold"
	: >"$tmp/lab.line"
	"$BUILD/tools/nslab" "$1" <"$tmp/lab.hold" >"$tmp/lab.line" 2>"$tmp/lab.err" &
	lab_pid=$!
	exec 9>"$tmp/lab.hold"
	wait_for lab_answers || return 1
	# shellcheck disable=SC2034 # for the test
	read -r lab_line <"$tmp/lab.line" || return 1
	eval "${lab_line#ready * }"
}

lab_answers() { [ "$(tail -c 1 "$tmp/lab.line" | wc -l)" -eq 1 ] || ! kill -0 "$lab_pid"; }

# Ends the case; nslab waits for its tasks.
lab_end() {
	exec 9>&-
	wait "$lab_pid" 2>/dev/null
}

# stay COMMAND...: in the background, with PID $stay_pid, until stay_end or the end of the sandbox.
# The command becomes `sh -c "SETUP; $stay_here"`.
# shellcheck disable=SC2034,SC2016 # for the test; expands there
stay_here=': >"$tmp/ready"; exec sleep 1000'
stay() {
	rm -f "$tmp/ready"
	tmp=$tmp "$@" 2>"$tmp/stay.err" &
	stay_pid=$!
	wait_for stay_answers && [ -e "$tmp/ready" ] && return
	sed 's/^/# it does not stay: /' "$tmp/stay.err"
	return 1
}

stay_answers() { [ -e "$tmp/ready" ] || ! kill -0 "$stay_pid"; }

stay_end() {
	end_process "$stay_pid"
	wait "$stay_pid" 2>/dev/null
}

# cell NS COLUMN: one cell of ls, spaces as spaces
cell() {
	# shellcheck disable=SC2086 # NSVIEW is a command with words
	$NSVIEW ls -q -n -r -o "$2" "$1" 2>&1 | sed 's/\\x20/ /g'
}

# held NS COLUMN: the same of a namespace without a process, from the long search
held() {
	# shellcheck disable=SC2086
	$NSVIEW ls -q -n -r -P -o "NS,$2" 2>&1 | sed -n "s/^$1 //p" | sed 's/\\x20/ /g'
}

# process PID COLUMN: one cell of ps
process() {
	# shellcheck disable=SC2086
	$NSVIEW ps -q -a -n -r -o "$2" "$1" 2>&1 | sed 's/\\x20/ /g'
}

# show TARGET
show() {
	# shellcheck disable=SC2086
	$NSVIEW show -q "$1" 2>&1
}

# asked GOT WANTED NAME: is, for what only an ioctl tells: under an old kernel it must be unknown
asked() {
	if old_kernel; then
		is "$1" '?' "$3 (unknown to an old kernel)"
	else
		is "$1" "$2" "$3"
	fi
}

# enter ARGUMENT...: nsview enter, which has to end
# shellcheck disable=SC2086 # NSVIEW is a command with words
enter() { timeout 60 $NSVIEW enter "$@"; }

# as_user COMMAND...: as an ordinary user, of the number $user
user=4242
as_user() { setpriv --reuid "$user" --regid "$user" --clear-groups --inh-caps=-all "$@"; }

# nsview_for_all: from here on it is a copy, where every user gets at it; it is two words under the
# old-kernel launcher.
nsview_for_all() {
	set -- "${NSVIEW##* }"
	cp "$1" "$tmp/nsview"
	[ "$1" = "$NSVIEW" ] || cp "${NSVIEW% "$1"}" "$tmp/oldkernel"
	[ "$1" = "$NSVIEW" ] && NSVIEW=$tmp/nsview || NSVIEW="$tmp/oldkernel $tmp/nsview"
	chmod 755 "$tmp" "$tmp/nsview"
}

# first_child PID
first_child() { tr ' ' '\n' <"/proc/$1/task/$1/children" | sed -n 1p; }

# make_zombie: $zombie, whose parent never waits
make_zombie() {
	sh -c 'exec 9>&-; (exit 0) & exec sleep 1000' &
	parent=$!
	at_exit "end_process $parent"
	wait_for grep -q . "/proc/$parent/task/$parent/children"
	zombie=$(first_child "$parent")
	wait_for grep -q '^State:.Z' "/proc/$zombie/status"
}

# link PID NAME: of one of its namespaces
link() { readlink "/proc/$1/ns/$2"; }
# all_types PID: the eight of a process; $show_all is the command that shows those of its own
types='cgroup ipc mnt net pid time user uts'
all_types() { for one in $types; do link "$1" "$one"; done; }
# shellcheck disable=SC2016,SC2034 # expands there; for the test
show_all='for t in cgroup ipc mnt net pid time user uts; do readlink /proc/self/ns/$t; done'

# The inode number of a task's namespace, by its link: ns_of PID LINK
ns_of() { readlink "/proc/$1/ns/$2" | tr -dc 0-9; }

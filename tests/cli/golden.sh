# shellcheck shell=sh
# What the tests of this directory share: the program as a function, and transcripts of it that are
# compared with golden/NAME.txt. A .t file changes to this directory and sources it.
# UPDATE=1 rewrites the golden files: read every difference before you commit it.
. ../lib.sh

NSVIEW=${NSVIEW:-$PWD/../../build/nsview}
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR COLUMNS NSVIEW_PAGER PAGER
export LC_ALL=C.UTF-8 TZ=UTC TERM=xterm
transcript=$tmp/transcript
: >"$transcript"

# NSVIEW may be a command with words, as the launcher that takes system calls away.
# shellcheck disable=SC2086
nsview() { timeout 120 $NSVIEW "$@"; }

# nsview_in NAME=VALUE ARGUMENT...: the same with one more word in the environment
# shellcheck disable=SC2086
nsview_in() {
	setting=$1
	shift
	timeout 120 env "$setting" $NSVIEW "$@"
}

# What no two machines or versions have in common.
plain_json() {
	jq 'del(.host.time, .host.nsview, .completeness.have_ptrace)'
}

# told ARGUMENT...: adds the command, what it printed and how it ended to the transcript. Everything
# on stderr but the line that says that a copy of /proc is a partial view, which has its own test.
told() { told_through cat "$@"; }

told_json() { told_through plain_json "$@"; }

told_through() {
	through=$1
	shift
	nsview "$@" >"$tmp/told" 2>"$tmp/told.err"
	ended=$?
	{
		printf '$ nsview'
		for word; do
			case $word in
			'' | *[!A-Za-z0-9_./:=,@+-]*) printf " '%s'" "$word" ;;
			*) printf ' %s' "$word" ;;
			esac
		done
		printf '\n'
		"$through" <"$tmp/told"
		grep -v '^nsview: partial view: owners and parents unknown: EOPNOTSUPP' "$tmp/told.err"
		[ "$ended" -eq 0 ] || printf '(exit status %d)\n' "$ended"
		printf '\n'
	} >>"$transcript"
}

# golden NAME WORDS: the transcript so far against golden/NAME.txt, and a new one begins
golden() {
	[ -z "${UPDATE:-}" ] || cp "$transcript" "golden/$1.txt"
	if diff -u "golden/$1.txt" "$transcript" >"$tmp/diff" 2>&1; then
		ok 0 "$2"
	else
		ok 1 "$2"
		sed 's/^/# /' "$tmp/diff"
	fi
	: >"$transcript"
}

# trouble WORDS_OF_THE_TEST REGEX ARGUMENT...: used wrongly: nothing on stdout, one line on stderr
# that starts with "nsview: " and has what REGEX says, exit status 2
trouble() {
	test_name=$1 regex=$2
	shift 2
	nsview "$@" >"$tmp/out" 2>"$tmp/err"
	ended=$?
	if [ "$ended" -eq 2 ] && [ ! -s "$tmp/out" ] && [ "$(wc -l <"$tmp/err")" -eq 1 ] &&
		grep -q '^nsview: ' "$tmp/err" && grep -Eq -e "$regex" "$tmp/err"; then
		ok 0 "$test_name"
	else
		ok 1 "$test_name"
		echo "# exit status $ended, $(wc -c <"$tmp/out") bytes on stdout, wanted: $regex"
		head -c 1000 "$tmp/err" | sed 's/^/# /'
	fi
}

# ends WANTED_STATUS NAME ARGUMENT...
ends() {
	wanted=$1 test_name=$2
	shift 2
	nsview "$@" >"$tmp/out" 2>"$tmp/err"
	is "$?" "$wanted" "$test_name"
}

# Bytes that no ASCII text has; and of escape sequences alone
no_ascii() { LC_ALL=C tr -d '\n\040-\176' | wc -c | tr -d ' '; }
escapes() { LC_ALL=C tr -dc '\033' | wc -c | tr -d ' '; }

#!/bin/sh
# Runs the tests and counts them: run.sh BUILD [WORD...]. A WORD keeps the tests whose path has it.
# Every test speaks TAP. Ends with the line "N passed, N failed, N skipped".
# ONLY_PLAIN=1 leaves out the passes of live tests on an old kernel and as an ordinary user.
# MUST_WORK=1 turns skips into failures, but for those that say "kernel:" or "not here:".
set -u

# Tests count namespaces: a host's named ones (ip-netns(8), engines) are taken out of our sight.
named() { grep -q ' - nsfs ' /proc/self/mountinfo; }
if [ "${1:-}" = --alone ]; then
	shift
	awk '/ - nsfs / { print $5 }' /proc/self/mountinfo | while read -r point; do
		umount -l "$point"
	done
elif [ "$(id -u)" = 0 ] && named; then
	exec unshare --mount sh "$0" --alone "$@"
fi

build=$1
shift
cd "$(dirname "$0")/.." || exit 2
case $build in /*) ;; *) build=$PWD/$build ;; esac
export NSVIEW="${NSVIEW:-$build/nsview}" BUILD="$build" LC_ALL=C.UTF-8
# What a person has set up for themselves is not for a test to meet.
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR COLUMNS NSVIEW_PAGER PAGER
work=$(mktemp -d "${TMPDIR:-/tmp}/nsview-tests.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT INT TERM

wanted() {
	[ "$#" -gt 1 ] || return 0
	path=$1
	shift
	for word; do
		case $path in *"$word"*) return 0 ;; esac
	done
	return 1
}

run_one() { # PATH COMMAND...
	path=$1
	shift
	mkdir -p "$work/tmp"
	TMPDIR="$work/tmp" timeout -k 10 "${TEST_SECONDS:-300}" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	# Counts of this file; a plan that was not kept, or a bad status, is a failure of its own.
	awk -v status="$status" -v must="${MUST_WORK:-}" '
		/^1\.\.[0-9]+/ { plan = substr($1, 4) + 0; planned = 1 }
		/^ok .*# [Ss][Kk][Ii][Pp]/ {
			n++
			if (must && $0 !~ /kernel:|not here:/) { fail++; print "    " $0 " (must work)" }
			else { skip++; print "    " $0 }
			next
		}
		/^ok / { n++; pass++ }
		/^not ok / { n++; fail++; print "    " $0 }
		END {
			if (!planned || plan != n) { fail++; print "    plan " plan ", ran " n }
			if (status != 0 && !fail) { fail++; print "    exit status " status }
			printf "%d %d %d\n", pass, fail, skip > "/dev/stderr"
		}' "$work/out" >"$work/lines" 2>"$work/counts"
	read -r pass fail skip <"$work/counts"
	printf '%-46s %4d passed' "$path" "$pass"
	[ "$fail" -eq 0 ] || printf ', %d FAILED' "$fail"
	[ "$skip" -eq 0 ] || printf ', %d skipped' "$skip"
	echo
	cat "$work/lines"
	if [ "$fail" -ne 0 ]; then
		grep -v '^ok ' "$work/out" | tail -n 40 | sed 's/^/    | /'
		tail -n 40 "$work/err" | sed 's/^/    ! /'
	fi
	passed=$((passed + pass)) failed=$((failed + fail)) skipped=$((skipped + skip))
}

# Each live test runs again with nsview as on an old kernel, and as an ordinary user: for that one
# the tree is copied to where everybody may read, since a checkout need not be.
run_old() {
	run_one "$1 (old kernel)" env NSVIEW="$build/tools/oldkernel $NSVIEW" NSVIEW_VARIANT=old \
		sh "$1"
}

as_user() { setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all "$@"; }

copy_for_user() {
	[ ! -d "$work/user" ] || return 0
	mkdir -p "$work/user/build" "$work/user/tmp"
	cp -R tests "$work/user/" && cp -R "$build/nsview" "$build/tools" "$work/user/build/"
	[ ! -d "$build/bench" ] || cp -R "$build/bench" "$work/user/build/"
	chmod -R a+rX "$work/user"
	chmod a+x "$work"
	chmod 1777 "$work/user/tmp"
}

run_as_user() {
	copy_for_user
	if ! as_user test -r "$work/user/$1"; then
		echo "$1 (user): skipped, an ordinary user cannot read $work"
		skipped=$((skipped + 1))
		return
	fi
	# shellcheck disable=SC2016 # expands there
	run_one "$1 (user)" setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \
		env HOME=/ TMPDIR="$work/user/tmp" NSVIEW="$work/user/build/nsview" \
		BUILD="$work/user/build" NSVIEW_VARIANT=user \
		sh -c 'cd "$1" && exec sh "$2"' sh "$work/user" "$1"
}

export NSVIEW_VARIANT=
passed=0 failed=0 skipped=0
for program in "$build"/unit/*/*_test; do
	[ -x "$program" ] || continue
	wanted "${program#"$build"/}" "$@" || continue
	CMOCKA_MESSAGE_OUTPUT=TAP run_one "${program#"$build"/}" "$program"
done
for script in tests/*.t tests/*/*.t; do
	[ -f "$script" ] || continue
	wanted "$script" "$@" || continue
	run_one "$script" sh "$script"
	case $script in tests/live/*) ;; *) continue ;; esac
	[ "$(id -u)" -eq 0 ] || continue
	[ -z "${ONLY_PLAIN:-}" ] || continue
	run_old "$script"
	run_as_user "$script"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

#!/bin/sh
# Runs the tests and counts them: run.sh BUILD [WORD...]. A WORD keeps the tests whose path has it.
# Every test speaks TAP. Ends with the line "N passed, N failed, N skipped".
# MUST_WORK=1 turns skips into failures, but for those that say "kernel:" or "not here:".
set -u
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
	awk -v path="$path" -v status="$status" -v must="${MUST_WORK:-}" '
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
			printf "%s %d %d %d\n", path, pass, fail, skip > "/dev/stderr"
		}' "$work/out" >"$work/lines" 2>"$work/counts"
	read -r _ pass fail skip <"$work/counts"
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
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

#!/bin/sh
# Linters: formats, static analysis, man pages, shell scripts, spelling. lint.sh BUILD
set -u
build=$1
cd "$(dirname "$0")/.." || exit 2
failed=0

step() { # NAME COMMAND...
	name=$1
	shift
	if out=$("$@" 2>&1); then
		echo "lint: $name ok"
	else
		echo "lint: $name FAILED"
		printf '%s\n' "$out" | head -n 60
		failed=$((failed + 1))
	fi
}

# What runs in the kernel is compiled for another machine, with warnings as errors, by the builds.
sources=$(find src -name '*.c' ! -path 'src/scan/bpf/*' | sort)
all=$(find src include tests -name '*.[ch]' | sort)
flags="-std=gnu11 -D_GNU_SOURCE -Iinclude $(pkg-config --cflags libmnl ncursesw smartcols jansson libcap)"

# shellcheck disable=SC2086 # lists of words
{
	step clang-format clang-format --dry-run -Werror $all
	step "gcc -Werror" make -s BUILD="$build/lint-gcc" CC=gcc WERROR=-Werror CFLAGS=-O2 all
	step "clang -Werror" make -s BUILD="$build/lint-clang" CC=clang WERROR=-Werror CFLAGS=-O2 all
	step "gcc -fanalyzer" make -s BUILD="$build/lint-analyzer" CC=gcc CFLAGS='-O1 -fanalyzer -Werror -Wno-analyzer-fd-leak -Wno-analyzer-malloc-leak -Wno-analyzer-use-of-uninitialized-value -Wno-analyzer-null-dereference -Wno-analyzer-null-argument' all
	step cppcheck cppcheck -q --std=c11 --error-exitcode=1 --inline-suppr \
		--enable=warning,portability --suppress=missingIncludeSystem --suppress=nullPointerOutOfMemory --suppress=nullPointerRedundantCheck --suppress=nullPointerArithmeticRedundantCheck --suppress=ctunullpointer --suppress=identicalInnerCondition -i src/scan/bpf -Iinclude src
	step clang-tidy clang-tidy --quiet --warnings-as-errors='*' \
		--checks='-*,bugprone-*,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-bugprone-implicit-widening-of-multiplication-result,-bugprone-narrowing-conversions,-bugprone-assignment-in-if-condition,-bugprone-branch-clone,-bugprone-sizeof-expression,-bugprone-not-null-terminated-result,cert-err34-c,misc-redundant-expression' \
		$sources -- $flags
	step shellcheck shellcheck -x .ci/run tests/*.sh tests/*.t tests/*/*.sh tests/*/*.t
	step mandoc mandoc -Tlint -W warning man/*.[1-8]
	step codespell codespell -q 3 -L ro,ans,nd,ons,inflight,nowns,nknown,nin,iif README.md CONTRIBUTING.md man src include tests/*.sh
}
[ "$failed" -eq 0 ]

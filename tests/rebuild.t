#!/bin/sh
# What make builds again, in a small tree of its own: whatever is older than what it is made of, in
# whatever order files came, went and were saved.
. "$(dirname "$0")/lib.sh"
plan 9
if ! have make cc; then
	skip 9 'not here: no compiler'
	exit 0
fi
unset MAKEFLAGS MFLAGS MAKELEVEL
mkdir -p "$tmp/tree/src/base" "$tmp/tree/tests/unit/base" "$tmp/tree/tests/tools"
cp Makefile "$tmp/tree/"
cp -R include "$tmp/tree/"
cd "$tmp/tree" || exit 2
printf '#include "../base/a.h"\nint first(void);\nint first(void) { return A; }\n' >src/base/first.c
printf 'int second(void);\nint second(void) { return 2; }\n' >src/base/second.c
echo '#define A 1' >src/base/a.h
printf '#include "test.h"\nint first(void);\nint main(void) { return first() - 1 + TEST; }\n' \
	>tests/unit/base/a_test.c
printf '#include "tool.h"\nint main(void) { return TOOL; }\n' >tests/tools/tool.c
echo '#define TEST 0' >tests/unit/base/test.h
echo '#define TOOL 0' >tests/tools/tool.h
# An hour ago, so that nothing here hangs on the clock.
find . -type f -exec touch -d '1 hour ago' {} +

build() { make -s BUILD=b BPF=no ANCHOR=no "$@" b/unit/base/a_test b/tools/tool >"$tmp/out" 2>&1; }
# result PROGRAM: what it returns after a build
result() {
	build || cat "$tmp/out"
	"b/$1"
	echo $?
}
is "$(result unit/base/a_test) $(result tools/tool)" '0 0' 'a small tree is built'
cp -p b/unit/base/a_test "$tmp/before"
build
is "$(find b/unit/base/a_test b/libnsview.a b/src/base/first.o -newer "$tmp/before")" '' \
	'and not again where nothing has changed'
echo '#define TEST 3' >tests/unit/base/test.h
is "$(result unit/base/a_test)" 3 "a header beside a test is one of its sources"
echo '#define TOOL 4' >tests/tools/tool.h
is "$(result tools/tool)" 4 'as is one beside a tool'
echo '#define A 2' >src/base/a.h
is "$(result unit/base/a_test)" 4 'and one of what a test is linked with'

# A source that went and came back with its old time: its object is older than the archive.
cp -p src/base/second.c "$tmp/second.c"
rm src/base/second.c
build
is "$(ar t b/libnsview.a)" first.o 'what has gone is no longer in the archive'
cp -p "$tmp/second.c" src/base/
build
is "$(ar t b/libnsview.a | tr '\n' ' ')" 'first.o second.o ' 'what has come back is'

# Saved after the compiler has read it, and before the object is written.
cat >"$tmp/cc" <<'EOF'
#!/bin/sh
cc "$@" || exit
case "$*" in
*' -c '*second.c*)
	echo >>compiled
	[ -e saved ] || { : >saved && touch src/base/second.c && touch b/src/base/second.o; }
	;;
esac
EOF
chmod +x "$tmp/cc"
build CC="$tmp/cc"
build CC="$tmp/cc"
is "$(wc -l <compiled)" 2 'what was saved while it was compiled is compiled again'
build CC="$tmp/cc" CFLAGS=-O1
is "$(wc -l <compiled)" 3 'and all of it with other flags'

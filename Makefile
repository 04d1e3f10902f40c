# nsview: `make help` lists what can be done here.
# Packagers: CC CFLAGS LDFLAGS DESTDIR PREFIX MANDIR ... are honoured; V=1 shows the commands.

VERSION := $(shell sed -n 's/.*NSVIEW_VERSION "\(.*\)"/\1/p' include/nsview/version.h)

PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
MANDIR  ?= $(PREFIX)/share/man
DOCDIR  ?= $(PREFIX)/share/doc/nsview
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR  ?= $(PREFIX)/share/zsh/site-functions
FISHCOMPDIR ?= $(PREFIX)/share/fish/vendor_completions.d

BUILD   ?= build
CFLAGS  ?= -O2 -g
SAN     ?=
PKG_CONFIG ?= pkg-config

# What each library is for stands in the README.
LIBS      := libmnl ncursesw smartcols jansson libcap
TEST_LIBS := cmocka

WARN := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wundef -Wvla -Wimplicit-fallthrough -Wformat=2
ALL_CFLAGS  = -std=gnu11 -D_GNU_SOURCE -Iinclude -pthread \
	$(WARN) $(WERROR) $(SANFLAGS) $(CFLAGS) $(CPPFLAGS) $(LAZY_CFLAGS) \
	$(shell $(PKG_CONFIG) --cflags $(LIBS) 2>/dev/null)
# Symbols are bound once, at the start: lazily, every process that enter forks would bind its own.
# libc comes first since it has most of them.
ALL_LDFLAGS = -pthread -Wl,--as-needed,-z,relro,-z,now $(SANFLAGS) $(LDFLAGS)
ALL_LIBS    = -lc $(LINKED_LIBS)
ifneq ($(SAN),)
SANFLAGS := -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

# Libraries are loaded when they are first needed (include/nsview/library.h), by the names by which
# a program that is linked with them would load them. LAZY=no links them, as is done where there are
# only archives of them.
LINK_LIBS = $(shell $(PKG_CONFIG) --libs $(LIBS) 2>/dev/null)
READELF ?= readelf
SONAMES := $(shell out=$$(mktemp) && $(CC) -shared -Wl,--no-as-needed -o "$$out" $(LINK_LIBS) && \
	$(READELF) -d "$$out" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; rm -f "$$out")
soname = $(firstword $(filter lib$(1:lib%=%).so%,$(SONAMES)))
LAZY ?= $(if $(filter-out 5,$(words $(foreach lib,$(LIBS),$(call soname,$(lib))))),no,yes)
LAZY := $(LAZY)
ifeq ($(LAZY),yes)
LAZY_CFLAGS := -DLAZY $(foreach lib,$(LIBS),'-DSONAME_$(lib)="$(call soname,$(lib))"')
LINKED_LIBS := -ldl
else
LINKED_LIBS = $(LINK_LIBS)
endif

# The kernel source (man/nsview-sources.7) is built where clang can compile for BPF and bpftool and
# libbpf's headers are there; BPF=no leaves it out. Nothing of these is needed to run.
BPFPATH := $(PATH):/usr/sbin:/sbin
BPFCLANG ?= clang
BPF ?= $(shell PATH="$(BPFPATH)"; \
	bpftool version >/dev/null 2>&1 && \
	printf '\043include <bpf/skel_internal.h>\n' | $(CC) -E -include errno.h - >/dev/null 2>&1 && \
	$(BPFCLANG) -print-targets 2>/dev/null | grep -q '^ *bpf ' && echo yes || echo no)
BPF := $(BPF)
ifeq ($(BPF),yes)
BPF_SKEL := $(patsubst src/scan/bpf/%.bpf.c,$(BUILD)/bpf/nsview_%.lskel.h,$(wildcard src/scan/bpf/*.bpf.c))
BPF_CFLAGS := -DHAVE_BPF -isystem $(BUILD)/bpf
endif

# What a command is executed by (src/enter/anchor): freestanding, for the machines that it knows.
ANCHOR ?= $(shell $(CC) $(CPPFLAGS) -E src/enter/anchor/anchor.c >/dev/null 2>&1 && echo yes || echo no)
ANCHOR := $(ANCHOR)
ifeq ($(ANCHOR),yes)
ANCHOR_FILE := $(BUILD)/anchor
ANCHOR_CFLAGS := -DANCHOR_FILE='"$(ANCHOR_FILE)"'
endif

SRC  := $(sort $(wildcard src/*.c src/*/*.c))
OBJ  := $(SRC:%.c=$(BUILD)/%.o)
LIB  := $(BUILD)/libnsview.a
BIN  := $(BUILD)/nsview
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(sort $(wildcard tests/unit/*/*_test.c)))
TOOLS := $(patsubst tests/tools/%.c,$(BUILD)/tools/%,$(sort $(wildcard tests/tools/*.c)))
BENCH_PROGRAMS := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(sort $(wildcard tests/bench/*.c)))
FUZZ  := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(sort $(wildcard tests/fuzz/*_fuzz.c)))
MAN   := $(sort $(wildcard man/*.[1-8]))

Q := $(if $(V),,@)
comma := ,

.DEFAULT_GOAL := all

## all: builds build/nsview
all: $(BIN)

## run: installs what is missing, builds, and shows this host's namespaces
run:
	$(Q)sh tests/deps.sh build
	$(Q)$(MAKE) --no-print-directory all
	$(BIN) ls

## check: installs what the tests need, then runs every test
check:
	$(Q)sh tests/deps.sh build test
	$(Q)$(MAKE) --no-print-directory all test-programs
	$(Q)sh tests/run.sh $(BUILD) $(TESTS)

## deps: installs the build dependencies with the distribution's package manager
deps:
	$(Q)sh tests/deps.sh build

$(BIN): $(BUILD)/src/main.o $(LIB)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(LIB): $(filter-out $(BUILD)/src/main.o,$(OBJ)) $(BUILD)/objects
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

# A file that changes when its words do. Time stamps tell neither that other flags are asked for nor
# that there is a source less, or one again whose object is an old one.
say = $(shell mkdir -p $(@D))$(file >$@.new,$(1))@cmp -s $@.new $@ && rm -f $@.new || mv $@.new $@

$(BUILD)/objects: FORCE
	$(call say,$(OBJ))

$(BUILD)/flags: FORCE
	$(call say,$(CC) $(SANFLAGS) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS) $(BPF) $(ANCHOR) $(LAZY) $(SONAMES))

# $(call compile,COMPILER AND FLAGS,INPUTS): what is made is as old as the moment at which its
# sources began to be read, since one that is saved meanwhile would else count as the older.
compile = $(Q)mkdir -p $(@D) && touch $@.began && \
	$(1) -MMD -MP -MF $(basename $@).d -MT $@ -o $@ $(2) && touch -r $@.began $@ && rm -f $@.began

$(BUILD)/%.o: %.c $(BUILD)/flags
	$(call compile,$(CC) $(ALL_CFLAGS) -c,$<)

$(BUILD)/src/scan/kernel_bpf.o: ALL_CFLAGS += $(BPF_CFLAGS)
$(BUILD)/src/scan/kernel_bpf.o: $(BPF_SKEL)
$(BUILD)/src/main.o: ALL_CFLAGS += $(BPF_CFLAGS)

$(BUILD)/src/enter/seal.o: ALL_CFLAGS += $(ANCHOR_CFLAGS)
$(BUILD)/src/enter/seal.o: $(ANCHOR_FILE)

$(BUILD)/anchor: src/enter/anchor/anchor.c $(BUILD)/flags
	$(call compile,$(CC) -std=gnu11 $(WARN) $(WERROR) $(CPPFLAGS) -Os -ffreestanding \
		-fno-stack-protector -fno-asynchronous-unwind-tables -fno-pic -nostdlib -static \
		-Wl$(comma)--build-id=none$(comma)-z$(comma)noseparate-code,$<)

# The file name is part of the object: the same from wherever it is built.
$(BUILD)/bpf/%.bpf.o: src/scan/bpf/%.bpf.c $(wildcard src/scan/bpf/*.h src/scan/kernel_*record.h)
	@mkdir -p $(@D)
	$(Q)$(BPFCLANG) -O2 -g -target bpf -Wall -Wextra $(WERROR) -Isrc/scan -c -o $@ $<

.PRECIOUS: $(BUILD)/bpf/%.bpf.o
$(BUILD)/bpf/nsview_%.lskel.h: $(BUILD)/bpf/%.bpf.o
	$(Q)PATH="$(BPFPATH)" bpftool gen skeleton -L $< name nsview_$* >$@.new
	$(Q)mv $@.new $@

# A test may say which functions it replaces: a line `// wrap: a b` at its top.
$(BUILD)/unit/%: tests/unit/%.c $(LIB)
	$(call compile,$(CC) $(ALL_CFLAGS) -Itests,$< \
		$$(sed -n 's|^// wrap: ||p' $< | tr ' ' '\n' | sed '/./s/^/-Wl$(comma)--wrap=/') \
		$(LIB) $(ALL_LDFLAGS) $(ALL_LIBS) $$($(PKG_CONFIG) --libs $(TEST_LIBS) $(LIBS)))

$(BUILD)/tools/%: tests/tools/%.c $(BUILD)/flags
	$(call compile,$(CC) $(ALL_CFLAGS),$< $(ALL_LDFLAGS))

# It asks the library what it foresees, and the kernel what is so.
$(BUILD)/tools/tryenter: tests/tools/tryenter.c $(LIB)
	$(call compile,$(CC) $(ALL_CFLAGS),$< $(LIB) $(ALL_LDFLAGS) $(ALL_LIBS))

$(BUILD)/bench/%: tests/bench/%.c $(BUILD)/flags
	$(call compile,$(CC) $(ALL_CFLAGS),$< $(ALL_LDFLAGS))

# libFuzzer is clang's; everything is compiled again with its instrumentation.
FUZZ_SAN := address,undefined -fno-sanitize-recover=all
FUZZ_OBJ := $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(filter-out src/main.c,$(SRC)))

$(BUILD)/fuzz/obj/%.o: %.c $(BUILD)/flags
	$(call compile,clang $(ALL_CFLAGS) -fsanitize=fuzzer-no-link$(comma)$(FUZZ_SAN) -c,$<)

$(BUILD)/fuzz/libnsview.a: $(FUZZ_OBJ) $(BUILD)/objects
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)

$(BUILD)/fuzz/%: tests/fuzz/%.c $(BUILD)/fuzz/libnsview.a
	$(call compile,clang $(ALL_CFLAGS) -fsanitize=fuzzer$(comma)$(FUZZ_SAN),$^ $(ALL_LDFLAGS) $(ALL_LIBS) $(LINK_LIBS))

test-programs: $(UNIT) $(TOOLS) $(BENCH_PROGRAMS)

## fuzz: runs each fuzz target for FUZZ_SECONDS (10) over its corpus
FUZZ_SECONDS ?= 10
fuzz: $(FUZZ)
	$(Q)sh tests/fuzz/run.sh $(BUILD) $(FUZZ_SECONDS)

## bench: measures against the floor program and lsns, as ratios (needs root; takes minutes)
bench: all $(BENCH_PROGRAMS)
	$(Q)sh tests/bench/run.sh $(BUILD)
	$(Q)sh tests/bench/big.sh $(BUILD)
	$(Q)sh tests/bench/who.sh $(BUILD)
	$(Q)sh tests/bench/enter.sh $(BUILD)
	$(Q)sh tests/bench/net.sh $(BUILD)

## lint: shell scripts, man pages, layers, clang-tidy, cppcheck, format
lint: $(BIN)
	$(Q)sh tests/lint.sh $(BUILD)

## format: rewrites the sources in the house style
format:
	clang-format -i $(SRC) $(wildcard include/nsview/*.h src/*/*.h tests/*/*.c tests/*/*/*.c)

## install: to DESTDIR/PREFIX (/usr/local)
install: $(BIN)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(DOCDIR) $(DESTDIR)$(BASHCOMPDIR) \
		$(DESTDIR)$(ZSHCOMPDIR) $(DESTDIR)$(FISHCOMPDIR)
	install -m 755 $(BIN) $(DESTDIR)$(BINDIR)/nsview
	for page in $(MAN); do section=$${page##*.}; \
		install -d $(DESTDIR)$(MANDIR)/man$$section && \
		install -m 644 $$page $(DESTDIR)$(MANDIR)/man$$section/ || exit 1; done
	install -m 644 completions/nsview.bash $(DESTDIR)$(BASHCOMPDIR)/nsview
	install -m 644 completions/_nsview $(DESTDIR)$(ZSHCOMPDIR)/_nsview
	install -m 644 completions/nsview.fish $(DESTDIR)$(FISHCOMPDIR)/nsview.fish
	install -m 644 README.md LICENSE $(DESTDIR)$(DOCDIR)/

## uninstall: removes what install put there
uninstall:
	rm -f $(DESTDIR)$(BINDIR)/nsview $(DESTDIR)$(BASHCOMPDIR)/nsview \
		$(DESTDIR)$(ZSHCOMPDIR)/_nsview $(DESTDIR)$(FISHCOMPDIR)/nsview.fish \
		$(DESTDIR)$(DOCDIR)/README.md $(DESTDIR)$(DOCDIR)/LICENSE
	for page in $(MAN); do rm -f $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/}; done
	-rmdir $(DESTDIR)$(DOCDIR)

## clean: removes the build directory
clean:
	rm -rf $(BUILD)

## help: this list
help:
	@sed -n 's/^## //p' Makefile
	@echo "variables: PREFIX DESTDIR BUILD CC CFLAGS SAN=address,undefined WERROR=-Werror V=1"

-include $(OBJ:.o=.d) $(FUZZ_OBJ:.o=.d) $(ANCHOR_FILE:=.d) \
	$(addsuffix .d,$(UNIT) $(TOOLS) $(BENCH_PROGRAMS) $(FUZZ))

.PHONY: FORCE all run check deps test-programs fuzz bench lint format install uninstall clean help

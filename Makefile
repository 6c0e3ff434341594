# make [MODE=debug|asan|tsan|release]   build (release is what gets installed)
# make tests unit                       the tests; ./check builds and runs all of them
# make lint bench fuzz soak install     see HACKING.md

MODE  ?= debug
OUT   := build/$(MODE)
ifeq ($(origin CC),default)
CC    := gcc
endif
ifeq ($(origin CXX),default)
CXX   := g++
endif
# ./demo builds with WERROR= so that a newer compiler's new warning stops no user.
WERROR ?= -Werror

WARN  := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
         -Wpointer-arith -Wcast-qual -Wwrite-strings -Wvla -Wformat=2 \
         -Wconversion -Wno-sign-conversion -Wswitch-enum $(WERROR)
# xxhash.h insists on inlining, which gcc 14 refuses at -Og.
CFLAGS.debug   := -Og -g -DXXH_NO_INLINE_HINTS=1
CFLAGS.asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS.tsan    := -O1 -g -fsanitize=thread
CFLAGS.release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE \
                  -ffunction-sections -fdata-sections
LDFLAGS.release := -pie -Wl,-z,relro,-z,now -Wl,--gc-sections
# libFuzzer is clang's: make fuzz
CFLAGS.fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
                  -fno-omit-frame-pointer
ALL_CFLAGS := -std=c17 -D_GNU_SOURCE -Isrc -I. -MMD -MP $(WARN) $(CFLAGS.$(MODE)) $(CFLAGS)
ALL_CXXFLAGS := -std=c++17 -D_GNU_SOURCE -Isrc -I. -MMD -MP -Wall -Wextra $(CFLAGS.$(MODE)) $(CXXFLAGS)
ALL_LDFLAGS := $(CFLAGS.$(MODE)) $(LDFLAGS.$(MODE)) $(LDFLAGS)

PREFIX ?= /usr/local
BINDIR := $(PREFIX)/bin
DATADIR := $(PREFIX)/share
FORMATS_DIR ?= $(DATADIR)/spoor/formats
KNOWLEDGE_DIR ?= $(DATADIR)/spoor/knowledge

# What parses hostile formats is linked into the worker only, so that spoor starts in milliseconds.
PARSERS := libxml-2.0 libgsf-1
PARSERS_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PARSERS) 2>/dev/null))
WORKER_LIBS := -Wl,--as-needed -lpcre2-8 -lpsl -licui18n -licuuc -lyaml -lseccomp -lzstd -lz -lcrypto \
               $(shell pkg-config --libs $(PARSERS) 2>/dev/null) -lpff -levtx -lbfio -larchive -lyara
# Each shared object costs about half a millisecond at the start of every look-up.
SPOOR_LIBS  := -Wl,-Bstatic -lsqlite3 -lyaml -lcrypto -lzstd -lz -Wl,-Bdynamic -lm -ldl -lpthread
TEST_LIBS   := -lsqlite3 $(WORKER_LIBS) -lm

# ONLY="base text" builds and tests some layers alone.
ONLY ?= *
LIB_SRC  := $(filter-out src/cmd/main.c src/worker/main.c,$(wildcard $(ONLY:%=src/%/*.c)))
TEST_SRC := $(filter-out t/oracle/%,$(wildcard $(ONLY:%=t/%/*.t.c)))
FUZZ_SRC := $(filter-out t/fuzz/replay.c,$(wildcard t/fuzz/*.c))

# Other people's tokenisers, which ours are held against where they are installed.
have = $(wildcard /usr/include/$(1) /usr/include/*/$(1) /usr/local/include/$(1))
HAVE_OPENDKIM := $(call have,opendkim/dkim.h)
GMIME_LIBS := $(shell pkg-config --libs gmime-3.0 2>/dev/null)
ORACLE_C  := $(if $(and $(call have,jansson.h),$(call have,csv.h)),\
	$(filter-out %_opendkim.t.c %_gmime.t.c,$(wildcard t/oracle/*.t.c))) \
	$(if $(HAVE_OPENDKIM),$(wildcard t/oracle/*_opendkim.t.c)) \
	$(if $(GMIME_LIBS),$(wildcard t/oracle/*_gmime.t.c))
ORACLE_CC := $(if $(call have,simdjson.h),$(wildcard t/oracle/*.t.cc))

# A worker with hooks that crash, loop and starve on purpose, for tests only.
WORKER_HOOKS := $(wildcard t/seam/worker_hooks.c)

TESTS := $(TEST_SRC:%.t.c=$(OUT)/%.t)
ORACLES := $(ORACLE_C:%.t.c=$(OUT)/%.t) $(ORACLE_CC:%.t.cc=$(OUT)/%.t)
FUZZS := $(FUZZ_SRC:%.c=$(OUT)/%)
PROGRAMS := $(OUT)/spoor $(OUT)/spoor-worker

all: $(PROGRAMS)

tests: all unit $(FUZZS) $(ORACLES) $(if $(WORKER_HOOKS),$(OUT)/spoor-worker-test)

unit: $(TESTS)

$(OUT)/lib.a: $(LIB_SRC:%.c=$(OUT)/%.o)
	@rm -f $@ && ar rcs $@ $^

# Where formats and knowledge are once installed; a build tree finds those beside it first.
$(OUT)/src/cmd/%.o: ALL_CFLAGS += -DSPOOR_FORMATS_DIR='"$(FORMATS_DIR)"' \
	-DSPOOR_KNOWLEDGE_DIR='"$(KNOWLEDGE_DIR)"'
$(patsubst %.c,$(OUT)/%.o,$(wildcard src/cmd/*.c)): $(OUT)/formats-dir
$(OUT)/formats-dir: FORCE
	@mkdir -p $(@D)
	@echo '$(FORMATS_DIR) $(KNOWLEDGE_DIR)' | cmp -s - $@ || \
		echo '$(FORMATS_DIR) $(KNOWLEDGE_DIR)' >$@

# Other people's parsers are known to these only.
$(patsubst %.c,$(OUT)/%.o,$(wildcard src/mail/*.c src/unpack/*.c src/intel/xml.c t/mail/*.c t/unpack/*.c)): \
	ALL_CFLAGS += $(PARSERS_CFLAGS)

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(OUT)/%.o: %.cc
	@mkdir -p $(@D)
	$(CXX) $(ALL_CXXFLAGS) -c -o $@ $<

$(OUT)/spoor: $(OUT)/src/cmd/main.o $(OUT)/lib.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(SPOOR_LIBS)

$(OUT)/spoor-worker: $(OUT)/src/worker/main.o $(OUT)/lib.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(WORKER_LIBS)

$(OUT)/spoor-worker-test: $(OUT)/src/worker/main.o $(OUT)/t/seam/worker_hooks.o $(OUT)/lib.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(WORKER_LIBS)

# A seam: what is linked before the library wins, here a file system that fails on demand.
FAULTS := $(filter $(OUT)/t/%,$(foreach t,$(TESTS),$(if $(filter faults%,$(notdir $t)),$t)))
$(FAULTS): $(OUT)/%.t: $(OUT)/%.t.o $(OUT)/t/seam/io.o $(OUT)/lib.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS)

$(ORACLE_C:%.t.c=$(OUT)/%.t): $(OUT)/%.t: $(OUT)/%.t.o $(OUT)/lib.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS) $(if $(findstring opendkim,$@),-lopendkim,$(if $(findstring gmime,$@),$(GMIME_LIBS),-ljansson -lcsv))

$(OUT)/t/oracle/mail_gmime.t.o: ALL_CFLAGS += $(patsubst -I%,-isystem %,$(shell pkg-config --cflags gmime-3.0 2>/dev/null))

$(ORACLE_CC:%.t.cc=$(OUT)/%.t): $(OUT)/%.t: $(OUT)/%.t.o $(OUT)/lib.a
	$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS) -lsimdjson

$(OUT)/%.t: $(OUT)/%.t.o $(OUT)/lib.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS)

$(FUZZS): $(OUT)/t/fuzz/%: $(OUT)/t/fuzz/%.o $(OUT)/t/fuzz/replay.o $(OUT)/lib.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS)

# libFuzzer brings its own main.
FUZZERS := $(FUZZ_SRC:t/fuzz/%.c=$(OUT)/fuzzer/%)
fuzzers: $(FUZZERS)
$(FUZZERS): $(OUT)/fuzzer/%: $(OUT)/t/fuzz/%.o $(OUT)/lib.a
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(TEST_LIBS)

# make fuzz F=json T=60: one target for T seconds.
F ?=
T ?= 60
fuzz:
	tools/fuzz $(T) $(F)

fuzz-all:
	tools/fuzz $(T)

# Hours, not minutes: each fuzz target for 10 minutes, and the long kill -9 tests.
soak:
	CHECK_LONG=1 T=600 tools/soak

lint:
	tools/lint

bench: $(OUT)/bench/gen
	bench/run.sh

$(OUT)/bench/gen: $(patsubst %.c,$(OUT)/%.o,$(wildcard bench/gen*.c))
	$(CC) $(ALL_LDFLAGS) -o $@ $^

$(OUT)/bench/%: $(OUT)/bench/%.o $(OUT)/lib.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS)

# With its peers, where they are installed.
HAVE_CSV := $(call have,csv.h)
HAVE_SIMDJSON := $(call have,simdjson.h)
$(OUT)/bench/tokens.o: ALL_CFLAGS += $(if $(HAVE_CSV),-DHAVE_LIBCSV) $(if $(HAVE_SIMDJSON),-DHAVE_SIMDJSON)
$(OUT)/bench/tokens: $(OUT)/bench/tokens.o $(if $(HAVE_SIMDJSON),$(OUT)/bench/simdjson.o) $(OUT)/lib.a
	$(CXX) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS) $(if $(HAVE_CSV),-lcsv) $(if $(HAVE_SIMDJSON),-lsimdjson)

$(OUT)/bench/mailauth.o: ALL_CFLAGS += $(if $(HAVE_OPENDKIM),-DHAVE_OPENDKIM)
$(OUT)/bench/mailauth: $(OUT)/bench/mailauth.o $(OUT)/lib.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS) $(if $(HAVE_OPENDKIM),-lopendkim)

install:
	$(MAKE) MODE=release all
	install -d $(addprefix $(DESTDIR),$(BINDIR) $(FORMATS_DIR) $(KNOWLEDGE_DIR) $(FORMATS_DIR)/../rules \
		$(DATADIR)/man/man1 $(DATADIR)/man/man5 $(DATADIR)/man/man7 $(DATADIR)/man/man8 \
		$(DATADIR)/bash-completion/completions $(DATADIR)/zsh/site-functions)
	install -s build/release/spoor build/release/spoor-worker $(DESTDIR)$(BINDIR)
	install -m 644 formats/*.yaml $(DESTDIR)$(FORMATS_DIR)
	install -m 644 knowledge/*.yaml $(DESTDIR)$(KNOWLEDGE_DIR)
	install -m 644 rules/*.yaml rules/*.yml $(DESTDIR)$(FORMATS_DIR)/../rules
	for page in man/*.[1578]; do \
		install -m 644 $$page $(DESTDIR)$(DATADIR)/man/man$${page##*.}/ || exit 1; done
	install -m 644 completion/spoor.bash $(DESTDIR)$(DATADIR)/bash-completion/completions/spoor
	install -m 644 completion/_spoor $(DESTDIR)$(DATADIR)/zsh/site-functions/

clean:
	rm -rf build

.SECONDARY:
.PHONY: FORCE all unit tests fuzzers fuzz fuzz-all soak lint bench install clean
-include $(shell find $(OUT) -name '*.d' 2>/dev/null)

# make [MODE=debug|asan|tsan|release]   build (release is what gets installed)
# make check                            all tests, short form
# make lint bench fuzz soak             see HACKING.md

MODE  ?= debug
OUT   := build/$(MODE)
CC    ?= gcc

WARN  := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
         -Wpointer-arith -Wcast-qual -Wwrite-strings -Wvla -Wformat=2 \
         -Wconversion -Wno-sign-conversion -Wswitch-enum -Werror
CFLAGS.debug   := -Og -g
CFLAGS.asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS.tsan    := -O1 -g -fsanitize=thread
CFLAGS.release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
LDFLAGS.release := -pie -Wl,-z,relro,-z,now
ALL_CFLAGS := -std=c17 -D_GNU_SOURCE -Isrc -I. -MMD -MP $(WARN) $(CFLAGS.$(MODE)) $(CFLAGS)
ALL_LDFLAGS := $(CFLAGS.$(MODE)) $(LDFLAGS.$(MODE)) $(LDFLAGS)

# What parses hostile formats is linked into the worker only, so that spoor starts in milliseconds.
WORKER_LIBS := -lpsl -licuuc -lyaml -lseccomp -lzstd -lz -lcrypto
SPOOR_LIBS  := -Wl,-Bstatic -lsqlite3 -lyaml -lzstd -lcrypto -Wl,-Bdynamic -lm -ldl -lpthread
TEST_LIBS   := -lsqlite3 $(WORKER_LIBS) -lm

# ONLY="base text" builds and tests some layers alone.
ONLY ?= *
LIB_SRC  := $(filter-out src/cmd/main.c src/worker/main.c,$(wildcard $(ONLY:%=src/%/*.c)))
TEST_SRC := $(wildcard $(ONLY:%=t/%/*.t.c))
FUZZ_SRC := $(filter-out t/fuzz/replay.c,$(wildcard t/fuzz/*.c))

TESTS := $(TEST_SRC:%.t.c=$(OUT)/%.t)
FUZZS := $(FUZZ_SRC:%.c=$(OUT)/%)

all: $(OUT)/spoor $(OUT)/spoor-worker

tests: all $(TESTS) $(FUZZS)

unit: $(TESTS)

$(OUT)/lib.a: $(LIB_SRC:%.c=$(OUT)/%.o)
	@rm -f $@ && ar rcs $@ $^

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(OUT)/spoor: $(OUT)/src/cmd/main.o $(OUT)/lib.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(SPOOR_LIBS)

$(OUT)/spoor-worker: $(OUT)/src/worker/main.o $(OUT)/lib.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(WORKER_LIBS)

$(OUT)/%.t: $(OUT)/%.t.o $(OUT)/lib.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS)

$(FUZZS): $(OUT)/t/fuzz/%: $(OUT)/t/fuzz/%.o $(OUT)/t/fuzz/replay.o $(OUT)/lib.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TEST_LIBS)

clean:
	rm -rf build

.SECONDARY:
.PHONY: all unit tests clean
-include $(shell find $(OUT) -name '*.d' 2>/dev/null)

# SPDX-License-Identifier: GPL-2.0-or-later
#
# The fuzzer of requests; the Makefile includes this.
REQUEST := $(O)/fuzz/requests/request
REQUEST_SRC := $(sort $(wildcard tests/fuzz/request*.c))
REQUEST_HELPERS := $(patsubst %,$(O)/obj/tests/vm/truth/%.o,hidepid parameter raw tap)

$(O)/fuzz/requests/spec.c: module/uapi/kin.yaml tests/fuzz/request-spec | $(O)/.packages-requests
	@mkdir -p $(@D)
	tests/fuzz/request-spec $< >$@

$(O)/obj/fuzz/requests/%.o: $(O)/fuzz/requests/%.c $(wildcard tests/fuzz/request*.h) | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/fuzz $(CFLAGS) $(WARN) -c -o $@ $<

$(O)/obj/tests/fuzz/%.o: tests/fuzz/%.c $(wildcard tests/fuzz/request*.h) $(HEADERS) | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -I. $(CFLAGS) $(WARN) -c -o $@ $<

$(REQUEST): $(O)/obj/fuzz/requests/spec.o $(REQUEST_SRC:%.c=$(O)/obj/%.o) $(REQUEST_HELPERS) $(O)/libkin.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ -lmnl -lpthread

# The module with points that KCOV sees, in a directory of its own: links to the
# sources, so that it is built beside the usual one and not over it.
$(O)/fuzz/requests/kcov.ko: $(MODULE_SRC) $(DEBUG_KERNEL) | $(O)/.packages-vm $(O)/.packages-debug
	@mkdir -p $(O)/fuzz/requests/kcov
	@ln -sfnr Kbuild module $(O)/fuzz/requests/kcov/
	tests/vm/build-module debug --source $(O)/fuzz/requests/kcov --out $@ KCOV_INSTRUMENT=y KCFLAGS=-g

$(O)/fuzz/requests/points: $(O)/fuzz/requests/kcov.ko tests/fuzz/request-points | $(O)/.packages-requests
	tests/fuzz/request-points $< >$@

.PHONY: request-fuzzer
request-fuzzer: $(REQUEST) $(O)/fuzz/requests/kcov.ko $(O)/fuzz/requests/points

# A short run, for each change; and proof that the fuzzer finds what there is.
.PHONY: check-requests
check-requests: request-fuzzer
	tests/fuzz/request-run --requests 10000
	tests/fuzz/request-selftest --quick

.PHONY: selftest-requests
selftest-requests: request-fuzzer
	tests/fuzz/request-selftest

# A long run; FUZZ_SEED=N for other requests.
FUZZ_SEED ?= 1
FUZZ_REQUESTS ?= 200000

.PHONY: fuzz-requests
fuzz-requests: request-fuzzer
	tests/fuzz/request-run --requests $(FUZZ_REQUESTS) --seed $(FUZZ_SEED)
	tests/fuzz/request-selftest

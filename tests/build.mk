# SPDX-License-Identifier: GPL-2.0-or-later
#
# The programs that tests are made of; the Makefile includes this.

# ---- the factory --------------------------------------------------------------
# Static: its members have little to copy at each fork.
FACTORY_SRC := $(sort $(wildcard tests/factory/*.c))

$(O)/tests/factory: $(FACTORY_SRC) $(wildcard tests/factory/*.h) | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(CFLAGS) $(WARN) -static -o $@ $(FACTORY_SRC) -lpthread

# ---- what tests of events watch: static, too, it is run very often ------------
WORKLOAD_SRC := $(sort $(wildcard tests/workload/*.c))

$(O)/tests/workload: $(WORKLOAD_SRC) $(wildcard tests/workload/*.h) | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(CFLAGS) $(WARN) -static -o $@ $(WORKLOAD_SRC)

# ---- what kin run runs: a family that knows itself ----------------------------------
$(O)/tests/household: tests/vm/household.c | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(CFLAGS) $(WARN) -static -o $@ $< -lpthread

# ---- examples, built as somebody would who has the library installed ------------------
EXAMPLES := $(patsubst %.c,$(O)/%,$(sort $(wildcard examples/*.c)))

$(O)/examples/%: examples/%.c $(O)/libkin.a client/lib/libkin.h module/uapi/kin.h
	@mkdir -p $(@D)/include/kin
	ln -sf $(abspath client/lib/libkin.h module/uapi/kin.h) $(@D)/include/kin
	$(CC) $(CFLAGS) -Wall -Wextra -Wno-unused-parameter -I$(@D)/include -o $@ $< $(O)/libkin.a -lmnl

# ---- programs that run inside the VM --------------------------------------------
TRUTH_SRC := $(sort $(wildcard tests/vm/truth/*.c))
VM_TESTS := $(patsubst tests/vm/%.c,$(O)/tests/%,$(sort $(wildcard tests/vm/test-*.c)))

$(O)/obj/tests/%.o: tests/%.c $(wildcard tests/vm/truth/*.h tests/vm/events/*.h tests/workload/*.h) $(HEADERS) | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) -c -o $@ $<

EVENTS_SRC := $(sort $(wildcard tests/vm/events/*.c)) $(filter-out %/workload.c,$(WORKLOAD_SRC))

$(filter $(O)/tests/test-events-%,$(VM_TESTS)): $(O)/tests/%: $(O)/obj/tests/vm/%.o \
		$(EVENTS_SRC:%.c=$(O)/obj/%.o) $(TRUTH_SRC:%.c=$(O)/obj/%.o) $(O)/libkin.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ -lmnl -lpthread

$(O)/tests/test-%: $(O)/obj/tests/vm/test-%.o $(TRUTH_SRC:%.c=$(O)/obj/%.o) $(O)/libkin.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ -lmnl -lpthread

.SECONDARY:

.PHONY: vm-tests
vm-tests: $(O)/tests/factory $(O)/tests/workload $(O)/tests/household $(VM_TESTS) $(EXAMPLES) | $(O)/.packages-test

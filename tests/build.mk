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

# ---- a descriptor of each type ------------------------------------------------------
ZOO_SRC := $(sort $(wildcard tests/zoo/*.c))

$(O)/tests/zoo: $(ZOO_SRC) $(wildcard tests/zoo/*.h) module/uapi/kin.h | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -Imodule/uapi $(CFLAGS) $(WARN) -static -o $@ $(ZOO_SRC) -lpthread -lrt

# ---- what kin run runs: a family that knows itself ----------------------------------
$(O)/tests/household: tests/vm/household.c | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(CFLAGS) $(WARN) -static -o $@ $< -lpthread

# ---- a file system that stops, and who is stuck on it ------------------------------
HANG := $(patsubst tests/vm/hang/%.c,$(O)/tests/hang/%,$(sort $(wildcard tests/vm/hang/*.c)))

$(O)/tests/hang/%: tests/vm/hang/%.c | $(O)/.packages-client
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

$(O)/obj/tests/%.o: tests/%.c $(wildcard tests/vm/truth/*.h tests/vm/events/*.h tests/vm/access/*.h tests/vm/fds/*.h tests/vm/fd/*.h tests/vm/groups/*.h tests/workload/*.h) $(HEADERS) | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) -c -o $@ $<

EVENTS_SRC := $(sort $(wildcard tests/vm/events/*.c)) $(filter-out %/workload.c,$(WORKLOAD_SRC))

$(filter $(O)/tests/test-events-%,$(VM_TESTS)): $(O)/tests/%: $(O)/obj/tests/vm/%.o \
		$(EVENTS_SRC:%.c=$(O)/obj/%.o) $(TRUTH_SRC:%.c=$(O)/obj/%.o) $(O)/libkin.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ -lmnl -lpthread

# Storms and multitudes of descriptors.
FDS_SRC := $(sort $(wildcard tests/vm/fds/*.c)) tests/workload/draw.c

$(addprefix $(O)/tests/test-fd-,storm removal million): $(FDS_SRC:%.c=$(O)/obj/%.o)

FD_SRC := $(sort $(wildcard tests/vm/fd/*.c))

$(O)/tests/test-fd: $(FD_SRC:%.c=$(O)/obj/%.o)

GROUPS_SRC := $(sort $(wildcard tests/vm/groups/*.c))

$(O)/tests/test-groups: $(GROUPS_SRC:%.c=$(O)/obj/%.o)

ACCESS_SRC := $(sort $(wildcard tests/vm/access/*.c))

$(filter $(O)/tests/test-access%,$(VM_TESTS)): $(ACCESS_SRC:%.c=$(O)/obj/%.o)

$(O)/tests/test-%: $(O)/obj/tests/vm/test-%.o $(TRUTH_SRC:%.c=$(O)/obj/%.o) $(O)/libkin.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ -lmnl -lpthread

# ---- Prometheus and Alertmanager, for test-client-receivers ---------------------------------
$(O)/receivers: tests/vm/receivers/unpack | $(O)/.packages-test
	tests/vm/receivers/unpack $@

.SECONDARY:

.PHONY: vm-tests
vm-tests: $(O)/tests/factory $(O)/tests/zoo $(O)/tests/workload $(O)/tests/household $(HANG) $(VM_TESTS) $(EXAMPLES) $(O)/receivers labs | $(O)/.packages-test

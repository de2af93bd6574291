# SPDX-License-Identifier: GPL-2.0-or-later
#
# The programs that tests are made of; the Makefile includes this.

# ---- the factory --------------------------------------------------------------
# Static: its members have little to copy at each fork.
FACTORY_SRC := $(sort $(wildcard tests/factory/*.c))

$(O)/tests/factory: $(FACTORY_SRC) $(wildcard tests/factory/*.h) | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(CFLAGS) $(WARN) -static -o $@ $(FACTORY_SRC) -lpthread

# ---- programs that run inside the VM --------------------------------------------
TRUTH_SRC := $(sort $(wildcard tests/vm/truth/*.c))
VM_TESTS := $(patsubst tests/vm/%.c,$(O)/tests/%,$(sort $(wildcard tests/vm/test-*.c)))

$(O)/obj/tests/%.o: tests/%.c $(wildcard tests/vm/truth/*.h) $(HEADERS) | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) -c -o $@ $<

$(O)/tests/test-%: $(O)/obj/tests/vm/test-%.o $(TRUTH_SRC:%.c=$(O)/obj/%.o) $(O)/libkin.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ -lmnl -lpthread

.SECONDARY:

.PHONY: vm-tests
vm-tests: $(O)/tests/factory $(VM_TESTS) | $(O)/.packages-test

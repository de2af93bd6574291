# SPDX-License-Identifier: GPL-2.0-or-later
#
# The programs that tests are made of; the Makefile includes this.

# ---- the factory --------------------------------------------------------------
# Static: its members have little to copy at each fork.
FACTORY_SRC := $(sort $(wildcard tests/factory/*.c))

$(O)/tests/factory: $(FACTORY_SRC) $(wildcard tests/factory/*.h) | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(CFLAGS) $(WARN) -static -o $@ $(FACTORY_SRC) -lpthread

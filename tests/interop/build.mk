# SPDX-License-Identifier: GPL-2.0-or-later
#
# The clients that must agree; the Makefile includes this.
INTEROP := $(O)/tests/interop

$(INTEROP)/nl: tests/interop/nl.c tests/interop/canon.c tests/interop/canon.h $(HEADERS) | $(O)/.packages-interop
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) $$(pkg-config --cflags libnl-genl-3.0) \
	  -o $@ $(filter %.c,$^) $$(pkg-config --libs libnl-genl-3.0)

$(INTEROP)/libkin: tests/interop/libkin.c tests/interop/canon.c tests/interop/canon.h $(O)/libkin.a $(HEADERS) | $(O)/.packages-interop
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) -o $@ $(filter %.c %.a,$^) -lmnl

$(INTEROP)/ynl: tests/interop/ynl | $(O)/.packages-interop
	tests/interop/ynl $@
	@touch $@

.PHONY: interop-programs
interop-programs: $(INTEROP)/nl $(INTEROP)/libkin $(INTEROP)/ynl $(O)/tests/factory

.PHONY: check-interop
check-interop: interop-programs $(O)/kin.ko
	tests/vm/run -- tests/interop/run

# SPDX-License-Identifier: GPL-2.0-or-later
#
# The labs: programs of known illnesses; the Makefile includes this.  Static: the
# children of some are many, and have little to copy.
LABS_SHARED := lab cgroup
LABS_SCRIPTS := fdleak
LABS := $(filter-out $(LABS_SHARED),$(sort $(basename $(notdir $(wildcard labs/*.c)))))

$(LABS:%=$(O)/labs/%): $(O)/labs/%: labs/%.c $(LABS_SHARED:%=labs/%.c) labs/lab.h | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(CFLAGS) $(WARN) -static -o $@ $< $(LABS_SHARED:%=labs/%.c) -lpthread

$(LABS_SCRIPTS:%=$(O)/labs/%): $(O)/labs/%: labs/%
	@mkdir -p $(@D)
	cp $< $@

.PHONY: labs
labs: $(addprefix $(O)/labs/,$(LABS) $(LABS_SCRIPTS))

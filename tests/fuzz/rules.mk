# SPDX-License-Identifier: GPL-2.0-or-later
#
# Files of rules that a fuzzer makes up; the Makefile includes this, after replies.mk.
#
#   make fuzz-rules		for FUZZ_SECONDS
#
# What reads rules, of all that kin-guard is.
RULES_SRC := $(addprefix client/guard/,$(addsuffix .c,source sourceplace complaint \
	     field ruleread rulecheck receiverread ruleset rulefile template))

$(FUZZ)/guard/%.o: client/guard/%.c $(FUZZ_HEADERS) $(wildcard client/guard/*.h) | $(O)/.packages-fuzz
	@mkdir -p $(@D)
	$(FUZZ_COMPILE) -Iclient/guard -fsanitize=fuzzer-no-link $(SANITIZE) -c -o $@ $<

$(FUZZ)/rules: tests/fuzz/rules.c $(RULES_SRC:client/guard/%.c=$(FUZZ)/guard/%.o) $(FUZZ)/client.a
	$(FUZZ_COMPILE) -Iclient/guard -fsanitize=fuzzer $(SANITIZE) -o $@ $^ $(KIN_LIBS) -lcurl -lyaml

# With a mistake made on purpose, which must be found: as those of replies.mk.
RULES_MISTAKES := $(sort $(basename $(notdir $(wildcard tests/fuzz/rules-mistakes/*.sed))))
rules-mistaken = $(shell sed -n '2s/^. //p' tests/fuzz/rules-mistakes/$(1).sed)

$(FUZZ)/rules-mistakes/%.c: tests/fuzz/rules-mistakes/%.sed $$(call rules-mistaken,$$*)
	@mkdir -p $(@D)
	sed -f $^ >$@
	@! cmp -s $(word 2,$^) $@ || { echo "$<: nothing in $(word 2,$^) is changed by it" >&2; exit 1; }

$(FUZZ)/rules-mistakes/%: $(FUZZ)/rules-mistakes/%.c $(FUZZ)/rules
	$(FUZZ_COMPILE) -Iclient/guard -fsanitize=fuzzer $(SANITIZE) -o $@ $< tests/fuzz/rules.c \
	  $(patsubst client/guard/%.c,$(FUZZ)/guard/%.o,$(filter-out $(call rules-mistaken,$*),$(RULES_SRC))) \
	  $(FUZZ)/client.a $(KIN_LIBS) -lcurl -lyaml

RULES_PROGRAMS := $(FUZZ)/rules $(RULES_MISTAKES:%=$(FUZZ)/rules-mistakes/%)
fuzz-programs: $(RULES_PROGRAMS)

.PHONY: fuzz-rules
fuzz-rules: $(RULES_PROGRAMS)
	tests/fuzz/rules-run $(FUZZ_SECONDS)

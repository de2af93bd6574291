# SPDX-License-Identifier: GPL-2.0-or-later
#
# The client, fed with replies that a fuzzer makes up; the Makefile includes
# this.
#
#   make fuzz-replies		each target for FUZZ_SECONDS (600)
#   make fuzz-coverage		what the corpus covers of the client
#   make fuzz-corpus		record the corpus again, in the VM

FUZZ_SECONDS	?= 600
FUZZ		:= $(O)/fuzz
FUZZ_CC		:= clang-14
FUZZ_CFLAGS	:= -O1 -g -fno-omit-frame-pointer
FUZZ_TARGETS	:= tasks fds facts events mirror show expr

FUZZ_HELPERS	:= $(addprefix tests/fuzz/reply-,kernel.c reference.c commands.c output.c)
FUZZ_SRC	:= $(WATCHED_CLIENT) $(FUZZ_HELPERS)
FUZZ_HEADERS	:= $(HEADERS) $(wildcard tests/fuzz/reply-*.h)
FUZZ_COMPILE	= $(FUZZ_CC) $(CPPFLAGS) -Iclient/cmd -Itests/fuzz $(WARN) $(FUZZ_CFLAGS)

# Where the kernel, the clock, users and the terminal come in (reply-kernel.c,
# reply-show.c).
fuzz-wrap	= $(foreach name,$(1),-Wl,--wrap=$(name))
FUZZ_WRAP	:= $(call fuzz-wrap,recvmsg poll ppoll)
FUZZ_WRAP_SHOW	:= $(call fuzz-wrap,kin_view_now cmd_columns getpwuid_r getgrgid_r \
		   eventclock_sync setvbuf)

# ---- the targets ----------------------------------------------------------------
$(FUZZ)/obj/%.o: %.c $(FUZZ_HEADERS) | $(O)/.packages-fuzz
	@mkdir -p $(@D)
	$(FUZZ_COMPILE) -fsanitize=fuzzer-no-link $(SANITIZE) -c -o $@ $<

# (Not ours: without warnings.)
$(FUZZ)/obj/gen/%.o: $(O)/gen/%.c $(FUZZ_HEADERS) | $(O)/.packages-fuzz
	@mkdir -p $(@D)
	$(FUZZ_CC) $(CPPFLAGS) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link $(SANITIZE) -c -o $@ $<

$(FUZZ)/client.a: $(patsubst %.c,$(FUZZ)/obj/%.o,$(FUZZ_SRC) $(GENERATED:$(O)/%=%))
	@rm -f $@
	$(AR) rcs $@ $^

fuzz-link	= $(FUZZ_CC) -fsanitize=fuzzer $(SANITIZE) $(FUZZ_WRAP) \
		  $(if $(filter show,$(1)),$(FUZZ_WRAP_SHOW)) -o $@ $(2) $(KIN_LIBS) -ljansson

$(FUZZ)/reply-%: $(FUZZ)/obj/tests/fuzz/reply-%.o $(FUZZ)/client.a
	$(call fuzz-link,$*,$^)

# The same with a mistake made on purpose, which must be found: TARGET-MISTAKE.sed
# names the file it changes in its second line, and must change it.
FUZZ_MISTAKES	:= $(sort $(basename $(notdir $(wildcard tests/fuzz/reply-mistakes/*.sed))))
fuzz-mistaken	= $(shell sed -n '2s/^. //p' tests/fuzz/reply-mistakes/$(1).sed)

.SECONDEXPANSION:
$(FUZZ)/mistakes/%.c: tests/fuzz/reply-mistakes/%.sed $$(call fuzz-mistaken,$$*)
	@mkdir -p $(@D)
	sed -f $^ >$@
	@! cmp -s $(word 2,$^) $@ || { echo "$<: nothing in $(word 2,$^) is changed by it" >&2; exit 1; }

$(FUZZ)/mistakes/%.o: $(FUZZ)/mistakes/%.c $(FUZZ_HEADERS) | $(O)/.packages-fuzz
	$(FUZZ_COMPILE) -fsanitize=fuzzer-no-link $(SANITIZE) -c -o $@ $<

# (What is in the object is not taken out of the archive again.)
$(FUZZ)/mistakes/%: $(FUZZ)/mistakes/%.o $(FUZZ)/client.a \
		    $$(FUZZ)/obj/tests/fuzz/reply-$$(firstword $$(subst -, ,$$*)).o
	$(call fuzz-link,$(firstword $(subst -, ,$*)),$(filter %.o,$^) $(FUZZ)/client.a)

FUZZ_PROGRAMS := $(FUZZ_TARGETS:%=$(FUZZ)/reply-%) $(FUZZ_MISTAKES:%=$(FUZZ)/mistakes/%)

.PHONY: fuzz-programs
fuzz-programs: $(FUZZ_PROGRAMS)

.PHONY: fuzz-replies
fuzz-replies: $(FUZZ_PROGRAMS)
	tests/fuzz/reply-run $(FUZZ_SECONDS) $(FUZZ_SEED)

# ---- what is covered --------------------------------------------------------------
FUZZ_COVER := -fprofile-instr-generate -fcoverage-mapping

$(FUZZ)/cover/%.o: %.c $(FUZZ_HEADERS) | $(O)/.packages-fuzz
	@mkdir -p $(@D)
	$(FUZZ_COMPILE) $(FUZZ_COVER) -fsanitize=fuzzer-no-link -c -o $@ $<

$(FUZZ)/cover/reply-%: $(FUZZ)/cover/tests/fuzz/reply-%.o $(FUZZ_SRC:%.c=$(FUZZ)/cover/%.o) $(O)/libexpr.a
	$(FUZZ_CC) $(FUZZ_COVER) -fsanitize=fuzzer $(FUZZ_WRAP) \
	  $(if $(filter show,$*),$(FUZZ_WRAP_SHOW)) -o $@ $^ $(KIN_LIBS) -ljansson

.PHONY: fuzz-coverage
fuzz-coverage: $(FUZZ_TARGETS:%=$(FUZZ)/cover/reply-%)
	tests/fuzz/reply-coverage

# ---- the corpus ---------------------------------------------------------------------
# What the module says, written down in the VM: the client as it is shipped, its
# conversation overheard.
$(FUZZ)/reply-record: tests/fuzz/reply-record.c tests/fuzz/reply-commands.c $(CMD_OBJ) $(O)/libkin.a \
		      $(O)/libexpr.a $(FUZZ_HEADERS) | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Iclient/cmd $(CFLAGS) $(WARN) $(call fuzz-wrap,recvmsg mnl_socket_sendto) \
	  -o $@ $(filter %.c,$^) $(filter-out %/main.o,$(CMD_OBJ)) $(O)/libexpr.a \
	  $(O)/libkin.a $(KIN_LIBS)

.PHONY: fuzz-corpus
fuzz-corpus: $(FUZZ)/reply-record $(FUZZ_PROGRAMS) $(O)/kin $(O)/kin.ko $(O)/tests/factory
	tests/fuzz/reply-corpus

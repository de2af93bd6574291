# SPDX-License-Identifier: GPL-2.0-or-later
#
# The unit tests once more, every access, leak and undefined step watched; the
# Makefile includes this.
ASAN		:= $(O)/asan
SANITIZE	:= -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all
ASAN_FLAGS	:= -O1 -g -fno-omit-frame-pointer $(SANITIZE)
# The client's own files; a program has its main() elsewhere.
WATCHED_CLIENT	:= $(filter-out client/cmd/main.c,$(sort $(wildcard client/lib/*.c client/cmd/*.c)))
WATCHED_GUARD	:= $(filter-out client/guard/main.c,$(sort $(wildcard client/guard/*.c)))
ASAN_TESTS	:= $(patsubst tests/unit/%.c,$(ASAN)/%,$(sort $(wildcard tests/unit/test_*.c)))

$(ASAN)/obj/%.o: %.c $(HEADERS) | $(O)/.packages-check
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ASAN_FLAGS) $(WARN) -c -o $@ $<

$(ASAN)/obj/client/guard/%.o: CPPFLAGS += -Iclient/cmd

# (Not ours: without warnings.)
$(ASAN)/obj/gen/%.o: $(O)/gen/%.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ASAN_FLAGS) -std=gnu11 -c -o $@ $<

$(ASAN)/client.a: $(patsubst %.c,$(ASAN)/obj/%.o,$(WATCHED_CLIENT) $(WATCHED_GUARD) $(GENERATED:$(O)/%=%)) \
		  $(O)/obj/client/guard/builtin.o
	@rm -f $@
	$(AR) rcs $@ $^

# The whole program, for tests in the VM.
$(ASAN)/kin-guard: $(ASAN)/obj/client/guard/main.o $(ASAN)/client.a
	$(CC) $(ASAN_FLAGS) -o $@ $^ $(KIN_LIBS) $(GUARD_LIBS)

$(ASAN)/test_%: tests/unit/test_%.c $(wildcard tests/unit/*.h) $(ASAN)/client.a
	$(CC) $(CPPFLAGS) -Iclient/cmd -Iclient/guard $(ASAN_FLAGS) $(WARN) -o $@ $< $(ASAN)/client.a \
	  -lcmocka $(KIN_LIBS) $(GUARD_LIBS)

.PHONY: check-sanitized
check-sanitized: $(ASAN_TESTS)
	tests/unit/sanitized

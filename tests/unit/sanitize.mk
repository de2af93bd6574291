# SPDX-License-Identifier: GPL-2.0-or-later
#
# The unit tests once more, every access, leak and undefined step watched; the
# Makefile includes this.
ASAN		:= $(O)/asan
SANITIZE	:= -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all
ASAN_FLAGS	:= -O1 -g -fno-omit-frame-pointer $(SANITIZE)
# The client's own files; a program has its main() elsewhere.
WATCHED_CLIENT	:= $(filter-out client/cmd/main.c,$(sort $(wildcard client/lib/*.c client/cmd/*.c)))
ASAN_TESTS	:= $(patsubst tests/unit/%.c,$(ASAN)/%,$(sort $(wildcard tests/unit/test_*.c)))

$(ASAN)/obj/%.o: %.c $(HEADERS) | $(O)/.packages-check
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ASAN_FLAGS) $(WARN) -c -o $@ $<

$(ASAN)/client.a: $(WATCHED_CLIENT:%.c=$(ASAN)/obj/%.o)
	@rm -f $@
	$(AR) rcs $@ $^

$(ASAN)/test_%: tests/unit/test_%.c $(wildcard tests/unit/*.h) $(ASAN)/client.a
	$(CC) $(CPPFLAGS) -Iclient/cmd $(ASAN_FLAGS) $(WARN) -o $@ $< $(ASAN)/client.a -lcmocka -lmnl

.PHONY: check-sanitized
check-sanitized: $(ASAN_TESTS)
	tests/unit/sanitized

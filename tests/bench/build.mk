# SPDX-License-Identifier: GPL-2.0-or-later
#
# make bench: what it costs to read all processes, and to be told of those that
# come and go, in instructions; the Makefile includes this.

BENCH	   := $(O)/bench
bench-objects = $(patsubst tests/bench/%.c,$(BENCH)/%.o,$(sort $(filter-out %.bpf.c,$(1))))
BENCH_OBJ  := $(call bench-objects,$(wildcard tests/bench/*.c))
# Of bench itself, events and files share how it counts.
EVENTS_OBJ := $(call bench-objects,$(wildcard tests/bench/events/*.c) \
	      $(addprefix tests/bench/,choice.c counter.c rounds.c))
FILES_OBJ  := $(call bench-objects,$(wildcard tests/bench/files/*.c) \
	      $(addprefix tests/bench/,choice.c counter.c rounds.c spawn.c))

# The kernel's own types, as the one in the machine has them.
$(BENCH)/vmlinux.h: tests/vm/kernel | $(O)/.packages-vm $(O)/.packages-bench
	@mkdir -p $(@D)
	eval "$$(tests/vm/kernel 6.1)" && \
	  PATH=$$PATH:/usr/sbin bpftool btf dump file "$$VMLINUX" format c >$@

$(BENCH)/%.bpf.o: tests/bench/%.bpf.c $(wildcard tests/bench/*.h tests/bench/*/*.h) $(BENCH)/vmlinux.h
	@mkdir -p $(@D)
	clang-14 -O2 -g -Wall -target bpf -D__TARGET_ARCH_x86 -mcpu=v3 \
	  -I$(BENCH) -I$(<D) -c -o $@ $<

$(BENCH)/%.skel.h: $(BENCH)/%.bpf.o
	PATH=$$PATH:/usr/sbin bpftool gen skeleton $< name $(*F)_bpf >$@

$(BENCH)/%.o: tests/bench/%.c $(wildcard tests/bench/*.h tests/bench/*/*.h client/lib/libkin.h module/uapi/*.h) \
	      $(BENCH)/tasks.skel.h $(BENCH)/events/events.skel.h $(BENCH)/files/fds.skel.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -I$(@D) $(CFLAGS) $(WARN) -c -o $@ $<

$(BENCH)/bench: $(BENCH_OBJ) $(O)/libkin.a
	$(CC) $(CFLAGS) -o $@ $^ -lmnl -lbpf

$(BENCH)/events/events: $(EVENTS_OBJ) $(O)/libkin.a
	$(CC) $(CFLAGS) -o $@ $^ -lmnl -lbpf

$(BENCH)/files/files: $(FILES_OBJ) $(O)/libkin.a
	$(CC) $(CFLAGS) -o $@ $^ -lmnl -lbpf

# What makes the processes.
$(BENCH)/cycle: tests/bench/storm/cycle.c | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(CFLAGS) $(WARN) -static -o $@ $<

$(BENCH)/nothing: tests/bench/storm/nothing.c | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(WARN) -static -nostdlib -o $@ $<

.PHONY: bench-programs
bench-programs: $(BENCH)/bench $(BENCH)/events/events $(BENCH)/files/files $(BENCH)/cycle $(BENCH)/nothing \
		$(O)/kin $(O)/kin-guard $(O)/receivers $(O)/kin.ko $(O)/tests/factory

.PHONY: bench
bench: bench-programs
	tests/bench/run
	tests/bench/forkstat

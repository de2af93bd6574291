# SPDX-License-Identifier: GPL-2.0-or-later
#
# make bench: what it costs to read all processes, in instructions; the Makefile
# includes this.

BENCH	  := $(O)/bench
BENCH_SRC := $(sort $(filter-out %.bpf.c,$(wildcard tests/bench/*.c)))
BENCH_OBJ := $(patsubst tests/bench/%.c,$(BENCH)/%.o,$(BENCH_SRC))

# The kernel's own types, as the one in the machine has them.
$(BENCH)/vmlinux.h: tests/vm/kernel | $(O)/.packages-vm $(O)/.packages-bench
	@mkdir -p $(@D)
	eval "$$(tests/vm/kernel 6.1)" && \
	  PATH=$$PATH:/usr/sbin bpftool btf dump file "$$VMLINUX" format c >$@

$(BENCH)/tasks.bpf.o: tests/bench/tasks.bpf.c tests/bench/sample.h $(BENCH)/vmlinux.h
	clang-14 -O2 -g -Wall -target bpf -D__TARGET_ARCH_x86 -mcpu=v3 \
	  -I$(BENCH) -Itests/bench -c -o $@ $<

$(BENCH)/tasks.skel.h: $(BENCH)/tasks.bpf.o
	PATH=$$PATH:/usr/sbin bpftool gen skeleton $< name tasks_bpf >$@

$(BENCH)/%.o: tests/bench/%.c $(wildcard tests/bench/*.h client/lib/libkin.h module/uapi/*.h) \
	      $(BENCH)/tasks.skel.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -I$(BENCH) $(CFLAGS) $(WARN) -c -o $@ $<

$(BENCH)/bench: $(BENCH_OBJ) $(O)/libkin.a
	$(CC) $(CFLAGS) -o $@ $^ -lmnl -lbpf

.PHONY: bench-programs
bench-programs: $(BENCH)/bench $(O)/kin $(O)/kin.ko $(O)/tests/factory

.PHONY: bench
bench: bench-programs
	tests/bench/run

# SPDX-License-Identifier: GPL-2.0-or-later
#
# What there is to make: make help.

# (make's own default is cc.)
ifeq ($(origin CC),default)
CC	:= gcc
endif
CFLAGS	?= -O2 -g
KERNEL	?= 6.1
VERSION	:= $(shell sed -n 's/^\#define KIN_VERSION "\(.*\)"/\1/p' module/version.h)
O	:= build

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

.PHONY: all
all: client module

.PHONY: help
help:
	@printf '%s\n' \
	'make                  client, library, manual pages, and the module for the VM' \
	'make demo             boot a VM and show the family of a living workload (3 minutes)' \
	'make demo HOST=1      the same in the kernel of this machine' \
	'make shell            a shell in the VM, the module loaded' \
	'make install          client and library (prefix=, DESTDIR=); see docs/install.md' \
	'make modules_install  the module, for the running kernel (KVER=, KDIR=)' \
	'make dkms-install     its source, for DKMS' \
	'make deb              Debian packages, in build/deb' \
	'make check            the tests (an hour); see docs/tests.md' \
	'make check-debug      all of them on kernels with KASAN, lockdep and KCSAN (hours)' \
	'make matrix           the tests of the VM on each kernel, 5.10 to 7.2 (KERNELS=)' \
	'make fuzz             200,000 made up requests; made up replies (FUZZ_SECONDS=)' \
	'make bench            instructions per process, side by side with /proc, BPF and ps' \
	'make clean            remove what was built'

# ---- what must be installed -------------------------------------------------
# Each list names Debian packages, one a line; a stamp remembers that they are
# there, so that a build without network works.
packages = $(shell sed 's/\#.*//' $(1))
install-packages = dpkg-query -W -f '$${db:Status-Status} $${Package}\n' $(call packages,$(1)) 2>/dev/null | \
	awk '$$1 == "installed" { n++ } END { exit n < $(words $(call packages,$(1))) }' || \
	{ apt-get update -q && DEBIAN_FRONTEND=noninteractive \
	  apt-get install -q -y --no-install-recommends $(call packages,$(1)); }

# (One at a time: apt has one lock.) PACKAGES=no: whoever builds has seen to it.
ifeq ($(PACKAGES),no)
$(O)/.packages-%: packages/% ;
else
$(O)/.packages-%: packages/%
	@mkdir -p $(@D)
	@exec 9>$(O)/.packages.lock; flock 9; { $(call install-packages,$<); } >$(O)/packages-$*.log 2>&1 || { cat $(O)/packages-$*.log; \
	  echo "make: cannot install the Debian packages named in $<" >&2; exit 1; }
	@touch $@
endif

# ---- the client -------------------------------------------------------------
# Ours before the builder's: an installed kin.h must not take the place of this one.
override CPPFLAGS := -Imodule/uapi -Iclient/lib -I$(O)/gen -D_GNU_SOURCE -DKIN_VERSION='"$(VERSION)"' $(CPPFLAGS)
WARN	:= -std=gnu11 -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
	   -Wpointer-arith -Wwrite-strings -Wno-unused-parameter -Wvla
# The language of expressions: its scanner and parser are made by flex and bison.
GENERATED := $(O)/gen/exprlex.c $(O)/gen/exprparse.c
EXPR_SRC := $(sort $(wildcard client/lib/expr*.c))
EXPR_OBJ := $(EXPR_SRC:%.c=$(O)/obj/%.o) $(GENERATED:$(O)/gen/%.c=$(O)/obj/gen/%.o)
LIB_OBJ	:= $(patsubst %.c,$(O)/obj/%.o,$(filter-out $(EXPR_SRC),$(sort $(wildcard client/lib/*.c))))
CMD_OBJ	:= $(patsubst %.c,$(O)/obj/%.o,$(sort $(wildcard client/cmd/*.c)))
GUARD_OBJ := $(patsubst %,$(O)/obj/%.o,$(basename $(sort $(wildcard client/guard/*.[cS]))))
HEADERS	:= $(wildcard module/uapi/*.h client/lib/*.h client/cmd/*.h client/guard/*.h) \
	   module/version.h $(GENERATED:.c=.h)
KIN_LIBS := -lmnl -lpcre2-8
GUARD_LIBS := -lcurl -lsystemd -lmicrohttpd -lyaml -ljansson -lpthread -lm

$(O)/gen/exprlex.c: client/lib/exprlex.l | $(O)/.packages-client
	@mkdir -p $(@D)
	flex -o $@ --header-file=$(@:.c=.h) $<

$(O)/gen/exprparse.c: client/lib/exprparse.y | $(O)/.packages-client
	@mkdir -p $(@D)
	bison -Wall -Werror --header=$(@:.c=.h) -o $@ $<

$(O)/gen/%.h: $(O)/gen/%.c ;

$(O)/obj/%.o: %.c $(HEADERS) | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(if $(filter client/guard/%,$<),-Iclient/cmd) $(CFLAGS) $(WARN) -fPIC -fvisibility=hidden -c -o $@ $<

# What others wrote, and is not for us to mend.
$(O)/obj/gen/%.o: $(O)/gen/%.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -std=gnu11 -fPIC -fvisibility=hidden -c -o $@ $<

$(O)/obj/client/guard/builtin.o: client/guard/builtin.S $(wildcard rules/*.yaml)
	@mkdir -p $(@D)
	$(CC) -c -o $@ $<

$(O)/libkin.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(O)/libexpr.a: $(EXPR_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(O)/libguard.a: $(filter-out %/main.o,$(GUARD_OBJ))
	@rm -f $@
	$(AR) rcs $@ $^

$(O)/libkin.so.0: $(LIB_OBJ) client/lib/libkin.map
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,libkin.so.0 \
	  -Wl,--version-script=client/lib/libkin.map -o $@ $(LIB_OBJ) -lmnl

$(O)/kin: $(CMD_OBJ) $(O)/libexpr.a $(O)/libkin.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(KIN_LIBS)

# What stays, and needs more libraries than a command that is to start at once.
$(O)/kin-guard: $(GUARD_OBJ) $(filter-out %/main.o,$(CMD_OBJ)) $(O)/libexpr.a $(O)/libkin.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(KIN_LIBS) $(GUARD_LIBS)

.PHONY: client
client: $(O)/kin $(O)/kin-guard $(O)/libkin.so.0 man

# ---- manual pages ---------------------------------------------------------------
# The lists of columns are made from the tables of columns: a line "@COLUMNS SET@".
MAN := $(patsubst client/man/%.scd,$(O)/man/%,$(sort $(wildcard client/man/*.scd)))

.PHONY: man
man: $(MAN)

WITH_COLUMNS := $(shell grep -l '^@COLUMNS ' client/man/*.scd)

$(WITH_COLUMNS:client/man/%.scd=$(O)/man/%): $(O)/man/%: client/man/%.scd $(O)/kin
	@mkdir -p $(@D)
	awk -v list='$(O)/kin complete man-columns ' '!/^@COLUMNS / { print; next } \
	  { fflush(); if (system(list substr($$2, 1, length($$2) - 1))) exit 1 }' $< >$@.scd
	scdoc <$@.scd >$@
	@rm $@.scd

$(O)/man/%: client/man/%.scd | $(O)/.packages-client
	@mkdir -p $(@D)
	scdoc <$< >$@

# ---- the module -------------------------------------------------------------
MODULE_SRC := Kbuild $(wildcard module/*.[ch] module/uapi/*.h) \
	      $(shell find module/compat-include -type f)

$(O)/kin.ko: $(MODULE_SRC) | $(O)/.packages-vm
	tests/vm/build-module 6.1 --out $@

.PHONY: module
module: $(O)/kin.ko

# ---- what to see --------------------------------------------------------------
$(O)/demo/%: demo/%.c | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE $(CFLAGS) $(WARN) -o $@ $< -lpthread

# HOST=1: in this machine's own kernel, not in a VM.
.PHONY: demo
ifeq ($(HOST),1)
demo: $(O)/kin $(O)/kin-guard $(O)/demo/workload $(O)/demo/leaky
	demo/run host
else
demo: $(O)/kin $(O)/kin-guard $(O)/kin.ko $(O)/demo/workload $(O)/demo/leaky
	demo/run vm
endif

# A shell in the VM, the module loaded, this directory at hand.
.PHONY: shell
shell: $(O)/kin $(O)/kin.ko
	PATH="$$PWD/$(O):$$PATH" tests/vm/run -i

# ---- tests ----------------------------------------------------------------------
include labs/labs.mk
include tests/build.mk tests/bench/build.mk tests/interop/build.mk tests/matrix.mk
include tests/check/static.mk tests/vm/fault.mk tests/fuzz/requests.mk
include tests/unit/sanitize.mk tests/fuzz/replies.mk tests/fuzz/rules.mk

# A unit test is one program; it may call anything of the client but main().
UNIT_TESTS := $(patsubst tests/unit/%.c,$(O)/tests/unit/%,$(sort $(wildcard tests/unit/test_*.c)))

UNIT_LINK := $(O)/libguard.a $(filter-out %/main.o,$(CMD_OBJ)) $(O)/libexpr.a $(O)/libkin.a

$(O)/tests/unit/%: tests/unit/%.c $(wildcard tests/unit/*.h) $(UNIT_LINK) | $(O)/.packages-check
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Iclient/cmd -Iclient/guard $(CFLAGS) $(WARN) $(LDFLAGS) -o $@ $< \
	  $(UNIT_LINK) -lcmocka $(KIN_LIBS) $(GUARD_LIBS)

include install.mk

# (Stages of tests/run call make for what only they need.)
.PHONY: check
check: client module $(O)/modules/7.2/kin.ko $(UNIT_TESTS) vm-tests interop-programs bench-programs \
       fuzz-programs | $(patsubst packages/%,$(O)/.packages-%,$(wildcard packages/*))
	tests/run

.PHONY: check-debug
check-debug: client vm-tests | $(O)/.packages-vm $(O)/.packages-debug
	tests/run --set debug

.PHONY: fuzz
fuzz: fuzz-requests fuzz-replies fuzz-rules

$(O)/modules/7.2/kin.ko: $(MODULE_SRC) | $(O)/.packages-vm $(O)/.packages-matrix
	tests/vm/build-module 7.2 --out $@

.PHONY: clean
clean:
	rm -rf $(O)

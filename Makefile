# SPDX-License-Identifier: GPL-2.0-or-later
#
# make demo     builds all, boots a VM, shows the family of a living workload
# make check    all tests
# make help     the rest

CC	?= gcc
CFLAGS	?= -O2 -g
KERNEL	?= 6.1
VERSION	:= $(shell sed -n 's/^\#define KIN_VERSION "\(.*\)"/\1/p' module/version.h)
O	:= build

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

.PHONY: all
all: client module

# ---- what must be installed -------------------------------------------------
# Each list names Debian packages, one a line; a stamp remembers that they are
# there, so that a build without network works.
packages = $(shell sed 's/\#.*//' $(1))
install-packages = dpkg-query -W -f '$${db:Status-Status} $${Package}\n' $(call packages,$(1)) 2>/dev/null | \
	awk '$$1 == "installed" { n++ } END { exit n < $(words $(call packages,$(1))) }' || \
	{ apt-get update -q && DEBIAN_FRONTEND=noninteractive \
	  apt-get install -q -y --no-install-recommends $(call packages,$(1)); }

$(O)/.packages-%: packages/%
	@mkdir -p $(@D)
	@$(call install-packages,$<) >$(O)/packages-$*.log 2>&1 || { cat $(O)/packages-$*.log; \
	  echo "make: cannot install the Debian packages named in $<" >&2; exit 1; }
	@touch $@

# ---- the client -------------------------------------------------------------
CPPFLAGS += -Imodule/uapi -Iclient/lib -D_GNU_SOURCE -DKIN_VERSION='"$(VERSION)"'
WARN	:= -std=gnu11 -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes \
	   -Wpointer-arith -Wwrite-strings -Wno-unused-parameter -Wvla
LIB_OBJ	:= $(patsubst %.c,$(O)/obj/%.o,$(sort $(wildcard client/lib/*.c)))
CMD_OBJ	:= $(patsubst %.c,$(O)/obj/%.o,$(sort $(wildcard client/cmd/*.c)))
HEADERS	:= $(wildcard module/uapi/*.h client/lib/*.h client/cmd/*.h) module/version.h

$(O)/obj/%.o: %.c $(HEADERS) | $(O)/.packages-client
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) -fPIC -fvisibility=hidden -c -o $@ $<

$(O)/libkin.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(O)/libkin.so.0: $(LIB_OBJ) client/lib/libkin.map
	$(CC) $(CFLAGS) -shared -Wl,-soname,libkin.so.0 \
	  -Wl,--version-script=client/lib/libkin.map -o $@ $(LIB_OBJ) -lmnl

$(O)/kin: $(CMD_OBJ) $(O)/libkin.a
	$(CC) $(CFLAGS) -o $@ $^ -lmnl -lsmartcols

.PHONY: client
client: $(O)/kin $(O)/libkin.so.0

# ---- the module -------------------------------------------------------------
MODULE_SRC := Kbuild $(wildcard module/*.[ch] module/uapi/*.h) \
	      $(shell find module/compat-include -type f)

$(O)/kin.ko: $(MODULE_SRC) | $(O)/.packages-vm
	tests/vm/build-module 6.1 --out $@

.PHONY: module
module: $(O)/kin.ko

.PHONY: clean
clean:
	rm -rf $(O)

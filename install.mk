# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installing, by hand and as packages; the Makefile includes this. The names of
# directories are those of the GNU coding standards; DESTDIR stands before each.
# docs/install.md tells how to use it.

prefix		?= /usr/local
exec_prefix	?= $(prefix)
bindir		?= $(exec_prefix)/bin
libdir		?= $(exec_prefix)/lib
libexecdir	?= $(exec_prefix)/libexec
includedir	?= $(prefix)/include
datarootdir	?= $(prefix)/share
mandir		?= $(datarootdir)/man
pkgconfigdir	?= $(libdir)/pkgconfig
unitdir		?= $(prefix)/lib/systemd/system
bashcompdir	?= $(datarootdir)/bash-completion/completions
zshcompdir	?= $(datarootdir)/zsh/site-functions

INSTALL		?= install
INSTALL_PROGRAM	?= $(INSTALL)
INSTALL_DATA	?= $(INSTALL) -m 644
DEPMOD		?= /sbin/depmod

# ---- client and library ---------------------------------------------------------
# A program says <kin/libkin.h>, which finds kin.h beside itself.
LIB_HEADERS := client/lib/libkin.h module/uapi/kin.h
MAN_1 := $(filter %.1,$(MAN))
MAN_5 := $(filter %.5,$(MAN))
MAN_7 := $(filter %.7,$(MAN))

.PHONY: install
install: client
	$(INSTALL_PROGRAM) -D -t $(DESTDIR)$(bindir) $(O)/kin
	$(INSTALL_PROGRAM) -D -t $(DESTDIR)$(libexecdir)/kin $(O)/kin-guard
	$(INSTALL_DATA) -D systemd/kin-alert.service $(DESTDIR)$(unitdir)/kin-alert.service
	sed -i 's|@libexecdir@|$(libexecdir)|' $(DESTDIR)$(unitdir)/kin-alert.service
	$(INSTALL_DATA) -D -t $(DESTDIR)$(libdir) $(O)/libkin.so.0 $(O)/libkin.a
	ln -sf libkin.so.0 $(DESTDIR)$(libdir)/libkin.so
	$(INSTALL_DATA) -D -t $(DESTDIR)$(includedir)/kin $(LIB_HEADERS)
	$(INSTALL_DATA) -D -t $(DESTDIR)$(mandir)/man1 $(MAN_1)
	$(INSTALL_DATA) -D -t $(DESTDIR)$(mandir)/man5 $(MAN_5)
	$(INSTALL_DATA) -D -t $(DESTDIR)$(mandir)/man7 $(MAN_7)
	$(INSTALL_DATA) -D client/completion/kin.bash $(DESTDIR)$(bashcompdir)/kin
	$(INSTALL_DATA) -D -t $(DESTDIR)$(zshcompdir) client/completion/_kin
	$(INSTALL_DATA) -D client/lib/libkin.pc.in $(DESTDIR)$(pkgconfigdir)/libkin.pc
	sed -i $(foreach v,prefix includedir libdir VERSION,-e 's|@$(v)@|$($(v))|') \
	  $(DESTDIR)$(pkgconfigdir)/libkin.pc

# Of directories, only the one that nobody else has.
.PHONY: uninstall
uninstall:
	rm -f $(DESTDIR)$(bindir)/kin $(DESTDIR)$(libexecdir)/kin/kin-guard \
	  $(DESTDIR)$(unitdir)/kin-alert.service \
	  $(addprefix $(DESTDIR)$(libdir)/,libkin.so libkin.so.0 libkin.a) \
	  $(addprefix $(DESTDIR)$(includedir)/kin/,$(notdir $(LIB_HEADERS))) \
	  $(addprefix $(DESTDIR)$(mandir)/man1/,$(notdir $(MAN_1))) \
	  $(addprefix $(DESTDIR)$(mandir)/man5/,$(notdir $(MAN_5))) \
	  $(addprefix $(DESTDIR)$(mandir)/man7/,$(notdir $(MAN_7))) \
	  $(DESTDIR)$(bashcompdir)/kin $(DESTDIR)$(zshcompdir)/_kin \
	  $(DESTDIR)$(pkgconfigdir)/libkin.pc
	[ ! -d $(DESTDIR)$(includedir)/kin ] || \
	  rmdir --ignore-fail-on-non-empty $(DESTDIR)$(includedir)/kin
	[ ! -d $(DESTDIR)$(libexecdir)/kin ] || \
	  rmdir --ignore-fail-on-non-empty $(DESTDIR)$(libexecdir)/kin

# ---- the module, for a kernel of this machine -------------------------------------
# The running one, that of the name KVER, or that whose headers lie in KDIR. Built
# in a copy, so that nothing is written beside the sources.
ifdef KDIR
KVER := $(shell sed -n 's/^\#define UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h)
else
KVER ?= $(shell uname -r)
KDIR := /lib/modules/$(KVER)/build
endif
KBUILD := $(abspath $(O)/kbuild/$(KVER))

$(KBUILD)/kin.ko: $(MODULE_SRC) $(wildcard $(KDIR)/Module.symvers)
	@[ -e $(KDIR)/Makefile ] || { \
	  echo "make: no kernel headers in $(KDIR): install linux-headers-$(KVER), or name another kernel by KVER=version or KDIR=directory" >&2; exit 1; }
	rm -rf $(KBUILD)
	mkdir -p $(KBUILD)
	cp -pr Kbuild module $(KBUILD)/
	$(MAKE) -C $(KDIR) M=$(KBUILD) modules

.PHONY: modules
modules: $(KBUILD)/kin.ko

# Debian's headers have neither a key to sign with nor a System.map, without which
# the kernel's own rule does not call depmod.
UNSIGNED := $(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)

.PHONY: modules_install
modules_install: modules
	$(MAKE) -C $(KDIR) M=$(KBUILD) $(UNSIGNED) modules_install
	$(DEPMOD) $(if $(INSTALL_MOD_PATH),-b $(INSTALL_MOD_PATH)) $(KVER)

# ---- DKMS -----------------------------------------------------------------------
# Only copies. What is there already may have more files than these, and DKMS
# would build them, too.
DKMS_DIR = $(DESTDIR)/usr/src/kin-$(VERSION)

.PHONY: dkms-install
dkms-install:
	@[ ! -e $(DKMS_DIR) ] || { \
	  echo "make: $(DKMS_DIR) is there already; remove it first: dkms remove kin/$(VERSION) --all; rm -r $(DKMS_DIR)" >&2; exit 1; }
	@for file in $(MODULE_SRC); do \
	  echo "$(DKMS_DIR)/$$file"; $(INSTALL_DATA) -D $$file $(DKMS_DIR)/$$file || exit; done
	$(INSTALL_DATA) -t $(DKMS_DIR) dkms/dkms.conf
	@$(if $(DESTDIR),:,printf '%s\n' 'Next, as root:' '  dkms install kin/$(VERSION)' '  modprobe kin')

# ---- Debian packages --------------------------------------------------------------
# dpkg-buildpackage writes beside its directory: a copy of what git tracks, or would.
.PHONY: deb
deb: | $(O)/.packages-install
	@git rev-parse --git-dir >/dev/null || { \
	  echo "make: make deb takes the files that git tracks: run it in a clone" >&2; exit 1; }
	rm -rf $(O)/deb
	mkdir -p $(O)/deb/kin-$(VERSION)
	git ls-files -z -co --exclude-standard | \
	  rsync -a --from0 --files-from=- --ignore-missing-args . $(O)/deb/kin-$(VERSION)
	cd $(O)/deb/kin-$(VERSION) && \
	  env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL dpkg-buildpackage --no-sign

.PHONY: check-unit
check-unit: $(UNIT_TESTS)
	tests/run unit

.PHONY: check-install
check-install: client | $(O)/.packages-install $(O)/.packages-vm
	tests/install/run

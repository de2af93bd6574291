# SPDX-License-Identifier: GPL-2.0-or-later
#
# Failures of memory, one at a time (tests/vm/test-fault.c); the Makefile includes
# this. The test itself is one of the suite.
vm-tests: | $(O)/.packages-fault

# (Built again, it has the same version, and may have other structs.)
DEBUG_KERNEL := $(addprefix tests/vm/,config/base.config config/debug.config build-kernel)

$(O)/modules/debug/kin.ko: $(MODULE_SRC) $(DEBUG_KERNEL) | $(O)/.packages-vm $(O)/.packages-debug
	tests/vm/build-module debug --out $@

# What the test must notice. (The test itself is run with the suite.)
.PHONY: check-fault
check-fault: vm-tests | $(O)/.packages-debug
	tests/vm/fault-selftest --quick

# Each allocation of each request, and each one that loading the module takes.
.PHONY: fault
fault: vm-tests $(O)/modules/debug/kin.ko
	tests/vm/run --kernel debug --timeout 1800 -- $(O)/tests/test-fault --all
	tests/vm/fault-selftest

# SPDX-License-Identifier: GPL-2.0-or-later
#
# The checks that need no virtual machine; the Makefile includes this.
.PHONY: check-fast
check-fast: $(O)/libkin.so.0 | $(O)/.packages-check $(O)/.packages-vm
	tests/check/run

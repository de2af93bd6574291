# SPDX-License-Identifier: GPL-2.0-or-later
#
# One source tree on every kernel; the Makefile includes this.
.PHONY: matrix
matrix: client vm-tests | $(O)/.packages-vm $(O)/.packages-matrix $(O)/.packages-check
	tests/matrix $(KERNELS)

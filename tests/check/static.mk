# SPDX-License-Identifier: GPL-2.0-or-later
#
# What compilers and analyzers say; the Makefile includes this.
.PHONY: check-static
check-static: | $(O)/.packages-static $(O)/.packages-client $(O)/.packages-vm $(O)/.packages-matrix
	tests/check/static

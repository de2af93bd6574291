# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/exprprint.c
# What is printed need not mean the same.
s/\[EXPR_OR\] = " || "/[EXPR_OR] = " \&\& "/

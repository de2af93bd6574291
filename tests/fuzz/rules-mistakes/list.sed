# SPDX-License-Identifier: GPL-2.0-or-later
# client/guard/field.c
# the end of a list of strings is not kept free
s/list = calloc(n + 1, sizeof/list = calloc(n ? n : 1, sizeof/

# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/fddecode.c
# A path need not end.
s/kin_take_string(part, &rec->path)/rec->path = (const char *)(part + 1)/

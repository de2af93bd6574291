# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/kinship.c
# Whoever says so is the parent, his own descendant, too.
s/circle ? NULL : parent/parent/

# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/exprtext.c
# The last element of a list has one behind it.
s/\*at = stop ? stop + 1 : NULL;/*at = stop + 1;/

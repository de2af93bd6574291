# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/snapshot.c
# A string is kept without its end.
s/strlen(string) + 1 : 0/strlen(string) : 0/

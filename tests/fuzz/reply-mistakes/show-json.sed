# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/json.c
# Control characters go into JSON as they are.
s/c < 0x20 || c == 0x7f/c == 0x7f/

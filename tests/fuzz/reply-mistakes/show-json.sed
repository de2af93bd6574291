# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/json.c
# Control characters go into JSON as they are.
s/code < 0x20 || (code >= 0x7f/(code >= 0x7f/

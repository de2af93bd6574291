# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/text.c
# Terminals get to see control characters.
s/c < 0x20 || c >= 0x7f/c >= 0x7f/

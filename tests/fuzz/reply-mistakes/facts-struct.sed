# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/decode.c
# A struct may be longer than the room for it.
s/len < size ? len : size/len/

# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/decode.c
# A string need not end.
s/return len \&\& !s\[len - 1\];/return len \&\& s;/

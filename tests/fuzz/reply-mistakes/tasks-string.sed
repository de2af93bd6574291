# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/decode.c
# A string need not end.
s/if (kin_is_string(attr))/if (attr)/

# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/decode.c
# A task may be longer than its message.
s/!kin_attr_fits(nest, end)/nest->nla_len < sizeof(*nest)/

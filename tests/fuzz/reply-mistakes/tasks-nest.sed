# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/decode.c
# A task may be longer than its message.
s/ || nest->nla_len > end - at)/)/

# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/decode.c
# A struct may be longer than the room for it.
s/kin_fill(to, attr, size)/memcpy(to, mnl_attr_get_payload(attr), mnl_attr_get_payload_len(attr))/

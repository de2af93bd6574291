# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/fddecode.c
# A short struct is not made longer.
s/kin_widen(attr, &kin->fd, sizeof(kin->fd))/mnl_attr_get_payload(attr)/

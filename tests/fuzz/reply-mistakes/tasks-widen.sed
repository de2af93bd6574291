# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/decode.c
# A short struct is not made longer.
s/kin_widen(attr, &kin->sched, sizeof(kin->sched))/mnl_attr_get_payload(attr)/

# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/events.c
# A short struct is not made longer.
s/kin_widen(attr, &ev->exit, sizeof(ev->exit))/mnl_attr_get_payload(attr)/

# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/decode.c
# A string need not end.
s/kin_take_string(attr, &rec->cgroup_path)/rec->cgroup_path = mnl_attr_get_payload(attr)/

# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/request.c
# A version need not end.
s/!mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))/1)/

# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/fddecode.c
# What has ended may go on.
s/was_more \&\& same_table/same_table/

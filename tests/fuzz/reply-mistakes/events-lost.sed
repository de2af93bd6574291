# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/events.c
# A loss is a number, however short it is.
s/payload_len(attr) < sizeof(rec.lost)/payload_len(attr) > sizeof(rec.lost)/

# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/events.c
# A name need not end.
s/>= end \&\& has_ends(rec)/>= end \&\& (has_ends(rec) || rec)/

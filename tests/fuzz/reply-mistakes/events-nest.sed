# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/events.c
# What is left at the end of an event is no mistake.
s/ \&\& (const char \*)attr >= end//

# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/text.c
# Nonsense is taken for UTF-8.
s/c < least\[need\]/c < least[0]/

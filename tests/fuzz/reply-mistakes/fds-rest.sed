# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/fddecode.c
# An attribute may be shorter than its header.
s/rest <= (int)sizeof/rest < (int)sizeof/

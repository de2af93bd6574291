# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/fddecode.c
# A table is told of in each part.
s/return continued ? 0 : to->fn/return to->fn/

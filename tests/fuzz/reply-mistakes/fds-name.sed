# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/fddecode.c
# A name need not end.
s/to->table.comm\[KIN_COMM_LEN - 1\] ||/0 ||/

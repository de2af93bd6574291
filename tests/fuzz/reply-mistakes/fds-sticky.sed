# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/fddecode.c
# What the hasty look found stays.
s/rec = (struct kin_fd_record){ .table = &to->table };/rec.fd = NULL;/

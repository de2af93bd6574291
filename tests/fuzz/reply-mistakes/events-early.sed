# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/events.c
# Of what came before the answer, the first message is enough.
s/ev->early_len += len;/ev->early_len = len;/

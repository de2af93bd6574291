# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/decode.c
# Zeros are a task like the one before, where there was none.
s/INT32_MAX/sizeof(struct nlattr)/

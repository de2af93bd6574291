# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/decode.c
# Anything is taken for the numbers of the scheduler.
s/header_of(KIN_A_TASK_SCHED, sizeof(struct kin_sched)))/header_at(nest + shape->sched))/

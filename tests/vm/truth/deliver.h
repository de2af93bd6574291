/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events reach their readers though memory fails on the way. */
#ifndef TRUTH_DELIVER_H
#define TRUTH_DELIVER_H

/* Two results; between fault_open() and fault_close(). */
void deliver_check(void);

#endif /* TRUTH_DELIVER_H */

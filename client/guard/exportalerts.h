/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alerts, and who is told of them, as metrics. */
#ifndef GUARD_EXPORTALERTS_H
#define GUARD_EXPORTALERTS_H

#include "alert.h"
#include "delivery.h"
#include "exposition.h"

/* Of so many alerts it is told of whom; all are counted. */
#define EXPORT_ALERTS_MAX 100

/* export_alerts_write - @alerts: all that are pending or firing */
void export_alerts_write(const struct rules *rules, const struct alert *const *alerts,
			 size_t n, struct exposition *ex);

/* export_delivery_write - what became of the news, by receiver */
void export_delivery_write(const struct delivery *delivery, struct exposition *ex);

#endif /* GUARD_EXPORTALERTS_H */

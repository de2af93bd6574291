/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page /metrics: all that is exported, as of now. */
#ifndef GUARD_EXPORTPAGE_H
#define GUARD_EXPORTPAGE_H

#include "delivery.h"
#include "engine.h"
#include "exporthost.h"
#include "exportlook.h"

struct export_page {
	struct engine *engine;
	const struct delivery *delivery;	/* NULL: none */
	struct kin *kin;			/* for what is not of tasks; NULL: not open */
	struct export_look look;
	struct export_host host;
	uint64_t scrapes, cost_ns;
	char *text;				/* the last one; free() it */
	size_t len;
	uint64_t written_ns;			/* CLOCK_BOOTTIME; 0: never */
};

/* export_page_set_top - groups with a seat of their own, before the first page is
 * written; what was used until now is not told. 0 or -ENOMEM */
int export_page_set_top(struct export_page *page, unsigned int top);

/* export_page_write - into page->text, unless that is new; 0 or -errno */
int export_page_write(struct export_page *page);
void export_page_free(struct export_page *page);

/* export_page_event - as engine_set_event() wants it; arg: the page */
void export_page_event(const struct kin_event_record *rec, void *arg);

#endif /* GUARD_EXPORTPAGE_H */

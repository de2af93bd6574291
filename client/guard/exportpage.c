// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "exportalerts.h"
#include "exportpage.h"
#include "exportself.h"
#include "waiting.h"

/* Numbers as old as this are new enough, be it a rule that they were read for. */
#define SAMPLE_AGE_NS 1000000000ull

/* Whoever asks more often gets the same page: it costs next to nothing then. */
#define PAGE_AGE_NS 200000000ull

/* ---- tasks ---- */

void export_page_event(const struct kin_event_record *rec, void *arg)
{
	struct export_page *page = arg;
	const struct kin_mirror *mirror = engine_mirror(page->engine);
	const struct kin_node *node = NULL;

	if (rec->base && rec->base->kind == KIN_EVENT_KIND_EXIT && mirror)
		node = kin_mirror_find(mirror, rec->base->tgid, KIN_KIND_PROCESS);
	export_look_event(&page->look, rec, node);
}

static int look(struct export_page *page)
{
	struct kin_mirror *mirror = engine_mirror(page->engine);
	const struct kin_node *node = NULL;
	struct kin_mirror_stats stats;
	int err;

	kin_mirror_stats(mirror, &stats);
	err = export_look_begin(&page->look, stats.processes);
	if (err)
		return err;
	while ((node = kin_mirror_next(mirror, node)))
		export_look_at(&page->look, node);
	export_look_end(&page->look, waiting_now());
	return 0;
}

int export_page_set_top(struct export_page *page, unsigned int top)
{
	int err;

	export_look_free(&page->look);
	err = export_look_init(&page->look, top);
	return err ? err : look(page);
}

/* ---- what is not of tasks ---- */

/* The module may have gone, and come back: ask on a new socket then. */
static int get_status(struct export_page *page, struct kin_status *status, char *version,
		      size_t size)
{
	int err = -ENOTCONN;

	if (page->kin)
		err = kin_status_get(page->kin, status, version, size);
	if (!err)
		return 0;
	kin_close(page->kin);
	err = kin_open(&page->kin);
	if (!err)
		err = kin_status_get(page->kin, status, version, size);
	if (err) {
		kin_close(page->kin);
		page->kin = NULL;
	}
	return err;
}

static void write_host(struct export_page *page, struct exposition *ex)
{
	struct kin_host host;

	if (!kin_host_get(page->kin, &host))
		export_host_write(&page->host, &host, kin_pid_max(), ex);
}

static void write_alerts(struct export_page *page, struct exposition *ex)
{
	const struct alert *alert = NULL, **alerts;
	size_t n = 0, room = 0;

	while ((alert = engine_next_alert(page->engine, alert)))
		room++;
	alerts = calloc(room + 1, sizeof(*alerts));
	if (!alerts) {
		ex->failed = true;
		return;
	}
	while ((alert = engine_next_alert(page->engine, alert)))
		alerts[n++] = alert;
	export_alerts_write(engine_rules(page->engine), alerts, n, ex);
	free(alerts);
}

static void write_engine(struct export_page *page, struct exposition *ex)
{
	struct engine_stats stats;

	engine_stats(page->engine, &stats);
	export_engine_write(&stats, ex);
	write_alerts(page, ex);
	if (page->delivery)
		export_delivery_write(page->delivery, ex);
}

static void write_self(struct export_page *page, struct exposition *ex)
{
	exposition_family(ex, "kin_build_info", EXPOSITION_GAUGE, "This program.");
	exposition_label(ex, "version", KIN_VERSION);
	exposition_u64(ex, 1);
	exposition_counter(ex, "kin_scrapes_total", "How often this page was written before.",
			   page->scrapes);
	exposition_family(ex, "kin_scrape_cpu_seconds_total", EXPOSITION_COUNTER,
			  "CPU time of kin itself for that.");
	exposition_seconds(ex, page->cost_ns);
}

/* ---- the page ---- */

/* Without the module nothing is known of tasks; what was known is not told as new. */
static int write_all(struct export_page *page, struct exposition *ex)
{
	const struct kin_mirror *mirror;
	struct kin_status status;
	char version[64];
	const bool up = !engine_sample(page->engine, SAMPLE_AGE_NS) &&
			!get_status(page, &status, version, sizeof(version));
	int err = 0;

	exposition_gauge(ex, "kin_up", "1: the module answers; 0: nothing is known of tasks.", up);
	write_engine(page, ex);
	write_self(page, ex);
	mirror = up ? engine_mirror(page->engine) : NULL;
	export_self_write(up ? kin_mirror_find(mirror, getpid(), KIN_KIND_PROCESS) : NULL,
			  engine_view(page->engine), ex);
	if (!up)
		return 0;
	export_module_write(&status, version, ex);
	write_host(page, ex);
	err = look(page);
	if (!err)
		export_look_write(&page->look, ex);
	return err;
}

static int write_text(struct export_page *page)
{
	struct exposition ex;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int err, end;

	if (!out)
		return -ENOMEM;
	exposition_begin(&ex, out);
	err = write_all(page, &ex);
	end = exposition_end(&ex);
	if (fclose(out) && !end)
		end = -ENOMEM;
	if (err || end) {
		free(text);
		return err ? err : end;
	}
	free(page->text);
	page->text = text;
	page->len = len;
	return 0;
}

int export_page_write(struct export_page *page)
{
	const uint64_t before_ns = export_cpu_time_ns(), now_ns = waiting_now();
	int err;

	if (page->text && now_ns - page->written_ns < PAGE_AGE_NS)
		return 0;
	err = write_text(page);
	if (err)
		return err;
	page->written_ns = now_ns;
	page->scrapes++;
	page->cost_ns += export_cpu_time_ns() - before_ns;
	return 0;
}

void export_page_free(struct export_page *page)
{
	export_look_free(&page->look);
	kin_close(page->kin);
	free(page->text);
}

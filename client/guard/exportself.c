// SPDX-License-Identifier: GPL-2.0-or-later
#include <time.h>

#include "clock.h"
#include "eventcolumn.h"
#include "exportself.h"

uint64_t export_cpu_time_ns(void)
{
	return kin_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

/* ---- this process: what every client library of Prometheus tells, by these names ---- */

void export_self_write(const struct kin_node *node, const struct kin_view *view,
		       struct exposition *ex)
{
	exposition_family(ex, "process_cpu_seconds_total", EXPOSITION_COUNTER,
			  "CPU time of kin itself.");
	exposition_seconds(ex, export_cpu_time_ns());
	if (!node)
		return;
	exposition_gauge(ex, "process_resident_memory_bytes", "Resident memory of kin itself.",
			 kin_rss_bytes(&node->task.mem));
	exposition_gauge(ex, "process_open_fds", "Open descriptors of kin itself.",
			 node->task.files.open);
	exposition_gauge(ex, "process_max_fds", "How many it may have open.",
			 node->task.files.limit_soft);
	exposition_family(ex, "process_start_time_seconds", EXPOSITION_GAUGE,
			  "When kin was started, seconds since 1970.");
	exposition_seconds(ex, view->boot_epoch_ns + node->task.base.start_boottime_ns);
}

/* ---- the engine ---- */

static void write_events(const struct engine_stats *stats, struct exposition *ex)
{
	exposition_family(ex, "kin_events_total", EXPOSITION_COUNTER,
			  "Events of processes that kin received.");
	for (size_t i = 0; i < KIN_EVENT_KIND_COUNT; i++) {
		exposition_label(ex, "kind", kin_event_names[i]);
		exposition_u64(ex, stats->events_by_kind[i]);
	}
	exposition_counter(ex, "kin_events_lost_total",
			   "Events that kin did not read in time: what they told is asked for again.",
			   stats->lost);
	exposition_counter(ex, "kin_heals_total", "Snapshots that mended what lost events left.",
			   stats->heals);
}

void export_engine_write(const struct engine_stats *stats, struct exposition *ex)
{
	write_events(stats, ex);
	exposition_counter(ex, "kin_samples_total", "Samples of all tasks.", stats->samples);
	exposition_counter(ex, "kin_evaluations_total", "Evaluations of all rules.",
			   stats->evaluations);
	exposition_family(ex, "kin_sample_interval_seconds", EXPOSITION_GAUGE,
			  "Time between samples, now.");
	exposition_seconds(ex, stats->interval_ns);
	exposition_gauge(ex, "kin_history_bytes", "Memory of what rules remember.",
			 stats->history_bytes);
}

/* ---- the module: all its users together, since it was loaded ---- */

void export_module_write(const struct kin_status *status, const char *version,
			 struct exposition *ex)
{
	exposition_family(ex, "kin_module_info", EXPOSITION_GAUGE, "The module that is loaded.");
	exposition_label(ex, "version", version);
	exposition_u64(ex, 1);
	exposition_counter(ex, "kin_module_dumps_total", "Dumps of tasks that were started.",
			   status->dumps_started);
	exposition_counter(ex, "kin_module_tasks_sent_total", "Records of tasks sent.",
			   status->tasks_sent);
	exposition_counter(ex, "kin_module_events_sent_total", "Events sent to all subscribers.",
			   status->events_sent);
	exposition_counter(ex, "kin_module_events_lost_total",
			   "Events that subscribers did not read in time.", status->events_lost);
	exposition_counter(ex, "kin_module_requests_denied_total", "Requests without permission.",
			   status->requests_denied);
	exposition_counter(ex, "kin_module_requests_rejected_total", "Requests with mistakes.",
			   status->requests_rejected);
	exposition_gauge(ex, "kin_module_subscribers", "Subscribers to events, now.",
			 status->subscribers);
}

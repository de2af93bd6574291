// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>

#include "cmd.h"
#include "figure.h"
#include "look.h"
#include "waiting.h"

#define NS_PER_SEC 1000000000ull
#define NS_PER_MS 1000000ull

/* ---- whose it is ---- */

const struct kin_node *look_process(const struct look *look, uint32_t pid)
{
	return kin_mirror_find(engine_mirror(look->engine), pid, KIN_KIND_PROCESS);
}

const struct kin_node *look_patient(const struct look *look)
{
	const struct kin_node *node = look_process(look, look->args->pid);

	if (!node || node->task.base.start_boottime_ns != look->start_boottime_ns)
		return NULL;
	return node;
}

bool look_is_in_family(const struct look *look, uint32_t pid)
{
	const struct kin_node *node = look_process(look, pid);

	while (node && (node->task.base.pid != look->args->pid ||
			node->task.base.start_boottime_ns != look->start_boottime_ns))
		node = node->parent;
	return node;
}

size_t look_count(const struct look *look)
{
	const struct kin_node *node;
	struct kin_mirror_stats stats;

	if (look->args->pid) {
		node = look_patient(look);
		return node ? node->sum_processes : 0;
	}
	kin_mirror_stats(engine_mirror(look->engine), &stats);
	return stats.processes;
}

bool look_has_noted(const struct look *look, uint64_t id)
{
	const struct findings *findings = &look->report->findings;

	for (size_t i = 0; i < findings->n; i++)
		if (findings->list[i].alert.id == id)
			return true;
	return false;
}

/* ---- what happens meanwhile ---- */

/* The host's pressures are everybody's. Groups that are no family are for later: their
 * events tell whose they are. */
static bool is_ours(const struct look *look, const struct alert *alert)
{
	return !look->args->pid || !alert->subject.pid ||
	       look_is_in_family(look, alert->subject.pid);
}

/* Whoever has ended is in no family any more, but what was told of it stays. */
static void note_news(const struct alert *alert, const struct rule *rule,
		      enum alert_news news, void *arg)
{
	struct look *look = arg;

	if (look->err || !look->engine)
		return;
	if (look_has_noted(look, alert->id) ||
	    (news != ALERT_NEWS_RESOLVED && is_ours(look, alert)))
		look->err = findings_note(&look->report->findings, alert, rule);
}

static void note_event(const struct kin_event_record *rec, void *arg)
{
	struct look *look = arg;
	const struct kin_node *parent;
	struct tally_about about;

	if (!rec->base || !look->engine)
		return;
	parent = look_process(look, rec->base->ppid);
	about = (struct tally_about){
		.parent = parent ? parent->task.base.comm : NULL,
		.exe = engine_exe(look->engine, rec),
		.ours = !look->args->pid || look_is_in_family(look, rec->base->tgid) ||
			look_is_in_family(look, rec->base->ppid),
	};
	tallies_add(&look->report->tallies, rec, &about);
}

/* ---- before ---- */

static int failed(const struct look *look, int err)
{
	if (err == -ENODEV)
		return cmd_events_failed(engine_error(look->engine), err);
	return look->engine ? cmd_failed_why(engine_error(look->engine), err,
					     "cannot watch the host") :
			      cmd_no_memory();
}

/* What is told of types is more than is needed: without it, if it cannot be had. */
int look_sample_files(struct look *look)
{
	const struct kin_fd_query query = {
		.parts = KIN_FD_PART_COUNTS,
		.scope = {
			.subtrees = &look->args->pid,
			.n_subtrees = look->args->pid ? 1 : 0,
		},
	};
	int err = fdsample_take(look->kin, &query, &look->sample);

	if (!err)
		err = fdgrowths_add(&look->growths, &look->sample);
	return err == -ENOMEM ? cmd_no_memory() : CMD_OK;
}

static int find_patient(struct look *look)
{
	const struct kin_node *node;

	if (!look->args->pid)
		return CMD_OK;
	node = look_process(look, look->args->pid);
	if (!node)
		return cmd_no_pid(look->args->pid);
	look->start_boottime_ns = node->task.base.start_boottime_ns;
	return CMD_OK;
}

static int begin(struct look *look, const struct rules *rules)
{
	const struct engine_options options = {
		.interval_ns = NS_PER_SEC,
		.groups = NOTES_GROUPS | KIN_GROUP_WAIT,
		.fresh_texts = true,
		.news = note_news,
		.event = note_event,
		.arg = look,
	};
	int status, err = engine_open(&look->engine, rules, &options);

	if (err)
		return failed(look, err);
	look->began_ns = waiting_now();
	look->end_ns = look->began_ns + look->args->look_ns;
	look->first_host = engine_host(look->engine)->now;
	if (notes_take(&look->notes, engine_mirror(look->engine)))
		return cmd_no_memory();
	status = find_patient(look);
	if (!status)
		status = cmd_open(&look->kin);
	return status ? status : look_sample_files(look);
}

/* ---- meanwhile ---- */

static void show_progress(const struct look *look, uint64_t now)
{
	const uint64_t passed = (now - look->began_ns) / NS_PER_SEC * NS_PER_SEC;
	const size_t found = look->report->findings.n;

	if (!look->args->progress)
		return;
	fprintf(stderr, "\r\033[Kkin: %s of %s, %zu processes, %zu finding%s",
		figure_seconds(passed).text,
		figure_seconds(look->args->look_ns).text, look_count(look),
		found, found == 1 ? "" : "s");
	fflush(stderr);
}

static int wait_until(const struct look *look, uint64_t until_ns)
{
	struct pollfd fd = { .fd = engine_fd(look->engine), .events = POLLIN };
	const uint64_t now = waiting_now();
	const int due = engine_timeout_ms(look->engine);
	int ms = now < until_ns ? (until_ns - now + NS_PER_MS - 1) / NS_PER_MS : 0;

	if (due >= 0 && due < ms)
		ms = due;
	return poll(&fd, 1, ms) < 0 && errno != EINTR ? -errno : 0;
}

static int watch(struct look *look)
{
	uint64_t now = look->began_ns, next = now;
	int err = 0;

	while (!err && now < look->end_ns) {
		if (now >= next) {
			show_progress(look, now);
			next += NS_PER_SEC;
		}
		err = wait_until(look, next < look->end_ns ? next : look->end_ns);
		if (!err)
			err = engine_turn(look->engine);
		if (!err)
			err = look->err;
		now = waiting_now();
	}
	/* the last word is about what is true now */
	if (!err)
		err = engine_sample(look->engine, NS_PER_SEC / 10);
	if (look->args->progress)
		fputs("\r\033[K", stderr);
	if (!err)
		err = look->err;
	return err == -ENOMEM ? cmd_no_memory() : err ? failed(look, err) : CMD_OK;
}

int doctor_look(const struct doctor_args *args, const struct rules *rules,
		struct doctor_report *report)
{
	struct look look = { .args = args, .report = report };
	int status = begin(&look, rules);

	if (!status)
		status = watch(&look);
	if (!status)
		status = look_conclude(&look);
	/* the mirror tells of ends while it is closed: nobody listens any more */
	look.err = -ECANCELED;
	engine_close(look.engine);
	kin_close(look.kin);
	notes_free(&look.notes);
	fdsample_free(&look.sample);
	fdgrowths_free(&look.growths);
	return status;
}

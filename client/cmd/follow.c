// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "follow.h"

#define NS_PER_MS 1000000ull
#define INTERVAL_NS (500 * NS_PER_MS)

/* What happened before the end may be on its way: the module gathers events for
 * its batch_ms, and needs some time to send them. */
#define LINGER_MS 50

/* Before a frame, so long is waited for what the mirror is in doubt about. */
#define SETTLE_MS 20

/* So many reads, and then a look at the time and the keys. */
#define READS_MOST 64

/* ---- reading ---- */

static int read_mirror(struct follow *follow)
{
	int got = 1;

	for (int i = 0; i < READS_MOST && got > 0 && !follow->over; i++) {
		got = eventclock_sync(&follow->clock);
		if (!got)
			got = kin_mirror_read(follow->mirror, 0);
		follownews_flush(follow);
	}
	return got > 0 || got == -EINTR ? 0 : got;
}

/* No event tells of all other numbers and of states, nor of another user. */
static int sample(struct follow *follow)
{
	int err = kin_mirror_sample(follow->mirror);

	if (!err)
		err = kin_mirror_settle(follow->mirror, 0, SETTLE_MS);
	follownews_flush(follow);
	return err == -ETIMEDOUT || err == -EINTR ? 0 : err;
}

static bool has_frames(const struct follow *follow)
{
	return follow->live || follow->show->read.scope.n_uids;
}

/* Only those that are there still; their numbers may be others' by now. */
static void keep_highlights(struct follow *follow)
{
	struct cmd_scope *highlight = &follow->show->highlight;
	size_t kept = 0;

	for (size_t i = 0; i < highlight->n_pids; i++) {
		const struct followid *id = &follow->highlight[i];

		if (!followid_find(follow->mirror, id))
			continue;
		highlight->pids[kept] = id->pid;
		follow->highlight[kept++] = *id;
	}
	highlight->n_pids = kept;
}

static void draw(struct follow *follow)
{
	int err = -ENOMEM;

	keep_highlights(follow);
	if (!followtree_read(follow) &&
	    treeshow_mark(follow->show, false) != CMD_FAILED)
		err = followframe_draw(follow);
	/* a signal while the terminal took no more: it is looked at first */
	if (!err || err == -EINTR)
		return;
	follow->output_err = err;
	follow->over = true;
}

static int next_frame(struct follow *follow)
{
	int err;

	if (!has_frames(follow) || follow->over ||
	    waiting_now() < follow->frame_ns)
		return 0;
	err = sample(follow);
	if (!err && follow->live)
		draw(follow);
	follow->frame_ns = waiting_now() + follow->show->interval_ns;
	return err;
}

/* ---- waiting ---- */

static uint64_t wake_ns(const struct follow *follow)
{
	const int timeout_ms = kin_mirror_timeout(follow->mirror);
	uint64_t ns = WAITING_NEVER, doubts_ns = WAITING_NEVER;

	if (follow->until_ns != WAITING_NEVER)
		ns = follow->until_ns + follow->linger_ns;
	if (has_frames(follow) && follow->frame_ns < ns)
		ns = follow->frame_ns;
	if (timeout_ms >= 0)
		doubts_ns = waiting_now() + (uint64_t)timeout_ms * NS_PER_MS;
	return doubts_ns < ns ? doubts_ns : ns;
}

static void check_terminal(struct follow *follow)
{
	const unsigned int wanted = screen_attend(&follow->screen,
						  &follow->waiting);

	follow->over |= (wanted & SCREEN_END) != 0;
	if (wanted & SCREEN_REDRAW)
		follow->frame_ns = 0;
}

/* What the user has ended is told as far as it happened until now. */
static void check_end(struct follow *follow)
{
	const uint64_t now = waiting_now();

	if (waiting_is_over() && now < follow->until_ns)
		follow->until_ns = now;
	if (follow->until_ns == WAITING_NEVER)
		return;
	follow->over |= now >= follow->until_ns + follow->linger_ns;
}

static int wait_for_news(struct follow *follow)
{
	struct pollfd fds[] = {
		{ .fd = kin_mirror_fd(follow->mirror), .events = POLLIN },
		{ .fd = follow->live ? STDIN_FILENO : STDOUT_FILENO,
		  .events = follow->live ? POLLIN : 0 },
	};
	const int n = waiting_poll(&follow->waiting, fds,
				   follow->live && !follow->screen.raw ? 1 : 2,
				   wake_ns(follow));

	if (n < 0 && errno != EINTR)
		return -errno;
	if (follow->live)
		check_terminal(follow);
	else if (n > 0)
		follow->over |= waiting_lost_reader(fds[1].revents);
	check_end(follow);
	return 0;
}

static int loop(struct follow *follow)
{
	int err = 0;

	while (!err && !follow->over) {
		err = read_mirror(follow);
		if (!err)
			err = next_frame(follow);
		fflush(stdout);
		follow->over |= ferror(stdout) || follow->no_memory;
		if (!err && !follow->over)
			err = wait_for_news(follow);
	}
	return err;
}

/* ---- who was asked for ---- */

const struct kin_node *followid_find(const struct kin_mirror *mirror,
				     const struct followid *id)
{
	static const uint32_t kinds[] = { KIN_KIND_PROCESS, KIN_KIND_THREAD };

	for (size_t i = 0; i < 2; i++) {
		const struct kin_node *node =
			kin_mirror_find(mirror, id->pid, kinds[i]);

		if (node && (id->start_boottime_ns == KIN_NONE64 ||
			     id->start_boottime_ns ==
				     node->task.base.start_boottime_ns))
			return node;
	}
	return NULL;
}

/* Who has the number now; it stays the one that is meant. */
static struct followid identify(const struct follow *follow, uint32_t pid)
{
	struct followid id = { .pid = pid, .start_boottime_ns = KIN_NONE64 };
	const struct kin_node *node = followid_find(follow->mirror, &id);

	id.start_boottime_ns = node ? node->task.base.start_boottime_ns : 0;
	return id;
}

/* Messages for those that are not there, as without --follow. */
static int find_root(struct follow *follow, uint32_t pid)
{
	struct followscope *scope = &follow->scope;
	int status;

	if (kin_mirror_find(follow->mirror, pid, KIN_KIND_PROCESS)) {
		scope->roots[scope->n_roots++] = identify(follow, pid);
		return CMD_OK;
	}
	status = treeread_check_process(follow->kin, pid);
	return status ? status : cmd_no_pid(pid);
}

static int find_roots(struct follow *follow)
{
	const struct cmd_scope *asked = &follow->show->read.scope;
	struct treeread *read = &follow->show->read;
	int status;

	follow->scope.kin = follow->kin;
	follow->scope.scope = asked;
	follow->scope.by_root = asked->n_subtrees;
	follow->scope.roots = calloc(asked->n_subtrees + 1,
				     sizeof(*follow->scope.roots));
	if (!follow->scope.roots)
		return cmd_no_memory();
	for (size_t i = 0; i < asked->n_subtrees; i++) {
		status = find_root(follow, asked->subtrees[i]);
		if (status)
			read->missing = status;
	}
	if (asked->n_subtrees && !follow->scope.n_roots)
		return read->missing;
	return CMD_OK;
}

static int find_highlights(struct follow *follow)
{
	const struct cmd_scope *asked = &follow->show->highlight;

	follow->highlight = calloc(asked->n_pids + 1,
				   sizeof(*follow->highlight));
	if (!follow->highlight)
		return cmd_no_memory();
	for (size_t i = 0; i < asked->n_pids; i++)
		follow->highlight[i] = identify(follow, asked->pids[i]);
	return CMD_OK;
}

/* ---- before ---- */

static int ask_delay(struct follow *follow)
{
	struct kin_status module;
	int err = kin_status_get(follow->kin, &module, NULL, 0);

	if (err)
		return cmd_failed(follow->kin, err,
				  "cannot read the module's status");
	if (follow->live)
		return CMD_OK;
	follow->linger_ns = LINGER_MS * NS_PER_MS;
	if (module.batch_ms != KIN_NONE32)
		follow->linger_ns += module.batch_ms * NS_PER_MS;
	return CMD_OK;
}

static int open_mirror(struct follow *follow)
{
	struct kin_mirror_options options;
	const struct kin_node *node = NULL;
	int status;

	follownews_options(follow, &options);
	status = cmd_mirror_open(&follow->mirror, &options);
	if (status)
		return status;
	while ((node = kin_mirror_next(follow->mirror, node)))
		if (!followed_new(node, 0))
			return cmd_no_memory();
	return CMD_OK;
}

static int prepare(struct follow *follow)
{
	struct treeshow *show = follow->show;
	int status = cmd_open(&follow->kin);

	if (!status)
		status = ask_delay(follow);
	if (!status)
		status = treeshow_view(show, follow->kin);
	if (!status)
		status = open_mirror(follow);
	if (!status)
		status = find_roots(follow);
	return status ? status : find_highlights(follow);
}

static void set_up(struct follow *follow)
{
	struct treeshow *show = follow->show;

	follow->live = screen_usable() && !show->json;
	follow->color = cmd_use_color(show->color);
	follow->screen.in = STDIN_FILENO;
	follow->screen.out = STDOUT_FILENO;
	follow->line.out = stdout;
	follow->line.utf8 = cmd_utf8();
	follow->line.limit = show->uncut ? 0 : cmd_columns();
	follow->until_ns = WAITING_NEVER;
	if (show->duration_ns)
		follow->until_ns = waiting_now() + show->duration_ns;
	if (!show->interval_ns)
		show->interval_ns = INTERVAL_NS;
}

/* The first tree. A status; what is only missing is told, and is in read.missing. */
static int print_first(struct follow *follow)
{
	struct treeshow *show = follow->show;
	int status = followtree_read(follow), unmarked;

	if (status)
		return status;
	unmarked = treeshow_mark(show, true);
	if (unmarked == CMD_FAILED)
		return unmarked;
	if (unmarked && !show->read.missing)
		show->read.missing = unmarked;
	if (follow->live)
		return CMD_OK;
	if (!show->json)
		return treeshow_print(show);
	treeshow_lines(show);
	return CMD_OK;
}

/* ---- all of it ---- */

static int outcome(const struct follow *follow, int err)
{
	const int output_err = follow->output_err;

	if (follow->no_memory || output_err == -ENOMEM)
		return cmd_no_memory();
	if (output_err) {
		cmd_error("cannot draw on the terminal: %s",
			  strerror(-output_err));
		return CMD_FAILED;
	}
	if (err)
		return cmd_events_failed(kin_mirror_error(follow->mirror), err);
	return follow->show->read.missing;
}

static int run(struct follow *follow)
{
	int err, status = prepare(follow);

	if (!status)
		status = print_first(follow);
	if (status)
		return status;
	waiting_begin(&follow->waiting, follow->live);
	if (follow->live)
		screen_enter(&follow->screen);
	err = loop(follow);
	/* messages are for the screen that stays */
	screen_leave(&follow->screen);
	return outcome(follow, err);
}

static void clean_up(struct follow *follow)
{
	const struct kin_node *node = NULL;

	while (follow->mirror &&
	       (node = kin_mirror_next(follow->mirror, node)))
		followed_free(node);
	kin_mirror_close(follow->mirror);
	kin_close(follow->kin);
	followpast_free(follow);
	followscope_free(&follow->scope);
	screen_forget(&follow->screen);
	treeline_free(&follow->line);
	free(follow->highlight);
	free(follow->marks);
	free(follow);
}

int follow_tree(struct treeshow *show)
{
	struct follow *follow = calloc(1, sizeof(*follow));
	int status;

	if (!follow)
		return cmd_no_memory();
	follow->show = show;
	set_up(follow);
	status = run(follow);
	clean_up(follow);
	return status;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: what comes after the decoding. A whole command of kin runs on the
 * answers of a made-up kernel: snapshot, tree, folding, sorting, tables, JSON;
 * what it prints is judged.
 *
 * Input: a byte that says which command, one for the place it runs at (odd: a
 * locale with UTF-8; the rest: the terminal's width, 0: none), the datagrams.
 */
#include <errno.h>
#include <grp.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "events.h"
#include "reply-commands.h"
#include "reply-kernel.h"
#include "reply-output.h"

/* ---- the place: the same each time, so that what was found is found again ---- */

static unsigned int columns;

int __wrap_kin_view_now(struct kin_view *view);
int __wrap_kin_view_now(struct kin_view *view)
{
	memset(view, 0, sizeof(*view));
	view->now_boottime_ns = 3600000000000;
	view->boot_epoch_ns = 1767225600000000000;
	view->mem_total_bytes = KIN_NONE64;
	return 0;
}

unsigned int __wrap_cmd_columns(void);
unsigned int __wrap_cmd_columns(void)
{
	return columns;
}

/* One user in three has a name, one in three one that is not nice. */
static const char *name_of(uint32_t id)
{
	static const char *const names[] = { NULL, "user", "u\033 ser\xff" };

	return names[id % 3];
}

int __wrap_getpwuid_r(uid_t uid, struct passwd *pw, char *buf, size_t len,
		      struct passwd **found);
int __wrap_getpwuid_r(uid_t uid, struct passwd *pw, char *buf, size_t len,
		      struct passwd **found)
{
	*found = name_of(uid) ? pw : NULL;
	pw->pw_name = *found ? strcpy(buf, name_of(uid)) : NULL;
	return 0;
}

int __wrap_getgrgid_r(gid_t gid, struct group *gr, char *buf, size_t len,
		      struct group **found);
int __wrap_getgrgid_r(gid_t gid, struct group *gr, char *buf, size_t len,
		      struct group **found)
{
	*found = name_of(gid) ? gr : NULL;
	gr->gr_name = *found ? strcpy(buf, name_of(gid)) : NULL;
	return 0;
}

int __wrap_eventclock_sync(struct eventclock *clock);
int __wrap_eventclock_sync(struct eventclock *clock)
{
	clock->boot_epoch_ns = 1767225600000000000;
	return 0;
}

/* What is captured has its own memory. */
int __wrap_setvbuf(FILE *stream, char *buf, int mode, size_t size);
int __wrap_setvbuf(FILE *stream, char *buf, int mode, size_t size)
{
	return 0;
}

/* ---- a command, and what it printed ---- */

struct capture {
	FILE *was, *file;
	char *text;
	size_t len;
};

static void capture_start(struct capture *capture, FILE **stream)
{
	capture->was = *stream;
	capture->file = open_memstream(&capture->text, &capture->len);
	if (!capture->file)
		abort();
	*stream = capture->file;
}

static void capture_end(struct capture *capture, FILE **stream)
{
	*stream = capture->was;
	if (fclose(capture->file))
		abort();
}

static void run(const struct reply_command *command)
{
	struct sigaction was[2];
	struct capture out, err;
	int status;

	/* The fuzzer has its own way to end. */
	sigaction(SIGINT, NULL, &was[0]);
	sigaction(SIGTERM, NULL, &was[1]);
	capture_start(&out, &stdout);
	capture_start(&err, &stderr);
	status = reply_command_run(command);
	capture_end(&err, &stderr);
	capture_end(&out, &stdout);
	sigaction(SIGINT, &was[0], NULL);
	sigaction(SIGTERM, &was[1], NULL);
	/* (-U may have changed it) */
	output_check(command->output, out.text, out.len, cmd_utf8());
	output_check(OUTPUT_TEXT, err.text, err.len, cmd_utf8());
	if (status != CMD_OK && !err.len)
		abort();	/* it failed, and did not say why */
	if (status == CMD_OK && !out.len && command->output == OUTPUT_JSON)
		abort();	/* "nothing" is a value, too */
	free(out.text);
	free(err.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	if (!setlocale(LC_CTYPE, data[1] & 1 ? "C.UTF-8" : "C"))
		abort();
	columns = data[1] / 2;
	kernel_says(data + 2, size - 2, true);
	run(&reply_commands[data[0] % n_reply_commands]);
	return 0;
}

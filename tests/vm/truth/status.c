// SPDX-License-Identifier: GPL-2.0-or-later
/* The module's own numbers: each counter moves by what was asked. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "proc.h"
#include "tap.h"

static void get_status(struct kin *kin, struct kin_status *status)
{
	if (kin_status_get(kin, status, NULL, 0))
		tap_bail("status: %s", kin_error(kin));
}

static int nothing(const struct kin_record *rec, void *arg)
{
	return 0;
}

static void check_constants(struct kin *kin)
{
	struct kin_status status;
	char version[64], text[64] = "?";

	if (kin_status_get(kin, &status, version, sizeof(version)))
		tap_bail("status: %s", kin_error(kin));
	tap_ok(status.abi_version == KIN_ABI_VERSION &&
		       status.max_values == KIN_MAX_VALUES &&
		       status.cmdline_max_bytes == KIN_CMDLINE_MAX,
	       "status: abi_version, max_values, cmdline_max_bytes");
	proc_file("/sys/module/kin/parameters/hidepid", text, sizeof(text));
	tap_ok(status.hidepid == strtoul(text, NULL, 10),
	       "status.hidepid is the module's parameter, %.1s", text);
	proc_file("/sys/module/kin/version", text, sizeof(text));
	text[strcspn(text, "\n")] = '\0';
	tap_ok(!strcmp(version, text), "the version is the module's, %s",
	       version);
}

static void check_dump(struct kin *kin)
{
	const uint32_t pids[] = { getpid(), 1, 4000000 };
	const struct kin_query query = { .scope = { .pids = pids,
						    .n_pids = 3 } };
	struct kin_status a, b;

	get_status(kin, &a);
	kin_dump(kin, &query, nothing, NULL);
	get_status(kin, &b);
	tap_ok(b.dumps_started == a.dumps_started + 1 &&
		       b.dumps_done == a.dumps_done + 1 &&
		       b.tasks_sent == a.tasks_sent + 2 && b.gets == a.gets,
	       "status.dumps_started, dumps_done, tasks_sent: a dump of two");
	kin_get(kin, 1, KIN_KIND_PROCESS, 0, nothing, NULL);
	get_status(kin, &a);
	tap_ok(a.gets == b.gets + 1 && a.tasks_sent == b.tasks_sent + 1 &&
		       a.dumps_started == b.dumps_started,
	       "status.gets, tasks_sent: a get");
	tap_ok(a.cmdlines_busy <= a.tasks_sent,
	       "status.cmdlines_busy: %" PRIu64, (uint64_t)a.cmdlines_busy);
}

static void check_refusals(struct kin *kin)
{
	static uint32_t pids[KIN_MAX_VALUES + 1];
	const struct kin_query bad = {
		.scope = { .pids = pids, .n_pids = KIN_MAX_VALUES + 1 },
	};
	struct kin_status a, b;
	int ret;

	for (ret = 0; ret <= KIN_MAX_VALUES; ret++)
		pids[ret] = 1 + ret;
	get_status(kin, &a);
	ret = kin_dump(kin, &bad, nothing, NULL);
	tap_note("%d, %s", ret, kin_error(kin));
	get_status(kin, &b);
	tap_ok(ret == -E2BIG && b.requests_rejected == a.requests_rejected + 1,
	       "status.requests_rejected: too many values");
	tap_ok(b.requests_denied == a.requests_denied &&
		       b.tasks_hidden == a.tasks_hidden,
	       "status.requests_denied, tasks_hidden: nobody was");
}

void status_check(struct kin *kin)
{
	check_constants(kin);
	check_dump(kin);
	check_refusals(kin);
}

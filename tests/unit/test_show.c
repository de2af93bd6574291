// SPDX-License-Identifier: GPL-2.0-or-later
/* What kin show tells of what is private, and of what it could not have. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <cmocka.h>
#include <ctype.h>

#include "fields.h"
#include "output.h"
#include "showgaps.h"
#include "showlimits.h"
#include "showplace.h"

static const struct kin_view view = { .now_boottime_ns = 1 };

/* A task of which nothing but its base came. */
static struct kin_task bare_task(void)
{
	struct kin_task task;

	memset(&task, 0xff, sizeof(task));
	memset(&task.base, 0, sizeof(task.base));
	strcpy(task.base.comm, "worker");
	task.base.state = 'S';
	task.groups = task.busy = task.cut = task.denied = task.deleted = 0;
	task.nspids = NULL;
	task.limits = NULL;
	task.cmdline = task.cgroup_path = NULL;
	task.exe = task.cwd = task.root = task.stack = NULL;
	return task;
}

static char *printed_fields(const struct fields *fields)
{
	struct output out;

	output_begin(&out);
	assert_int_equal(fields_print(fields), CMD_OK);
	output_end(&out);
	return out.text;
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in:\n%s", part, text);
}

static void assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("'%s' is in:\n%s", part, text);
}

/* The line that begins with a field's name, from there to its meaning. */
static void assert_field(const char *text, const char *id, const char *value)
{
	char wanted[128];
	const char *at, *behind;

	snprintf(wanted, sizeof(wanted), "\n  %s ", id);
	at = strstr(text, wanted);
	if (!at)
		fail_msg("no field %s in:\n%s", id, text);
	at += strlen(wanted);
	at += strspn(at, " ");
	behind = at + strlen(value);
	/* the meaning follows, a sentence */
	if (strncmp(at, value, strlen(value)) || *behind != ' ' ||
	    !isupper((unsigned char)behind[strspn(behind, " ")]))
		fail_msg("%s: not '%s' but '%.60s'", id, value, at);
}

/* ---- fields ---- */

static void test_nothing_came(void **state)
{
	const struct kin_task task = bare_task();
	char *text = printed_fields(&(struct fields){ &view, &task, NULL, false });

	assert_has(text, "\nIdentity\n");
	assert_lacks(text, "Open descriptors");
	assert_lacks(text, "Input and output");
	assert_lacks(text, "Waiting");
	assert_lacks(text, "Namespaces");
	free(text);
}

static void test_files(void **state)
{
	struct kin_task task = bare_task();
	char *text;

	task.groups = KIN_GROUP_FILES | KIN_GROUP_WAIT;
	task.files = (struct kin_files){ .open = 3, .table_size = 64,
					 .limit_soft = 1024,
					 .limit_hard = 4096, .users = 1 };
	task.wait.since_cpu_ns = 1500000;
	text = printed_fields(&(struct fields){ &view, &task, NULL, false });
	assert_has(text, "\nOpen descriptors\n");
	assert_field(text, "open", "3");
	assert_field(text, "files_pct", "0.2%");
	assert_field(text, "files_limit", "1024");
	/* the other group of its section did not come */
	assert_has(text, "\nWaiting\n");
	assert_field(text, "since_cpu", "1.50ms");
	assert_lacks(text, "delay_blkio");
	free(text);
}

static void test_waiting(void **state)
{
	struct kin_task task = bare_task();
	char *text;

	task.groups = KIN_GROUP_DELAY | KIN_GROUP_WAIT;
	task.delay.blkio_ns = 2000000000;
	task.delay.blkio_count = 7;
	task.wait.since_cpu_ns = 1500000;
	task.base.state = 'D';
	text = printed_fields(&(struct fields){ &view, &task, NULL, false });
	assert_field(text, "delay_blkio", "2.00s (7 times)");
	assert_field(text, "delay_irq", "-");
	assert_field(text, "since_cpu", "1.50ms (in D at most so long)");
	free(text);
	text = printed_fields(&(struct fields){ &view, &task, NULL, true });
	assert_field(text, "delay_blkio", "2000000000 ns (7 times)");
	free(text);
}

static bool is_foreign(const struct kin_task *task,
		       const struct kin_task *own, const char *id)
{
	const struct fields fields = { &view, task, own, false };

	return fields_is_foreign(&fields, kin_column_find(id, strlen(id)));
}

/* What is unknown is not another one. */
static void test_foreign(void **state)
{
	struct kin_task task = bare_task(), own = bare_task();

	task.groups = own.groups = KIN_GROUP_NS | KIN_GROUP_FILES;
	task.ns.net = own.ns.net = 5;
	task.files.open = 3;
	own.files.open = 4;
	assert_false(is_foreign(&task, &own, "netns"));
	own.ns.net = 6;
	assert_true(is_foreign(&task, &own, "netns"));
	assert_false(is_foreign(&task, NULL, "netns"));
	own.ns.net = KIN_NONE32;
	assert_false(is_foreign(&task, &own, "netns"));
	own.ns.net = 6;
	task.ns.net = KIN_NONE32;
	assert_false(is_foreign(&task, &own, "netns"));
	assert_false(is_foreign(&task, &own, "open"));
}

static void test_namespaces(void **state)
{
	struct kin_task task = bare_task(), own = bare_task();
	char *text;

	memset(&task.ns, 0, sizeof(task.ns));
	task.groups = own.groups = KIN_GROUP_NS;
	task.ns.net = 4026531840;
	task.ns.user = 4026531841;
	task.ns.uts = KIN_NONE32;
	own.ns = task.ns;
	own.ns.net = 4026539999;
	own.ns.uts = 5;
	text = printed_fields(&(struct fields){ &view, &task, &own, false });
	assert_field(text, "netns", "4026531840 (not yours)");
	assert_field(text, "userns", "4026531841");
	assert_field(text, "utsns", "-");
	free(text);
	/* without one's own, nobody knows */
	text = printed_fields(&(struct fields){ &view, &task, NULL, false });
	assert_field(text, "netns", "4026531840");
	free(text);
	own.groups = 0;
	text = printed_fields(&(struct fields){ &view, &task, &own, false });
	assert_field(text, "netns", "4026531840");
	free(text);
}

/* ---- limits ---- */

static void test_limits(void **state)
{
	struct kin_limit limits[18];
	struct kin_task task = bare_task();
	struct output out;

	memset(limits, 0xff, sizeof(limits));
	task.limits = limits;
	task.n_limits = 18;
	limits[RLIMIT_STACK].soft = 8 << 20;
	limits[RLIMIT_NOFILE] = (struct kin_limit){ 1024, 1 << 20 };
	limits[17].soft = 5;
	output_begin(&out);
	assert_int_equal(showlimits_print(&task, false), CMD_OK);
	output_end(&out);
	assert_has(out.text, "\nLimits\n");
	assert_has(out.text, "  cpu        unlimited unlimited s ");
	assert_has(out.text, "  stack           8.0M unlimited bytes ");
	assert_has(out.text, "  nofile          1024   1048576 descriptors ");
	assert_has(out.text, "  limit_17           5 unlimited ");
	free(out.text);
	output_begin(&out);
	assert_int_equal(showlimits_print(&task, true), CMD_OK);
	output_end(&out);
	assert_has(out.text, "  stack        8388608 unlimited bytes ");
	free(out.text);
}

static char *json_of(void (*put)(const struct kin_task *task,
				 struct kin_json *json),
		     const struct kin_task *task)
{
	struct kin_json json;
	struct output out;

	output_begin(&out);
	kin_json_begin(&json, stdout);
	kin_json_object(&json, NULL);
	put(task, &json);
	kin_json_object_end(&json);
	output_end(&out);
	return out.text;
}

static void test_limits_json(void **state)
{
	struct kin_limit limits[2] = { { 1, 2 }, { KIN_NONE64, KIN_NONE64 } };
	struct kin_task task = bare_task();
	char *text = json_of(showlimits_json, &task);

	assert_string_equal(text, "{\n\t\"limits\": null\n}");
	free(text);
	task.limits = limits;
	task.n_limits = 2;
	text = json_of(showlimits_json, &task);
	assert_string_equal(text,
			    "{\n"
			    "\t\"limits\": {\n"
			    "\t\t\"cpu_s\": {\"soft\": 1, \"hard\": 2},\n"
			    "\t\t\"fsize_bytes\": {\"soft\": \"unlimited\", \"hard\": \"unlimited\"}\n"
			    "\t}\n"
			    "}");
	free(text);
	/* more than there are: the module is not trusted */
	task.n_limits = 0;
	text = json_of(showlimits_json, &task);
	assert_string_equal(text, "{\n\t\"limits\": {}\n}");
	free(text);
}

/* ---- paths, stack ---- */

static void test_place(void **state)
{
	struct kin_task task = bare_task();
	struct output out;

	task.exe = "/bin/x\033";
	task.cwd = "/gone";
	task.deleted = KIN_GROUP_CWD;
	task.stack = "f+0x1/0x2\ng\033+0x3/0x4\n";
	output_begin(&out);
	showplace_print(&task);
	output_end(&out);
	assert_has(out.text, "\nKernel stack\n  f+0x1/0x2\n  g\\x1b+0x3/0x4\n\n");
	assert_has(out.text, "\nProgram and directories\n"
			     "  exe   /bin/x\\x1b\n"
			     "  cwd   /gone (deleted)\n\n");
	free(out.text);
	task.exe = task.cwd = task.stack = NULL;
	output_begin(&out);
	showplace_print(&task);
	output_end(&out);
	assert_lacks(out.text, "Kernel stack");
	assert_lacks(out.text, "Program");
	free(out.text);
}

/* ---- gaps ---- */

#define EVERY_FEATURE UINT32_MAX

static char *printed_gaps(const struct showgaps *gaps,
			  const struct kin_task *task)
{
	struct output out;

	output_begin(&out);
	showgaps_print(gaps, task);
	output_end(&out);
	return out.text;
}

static void assert_gaps(const struct showgaps *gaps,
			const struct kin_task *task, const char *expected)
{
	char *text = printed_gaps(gaps, task);

	assert_string_equal(text, expected);
	free(text);
}

static void test_no_gaps(void **state)
{
	struct kin_task task = bare_task();
	struct showgaps gaps = { .features = EVERY_FEATURE,
				 .asked = KIN_GROUPS };

	task.groups = KIN_GROUPS;
	assert_gaps(&gaps, &task, "");
	/* it has ended: there is nothing to be had */
	task.groups = 0;
	task.base.state = 'Z';
	assert_gaps(&gaps, &task, "");
}

static void test_refused(void **state)
{
	struct kin_task task = bare_task();
	struct showgaps gaps = { .features = EVERY_FEATURE };
	uint32_t asked = showgaps_refused(&gaps, KIN_GROUPS, "needs A");

	assert_int_equal(asked, KIN_GROUPS & ~KIN_GROUP_STACK);
	gaps.asked = asked;
	task.groups = asked;
	/* whoever does not stand in the kernel has no stack to show */
	assert_gaps(&gaps, &task, "");
	task.base.state = 'D';
	assert_gaps(&gaps, &task, "\nNot shown\n  kernel stack: needs A\n");
	asked = showgaps_refused(&gaps, asked, "needs B");
	assert_int_equal(asked, KIN_GROUPS & ~KIN_GROUPS_PRIVATE);
	gaps.asked = asked;
	task.groups = asked;
	assert_gaps(&gaps, &task,
		    "\nNot shown\n"
		    "  open descriptors, input and output, exe, cwd, root, namespaces, delays, time since it got onto a CPU: needs B\n"
		    "  kernel stack: needs A\n");
	assert_int_equal(showgaps_refused(&gaps, asked, "needs C"), 0);
}

static void test_denied_and_busy(void **state)
{
	struct kin_task task = bare_task();
	struct showgaps gaps = { .features = EVERY_FEATURE,
				 .asked = KIN_GROUPS };

	task.groups = KIN_GROUPS & ~(KIN_GROUP_CMDLINE | KIN_GROUP_EXE |
				     KIN_GROUP_IO | KIN_GROUP_CWD);
	task.busy = KIN_GROUP_CMDLINE | KIN_GROUP_EXE;
	task.denied = KIN_GROUP_IO;
	task.cut = KIN_GROUP_CWD | KIN_GROUP_ROOT;
	assert_gaps(&gaps, &task,
		    "\nNot shown\n"
		    "  command line, exe: busy: not to be had now without waiting for another process; try again\n"
		    "  input and output: denied: it needs CAP_SYS_PTRACE over the user namespace of the process\n"
		    "  cwd: longer than a path may be, 4096 bytes\n");
}

static void test_features(void **state)
{
	struct kin_task task = bare_task();
	struct showgaps gaps = { .asked = KIN_GROUPS };
	char *text;

	task.groups = KIN_GROUPS & ~(KIN_GROUP_DELAY | KIN_GROUP_STACK);
	task.base.state = 'D';
	text = printed_gaps(&gaps, &task);
	assert_has(text, "  delays: not on this kernel");
	assert_has(text, "  kernel stack: not on this kernel");
	free(text);
	gaps.features = KIN_FEATURE_DELAY | KIN_FEATURE_STACK;
	text = printed_gaps(&gaps, &task);
	assert_has(text, "  delays: not accounted when it started: sysctl kernel.task_delayacct=1");
	assert_lacks(text, "stack");
	free(text);
}

static void test_gaps_json(void **state)
{
	struct kin_task task = bare_task();
	struct showgaps gaps = { .features = EVERY_FEATURE,
				 .asked = KIN_GROUPS };
	struct kin_json json;
	struct output out;

	task.groups = KIN_GROUPS & ~(KIN_GROUP_EXE | KIN_GROUP_CWD |
				     KIN_GROUP_NS | KIN_GROUP_LIMITS);
	task.busy = KIN_GROUP_EXE | KIN_GROUP_NS;
	task.cut = KIN_GROUP_CWD;
	output_begin(&out);
	kin_json_begin(&json, stdout);
	kin_json_object(&json, NULL);
	showgaps_json(&gaps, &task, &json);
	kin_json_object_end(&json);
	output_end(&out);
	assert_output(&out,
		      "{\n"
		      "\t\"not_shown\": [\n"
		      "\t\t{\"groups\": [\"exe\", \"ns\"], \"why\": \"busy: not to be had now without waiting for another process; try again\"},\n"
		      "\t\t{\"groups\": [\"cwd\"], \"why\": \"longer than a path may be, 4096 bytes\"}\n"
		      "\t]\n"
		      "}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_came),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_waiting),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_limits_json),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_no_gaps),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_denied_and_busy),
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_gaps_json),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "columns.h"

#define DEFAULTS "pid,rss,command"

/* The ids of a list as users give it, with commas; "error" if refused. */
static void check(const char *text, const char *expected)
{
	struct columns columns;
	char ids[1024] = "";

	if (columns_parse(&ps_cmd, &columns, text, DEFAULTS) != CMD_OK)
		strcpy(ids, "error");
	else
		for (size_t i = 0; i < columns.n; i++) {
			strcat(ids, i ? "," : "");
			strcat(ids, columns.list[i]->id);
		}
	assert_string_equal(ids, expected);
}

static void test_list(void **state)
{
	check(NULL, "pid,rss,command");
	check("pid", "pid");
	check("comm,pid", "comm,pid");
	check("PID,nlwp", "pid,threads");
	check("pid,pid", "pid");
	check("", "error");
	check("pid,", "error");
	check("pdi", "error");
	check("pid,-rss", "error");
}

static void test_changes(void **state)
{
	/* the command stays last, where it may be cut */
	check("+swap", "pid,rss,swap,command");
	check("-rss", "pid,command");
	check("+swap,-rss,+tty", "pid,swap,tty,command");
	check("+swap,tty", "pid,rss,swap,tty,command");
	check("+rss", "pid,rss,command");
	check("-command,+comm,+tty", "pid,rss,tty,comm");
	check("-pid,-rss,-command", "error");
	check("-nonsense", "error");
	/* not there: nothing to do */
	check("-swap", "pid,rss,command");
}

static void test_all(void **state)
{
	struct columns columns;

	assert_int_equal(columns_parse(&ps_cmd, &columns, "all", DEFAULTS),
			 CMD_OK);
	assert_int_equal(columns.n, kin_n_columns);
	assert_true(columns.needs & KIN_NEED_HOST);
	/* limits are too many for columns: kin show has them */
	assert_int_equal(columns.needs & KIN_GROUPS,
			 KIN_GROUPS & ~KIN_GROUP_LIMITS);
	assert_int_equal(columns_parse(&ps_cmd, &columns, "pid,uid,comm",
				       DEFAULTS),
			 CMD_OK);
	assert_int_equal(columns.needs, 0);
}

/* ---- sorting ---- */

static const uint32_t pids[] = { 1, 2, 3, 4, 5 };
static const uint64_t rss[] = { 50, 10, KIN_NONE64, 50, 20 };
static const uint32_t uids[] = { 7, 7, 7, 3, 9 };

/* The order of the five tasks above, as digits. */
static void check_order(const char *keys, const char *expected)
{
	const struct kin_view view = { 0 };
	struct sort sort = { 0 };
	struct kin_task tasks[5];
	const struct kin_task *rows[5];
	char order[6] = "";

	for (size_t i = 0; i < 5; i++) {
		memset(&tasks[i], 0, sizeof(tasks[i]));
		tasks[i].base.pid = pids[i];
		tasks[i].base.uid = uids[i];
		tasks[i].mem.rss_anon_bytes = rss[i];
		tasks[i].groups = KIN_GROUP_MEM;
		rows[i] = &tasks[i];
	}
	assert_int_equal(sort_parse(&ps_cmd, &sort, keys), CMD_OK);
	assert_true(sort_rows(&sort, &view, rows, 5));
	for (size_t i = 0; i < 5; i++)
		order[i] = '0' + rows[i]->base.pid;
	assert_string_equal(order, expected);
}

static void test_sort(void **state)
{
	check_order("rss", "25143");
	/* equal ones stay in order, the unknown stays at the end */
	check_order("-rss", "14523");
	check_order("-rss,-pid", "41523");
	check_order("uid,rss", "42135");
	check_order("-uid,-rss", "51234");
	check_order("-pid", "54321");
	check_order("+pid", "12345");
}

static void test_sort_refused(void **state)
{
	struct sort sort = { 0 };

	assert_int_equal(sort_parse(&ps_cmd, &sort, "rsss"), CMD_USAGE);
	assert_int_equal(sort_parse(&ps_cmd, &sort, ""), CMD_USAGE);
	assert_int_equal(sort_parse(&ps_cmd, &sort, "--pid"), CMD_USAGE);
	assert_int_equal(sort_parse(&ps_cmd, &sort,
				    "pid,pid,pid,pid,pid,pid,pid,pid,pid"),
			 CMD_USAGE);
}

/* ---- numbers, names ---- */

static void test_number(void **state)
{
	uint64_t n = 99;

	assert_true(cmd_number("0", 10, &n));
	assert_int_equal(n, 0);
	assert_true(cmd_number("0010", 10, &n));
	assert_int_equal(n, 10);
	assert_true(cmd_number("18446744073709551615", UINT64_MAX, &n));
	assert_true(n == UINT64_MAX);
	assert_false(cmd_number("18446744073709551616", UINT64_MAX, &n));
	assert_false(cmd_number("11", 10, &n));
	assert_false(cmd_number("5", 4, &n));
	assert_false(cmd_number("", 10, &n));
	assert_false(cmd_number("-1", 10, &n));
	assert_false(cmd_number("+1", 10, &n));
	assert_false(cmd_number(" 1", 10, &n));
	assert_false(cmd_number("1 ", 10, &n));
	assert_false(cmd_number("0x1", 10, &n));
}

static void test_nearest(void **state)
{
	static const char *const names[] = { "columns", "list-columns", "sort",
					     "state", NULL };

	assert_string_equal(cmd_nearest("colums", names), "columns");
	assert_string_equal(cmd_nearest("stat", names), "state");
	assert_string_equal(cmd_nearest("list", names), "list-columns");
	assert_null(cmd_nearest("xyzzy", names));
}

/* What is said of an option's word. */
static char *word_said(const char *arg, const char *const *words)
{
	FILE *real = stderr;
	char *said = NULL;
	size_t len;
	int index;

	stderr = open_memstream(&said, &len);
	assert_non_null(stderr);
	assert_int_equal(cmd_word(&ps_cmd, "when", arg, words, &index), CMD_USAGE);
	fclose(stderr);
	stderr = real;
	return said;
}

static void test_word(void **state)
{
	static const char *const words[] = { "", "always", "never", NULL };
	char *said = word_said("alway", words);
	int index;

	assert_non_null(strstr(said, "did you mean 'always'?\n"));
	free(said);
	said = word_said("xyzzy", words);
	assert_non_null(strstr(said, "--when: unknown word 'xyzzy': "
				     "one of always, never is expected\n"));
	free(said);
	assert_int_equal(cmd_word(&ps_cmd, "when", "never", words, &index), CMD_OK);
	assert_int_equal(index, 2);
}

/* ---- scopes ---- */

static void test_scope(void **state)
{
	struct cmd_scope scope = { 0 };
	struct kin_scope query = { 0 };

	assert_int_equal(cmd_scope_option(&ps_cmd, &scope, CMD_KEY_PID, "1,22"),
			 CMD_OK);
	assert_int_equal(cmd_scope_option(&ps_cmd, &scope, CMD_KEY_PID, "333"),
			 CMD_OK);
	assert_int_equal(cmd_scope_option(&ps_cmd, &scope, CMD_KEY_STATE, "DZ"),
			 CMD_OK);
	assert_int_equal(cmd_scope_option(&ps_cmd, &scope, CMD_KEY_USER,
					  "root,4294967294"),
			 CMD_OK);
	assert_int_equal(cmd_scope_option(&ps_cmd, &scope, CMD_KEY_CGROUP,
					  "18446744073709551614"),
			 CMD_OK);
	cmd_scope_query(&scope, &query);
	assert_int_equal(query.n_pids, 3);
	assert_int_equal(query.pids[2], 333);
	assert_int_equal(query.states,
			 KIN_STATE_DISK_SLEEP | KIN_STATE_ZOMBIE);
	assert_int_equal(query.n_uids, 2);
	assert_int_equal(query.uids[0], 0);
	assert_true(query.cgroups[0] == UINT64_MAX - 1);
	cmd_scope_free(&scope);
}

static void test_scope_refused(void **state)
{
	static const struct {
		int key;
		const char *arg;
	} bad[] = {
		{ CMD_KEY_PID, "" },	     { CMD_KEY_PID, "0" },
		{ CMD_KEY_PID, "1," },	     { CMD_KEY_PID, ",1" },
		{ CMD_KEY_PID, "-1" },	     { CMD_KEY_PID, "2147483648" },
		{ CMD_KEY_TGID, "x" },	     { CMD_KEY_SUBTREE, "1 2" },
		{ CMD_KEY_USER, "no/such" }, { CMD_KEY_USER, "4294967295" },
		{ CMD_KEY_STATE, "" },	     { CMD_KEY_STATE, "DQ" },
		{ CMD_KEY_CGROUP, "/no/such/cgroup" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct cmd_scope scope = { 0 };

		assert_int_equal(cmd_scope_option(&ps_cmd, &scope, bad[i].key,
						  bad[i].arg),
				 CMD_USAGE);
		cmd_scope_free(&scope);
	}
}

static void test_scope_limit(void **state)
{
	struct cmd_scope scope = { 0 };

	for (size_t i = 0; i < CMD_MAX_VALUES; i++)
		assert_int_equal(cmd_scope_option(&ps_cmd, &scope, CMD_KEY_PID,
						  "1"),
				 CMD_OK);
	assert_int_equal(cmd_scope_option(&ps_cmd, &scope, CMD_KEY_TGID, "1"),
			 CMD_USAGE);
	cmd_scope_free(&scope);
}

static void test_kernel(void **state)
{
	const struct kin_task user = { 0 };
	const struct kin_task kthread = { .base.flags = KIN_TASK_KTHREAD };
	struct cmd_scope scope = { 0 };

	assert_true(cmd_scope_passes(&scope, &user));
	assert_true(cmd_scope_passes(&scope, &kthread));
	cmd_scope_option(&ps_cmd, &scope, CMD_KEY_KERNEL, NULL);
	assert_false(cmd_scope_passes(&scope, &user));
	assert_true(cmd_scope_passes(&scope, &kthread));
	assert_int_equal(cmd_scope_option(&ps_cmd, &scope, CMD_KEY_NO_KERNEL,
					  NULL),
			 CMD_USAGE);
	memset(&scope, 0, sizeof(scope));
	cmd_scope_option(&ps_cmd, &scope, CMD_KEY_NO_KERNEL, NULL);
	assert_true(cmd_scope_passes(&scope, &user));
	assert_false(cmd_scope_passes(&scope, &kthread));
}

/* ---- options ---- */

/* Two options with one letter, or one without help, would go unnoticed. */
static void test_option_tables(void **state)
{
	for (size_t c = 0; cmd_list[c]; c++) {
		const struct cmd_option *table = cmd_list[c]->options;

		for (size_t i = 0; table[i].name; i++) {
			assert_true(strlen(table[i].help) > 3);
			assert_int_not_equal(table[i].key, CMD_KEY_HELP);
			assert_true(i < 40);
			for (size_t j = 0; j < i; j++) {
				assert_int_not_equal(table[i].key,
						     table[j].key);
				assert_string_not_equal(table[i].name,
							table[j].name);
			}
		}
	}
}

/* The messages that are expected would only hide one that is not. */
static int loud;

static int quiet(void **state)
{
	int null = open("/dev/null", O_WRONLY);

	fflush(stderr);
	loud = dup(STDERR_FILENO);
	if (null < 0 || loud < 0 || dup2(null, STDERR_FILENO) < 0)
		return -1;
	return close(null);
}

static int restore(void **state)
{
	fflush(stderr);
	return dup2(loud, STDERR_FILENO) < 0 || close(loud) ? -1 : 0;
}

#define QUIET_TEST(f) cmocka_unit_test_setup_teardown(f, quiet, restore)

int main(void)
{
	const struct CMUnitTest tests[] = {
		QUIET_TEST(test_list),
		QUIET_TEST(test_changes),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_sort),
		QUIET_TEST(test_sort_refused),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_word),
		cmocka_unit_test(test_scope),
		QUIET_TEST(test_scope_refused),
		QUIET_TEST(test_scope_limit),
		QUIET_TEST(test_kernel),
		cmocka_unit_test(test_option_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ending.h"
#include "libkin.h"

#define EXIT(code) ((uint32_t)(code) << 8)
#define CORE 0x80

#define assert_ending(status, flags, expected)                                 \
	do {                                                                   \
		char to[KIN_ENDING_MAX + 1];                                   \
		memset(to, '#', sizeof(to));                                   \
		to[kin_ending_put(to, status, flags)] = '\0';                  \
		assert_string_equal(to, expected);                             \
	} while (0)

static void test_exit(void **state)
{
	assert_ending(0, 0, "exit 0");
	assert_ending(EXIT(1), 0, "exit 1");
	assert_ending(EXIT(125), 0, "exit 125");
	assert_ending(EXIT(126), 0,
		      "exit 126: command cannot be executed, as shells say");
	assert_ending(EXIT(127), 0, "exit 127: command not found, as shells say");
	assert_ending(EXIT(128), 0, "exit 128");
	assert_ending(EXIT(129), 0,
		      "exit 129: a command killed by SIGHUP, as shells say");
	assert_ending(EXIT(130), 0,
		      "exit 130: a command killed by SIGINT, as shells say");
	assert_ending(EXIT(192), 0,
		      "exit 192: a command killed by SIGRTMIN+30, as shells say");
	assert_ending(EXIT(193), 0, "exit 193");
	assert_ending(EXIT(255), 0, "exit 255");
}

static void test_signal(void **state)
{
	assert_ending(SIGKILL, 0, "exit 137: killed by SIGKILL");
	assert_ending(SIGTERM, 0, "exit 143: killed by SIGTERM");
	assert_ending(SIGSEGV | CORE, 0,
		      "exit 139: killed by SIGSEGV, core dumped");
	assert_ending(31 | CORE, 0, "exit 159: killed by SIGSYS, core dumped");
	assert_ending(32, 0, "exit 160: killed by signal 32");
	assert_ending(34, 0, "exit 162: killed by SIGRTMIN");
	assert_ending(37, 0, "exit 165: killed by SIGRTMIN+3");
	assert_ending(64 | CORE, 0,
		      "exit 192: killed by SIGRTMIN+30, core dumped");
	assert_ending(100, 0, "exit 228: killed by signal 100");
}

/* The OOM killer's victim that ends in another way was not killed by it. */
static void test_oom(void **state)
{
	const uint32_t oom = KIN_EVENT_OOM_VICTIM;

	assert_ending(SIGKILL, oom, "exit 137: killed by SIGKILL (OOM kill)");
	assert_ending(SIGTERM, oom, "exit 143: killed by SIGTERM");
	assert_ending(0, oom, "exit 0");
	assert_ending(SIGKILL, KIN_EVENT_THREAD, "exit 137: killed by SIGKILL");
}

static void test_unknown(void **state)
{
	assert_ending(KIN_NONE32, 0, "unknown");
	assert_ending(KIN_NONE32, KIN_EVENT_OOM_VICTIM, "unknown");
}

/* Each status that there is, and more: fits, and says what wait(2) does. */
static void test_every_status(void **state)
{
	char to[KIN_ENDING_MAX], start[16];
	int len;

	for (uint32_t status = 0; status <= 0xffff; status++) {
		const int code = kin_ending_code(status);

		assert_int_equal(code, WIFEXITED(status) ?
					       WEXITSTATUS(status) :
					       128 + WTERMSIG(status));
		assert_in_range(kin_ending_put(to, status, ~0u), 6,
				KIN_ENDING_MAX);
		len = snprintf(start, sizeof(start), "exit %d", code);
		assert_memory_equal(to, start, len);
	}
	assert_int_equal(kin_ending_code(KIN_NONE32), -1);
}

static int child_status(void (*end)(void))
{
	const struct rlimit none = { 0, 0 };
	int status;
	pid_t pid = fork();

	assert_return_code(pid, 0);
	if (!pid) {
		setrlimit(RLIMIT_CORE, &none);
		end();
		_exit(99);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void exit_3(void)
{
	_exit(3);
}

static void die_of_user_signal(void)
{
	signal(SIGUSR1, SIG_DFL);
	raise(SIGUSR1);
}

static void die_of_realtime_signal(void)
{
	raise(SIGRTMIN + 1);
}

static void test_real_children(void **state)
{
	assert_ending(child_status(exit_3), 0, "exit 3");
	assert_ending(child_status(die_of_user_signal), 0,
		      "exit 138: killed by SIGUSR1");
	assert_ending(child_status(die_of_realtime_signal), 0,
		      "exit 163: killed by SIGRTMIN+1");
}

static void test_signal_names_fit(void **state)
{
	char to[KIN_SIGNAL_MAX];

	for (unsigned int signal = 0; signal < 256; signal++)
		assert_in_range(kin_signal_name(to, signal), 6, sizeof(to));
	assert_int_equal(kin_signal_name(to, SIGVTALRM), 9);
	assert_memory_equal(to, "SIGVTALRM", 9);
}

static void check_json(uint32_t status, uint32_t flags, const char *expected)
{
	struct kin_json json;
	char *text;
	size_t len;

	kin_json_begin(&json, open_memstream(&text, &len));
	assert_non_null(json.out);
	kin_json_object_line(&json, NULL);
	kin_ending_json(&json, status, flags);
	kin_json_object_end(&json);
	fclose(json.out);
	assert_string_equal(text, expected);
	free(text);
}

static void test_json(void **state)
{
	check_json(EXIT(3), 0,
		   "{\"status\": 768, \"exit_code\": 3, \"signal\": null, \"signal_name\": null, \"core_dumped\": false, \"oom_kill\": false}");
	check_json(SIGKILL, KIN_EVENT_OOM_VICTIM,
		   "{\"status\": 9, \"exit_code\": null, \"signal\": 9, \"signal_name\": \"SIGKILL\", \"core_dumped\": false, \"oom_kill\": true}");
	check_json(SIGSEGV | CORE, 0,
		   "{\"status\": 139, \"exit_code\": null, \"signal\": 11, \"signal_name\": \"SIGSEGV\", \"core_dumped\": true, \"oom_kill\": false}");
	/* an exit code of 137 is no signal, and 9 in it no SIGKILL */
	check_json(EXIT(9), KIN_EVENT_OOM_VICTIM,
		   "{\"status\": 2304, \"exit_code\": 9, \"signal\": null, \"signal_name\": null, \"core_dumped\": false, \"oom_kill\": false}");
	check_json(KIN_NONE32, 0,
		   "{\"status\": null, \"exit_code\": null, \"signal\": null, \"signal_name\": null, \"core_dumped\": null, \"oom_kill\": null}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exit),
		cmocka_unit_test(test_signal),
		cmocka_unit_test(test_oom),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_every_status),
		cmocka_unit_test(test_real_children),
		cmocka_unit_test(test_signal_names_fit),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

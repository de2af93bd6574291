// SPDX-License-Identifier: GPL-2.0-or-later
/* Webhooks and Alertmanager: servers that are away, slow, wrong, or in a hurry. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "sinkscene.h"
#include "sinkserver.h"

static struct server *server;
static char url[64];
static struct receiver receiver;
static struct sink_options options;

#define MS 1000000ull

static int begin(void **state)
{
	if (scene_begin(state))
		return -1;
	server = calloc(1, sizeof(*server));
	server_start(server);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/hook", server->port);
	receiver = (struct receiver){
		.name = (char *)"ops", .kind = RECEIVER_WEBHOOK, .url = url,
		.timeout_ns = 5000 * MS, .queue_bytes = 1 << 20,
	};
	options = (struct sink_options){ .spool = scene_dir, .retry_ns = 2 * MS };
	return 0;
}

static int end(void **state)
{
	server_stop(server);
	free(server);
	if (scene_stderr >= 0)
		free(scene_heard());
	return scene_end(state);
}

static struct sink *open_sink(void)
{
	struct sink *sink;

	assert_int_equal(sink_open(&sink, &receiver, &options), 0);
	return sink;
}

static void assert_bodies(unsigned int from, unsigned int to)
{
	unsigned int n = server->answered_well;

	assert_int_equal(n, to - from + 1);
	for (unsigned int i = 0; i < n; i++)
		assert_true(scene_in_order(server->bodies[i], from + i, from + i));
}

#define assert_all_delivered(sink, n) \
	assert_true(WAIT_UNTIL(scene_stats(sink).delivered == (n)))

static void test_delivers(void **state)
{
	char *headers[] = { (char *)"Authorization: Bearer x", NULL };
	struct sink_stats stats;
	struct sink *sink;

	receiver.headers = headers;
	sink = open_sink();
	for (int i = 1; i <= 50; i++)
		assert_int_equal(scene_tell(sink, i), 0);
	assert_all_delivered(sink, 50);
	stats = scene_stats(sink);
	assert_int_equal(stats.told, 50);
	assert_int_equal(stats.queued, 0);
	assert_int_equal(stats.queued_bytes, 0);
	assert_int_equal(stats.failed + stats.dropped, 0);
	assert_false(stats.away);
	sink_close(sink, 1000);
	assert_bodies(1, 50);
	assert_non_null(strstr(server->last, "POST /hook HTTP/1.1"));
	assert_non_null(strstr(server->last, "Authorization: Bearer x\r\n"));
	assert_non_null(strstr(server->last, "Content-Type: application/json\r\n"));
	assert_non_null(strstr(server->last, "\"rule\": \"zombie-flood\""));
}

/* The server is away for a while: nothing lost, nothing twice, the order kept; what
 * is said is said once. */
static void test_away(void **state)
{
	struct sink *sink;
	char *heard;

	server_stop(server);
	scene_hear();
	sink = open_sink();
	for (int i = 1; i <= 20; i++)
		scene_tell(sink, i);
	assert_true(WAIT_UNTIL(scene_stats(sink).away));
	assert_int_equal(scene_stats(sink).queued, 20);
	server_start(server);
	assert_all_delivered(sink, 20);
	assert_false(scene_stats(sink).away);
	sink_close(sink, 1000);
	heard = scene_heard();
	assert_bodies(1, 20);
	assert_non_null(strstr(heard, "kin: receiver 'ops': cannot be told now"));
	assert_non_null(strstr(heard, "can be told again, after "));
	/* which may be a secret */
	assert_null(strstr(heard, "/hook"));
	free(heard);
}

/* The next run delivers what the last one could not. */
static void test_next_run(void **state)
{
	struct sink *sink;
	char *heard;

	server_stop(server);
	scene_hear();
	sink = open_sink();
	for (int i = 1; i <= 9; i++)
		scene_tell(sink, i);
	assert_true(WAIT_UNTIL(scene_stats(sink).away));
	sink_close(sink, 0);
	server_start(server);
	sink = open_sink();
	scene_tell(sink, 10);
	assert_all_delivered(sink, 10);
	sink_close(sink, 1000);
	heard = scene_heard();
	assert_bodies(1, 10);
	assert_non_null(strstr(heard, "9 messages are still to be delivered"));
	assert_null(strstr(heard, "lost"));
	free(heard);
}

/* Killed while the server was away; twice at most is what it had in hand. */
static void test_killed(void **state)
{
	struct sink *sink;
	int status, ends[2];
	char go;
	pid_t pid;

	server_stop(server);
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		freopen("/dev/null", "w", stderr);
		sink = open_sink();
		for (int i = 1; i <= 9; i++)
			scene_tell(sink, i);
		if (write(ends[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ends[0], &go, 1), 1);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(ends[0]);
	close(ends[1]);
	server_start(server);
	scene_hear();
	sink = open_sink();
	assert_all_delivered(sink, 9);
	sink_close(sink, 1000);
	assert_bodies(1, 9);
}

/* Whatever goes wrong on the way: tried again until it arrives. */
static void test_mishaps(void **state)
{
	static const int script[] = { 500, 503, 502, SERVER_RESET, 408, 429, SERVER_GARBAGE,
				      SERVER_CUT, SERVER_HANG, 301, 425, 504, SERVER_RESET };
	struct sink *sink;
	double start;

	memcpy(server->script, script, sizeof(script));
	receiver.timeout_ns = 300 * MS;
	scene_hear();
	sink = open_sink();
	start = scene_seconds();
	for (int i = 1; i <= 5; i++)
		scene_tell(sink, i);
	assert_all_delivered(sink, 5);
	/* the one that hangs was not waited for */
	assert_true(scene_seconds() - start < 15);
	assert_int_equal(server->requests, 5 + sizeof(script) / sizeof(*script));
	sink_close(sink, 1000);
	assert_bodies(1, 5);
}

/* What it will never take is given up, told, and the rest goes on. */
static void test_refused(void **state)
{
	struct sink *sink;
	char *heard;

	server->script[0] = 200;
	server->script[1] = 400;
	server->script[2] = 404;
	server->answer = "no such \033[31mhook\nsecond line";
	scene_hear();
	sink = open_sink();
	for (int i = 1; i <= 4; i++)
		scene_tell(sink, i);
	assert_all_delivered(sink, 2);
	sink_close(sink, 1000);
	heard = scene_heard();
	assert_true(scene_in_order(server->bodies[0], 1, 1));
	assert_true(scene_in_order(server->bodies[1], 4, 4));
	assert_int_equal(server->requests, 4);
	assert_non_null(strstr(heard, "did not take a message, which is given up: "
				      "http://127.0.0.1:"));
	assert_non_null(strstr(heard, "HTTP status 400: no such \\x1b[31mhook\n"));
	assert_null(strstr(heard, "second line"));
	free(heard);
}

static void test_refused_count(void **state)
{
	struct sink *sink;

	server->script[0] = 401;
	scene_hear();
	sink = open_sink();
	scene_tell(sink, 1);
	assert_true(WAIT_UNTIL(scene_stats(sink).failed == 1));
	assert_int_equal(scene_stats(sink).queued, 0);
	assert_false(scene_stats(sink).away);
	sink_close(sink, 1000);
}

/* It is left alone for as long as it asks. */
static void test_retry_after(void **state)
{
	struct sink *sink;

	server->script[0] = 429;
	server->head = "Retry-After: 2\r\n";
	scene_hear();
	sink = open_sink();
	scene_tell(sink, 1);
	assert_all_delivered(sink, 1);
	assert_true(server->at[1] - server->at[0] >= 1.9);
	sink_close(sink, 1000);
}

/* Pauses grow: it is not hammered. */
static void test_backs_off(void **state)
{
	struct sink *sink;
	double first, last;
	char *heard, *said;

	for (int i = 0; i < 8; i++)
		server->script[i] = 503;
	options.retry_ns = 5 * MS;
	scene_hear();
	sink = open_sink();
	scene_tell(sink, 1);
	assert_all_delivered(sink, 1);
	first = server->at[1] - server->at[0];
	last = server->at[7] - server->at[6];
	/* 5 and 320 ms, a quarter more or less; the server may be late to hear of one */
	assert_true(first >= 0.001);
	assert_true(last >= 0.160 && last < 5);
	sink_close(sink, 1000);
	/* told once, not at each attempt */
	heard = scene_heard();
	said = strstr(heard, "cannot be told now");
	assert_non_null(said);
	assert_null(strstr(said + 1, "cannot be told now"));
	free(heard);
}

/* A server that never answers does not hold up whoever tells, nor the end. */
static void test_hangs(void **state)
{
	struct sink *sink;
	double start;

	for (int i = 0; i < 64; i++)
		server->script[i] = SERVER_HANG;
	scene_hear();
	sink = open_sink();
	scene_tell(sink, 1);
	assert_true(WAIT_UNTIL(server->requests == 1));
	start = scene_seconds();
	for (int i = 2; i <= 100; i++)
		scene_tell(sink, i);
	assert_true(scene_seconds() - start < 1);
	start = scene_seconds();
	sink_close(sink, 100);
	assert_true(scene_seconds() - start < 1.5);
	/* all of it is still there */
	memset(server->script, 0, sizeof(server->script));
	sink = open_sink();
	assert_all_delivered(sink, 100);
	sink_close(sink, 1000);
	assert_bodies(1, 100);
}

/* What was on its way at the end is given its time. */
static void test_last_words(void **state)
{
	struct sink *sink = open_sink();

	for (int i = 1; i <= 30; i++)
		scene_tell(sink, i);
	sink_close(sink, 10000);
	assert_bodies(1, 30);
}

static void test_full(void **state)
{
	struct sink_stats stats;
	struct sink *sink;
	char *heard;

	server_stop(server);
	receiver.queue_bytes = 8192;
	scene_hear();
	sink = open_sink();
	for (int i = 1; i <= 100; i++)
		scene_tell(sink, i);
	sink_tick(sink, NULL, 0);
	stats = scene_stats(sink);
	assert_true(stats.dropped > 80 && stats.dropped < 100);
	assert_int_equal(stats.dropped + stats.queued, 100);
	assert_true(stats.queued_bytes <= 8192);
	server_start(server);
	assert_all_delivered(sink, stats.queued);
	sink_close(sink, 1000);
	heard = scene_heard();
	assert_non_null(strstr(heard, "its queue is full (8K): 1 messages, the oldest, were dropped"));
	/* the newest are what is left, at most one of those in hand before */
	assert_true(scene_in_order(server->bodies[server->answered_well - 1], 100, 100));
	free(heard);
}

static void test_torn(void **state)
{
	struct sink *sink;
	char path[300], *heard;

	server_stop(server);
	scene_hear();
	sink = open_sink();
	for (int i = 1; i <= 3; i++)
		scene_tell(sink, i);
	sink_close(sink, 0);
	snprintf(path, sizeof(path), "%s/ops.webhook/0000000000000002", scene_dir);
	assert_int_equal(truncate(path, 100), 0);
	server_start(server);
	sink = open_sink();
	assert_all_delivered(sink, 2);
	assert_int_equal(scene_stats(sink).failed, 1);
	sink_close(sink, 1000);
	heard = scene_heard();
	assert_non_null(strstr(heard, "its file in the queue is torn"));
	free(heard);
}

/* The directory cannot be had: it works without. */
static void test_no_spool(void **state)
{
	struct sink *sink;
	char *heard;

	options.spool = "/nonexistent/kin/spool";
	scene_hear();
	sink = open_sink();
	scene_tell(sink, 1);
	assert_all_delivered(sink, 1);
	server_stop(server);
	scene_tell(sink, 2);
	sink_close(sink, 0);
	server_start(server);
	heard = scene_heard();
	assert_non_null(strstr(heard, "its queue is kept in memory, not in /nonexistent/kin/spool: No such file"));
	assert_non_null(strstr(heard, "1 messages were not delivered and are lost"));
	free(heard);
}

static void test_bad_url(void **state)
{
	static const char *const bad[] = { "ftp://host/x", "http://", "hook", "" };
	struct sink *sink;
	char *heard;

	scene_hear();
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		receiver.url = (char *)bad[i];
		assert_int_equal(sink_open(&sink, &receiver, &options), -EINVAL);
		assert_null(sink);
	}
	heard = scene_heard();
	assert_non_null(strstr(heard, "its url is not of the form"));
	free(heard);
}

/* Neither the password in the address nor a header's is in what is said. */
static void test_secrets(void **state)
{
	char *headers[] = { (char *)"X-Token: hush1", NULL };
	struct sink *sink;
	char secret[128], *heard;

	snprintf(secret, sizeof(secret), "http://me:hush2@127.0.0.1:%d/hush3?t=hush4",
		 server->port);
	receiver.url = secret;
	receiver.headers = headers;
	server->script[0] = 500;
	server->script[1] = SERVER_RESET;
	server->script[2] = 403;
	scene_hear();
	sink = open_sink();
	scene_tell(sink, 1);
	assert_true(WAIT_UNTIL(scene_stats(sink).failed == 1));
	assert_non_null(strstr(server->last, "X-Token: hush1"));
	assert_non_null(strstr(server->last, "POST /hush3?t=hush4"));
	server_stop(server);
	scene_tell(sink, 2);
	assert_true(WAIT_UNTIL(scene_stats(sink).away));
	sink_close(sink, 1000);
	server_start(server);
	heard = scene_heard();
	assert_non_null(strstr(heard, "http://127.0.0.1:"));
	assert_null(strstr(heard, "hush"));
	free(heard);
}

/* ---- Alertmanager ---- */

static struct sink *open_alertmanager(void)
{
	receiver.kind = RECEIVER_ALERTMANAGER;
	/* its own path is put behind; one slash, not two */
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/am/", server->port);
	options.external_url = "http://kin.example/";
	return open_sink();
}

/* What jq says of the last body. */
static char *jq(const char *body, const char *filter)
{
	static char answer[1024];
	char path[200], command[1400];
	FILE *file;

	strcpy(path, scene_path("body"));
	file = fopen(path, "w");
	fputs(body, file);
	fclose(file);
	snprintf(command, sizeof(command), "jq -rc '%s' %s", filter, path);
	file = popen(command, "r");
	memset(answer, 0, sizeof(answer));
	assert_non_null(fgets(answer, sizeof(answer), file));
	assert_int_equal(pclose(file), 0);
	answer[strcspn(answer, "\n")] = '\0';
	return answer;
}

static const char *last_body(void)
{
	return strstr(server->last, "\r\n\r\n") + 4;
}

/* How far ahead of now the end is, s. */
static double ends_ahead(const char *body, int i)
{
	char filter[100];

	snprintf(filter, sizeof(filter),
		 "(.[%d].endsAt | sub(\"\\\\.[0-9]+\"; \"\") | fromdate) - now", i);
	return atof(jq(body, filter));
}

static void test_am_firing(void **state)
{
	struct sink *sink = open_alertmanager();
	char host[65];

	scene_tell(sink, 7);
	assert_all_delivered(sink, 1);
	assert_non_null(strstr(server->last, "POST /am/api/v2/alerts HTTP/1.1"));
	assert_string_equal(jq(last_body(), "length"), "1");
	assert_string_equal(jq(last_body(), ".[0].labels | [.alertname, .severity, .pid, .comm, .team]"),
			    "[\"zombie-flood\",\"warning\",\"912\",\"bash\",\"op\\\"s\"]");
	gethostname(host, sizeof(host));
	assert_string_equal(jq(last_body(), ".[0].labels.instance"), host);
	assert_string_equal(jq(last_body(), ".[0].annotations | [.summary, .description, .family, .value, .next]"),
			    "[\"<7>\",\"nobody waits\",\"init(1) / bash(912)\",\"1500\",\"kin tree 912\\nkill 912\"]");
	assert_string_equal(jq(last_body(), ".[0].generatorURL"), "http://kin.example/");
	assert_true(ends_ahead(last_body(), 0) > 230 && ends_ahead(last_body(), 0) < 250);
	sink_close(sink, 1000);
}

static void tell_resolved(struct sink *sink, const char *summary)
{
	struct alert alert = scene_alert(7, summary);

	alert.state = ALERT_RESOLVED;
	alert.resolved_ns = 12000000000;
	sink_tell(sink, &alert, ALERT_NEWS_RESOLVED);
}

static void test_am_resolved(void **state)
{
	struct sink *sink = open_alertmanager();
	char started[64];

	tell_resolved(sink, "over");
	assert_all_delivered(sink, 1);
	assert_true(ends_ahead(last_body(), 0) < 0);
	strcpy(started, jq(last_body(), ".[0].startsAt"));
	assert_true(strcmp(started, jq(last_body(), ".[0].endsAt")) < 0);
	sink_close(sink, 1000);
}

/* Delivered late, it still fires: its end is ahead of when it is sent, not of when it
 * was told; and what comes after it in the order comes after it. */
static void test_am_late(void **state)
{
	struct sink *sink;
	double late;

	server_stop(server);
	scene_hear();
	sink = open_alertmanager();
	scene_tell(sink, 1);
	late = scene_seconds();
	assert_true(WAIT_UNTIL(scene_seconds() - late > 1.5));
	tell_resolved(sink, "over");
	server_start(server);
	assert_all_delivered(sink, 2);
	assert_true(ends_ahead(server->bodies[0], 0) > 237.5);
	assert_true(ends_ahead(server->bodies[1], 0) < 0);
	sink_close(sink, 1000);
}

/* All that fire, at once; not again within the minute; and not counted as news. */
static void test_am_refresh(void **state)
{
	struct alert a = scene_alert(1, "one"), b = scene_alert(2, "two");
	const struct alert *firing[] = { &a, &b };
	struct sink *sink = open_alertmanager();
	uint64_t told_ns;

	b.subject = (struct subject){ .kind = KIN_EXPR_GROUP, .by = KIN_BY_CGROUP,
				      .key = (char *)"/system.slice" };
	sink_tick(sink, firing, 0);
	sink_tick(sink, firing, 2);
	assert_true(WAIT_UNTIL(server->answered_well == 1));
	assert_string_equal(jq(last_body(), "map(.annotations.summary)"), "[\"one\",\"two\"]");
	assert_string_equal(jq(last_body(), "[.[1].labels | .cgroup, .pid]"),
			    "[\"/system.slice\",null]");
	assert_true(ends_ahead(last_body(), 0) > 230 && ends_ahead(last_body(), 1) > 230);
	told_ns = sink->refreshed_ns;
	for (int i = 0; i < 100; i++)
		sink_tick(sink, firing, 2);
	assert_int_equal(sink->refreshed_ns, told_ns);
	/* the minute is over */
	sink->refreshed_ns -= 61000 * MS;
	sink_tick(sink, firing, 1);
	assert_true(WAIT_UNTIL(server->answered_well == 2));
	assert_string_equal(jq(last_body(), "length"), "1");
	assert_int_equal(scene_stats(sink).told + scene_stats(sink).delivered, 0);
	sink_close(sink, 1000);
	assert_int_equal(server->requests, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_delivers),	TEST(test_away),	TEST(test_next_run),
		TEST(test_killed),	TEST(test_mishaps),	TEST(test_refused),
		TEST(test_refused_count), TEST(test_retry_after), TEST(test_backs_off),
		TEST(test_hangs),	TEST(test_last_words),	TEST(test_full),
		TEST(test_torn),	TEST(test_no_spool),	TEST(test_bad_url),
		TEST(test_secrets),	TEST(test_am_firing),	TEST(test_am_resolved),
		TEST(test_am_late),	TEST(test_am_refresh),
	};

	signal(SIGPIPE, SIG_IGN);
	/* the servers are here, whatever the environment says */
	setenv("no_proxy", "*", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

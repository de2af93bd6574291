// SPDX-License-Identifier: GPL-2.0-or-later
/* The terminal, JSON lines, the journal. */
#include <locale.h>
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "json.h"
#include "sinkscene.h"

static struct receiver receiver;
static struct sink_options options;
static int real_stdout = -1;

static int begin(void **state)
{
	if (scene_begin(state))
		return -1;
	receiver = (struct receiver){ .name = (char *)"out", .queue_bytes = 1 << 20 };
	options = (struct sink_options){ .retry_ns = 2000000 };
	return 0;
}

static void set_stdout(int fd)
{
	fflush(stdout);
	real_stdout = dup(STDOUT_FILENO);
	dup2(fd, STDOUT_FILENO);
	close(fd);
}

static void restore_stdout(void)
{
	if (real_stdout < 0)
		return;
	dup2(real_stdout, STDOUT_FILENO);
	close(real_stdout);
	real_stdout = -1;
}

static int end(void **state)
{
	restore_stdout();
	if (scene_stderr >= 0)
		free(scene_heard());
	return scene_end(state);
}

static struct sink *open_kind(enum receiver_kind kind)
{
	struct sink *sink;

	receiver.kind = kind;
	assert_int_equal(sink_open(&sink, &receiver, &options), 0);
	return sink;
}

static char *json_path(void)
{
	static char path[128];

	strcpy(path, scene_path("alerts.json"));
	receiver.path = path;
	return path;
}

#define assert_delivered(sink, n) \
	assert_true(WAIT_UNTIL(scene_stats(sink).delivered == (n)))

/* ---- the terminal ---- */

static char *shown(const struct alert *alert, enum alert_news news)
{
	char path[128];
	struct sink *sink;

	strcpy(path, scene_path("stdout"));
	set_stdout(open(path, O_RDWR | O_CREAT | O_TRUNC, 0600));
	sink = open_kind(RECEIVER_TERMINAL);
	sink_tell(sink, alert, news);
	sink_close(sink, 5000);
	restore_stdout();
	return scene_read(path);
}

static void assert_shown(const struct alert *alert, enum alert_news news,
			 const char *expected)
{
	char *text = shown(alert, news);
	int year, month, day, hour, minute, second, at = 0;

	assert_int_equal(sscanf(text, "%d-%d-%d %d:%d:%d %n", &year, &month, &day, &hour,
				&minute, &second, &at), 6);
	assert_int_equal(at, 20);
	assert_string_equal(text + at, expected);
	free(text);
}

static void test_terminal(void **state)
{
	struct alert alert = scene_alert(1, "bash(912) does not wait");
	char text[] = "it is init(1) / bash(912)", *description;

	assert_shown(&alert, ALERT_NEWS_FIRING,
		     "warning zombie-flood: bash(912) does not wait\n"
		     "    nobody waits\n"
		     "    Family: init(1) / bash(912)\n");
	/* not twice */
	description = alert.description;
	alert.description = text;
	assert_shown(&alert, ALERT_NEWS_FIRING,
		     "warning zombie-flood: bash(912) does not wait\n"
		     "    it is init(1) / bash(912)\n");
	alert.description = description;
	alert.more = 7;
	assert_shown(&alert, ALERT_NEWS_AGAIN,
		     "warning (still) zombie-flood: bash(912) does not wait\n"
		     "    nobody waits\n"
		     "    Family: init(1) / bash(912)\n"
		     "    and 7 more\n");
	alert.state = ALERT_RESOLVED;
	alert.resolved_ns = alert.fired_ns + 90000000000;
	assert_shown(&alert, ALERT_NEWS_RESOLVED,
		     "resolved zombie-flood: bash(912) does not wait (after 1:30)\n");
	options.color = true;
	alert.severity = SEVERITY_CRITICAL;
	alert.summary = alert.description = alert.family = NULL;
	alert.more = 0;
	assert_shown(&alert, ALERT_NEWS_FIRING,
		     "\033[1;31mcritical\033[0m zombie-flood\n");
}

/* What others chose gives the terminal no orders. */
static void test_terminal_safe(void **state)
{
	struct alert alert = scene_alert(1, "a\033]0;evil\007b\nc\x9b\xff");
	char *text;

	alert.family = (char *)"\033[2J";
	alert.description = (char *)"\r";
	alert.rule = (char *)"\b";
	text = shown(&alert, ALERT_NEWS_FIRING);
	for (const char *c = text; *c; c++)
		assert_true(*c == '\n' || (*c >= ' ' && *c < 0x7f));
	assert_non_null(strstr(text, "a\\x1b]0;evil\\x07b\\x0ac\\x9b\\xff\n"));
	free(text);
}

/* Nobody reads what it writes: that holds up neither whoever tells, nor the end. */
static void test_stuck_reader(void **state)
{
	struct sink *sink;
	double start;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	fcntl(ends[0], F_SETPIPE_SZ, 4096);
	set_stdout(ends[1]);
	sink = open_kind(RECEIVER_TERMINAL);
	start = scene_seconds();
	for (int i = 1; i <= 300; i++)
		scene_tell(sink, i);
	scene_hear();
	sink_close(sink, 100);
	assert_true(scene_seconds() - start < 2);
	close(ends[0]);
}

/* A slow reader gets all of it. */
static void test_slow_reader(void **state)
{
	char *text = calloc(1, 1 << 20);
	struct sink *sink;
	size_t len = 0;
	ssize_t some;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	fcntl(ends[0], F_SETPIPE_SZ, 4096);
	set_stdout(ends[1]);
	receiver.path = (char *)"-";
	sink = open_kind(RECEIVER_JSON);
	for (int i = 1; i <= 300; i++)
		scene_tell(sink, i);
	while (!scene_in_order(text, 1, 300) &&
	       (some = read(ends[0], text + len, 1000)) > 0)
		len += some;
	assert_true(scene_in_order(text, 1, 300));
	assert_delivered(sink, 300);
	sink_close(sink, 1000);
	close(ends[0]);
	free(text);
}

/* ---- JSON lines ---- */

static void test_json(void **state)
{
	struct alert alert = scene_alert(3, "a\033\"b\"\n\xffz\\");
	char *path = json_path(), command[400], answer[200];
	struct sink *sink = open_kind(RECEIVER_JSON);
	FILE *file;

	sink_tell(sink, &alert, ALERT_NEWS_FIRING);
	alert.state = ALERT_RESOLVED;
	sink_tell(sink, &alert, ALERT_NEWS_RESOLVED);
	assert_delivered(sink, 2);
	sink_close(sink, 1000);
	/* each line an object */
	snprintf(command, sizeof(command),
		 "while read -r line; do printf '%%s\\n' \"$line\" | "
		 "jq -c '[.id, .news, .summary, .subject.pid, .value, .labels.team]'; done <%s", path);
	file = popen(command, "r");
	assert_non_null(fgets(answer, sizeof(answer), file));
	assert_string_equal(answer, "[3,\"firing\",\"a\\u001b\\\"b\\\"\\n\\\\xffz\\\\\",912,1500,\"op\\\"s\"]\n");
	assert_non_null(fgets(answer, sizeof(answer), file));
	assert_non_null(strstr(answer, "\"resolved\""));
	assert_null(fgets(answer, sizeof(answer), file));
	assert_int_equal(pclose(file), 0);
}

/* As it is in the JSON of an alert. */
static void assert_value(double value, const char *expected)
{
	struct alert alert = scene_alert(1, "x");
	char *text = NULL, member[100];
	struct kin_json json;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	alert.value = value;
	kin_json_begin(&json, out);
	alert_json(&json, NULL, &alert, ALERT_NEWS_FIRING);
	fclose(out);
	snprintf(member, sizeof(member), "\"value\": %s,", expected);
	if (!strstr(text, member))
		fail_msg("no %s in %s", member, text);
	free(text);
}

static void test_values(void **state)
{
	const double day = 86400e9;

	assert_value(0, "0.000");
	assert_value(-0.6, "-0.600");
	assert_value(-0.0004, "0.000");
	assert_value(-2e9, "-2000000000.000");
	assert_value(0.9999, "1.000");
	/* durations are ns */
	assert_value(110 * day, "9504000000000000");
	assert_value(-110 * day, "-9504000000000000");
	assert_value(0x1p62, "4611686018427387904");
	assert_value(0x1p63, "null");
	assert_value(NAN, "null");
}

/* Behind what is there; a line that a killed one began is ended first. */
static void test_json_appends(void **state)
{
	char *path = json_path(), *text;
	FILE *file = fopen(path, "w");
	struct sink *sink;

	fputs("{\"old\": 1}\n{\"half", file);
	fclose(file);
	sink = open_kind(RECEIVER_JSON);
	scene_tell(sink, 1);
	scene_tell(sink, 2);
	sink_close(sink, 5000);
	text = scene_read(path);
	assert_int_equal(strncmp(text, "{\"old\": 1}\n{\"half\n{\"id\": 1,", 27), 0);
	assert_null(strstr(text, "\n\n"));
	assert_true(scene_in_order(text, 1, 2));
	free(text);
}

static void test_json_rotated(void **state)
{
	char *path = json_path(), old[160], *text;
	struct sink *sink = open_kind(RECEIVER_JSON);

	scene_tell(sink, 1);
	assert_delivered(sink, 1);
	snprintf(old, sizeof(old), "%s.1", path);
	assert_int_equal(rename(path, old), 0);
	scene_tell(sink, 2);
	assert_delivered(sink, 2);
	unlink(path);
	scene_tell(sink, 3);
	sink_close(sink, 5000);
	text = scene_read(old);
	assert_true(scene_in_order(text, 1, 1));
	free(text);
	text = scene_read(path);
	assert_true(scene_in_order(text, 3, 3));
	free(text);
}

static void set_most(rlim_t bytes)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes ? bytes : limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
}

/* The disk is full amid a line: no part of it stays, and all comes when there is room. */
static void test_json_full(void **state)
{
	char *path = json_path(), *text, *heard;
	struct sink *sink = open_kind(RECEIVER_JSON);
	size_t one;

	scene_tell(sink, 1);
	assert_delivered(sink, 1);
	text = scene_read(path);
	one = strlen(text);
	free(text);
	scene_hear();
	set_most(one + one / 2);
	for (int i = 2; i <= 9; i++)
		scene_tell(sink, i);
	assert_true(WAIT_UNTIL(scene_stats(sink).away));
	text = scene_read(path);
	assert_int_equal(strlen(text), one);
	free(text);
	set_most(0);
	assert_delivered(sink, 9);
	sink_close(sink, 1000);
	text = scene_read(path);
	assert_true(scene_in_order(text, 1, 9));
	free(text);
	heard = scene_heard();
	assert_non_null(strstr(heard, "File too large"));
	assert_non_null(strstr(heard, "can be told again"));
	free(heard);
}

/* A pipe without a reader is no mistake, and holds up nobody. */
static void test_json_fifo(void **state)
{
	char *path = json_path(), *text = calloc(1, 1 << 16);
	struct sink *sink;
	size_t len = 0;
	ssize_t some;
	int fd;

	assert_int_equal(mkfifo(path, 0600), 0);
	scene_hear();
	sink = open_kind(RECEIVER_JSON);
	scene_tell(sink, 1);
	assert_true(WAIT_UNTIL(scene_stats(sink).away));
	fd = open(path, O_RDONLY);
	while (!scene_in_order(text, 1, 1) && (some = read(fd, text + len, 1000)) > 0)
		len += some;
	assert_true(scene_in_order(text, 1, 1));
	close(fd);
	sink_close(sink, 1000);
	free(text);
}

static void test_json_mistakes(void **state)
{
	static const char *const paths[] = { "/nonexistent/alerts", "/tmp", "/dev/null/x" };
	struct sink *sink;
	char *heard;

	scene_hear();
	receiver.kind = RECEIVER_JSON;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		receiver.path = (char *)paths[i];
		assert_true(sink_open(&sink, &receiver, &options) < 0);
		assert_null(sink);
	}
	heard = scene_heard();
	assert_non_null(strstr(heard, "receiver 'out': cannot open /nonexistent/alerts: No such file"));
	free(heard);
}

/* ---- the journal ---- */

#define JOURNAL_DIR "/run/systemd/journal"

/* A mount namespace with a socket where the journal's would be; -1: there is none. */
static int make_journal(void)
{
	struct sockaddr_un addr = { AF_UNIX, JOURNAL_DIR "/socket" };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	if (unshare(CLONE_NEWNS) || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/run", "tmpfs", 0, NULL) || mkdir("/run/systemd", 0755) ||
	    mkdir(JOURNAL_DIR, 0755) || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return -1;
	return fd;
}

/* The wire of the journal: NAME=value\n, or NAME\n, 8 bytes of length, value, \n. */
static const char *journal_field(const char *text, size_t len, const char *name)
{
	static char value[1000];
	const char *at = text, *end, *sign;
	uint64_t bytes;

	for (; at < text + len; at = end + 1) {
		end = memchr(at, '\n', text + len - at);
		sign = memchr(at, '=', end - at);
		bytes = sign ? (size_t)(end - sign - 1) : 0;
		if (!sign) {
			sign = end;
			memcpy(&bytes, end + 1, sizeof(bytes));
			end += 1 + sizeof(bytes) + bytes;
		}
		if (strlen(name) == (size_t)(sign - at) && !memcmp(at, name, sign - at)) {
			snprintf(value, sizeof(value), "%.*s", (int)bytes, end - bytes);
			return value;
		}
	}
	return "(none)";
}

#define CHECK(cond)                                                          \
	do {                                                                 \
		if (!(cond)) {                                               \
			fprintf(stderr, "line %d: %s\n", __LINE__, #cond);   \
			_exit(1);                                            \
		}                                                            \
	} while (0)

#define FIELD(name, value) \
	CHECK(!strcmp(journal_field(text, len, name), value))

static void journal_child(void)
{
	struct alert alert = scene_alert(3, "two\nlines");
	int fd = make_journal();
	char text[8192];
	struct sink *sink;
	ssize_t len;

	if (fd < 0)
		_exit(77);
	sink = open_kind(RECEIVER_JOURNAL);
	sink_tell(sink, &alert, ALERT_NEWS_FIRING);
	len = recv(fd, text, sizeof(text), 0);
	CHECK(len > 0);
	FIELD("MESSAGE", "zombie-flood firing: two\nlines");
	FIELD("PRIORITY", "4");
	FIELD("SYSLOG_IDENTIFIER", "kin");
	FIELD("MESSAGE_ID", "0d6ff852471940c7b41e20b9e4828602");
	FIELD("KIN_ALERT", "3");
	FIELD("KIN_RULE", "zombie-flood");
	FIELD("KIN_STATE", "firing");
	FIELD("KIN_PID", "912");
	FIELD("KIN_COMM", "bash");
	FIELD("KIN_FAMILY", "init(1) / bash(912)");
	FIELD("KIN_VALUE", "1500");
	FIELD("KIN_LABEL_TEAM", "op\"s");
	FIELD("KIN_CAUSE", "(none)");
	alert.severity = SEVERITY_CRITICAL;
	alert.state = ALERT_RESOLVED;
	sink_tell(sink, &alert, ALERT_NEWS_RESOLVED);
	len = recv(fd, text, sizeof(text), 0);
	FIELD("PRIORITY", "5");
	FIELD("MESSAGE_ID", "3088b2fb343d47148608f362b4924608");
	FIELD("KIN_STATE", "resolved");
	/* gone, and back */
	unlink(JOURNAL_DIR "/socket");
	close(fd);
	alert.id = 4;
	sink_tell(sink, &alert, ALERT_NEWS_FIRING);
	CHECK(WAIT_UNTIL(scene_stats(sink).away));
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	CHECK(!bind(fd, (struct sockaddr *)&(struct sockaddr_un){ AF_UNIX, JOURNAL_DIR "/socket" },
		    sizeof(struct sockaddr_un)));
	len = recv(fd, text, sizeof(text), 0);
	FIELD("KIN_ALERT", "4");
	FIELD("PRIORITY", "2");
	sink_close(sink, 1000);
	_exit(0);
}

static void test_journal(void **state)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		journal_child();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		print_message("# skipped: no mount namespace can be had\n");
		skip();
	}
	assert_int_equal(status, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_terminal),	TEST(test_terminal_safe), TEST(test_stuck_reader),
		TEST(test_slow_reader), TEST(test_json),	  TEST(test_json_appends),
		TEST(test_json_rotated), TEST(test_json_full),	  TEST(test_json_fifo),
		TEST(test_json_mistakes), TEST(test_journal),
		TEST(test_values),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

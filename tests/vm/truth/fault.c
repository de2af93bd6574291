// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "fault.h"
#include "tap.h"

#define DEBUGFS	      "/sys/kernel/debug/"
#define MAX_SITES     64
#define ENDLESS	      "1000000000"
#define WORKER	      "kworker/u" /* of no CPU in particular */
#define CONSOLE_LEVEL 8 /* of klogctl: what the console shows */
#define ONLY_ERRORS   4
#define EVERYTHING    8

static int nth_fd = -1, mark_fd = -1, log_fd = -1;
static bool onward;
static struct fault_site sites[MAX_SITES];
static unsigned int n_sites, left;

/* Whoever waits for memory may fail, too; any slab; say where, but copies. */
static const char *const knobs[][2] = {
	{ "failslab/ignore-gfp-wait", "N" },
	{ "failslab/cache-filter", "N" },
	{ "failslab/verbose", "2" },
	{ "fail_page_alloc/ignore-gfp-wait", "N" },
	{ "fail_page_alloc/ignore-gfp-highmem", "N" },
	{ "fail_page_alloc/verbose", "2" },
	{ "fail_usercopy/verbose", "0" },
	{ "failslab/task-filter", "Y" },
	{ "failslab/times", ENDLESS },
	{ "fail_page_alloc/task-filter", "Y" },
	{ "fail_page_alloc/times", ENDLESS },
};

static void set_knob(const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), DEBUGFS "%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		tap_bail("%s: %s", path, strerror(errno));
	close(fd);
}

void fault_pages(bool count)
{
	/* Of the largest there are, or of any size. */
	set_knob("fail_page_alloc/min-order", count ? "0" : "11");
}

const char *fault_open(void)
{
	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth_fd < 0)
		return "this kernel has no fault injection";
	mark_fd = open("/proc/thread-self/make-it-fail", O_RDWR | O_CLOEXEC);
	if (mark_fd < 0)
		tap_bail("make-it-fail: %s", strerror(errno));
	for (size_t i = 0; i < sizeof(knobs) / sizeof(*knobs); i++)
		set_knob(knobs[i][0], knobs[i][1]);
	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log_fd < 0 || lseek(log_fd, 0, SEEK_END) < 0)
		tap_bail("/dev/kmsg: %s", strerror(errno));
	/* The serial line is slow, and there will be thousands of lines. */
	klogctl(CONSOLE_LEVEL, NULL, ONLY_ERRORS);
	return NULL;
}

void fault_close(void)
{
	klogctl(CONSOLE_LEVEL, NULL, EVERYTHING);
	close(log_fd);
	close(mark_fd);
	close(nth_fd);
}

static void set_chance(unsigned int percent)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", percent);
	set_knob("failslab/probability", text);
	set_knob("fail_page_alloc/probability", text);
}

void fault_onward(bool on)
{
	onward = on;
	set_chance(on ? 100 : 0);
}

/* Of a task that counts to its nth failure, the mark has a meaning behind that
 * only. */
static void mark_self(bool on)
{
	if (onward && pwrite(mark_fd, on ? "1" : "0", 1, 0) != 1)
		tap_bail("make-it-fail: %s", strerror(errno));
}

void fault_arm(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	mark_self(true);
	if (pwrite(nth_fd, text, len, 0) != len)
		tap_bail("fail-nth: %s", strerror(errno));
}

static void count_site(const char *where, size_t len)
{
	unsigned int i;

	for (i = 0; i < n_sites; i++)
		if (!strncmp(sites[i].where, where, len) && !sites[i].where[len])
			break;
	if (i == MAX_SITES || len >= sizeof(sites[i].where))
		tap_bail("more than %d sites, or a longer one", MAX_SITES);
	if (i == n_sites)
		memcpy(sites[n_sites++].where, where, len);
	sites[i].failures++;
}

/* "prefix;  function+0x12/0x34 [kin]"; a "?" marks what is left from before. (There
 * are other lines that end so.) */
static bool take_frame(const char *line)
{
	const char *at = strchr(line, ';');

	if (!at || !strstr(at, "+0x") || !strstr(at, " [kin]") || strchr(at, '?'))
		return false;
	at += 1 + strspn(at + 1, " ");
	count_site(at, strcspn(at, "/"));
	return true;
}

/* The innermost frame of ours in each trace of a failure. */
static void read_log(void)
{
	bool wanted = false;
	char line[2048];
	ssize_t len;

	/* (What was written over while nobody read it is not counted.) */
	while ((len = read(log_fd, line, sizeof(line) - 1)) > 0 || errno == EPIPE) {
		line[len > 0 ? len : 0] = '\0';
		if (strstr(line, ";FAULT_INJECTION: forcing a failure"))
			wanted = true;
		else if (wanted && take_frame(line))
			wanted = false;
	}
	if (errno != EAGAIN)
		tap_bail("/dev/kmsg: %s", strerror(errno));
}

/*
 * The copy of the number itself may be what fails if only one was left to go;
 * then there were fewer, and it is disarmed.
 */
bool fault_disarm(void)
{
	char text[16] = "";
	const ssize_t len = pread(nth_fd, text, sizeof(text) - 1, 0);
	const bool failed = len > 0 && !atoi(text);

	if (len < 0 && errno != EFAULT)
		tap_bail("fail-nth: %s", strerror(errno));
	if (!failed && pwrite(nth_fd, "0", 1, 0) != 1 &&
	    pwrite(nth_fd, "0", 1, 0) != 1)
		tap_bail("fail-nth: %s", strerror(errno));
	mark_self(false);
	left = failed ? 0 : atoi(text);
	read_log();
	return failed;
}

unsigned int fault_left(void)
{
	return left;
}

/* ---- the kernel's workers ---- */

static bool is_worker(const char *pid)
{
	char path[32], comm[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.10s/comm", pid);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (!fgets(comm, sizeof(comm), file))
		*comm = '\0';
	fclose(file);
	return !strncmp(comm, WORKER, strlen(WORKER));
}

/* One that has ended meanwhile needs no mark. */
static void mark(const char *pid, bool on)
{
	char path[40];
	int fd;

	snprintf(path, sizeof(path), "/proc/%.10s/make-it-fail", pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, on ? "1" : "0", 1) != 1 && errno != ESRCH)
		tap_bail("%s: %s", path, strerror(errno));
	close(fd);
}

void fault_workers(unsigned int percent)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		tap_bail("/proc: %s", strerror(errno));
	while ((entry = readdir(proc)))
		if (isdigit((unsigned char)*entry->d_name) && is_worker(entry->d_name))
			mark(entry->d_name, percent);
	closedir(proc);
	set_chance(percent);
	read_log();
}

/* ---- what has failed ---- */

unsigned int fault_sites(const struct fault_site **list)
{
	*list = sites;
	return n_sites;
}

unsigned int fault_failures(const char *where)
{
	unsigned int failures = 0;

	for (unsigned int i = 0; i < n_sites; i++)
		if (!where || !strcmp(sites[i].where, where))
			failures += sites[i].failures;
	return failures;
}

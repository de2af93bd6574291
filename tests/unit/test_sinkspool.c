// SPDX-License-Identifier: GPL-2.0-or-later
/* The queue on disk: what kills its program, tears its files or fills its disk. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "sinkscene.h"

static uint64_t put(struct spool *spool, const char *text)
{
	uint64_t seq;

	assert_int_equal(spool_put(spool, text, strlen(text), &seq), 0);
	return seq;
}

static void assert_holds(const struct spool *spool, uint64_t seq, const char *text)
{
	char *data;
	size_t len;

	assert_int_equal(spool_get(spool, seq, &data, &len), 0);
	assert_int_equal(len, strlen(text));
	assert_string_equal(data, text);
	free(data);
}

static size_t count(struct spool *spool)
{
	struct spool_entry *list;
	size_t n;

	assert_int_equal(spool_list(spool, &list, &n), 0);
	free(list);
	return n;
}

static void test_comes_back(void **state)
{
	struct spool spool, twin;
	uint64_t a, b;

	assert_int_equal(spool_open(&spool, scene_path("base"), "ops"), 0);
	a = put(&spool, "first");
	b = put(&spool, "");
	assert_true(a < b);
	assert_int_equal(spool_open(&twin, scene_path("base"), "ops"), -EBUSY);
	spool_close(&spool);
	assert_int_equal(spool_open(&spool, scene_path("base"), "ops"), 0);
	assert_int_equal(count(&spool), 2);
	assert_holds(&spool, a, "first");
	assert_holds(&spool, b, "");
	spool_drop(&spool, a);
	assert_int_equal(count(&spool), 1);
	/* numbers go on: what is new comes last */
	assert_true(put(&spool, "third") > b);
	assert_int_equal(spool_sync(&spool, b), 0);
	assert_int_equal(spool_sync(&spool, a), -ENOENT);
	spool_close(&spool);
}

/* A receiver's name leads nowhere but into the base. */
static void test_names(void **state)
{
	static const char *const names[] = { "../../evil", ".", "..", "a/b", "", "x y\n",
					     "\xff", ".hidden" };
	struct spool spool;
	char base[128], path[300], real[300];

	strcpy(base, scene_path("base"));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!*names[i])
			continue;
		assert_int_equal(spool_open(&spool, base, names[i]), 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", spool.dir);
		real[readlink(path, real, sizeof(real) - 1)] = '\0';
		/* one level below */
		assert_int_equal(strncmp(real, base, strlen(base)), 0);
		assert_ptr_equal(strrchr(real, '/'), real + strlen(base));
		assert_int_not_equal(real[strlen(base) + 1], '.');
		spool_close(&spool);
	}
}

static void damage(const struct spool *spool, uint64_t seq, off_t at, int to)
{
	char name[32], c = to;
	int fd;

	snprintf(name, sizeof(name), "%016llx", (unsigned long long)seq);
	fd = openat(spool->dir, name, O_WRONLY);
	assert_true(fd >= 0);
	if (to < 0)
		assert_int_equal(ftruncate(fd, at), 0);
	else
		assert_int_equal(pwrite(fd, &c, 1, at), 1);
	close(fd);
}

static void test_torn(void **state)
{
	const char text[] = "it was a dark and stormy night";
	struct spool spool;
	uint64_t seq;
	char *data;
	size_t len;

	assert_int_equal(spool_open(&spool, scene_path("base"), "ops"), 0);
	/* cut anywhere */
	for (size_t at = 0; at < 46 + strlen(text); at++) {
		seq = put(&spool, text);
		damage(&spool, seq, at, -1);
		assert_int_equal(spool_get(&spool, seq, &data, &len), -EBADMSG);
	}
	/* any byte another one */
	for (size_t at = 0; at < 46 + strlen(text); at++) {
		seq = put(&spool, text);
		damage(&spool, seq, at, '#');
		assert_int_equal(spool_get(&spool, seq, &data, &len), -EBADMSG);
	}
	/* more than there was */
	seq = put(&spool, text);
	damage(&spool, seq, 46 + strlen(text), 'x');
	assert_int_equal(spool_get(&spool, seq, &data, &len), -EBADMSG);
	spool_close(&spool);
}

/* Returns how many messages had to go. */
static uint64_t open_queue(struct queue *queue, const char *base, uint64_t most_bytes)
{
	uint64_t dropped;

	assert_int_equal(queue_open(queue, base, "ops", most_bytes, &dropped), 0);
	return dropped;
}

/* What writes, and says which number is there for good, until it is killed. */
static void write_on(int report, unsigned int first)
{
	struct queue queue;
	uint64_t dropped;
	char text[400];

	if (queue_open(&queue, scene_path("base"), "ops", 1 << 30, &dropped))
		_exit(1);
	for (unsigned int i = first;; i++) {
		memset(text, 'x', sizeof(text));
		snprintf(text, sizeof(text), "<%u>", i);
		if (queue_put(&queue, text, sizeof(text), false, &dropped) || dropped)
			_exit(2);
		if (write(report, &i, sizeof(i)) != sizeof(i))
			_exit(3);
		/* some are delivered meanwhile */
		if (i % 3 == 0)
			queue_done(&queue);
	}
}

/* All that was there for good is, whole and in order; @next: one more may be. */
static void assert_left(unsigned int told, unsigned int *next)
{
	struct queue queue;
	struct queue_item *item;
	unsigned int got, last = 0;
	char *data;
	size_t len;

	open_queue(&queue, scene_path("base"), 1 << 30);
	for (item = queue.first; item; item = item->next) {
		assert_int_equal(queue_load(&queue, item, &data, &len), 0);
		assert_int_equal(len, 400);
		assert_int_equal(sscanf(data, "<%u>", &got), 1);
		if (last)
			assert_int_equal(got, last + 1);
		last = got;
		free(data);
	}
	assert_true(last == told || last == told + 1);
	*next = last + 1;
	assert_int_equal(queue_close(&queue), 0);
}

static unsigned int last_report(int fd, unsigned int told)
{
	unsigned int number;

	while (read(fd, &number, sizeof(number)) == sizeof(number))
		told = number;
	return told;
}

static void test_killed(void **state)
{
	unsigned int next = 1, told = 0;
	int ends[2], status;
	pid_t pid;

	for (int round = 0; round < 60; round++) {
		assert_int_equal(pipe(ends), 0);
		pid = fork();
		if (!pid)
			write_on(ends[1], next);
		close(ends[1]);
		/* at work; then at any moment of it */
		assert_int_equal(read(ends[0], &told, sizeof(told)), sizeof(told));
		nanosleep(&(struct timespec){ 0, random() % 3000000 }, NULL);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		told = last_report(ends[0], told);
		close(ends[0]);
		assert_left(told, &next);
	}
	assert_true(told >= 60);
}

/* ---- the bound ---- */

static unsigned int first_number(const struct queue *queue)
{
	unsigned int got = 0;
	char *data;
	size_t len;

	assert_int_equal(queue_load(queue, queue->first, &data, &len), 0);
	assert_int_equal(sscanf(data, "<%u>", &got), 1);
	free(data);
	return got;
}

static uint64_t put_numbers(struct queue *queue, unsigned int from, unsigned int to)
{
	uint64_t dropped, all = 0;
	char text[100];

	for (unsigned int i = from; i <= to; i++) {
		memset(text, ' ', sizeof(text));
		text[sprintf(text, "<%u>", i)] = ' ';
		assert_int_equal(queue_put(queue, text, sizeof(text), false, &dropped), 0);
		all += dropped;
	}
	return all;
}

static void bound(const char *base)
{
	struct queue queue;

	open_queue(&queue, base, 1000);
	assert_int_equal(put_numbers(&queue, 1, 25), 15);
	assert_int_equal(queue.n, 10);
	assert_int_equal(queue.bytes, 1000);
	assert_int_equal(first_number(&queue), 16);
	/* what is being delivered stays, the next one goes */
	queue.first->busy = true;
	assert_int_equal(put_numbers(&queue, 26, 27), 2);
	assert_int_equal(first_number(&queue), 16);
	queue_done(&queue);
	assert_int_equal(first_number(&queue), 19);
	assert_int_equal(queue.n, 9);
	assert_int_equal(queue_close(&queue), base ? 0 : 9);
}

static void test_bound(void **state)
{
	struct queue queue;

	bound(NULL);
	bound(scene_path("base"));
	/* as much room as before: all of it is there */
	assert_int_equal(open_queue(&queue, scene_path("base"), 900), 0);
	assert_int_equal(queue.n, 9);
	assert_int_equal(queue.bytes, 900);
	assert_int_equal(queue_close(&queue), 0);
	/* less: the oldest of before go, files too */
	assert_int_equal(open_queue(&queue, scene_path("base"), 600), 3);
	assert_int_equal(queue.n, 6);
	assert_int_equal(first_number(&queue), 22);
	assert_int_equal(count(&queue.spool), 6);
	assert_int_equal(queue_close(&queue), 0);
}

static void test_passing(void **state)
{
	struct queue queue;
	uint64_t dropped;

	open_queue(&queue, scene_path("base"), 1000);
	assert_int_equal(queue_put(&queue, "<90>", 4, true, &dropped), 0);
	assert_int_equal(put_numbers(&queue, 1, 2), 0);
	/* replaces the one that waits, at its own place in the order */
	assert_int_equal(queue_put(&queue, "<91>", 4, true, &dropped), 0);
	assert_int_equal(queue.n, 2);
	assert_int_equal(first_number(&queue), 1);
	queue_done(&queue);
	queue_done(&queue);
	assert_int_equal(first_number(&queue), 91);
	/* not while it is being delivered */
	queue.first->busy = true;
	assert_int_equal(queue_put(&queue, "<92>", 4, true, &dropped), 0);
	assert_int_equal(first_number(&queue), 91);
	assert_int_equal(queue_close(&queue), 0);
	/* nor is it there in the next run */
	open_queue(&queue, scene_path("base"), 1000);
	assert_null(queue.first);
	queue_close(&queue);
}

/* ---- a full disk ---- */

/* Files may not grow: as a full disk, EFBIG for ENOSPC. */
static void set_full(bool full)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = full ? 64 : limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void assert_order_left(const char *base, unsigned int from, unsigned int to)
{
	struct queue queue;

	open_queue(&queue, base, 1 << 20);
	assert_int_equal(queue.n, to - from + 1);
	for (unsigned int i = from; i <= to; i++) {
		assert_int_equal(first_number(&queue), i);
		queue_done(&queue);
	}
	assert_int_equal(count(&queue.spool), 0);
	queue_close(&queue);
}

static void test_full(void **state)
{
	struct queue queue;

	open_queue(&queue, scene_path("base"), 1 << 20);
	assert_int_equal(put_numbers(&queue, 1, 3), 0);
	assert_int_equal(queue.disk_error, 0);
	set_full(true);
	assert_int_equal(put_numbers(&queue, 4, 6), 0);
	set_full(false);
	assert_int_equal(queue.disk_error, -EFBIG);
	/* in memory, and nothing half on disk */
	assert_int_equal(queue.n, 6);
	assert_int_equal(count(&queue.spool), 3);
	/* room again: what is in memory goes first */
	assert_int_equal(put_numbers(&queue, 7, 7), 0);
	assert_int_equal(queue.disk_error, 0);
	assert_int_equal(count(&queue.spool), 7);
	assert_int_equal(queue_close(&queue), 0);
	assert_order_left(scene_path("base"), 1, 7);
}

/* Read by somebody just then: it cannot go to disk, so nothing newer does. */
static void test_full_busy(void **state)
{
	struct queue queue;

	open_queue(&queue, scene_path("base"), 1 << 20);
	set_full(true);
	assert_int_equal(put_numbers(&queue, 1, 2), 0);
	set_full(false);
	queue.first->busy = true;
	assert_int_equal(put_numbers(&queue, 3, 3), 0);
	assert_int_equal(count(&queue.spool), 0);
	queue.first->busy = false;
	assert_int_equal(queue_close(&queue), 0);
	assert_order_left(scene_path("base"), 1, 3);
}

/* As soon as there is room again, not only with the next message; in order. */
static void test_full_tick(void **state)
{
	struct receiver receiver = {
		.name = (char *)"ops", .kind = RECEIVER_WEBHOOK,
		.url = (char *)"http://127.0.0.1:1", .queue_bytes = 1 << 20,
	};
	struct sink_options options = { .spool = scene_dir, .retry_ns = 60000000000 };
	size_t full, after;
	struct sink *sink;
	char *heard;

	scene_hear();
	assert_int_equal(sink_open(&sink, &receiver, &options), 0);
	scene_tell(sink, 1);
	/* not busy from here on */
	assert_true(WAIT_UNTIL(scene_stats(sink).away));
	set_full(true);
	scene_tell(sink, 2);
	scene_tell(sink, 3);
	sink_tick(sink, NULL, 0);
	full = count(&sink->queue.spool);
	set_full(false);
	sink_tick(sink, NULL, 0);
	after = count(&sink->queue.spool);
	sink_close(sink, 0);
	heard = scene_heard();
	assert_int_equal(full, 1);
	assert_int_equal(after, 3);
	assert_non_null(strstr(heard, "its queue is kept on disk again"));
	free(heard);
}

static void test_lost_at_the_end(void **state)
{
	struct queue queue;

	open_queue(&queue, scene_path("base"), 1 << 20);
	assert_int_equal(put_numbers(&queue, 1, 2), 0);
	set_full(true);
	assert_int_equal(put_numbers(&queue, 3, 6), 0);
	assert_int_equal(queue_close(&queue), 4);
	set_full(false);
	assert_order_left(scene_path("base"), 1, 2);
}

/* A disk that really is full. */
static void test_tmpfs(void **state)
{
	struct queue queue;
	char base[128];

	strcpy(base, scene_path("small"));
	mkdir(base, 0700);
	if (mount("none", base, "tmpfs", 0, "size=64k")) {
		print_message("# skipped: no tmpfs can be mounted: %s\n", strerror(errno));
		skip();
	}
	open_queue(&queue, base, 1 << 20);
	assert_int_equal(put_numbers(&queue, 1, 100), 0);
	assert_int_equal(queue.disk_error, -ENOSPC);
	assert_int_equal(queue.n, 100);
	for (unsigned int i = 1; i <= 100; i++) {
		assert_int_equal(first_number(&queue), i);
		queue_done(&queue);
	}
	queue_close(&queue);
	assert_int_equal(umount(base), 0);
}

static void test_synced(void **state)
{
	struct queue queue;
	uint64_t seq;
	int synced = 0;

	open_queue(&queue, scene_path("base"), 1 << 20);
	put_numbers(&queue, 1, 5);
	while ((seq = queue_unsynced(&queue))) {
		assert_int_equal(spool_sync(&queue.spool, seq), 0);
		queue.synced = seq;
		synced++;
	}
	assert_int_equal(synced, 5);
	queue_close(&queue);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_comes_back),	TEST(test_names),     TEST(test_torn),
		TEST(test_killed),	TEST(test_bound),     TEST(test_passing),
		TEST(test_full),	TEST(test_full_busy), TEST(test_lost_at_the_end),
		TEST(test_full_tick),	TEST(test_tmpfs),     TEST(test_synced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Harmless: under a storm of forks, subscribers are killed at random, come and
 * go in parallel, and the module is removed while they are there: each is told
 * that it is the end. Nobody listens: nothing is probed. Parameters are
 * checked.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../workload/draw.h"
#include "events/play.h"
#include "events/reader.h"
#include "events/storm.h"
#include "truth/module.h"
#include "truth/raw.h"
#include "truth/tap.h"

#define READERS	  6
#define LOOPERS	  3
#define WAIT_NS	  UINT64_C(20000000000)
#define PARAMETER "/sys/module/kin/parameters/"

static const struct storm endless = { 2, 1000000000, 0, 0, "storm" };
static unsigned int rounds = 60, removals = 12;

/* What children did, each counts its own. */
static struct count {
	unsigned long subscribed, read, odd;
} * counts;

/* Waits on a state of the module; false if it does not come. */
static bool await_status(bool (*fn)(const struct kin_status *status))
{
	const uint64_t give_up = now_ns() + WAIT_NS;
	struct kin_status status;
	struct kin *kin;
	bool is;

	if (kin_open(&kin))
		tap_bail("open: %s", kin_error(kin));
	do {
		if (kin_status_get(kin, &status, NULL, 0))
			tap_bail("status: %s", kin_error(kin));
		is = fn(&status);
	} while (!is && now_ns() < give_up);
	kin_close(kin);
	return is;
}

static bool has_no_subscriber(const struct kin_status *status)
{
	return !status->subscribers;
}

static bool has_probes(const struct kin_status *status)
{
	return status->subscribers && status->probes;
}

static bool has_no_probes(const struct kin_status *status)
{
	return !status->subscribers && !status->probes;
}

/* ---- probes ---- */

static void check_probes(void)
{
	struct reader r = { .name = "one" };

	tap_ok(await_status(has_no_probes), "nobody listens: no probe");
	reader_open(&r);
	tap_ok(await_status(has_probes), "somebody does: probes");
	reader_close(&r);
	tap_ok(await_status(has_no_probes), "nobody any more: no probe");
}

/* ---- killed, and coming and going ---- */

/* A slot may be free only a moment after somebody went. */
static bool open_patiently(struct reader *r)
{
	int err;

	do {
		err = kin_events_open(&r->ev, &r->filter);
		if (err)
			kin_events_close(r->ev);
	} while (err == -EUSERS);
	r->next_seq = 1;
	r->count_only = true;
	r->lost = 0;
	return !err;
}

static void read_for_ever(struct count *count, uint64_t seed)
{
	const uint32_t self = getppid();
	struct reader r = { .name = "killed" };

	/* One in two has a filter; one in three does not read. */
	if (draw(&seed, 2))
		r.filter.scope = (struct kin_scope){ .subtrees = &self,
						     .n_subtrees = 1 };
	if (!open_patiently(&r))
		_exit(1);
	count->subscribed++;
	while (draw(&seed, 3)) {
		reader_take(&r, 10);
		count->read = r.received;
		count->odd += r.odd_seqs;
	}
	for (;;)
		pause();
}

static pid_t start_reader(struct count *count, uint64_t seed)
{
	const pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		read_for_ever(count, seed);
	}
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void check_killed(uint64_t seed)
{
	const pid_t storm = storm_start(&endless);
	unsigned long subscribed = 0, odd = 0;
	pid_t pids[READERS];
	unsigned int victim;

	for (int i = 0; i < READERS; i++)
		pids[i] = start_reader(&counts[i], draw_seed(&seed));
	for (unsigned int i = 0; i < rounds; i++) {
		victim = draw(&seed, READERS);
		/* Sometimes in the middle of its subscription. */
		for (uint32_t n = draw(&seed, 2000); n; n--)
			sched_yield();
		end(pids[victim]);
		pids[victim] = start_reader(&counts[victim], draw_seed(&seed));
	}
	for (int i = 0; i < READERS; i++) {
		end(pids[i]);
		subscribed += counts[i].subscribed;
		odd += counts[i].odd;
	}
	end(storm);
	tap_ok(subscribed && !odd,
	       "%u killed, of whom %lu had subscribed; gaps in sequences: %lu",
	       rounds + READERS, subscribed, odd);
	tap_ok(await_status(has_no_probes), "nothing is left of them");
}

static void loop(struct count *count)
{
	struct reader r = { .name = "loop" };

	for (unsigned int i = 0; i < rounds; i++) {
		if (!open_patiently(&r))
			_exit(1);
		count->subscribed++;
		if (i % 2)
			reader_take(&r, 0);
		count->odd += r.odd_seqs;
		reader_close(&r);
	}
	_exit(0);
}

static void check_loops(void)
{
	const pid_t storm = storm_start(&endless);
	unsigned long subscribed = 0, odd = 0;
	pid_t pids[LOOPERS];
	int status, bad = 0;

	memset(counts, 0, READERS * sizeof(*counts));
	for (int i = 0; i < LOOPERS; i++) {
		pids[i] = fork();
		if (!pids[i])
			loop(&counts[i]);
	}
	for (int i = 0; i < LOOPERS; i++) {
		waitpid(pids[i], &status, 0);
		bad += status;
		subscribed += counts[i].subscribed;
		odd += counts[i].odd;
	}
	end(storm);
	tap_ok(!bad && !odd && subscribed == rounds * LOOPERS,
	       "%d at a time subscribe and leave %lu times", LOOPERS,
	       subscribed);
	tap_ok(await_status(has_no_probes), "nothing is left of them");
}

/* ---- removed ---- */

/* One reads, one has a filter, one never reads. */
static void open_three(struct reader *readers, const uint32_t *self)
{
	memset(readers, 0, 3 * sizeof(*readers));
	readers[1].filter.scope =
		(struct kin_scope){ .subtrees = self, .n_subtrees = 1 };
	for (int i = 0; i < 3; i++) {
		readers[i].name = "removed";
		reader_open(&readers[i]);
		readers[i].count_only = true;
	}
	while (!readers[0].received || !readers[1].received) {
		reader_take(&readers[0], 10);
		reader_take(&readers[1], 10);
	}
}

/* What was sent before comes first. */
static int read_to_end(struct reader *r)
{
	const uint64_t give_up = now_ns() + WAIT_NS;

	while (!r->ended && now_ns() < give_up)
		reader_take(r, 1000);
	return r->ended;
}

static bool remove_once(int *err, unsigned int *odd)
{
	const uint32_t self = getpid();
	struct reader readers[3];
	bool told = true;
	int end_of;

	open_three(readers, &self);
	*err = module_unload();
	for (int i = 0; i < 3 && !*err && told; i++) {
		end_of = read_to_end(&readers[i]);
		if (end_of != -ENODEV)
			tap_note("reader %d ended with %d", i, end_of);
		told &= end_of == -ENODEV;
	}
	for (int i = 0; i < 3; i++) {
		*odd += readers[i].odd_seqs;
		reader_close(&readers[i]);
	}
	return told;
}

static void check_removed(void)
{
	const pid_t storm = storm_start(&endless);
	unsigned int i, told = 0, odd = 0;
	int err = 0;

	for (i = 0; i < removals && !err && told == i; i++) {
		told += remove_once(&err, &odd);
		if (!err)
			err = module_load("");
	}
	end(storm);
	tap_ok(!err && i,
	       "removed at once with subscribers there, %u times: %d", i, err);
	tap_ok(told == removals && !odd, "each of whom was told: %u of %u",
	       told, removals);
	tap_ok(await_status(has_no_subscriber),
	       "the new one knows none of them");
}

/* ---- parameters ---- */

static void read_parameter(const char *name, char *text, size_t size)
{
	char file[128];
	ssize_t len;
	int fd;

	snprintf(file, sizeof(file), PARAMETER "%s", name);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	len = read(fd, text, size - 1);
	if (len < 0)
		tap_bail("%s: %s", file, strerror(errno));
	text[len] = '\0';
	close(fd);
}

static int write_parameter(const char *name, const char *value)
{
	char file[128];
	int fd, err;

	snprintf(file, sizeof(file), PARAMETER "%s", name);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	err = write(fd, value, strlen(value)) < 0 ? -errno : 0;
	close(fd);
	return err;
}

static void check_refused(const char *name, const char *value)
{
	char before[32], after[32];
	int err;

	read_parameter(name, before, sizeof(before));
	err = write_parameter(name, value);
	read_parameter(name, after, sizeof(after));
	tap_ok((err == -EINVAL || err == -ERANGE) && !strcmp(before, after),
	       "%s=%s is refused: %d", name, value, err);
}

static void check_parameters(void)
{
	static const char *const bad[] = { "-1", "0x100000000", "1.5", "many",
					   "99999999" };
	char value[32];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		check_refused("ring_kib", bad[i]);
		check_refused("batch_ms", bad[i]);
	}
	check_refused("ring_kib", "0");
	check_refused("ring_kib", "100");
	read_parameter("ring_kib", value, sizeof(value));
	tap_ok(!write_parameter("ring_kib", value), "ring_kib=%ld is taken",
	       strtol(value, NULL, 10));
	read_parameter("batch_ms", value, sizeof(value));
	tap_ok(!write_parameter("batch_ms", value), "batch_ms=%ld is taken",
	       strtol(value, NULL, 10));
	if (module_unload())
		tap_bail("the module is in use");
	tap_ok(module_load("ring_kib=100") == -EINVAL &&
		       module_load("batch_ms=-1") == -EINVAL,
	       "nor is it loaded with such");
	tap_ok(!module_load(""), "and back");
}

int main(void)
{
	const uint64_t seed = play_seed();

	if (getenv("KIN_SMALL"))
		rounds = 20, removals = 4;
	counts = mmap(NULL, READERS * sizeof(*counts), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	tap_note("KIN_SEED=%llu", (unsigned long long)seed);
	check_parameters();
	check_probes();
	check_killed(seed);
	check_loops();
	check_removed();
	return tap_done();
}

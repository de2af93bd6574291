// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * request: sends requests to the module that nobody in his right mind would send,
 * as root, as nobody, from within namespaces, alone and many at once. What reaches
 * code that nothing had reached before is kept, and changed further. Prints TAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "request.h"
#include "requestplace.h"
#include "tests/vm/truth/tap.h"

#define MAX_KEPT  1024
#define MAX_SLOTS 32 /* programs in a journal */
#define WORDS	  500

static struct options {
	uint64_t seed;
	unsigned long requests;
	unsigned int floor; /* percent of the points to be reached */
	const char *points, *save, *journal;
} options = { .seed = 1, .requests = 10000 };

/* Programs worth to be changed, found by anybody. */
static struct kept {
	unsigned int n;
	struct program programs[MAX_KEPT];
} * kept;
static unsigned int n_given;

static const char *usage =
	"Usage: request [OPTION]... [FILE]...\n"
	"Run the programs of the FILEs, then others made from them and by chance.\n"
	"\n"
	"  --requests N    until so many were sent (10000); 0: only the FILEs\n"
	"  --seed N        other programs (1)\n"
	"  --points FILE   the points of the module's code, by request-points\n"
	"  --floor PERCENT of its lines are to be reached (0)\n"
	"  --save FILE     write there what was kept besides the FILEs\n"
	"  --journal DIR   keep the last programs of each worker there, for a crash\n"
	"  --help\n"
	"\n"
	"What a program looks like is told in requesttext.c.\n";

/* ---- what is kept ---- */

static void keep(const struct program *program)
{
	const unsigned int at = __atomic_fetch_add(&kept->n, 1, __ATOMIC_RELAXED);

	if (at < MAX_KEPT)
		kept->programs[at] = *program;
}

static unsigned int n_kept(void)
{
	const unsigned int n = __atomic_load_n(&kept->n, __ATOMIC_RELAXED);

	return n < MAX_KEPT ? n : MAX_KEPT;
}

static void read_given(const char *name)
{
	FILE *file = fopen(name, "r");
	unsigned int line = 0;
	struct program program;
	int more = 1;

	if (!file)
		tap_bail("%s: %s", name, strerror(errno));
	while ((more = program_read(&program, file, name, &line)) > 0)
		keep(&program);
	fclose(file);
	if (more)
		tap_bail("%s is no file of programs", name);
}

static void save(void)
{
	FILE *file = options.save ? fopen(options.save, "w") : NULL;
	char text[MAX_TEXT];

	if (options.save && !file)
		tap_bail("%s: %s", options.save, strerror(errno));
	for (unsigned int i = n_given; file && i < n_kept(); i++)
		if (program_print(&kept->programs[i], text, sizeof(text)) > 0)
			fputs(text, file);
	if (file && fclose(file))
		tap_bail("%s: %s", options.save, strerror(errno));
}

static bool same_datagrams(const struct program *one, const struct program *other)
{
	static char bytes[2][MAX_DATAGRAM];
	static const uint32_t members[MEMBERS] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
	size_t len;

	for (int i = 0; i < one->n; i++) {
		len = step_bytes(&one->steps[i], members, 99, i, bytes[0]);
		if (step_bytes(&other->steps[i], members, 99, i, bytes[1]) != len ||
		    memcmp(bytes[0], bytes[1], len))
			return false;
	}
	return one->n == other->n;
}

/* Made by chance, put into words, and read from them. */
static bool same_in_words(struct dice *dice)
{
	struct program program, read;
	char text[MAX_TEXT];
	unsigned int line = 0;
	bool same = false;
	FILE *file;
	int len;

	program_make(&program, dice);
	program_change(&program, &program, dice);
	len = program_print(&program, text, sizeof(text));
	if (len < 0)
		return true;
	file = fmemopen(text, len, "r");
	if (file) {
		same = program_read(&read, file, "words", &line) == 1 &&
		       same_datagrams(&program, &read);
		fclose(file);
	}
	return same;
}

static void check_words(void)
{
	unsigned int same = 0;
	struct dice dice;

	dice_seed(&dice, options.seed, 0);
	for (int i = 0; i < WORDS; i++)
		same += same_in_words(&dice);
	tap_ok(same == WORDS, "%u of %d programs are the same when read from their words",
	       same, WORDS);
}

/* ---- a worker ---- */

/* What is about to run is written down: after a crash it can be run again. */
static void note_program(int journal, const char *text, size_t len,
			 unsigned long nr)
{
	char slot[MAX_TEXT];

	if (journal < 0)
		return;
	memset(slot, '\n', sizeof(slot));
	memcpy(slot, text, len);
	if (pwrite(journal, slot, sizeof(slot), nr % MAX_SLOTS * sizeof(slot)) < 0)
		run_wrong("the journal: %s", strerror(errno));
}

static void run_one(const struct program *program, int journal, unsigned long nr,
		    bool given)
{
	char text[MAX_TEXT];
	const int len = program_print(program, text, sizeof(text));
	bool news;

	/* Nothing runs that could not be run again from a file. */
	if (len < 0)
		return;
	note_program(journal, text, len, nr);
	cover_clear();
	news = run_program(program);
	if ((cover_take() || news) && !given)
		keep(program);
}

static void make_one(struct program *program, struct dice *dice)
{
	const unsigned int n = n_kept();

	if (!n || !dice_roll(dice, 4)) {
		program_make(program, dice);
		return;
	}
	*program = kept->programs[dice_roll(dice, n)];
	program_change(program, &kept->programs[dice_roll(dice, n)], dice);
}

static void work(const struct place *place, unsigned int stream, int journal,
		 unsigned long until)
{
	uint32_t members[MEMBERS];
	struct program program;
	unsigned long nr;
	struct dice dice;

	place_enter(place);
	family_make(members);
	if (!run_start(members, place->workers == 1)) {
		run_wrong("%s: no module", place->name);
		return;
	}
	cover_start();
	for (nr = 0; nr < n_given; nr++)
		run_one(&kept->programs[nr], journal, nr, true);
	for (; __atomic_load_n(&shared->tally.requests, __ATOMIC_RELAXED) < until; nr++) {
		dice_seed(&dice, options.seed, (uint64_t)stream << 32 | nr);
		make_one(&program, &dice);
		run_one(&program, journal, nr, false);
	}
}

static int open_journal(unsigned int stream)
{
	char path[256];
	int fd;

	if (!options.journal)
		return -1;
	snprintf(path, sizeof(path), "%s/journal-%u", options.journal, stream);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		tap_bail("%s: %s", path, strerror(errno));
	return fd;
}

static pid_t start_worker(const struct place *place, unsigned int stream,
			  unsigned long until)
{
	const int journal = open_journal(stream);
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid) {
		close(journal);
		return pid;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	cover_open();
	work(place, stream, journal, until);
	fflush(stdout);
	_exit(0);
}

/* ---- all of them ---- */

static void check_place(const struct place *place, unsigned long until)
{
	static unsigned int stream;
	const struct tally before = shared->tally;
	const unsigned int wrong = shared->n_wrong;
	pid_t churner, workers[MAX_WORKERS];
	int status, bad = 0;

	place_prepare(place);
	churner = place->workers > 1 ? place_churn() : 0;
	for (unsigned int i = 0; i < place->workers; i++)
		workers[i] = start_worker(place, stream++, until);
	for (unsigned int i = 0; i < place->workers; i++)
		bad |= waitpid(workers[i], &status, 0) != workers[i] || status;
	place_end(churner);
	tap_ok(!bad && shared->n_wrong == wrong,
	       "%s: %lu requests in %lu programs, %u things that must not be%s",
	       place->name, shared->tally.requests - before.requests,
	       shared->tally.programs - before.programs, shared->n_wrong - wrong,
	       bad ? ", and a worker died" : "");
}

static void print_tally(double seconds)
{
	const struct tally *tally = &shared->tally;

	tap_note("seed %llu: %lu requests in %lu programs, %.0f requests a second",
		 (unsigned long long)options.seed, tally->requests,
		 tally->programs, tally->requests / seconds);
	tap_note("%lu messages of answers, %lu records, %lu events; %lu programs lost some",
		 tally->replies, tally->records, tally->events, tally->lost);
	for (int i = 0; i < 256; i++)
		if (tally->errors[i])
			tap_note("%8lu %s", tally->errors[i],
				 i ? strerror(i) : "acknowledged, or ended well");
	for (unsigned int i = 0; i < shared->n_sentences; i++)
		tap_note("said: %s", shared->sentences[i]);
}

static void check_cover(void)
{
	struct cover cover;

	cover_count(&cover);
	if (!cover.points_reached && !options.floor) {
		tap_skip("no KCOV here, or no --points", "code reached");
		return;
	}
	tap_note("%u of %u points that the compiler made, %u programs kept",
		 cover.points_reached, cover.points, n_kept() - n_given);
	tap_ok(cover.lines_reached * 100 >= cover.lines * options.floor && cover.lines,
	       "%u of %u lines of the module that were compiled to code were reached (at least %u %%)",
	       cover.lines_reached, cover.lines, options.floor);
}

static void get_options(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "requests", 1, NULL, 'r' }, { "seed", 1, NULL, 's' },
		{ "points", 1, NULL, 'p' },   { "floor", 1, NULL, 'f' },
		{ "save", 1, NULL, 'o' },     { "journal", 1, NULL, 'j' },
		{ "help", 0, NULL, 'h' },     { NULL },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) >= 0) {
		switch (c) {
		case 'r': options.requests = strtoul(optarg, NULL, 0); break;
		case 's': options.seed = strtoull(optarg, NULL, 0); break;
		case 'p': options.points = optarg; break;
		case 'f': options.floor = atoi(optarg); break;
		case 'o': options.save = optarg; break;
		case 'j': options.journal = optarg; break;
		case 'h': fputs(usage, stdout); exit(0);
		default: fputs(usage, stderr); exit(2);
		}
	}
}

static void *share(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		tap_bail("no memory: %s", strerror(errno));
	return at;
}

int main(int argc, char **argv)
{
	unsigned long until = 0, memory = 0;
	struct timespec start, end;

	if (argc == 3 && (!strcmp(argv[1], "--title") || !strcmp(argv[1], "--member")))
		family_member(argv);
	get_options(argc, argv);
	shared = share(sizeof(*shared));
	kept = share(sizeof(*kept));
	check_words();
	for (int i = optind; i < argc; i++)
		read_given(argv[i]);
	n_given = n_kept();
	if (options.points && !cover_load(options.points))
		tap_bail("%s has no points of the module that is loaded", options.points);
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (const struct place *place = places; place->name; place++) {
		until += options.requests * place->percent / 100;
		check_place(place, until);
		if (place == places)
			memory = place_memory();
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	print_tally(end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) / 1e9);
	check_cover();
	place_check(memory);
	save();
	return tap_done();
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../workload/files.h"
#include "../../workload/scenes.h"
#include "../truth/tap.h"
#include "play.h"

#define PROGRAM "build/tests/workload"

void play_setup(void)
{
	char *program = realpath(PROGRAM, NULL);
	const int fd =
		open("/proc/sys/kernel/core_pattern", O_WRONLY | O_CLOEXEC);

	if (!program)
		tap_bail("%s: %s", PROGRAM, strerror(errno));
	if ((mkdir(PLAY_DIR, 0777) && errno != EEXIST) || chdir(PLAY_DIR))
		tap_bail(PLAY_DIR ": %s", strerror(errno));
	files_make(program);
	free(program);
	/* (The machine is ours.) */
	if (write(fd, PLAY_DIR "/core", strlen(PLAY_DIR "/core")) < 0)
		tap_note("core_pattern: %s", strerror(errno));
	close(fd);
}

uint64_t play_seed(void)
{
	const char *given = getenv("KIN_SEED");
	uint32_t seed;

	if (given)
		return strtoull(given, NULL, 0);
	if (getrandom(&seed, sizeof(seed), 0) < 0)
		tap_bail("getrandom: %s", strerror(errno));
	return seed;
}

static int gate[2];
static uint32_t roots[PLAY_ROOTS];
static unsigned int n_roots, n_ended;

static void run_root(uint32_t me, uint64_t seed)
{
	char byte;

	close(gate[1]);
	if (read(gate[0], &byte, 1) < 0)
		tap_bail("the gate: %s", strerror(errno));
	task_exec(me, -1, files_name(FILE_PLAIN), SCENE_ROOT, seed);
}

void play_open(void)
{
	task_start_log(PLAY_DIR "/log");
	if (pipe2(gate, O_CLOEXEC))
		tap_bail("pipe: %s", strerror(errno));
	n_roots = n_ended = 0;
}

uint32_t play_prepare(uint64_t seed, unsigned int rounds)
{
	const uint32_t root =
		task_fork(0, run_root, SCENE_ROUNDS(seed, rounds));

	roots[n_roots++] = root;
	task_await_birth(root);
	return LIFE(root)->pid;
}

void play_go(void)
{
	close(gate[1]);
	close(gate[0]);
}

void play_start(uint64_t seed, unsigned int rounds)
{
	play_open();
	play_prepare(seed, rounds);
	play_go();
}

bool play_ended(void)
{
	for (unsigned int i = 0; i < n_roots; i++) {
		const struct log_life *root = LIFE(roots[i]);

		n_ended += !root->reaped && task_reap(0, root->pid, WNOHANG);
	}
	return n_ended == n_roots;
}

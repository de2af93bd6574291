// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * workload: what tests of events run. Started by their task_exec() only:
 *	workload [SCRIPT] --go KEY OLD-PID FILE SCENE SEED
 * with the log on descriptor TASK_LOG_FD.
 */
#include <err.h>
#include <string.h>
#include <sys/resource.h>

#include "scenes.h"
#include "task.h"

static void allow_cores(void)
{
	const struct rlimit cores = { 16 << 20, 16 << 20 };

	setrlimit(RLIMIT_CORE, &cores);
}

int main(int argc, char **argv)
{
	uint32_t me, scene;
	uint64_t seed;

	/* As the interpreter of a script it gets its name, too. */
	if (argc > 1 && strcmp(argv[1], "--go"))
		argv++, argc--;
	if (argc != 7)
		errx(2, "workload is run by tests, see task_exec()");
	me = task_resume(argv + 2, &scene, &seed);
	if (scene == SCENE_ROOT)
		allow_cores();
	scenes[scene].play(me, seed);
	task_exit(me, 0);
}

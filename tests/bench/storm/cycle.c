// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cycle: makes processes that end at once, one after another. Static, and small,
 * so that it is the same process with the same pages whoever looks on.
 */
#include <err.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char usage[] =
	"usage: cycle fork+exit | vfork+exec PROGRAM\n"
	"For each line with a number on standard input, so many cycles; then\n"
	"says \"done\".\n";

static void wait_for(pid_t pid)
{
	int status;

	if (pid < 0)
		err(1, "fork");
	if (waitpid(pid, &status, 0) != pid)
		err(1, "waitpid");
	if (status)
		errx(1, "a child ended with status %#x", status);
}

static void fork_exit(char *program)
{
	const pid_t pid = fork();

	if (!pid)
		_exit(0);
	wait_for(pid);
}

static void vfork_exec(char *program)
{
	char *const argv[] = { program, NULL }, *const none[] = { NULL };
	const pid_t pid = vfork();

	if (!pid) {
		execve(program, argv, none);
		_exit(127);
	}
	wait_for(pid);
}

/*
 * Not to give way to a child as it is born: who of both runs first would be
 * chance, and makes a difference of a hundredth.
 */
static void do_not_yield(void)
{
	const struct sched_param none = { 0 };

	if (sched_setscheduler(0, SCHED_BATCH, &none))
		err(1, "SCHED_BATCH");
}

int main(int argc, char **argv)
{
	void (*cycle)(char *program);
	unsigned long n;
	char line[32];

	if (argc >= 2 && !strcmp(argv[1], "fork+exit"))
		cycle = fork_exit;
	else if (argc >= 3 && !strcmp(argv[1], "vfork+exec"))
		cycle = vfork_exec;
	else
		errx(2, "%s", usage);
	do_not_yield();
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin)) {
		for (n = strtoul(line, NULL, 10); n; n--)
			cycle(argv[2]);
		puts("done");
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What all labs share; see lab.h. */
#include "lab.h"

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

void lab_say(pid_t pid, const char *format, ...)
{
	va_list args;

	printf("%d ", (int)pid);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* What is typed or sent is read and forgotten: only the end counts. */
static bool input_has_ended(void)
{
	char bytes[256];

	return read(STDIN_FILENO, bytes, sizeof(bytes)) <= 0;
}

bool lab_cured(int ms)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	const int64_t end = now_ms() + ms;
	int64_t left = ms;

	do {
		if (poll(&in, 1, ms < 0 ? -1 : (int)left) > 0 && input_has_ended())
			return true;
		left = end - now_ms();
	} while (ms < 0 || left > 0);
	return false;
}

pid_t lab_fork(void)
{
	const pid_t parent = getpid();
	const pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* It may have ended before that. */
	if (getppid() != parent)
		_exit(0);
	return 0;
}

const char *lab_self(void)
{
	static char path[PATH_MAX];
	const ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (len < 0)
		err(1, "/proc/self/exe");
	return path;
}

long lab_number(int argc, char **argv, int nr, long least, long most, long otherwise)
{
	char *end;
	long number;

	if (nr >= argc)
		return otherwise;
	errno = 0;
	number = strtol(argv[nr], &end, 10);
	if (errno || *end || end == argv[nr] || number < least || number > most)
		errx(2, "'%s' is no number from %ld to %ld", argv[nr], least, most);
	return number;
}

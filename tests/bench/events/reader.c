// SPDX-License-Identifier: GPL-2.0-or-later
/* Processes that read events. */
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reader.h"

/* Milliseconds. Nobody takes longer for what is on its way. */
#define PATIENCE 10000
#define RETRY	 10

void tally_tell(struct tally *tally)
{
	tally->told = true;
	if (write(tally->pipe, "", 1) != 1)
		err(1, "a reader's pipe");
}

static void wake_up(int sig)
{
}

static void __attribute__((noreturn))
run(const struct source *source, struct tally *tally)
{
	const struct sigaction interrupt = { .sa_handler = wake_up };
	bool on = false;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGUSR1, &interrupt, NULL);
	if (source->prepare)
		source->prepare(tally);
	tally_tell(tally);
	for (;;) {
		if (tally->on != on) {
			on = !on;
			on ? source->on(tally) : source->off(tally);
			tally_tell(tally);
		}
		if (on)
			source->read(tally);
		else
			pause();
	}
}

/* A word from one of them; false: not yet. */
static bool heard(struct readers *readers, int timeout_ms)
{
	struct pollfd pipe = { .fd = readers->pipe, .events = POLLIN };
	char word;

	if (poll(&pipe, 1, timeout_ms) != 1)
		return false;
	if (read(readers->pipe, &word, 1) != 1)
		errx(1, "%s: a reader has ended", readers->name);
	return true;
}

void readers_await(struct readers *readers)
{
	unsigned int words;

	for (words = 0; words < readers->n; words++)
		if (!heard(readers, PATIENCE))
			errx(1, "%s: events do not come", readers->name);
}

static void tell_all(struct readers *readers, int sig)
{
	unsigned int i;

	for (i = 0; i < readers->n; i++)
		kill(readers->pid[i], sig);
}

/* A signal may come just before what it is to interrupt: more than one, then. */
void readers_switch(struct readers *readers, bool on)
{
	unsigned int i, words = 0, tries;

	for (i = 0; i < readers->n; i++)
		readers->tally[i].on = on;
	for (tries = 0; words < readers->n; tries++) {
		if (tries > PATIENCE / RETRY)
			errx(1, "%s: a reader does not obey", readers->name);
		tell_all(readers, SIGUSR1);
		words += heard(readers, RETRY);
	}
}

static pid_t start(const struct source *source, struct tally *tally)
{
	const pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid)
		run(source, tally);
	return pid;
}

void readers_start(struct readers *readers, const struct source *source,
		   const struct tally *first)
{
	int ends[2];
	unsigned int i;

	readers->tally = mmap(NULL, MAX_READERS * sizeof(*first),
			      PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (readers->tally == MAP_FAILED || pipe2(ends, O_CLOEXEC))
		err(1, "readers");
	readers->pipe = ends[0];
	for (i = 0; i < readers->n; i++) {
		readers->tally[i] = *first;
		readers->tally[i].pipe = ends[1];
		readers->pid[i] = start(source, &readers->tally[i]);
	}
	close(ends[1]);
	readers_await(readers);
}

void readers_end(struct readers *readers)
{
	unsigned int i;

	tell_all(readers, SIGKILL);
	for (i = 0; i < readers->n; i++)
		waitpid(readers->pid[i], NULL, 0);
	close(readers->pipe);
	munmap(readers->tally, MAX_READERS * sizeof(*readers->tally));
}

void readers_stop(struct readers *readers)
{
	unsigned int i;
	int status;

	tell_all(readers, SIGSTOP);
	for (i = 0; i < readers->n; i++)
		if (waitpid(readers->pid[i], &status, WUNTRACED) < 0 ||
		    !WIFSTOPPED(status))
			errx(1, "%s: a reader does not stop", readers->name);
}

void readers_continue(struct readers *readers)
{
	tell_all(readers, SIGCONT);
}

void readers_expect(struct readers *readers, __u64 events)
{
	unsigned int i;

	for (i = 0; i < readers->n; i++) {
		readers->tally[i].target += events;
		readers->tally[i].told = false;
	}
}

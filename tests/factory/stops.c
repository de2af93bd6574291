// SPDX-License-Identifier: GPL-2.0-or-later
/* Tasks that others hold: stopped, traced, waiting for their vfork child. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "makers.h"
#include "member.h"

static void run_stopped(const char *arg)
{
	(void)arg;
	member_say("stopped", " state=T");
	raise(SIGSTOP);
	member_pause();
}

unsigned int make_stopped(const char *arg)
{
	member_make(run_stopped, arg);
	return 1;
}

static void run_tracee(pid_t tracer)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		member_die("PTRACE_TRACEME");
	member_say("tracee", " state=t tracer_pid=%d", tracer);
	raise(SIGSTOP);
	member_pause();
}

/* It reports before it is seized: seizing it would end its pause for a moment,
 * and its parent is not its tracer. */
static void run_seized(pid_t tracer)
{
	member_say("seized", " tracer_pid=%d", tracer);
	member_pause();
}

static void run_tracer(const char *arg)
{
	pid_t self = getpid(), middle, seized = 0, pair[2];
	pid_t tracee = member_fork();

	(void)arg;
	if (!tracee)
		run_tracee(self);
	waitpid(tracee, NULL, WUNTRACED);
	if (pipe(pair))
		member_die("pipe");
	middle = member_fork();
	if (!middle) {
		seized = member_fork();
		if (!seized)
			run_seized(self);
		if (write(pair[1], &seized, sizeof(seized)) < 0)
			member_die("write");
		member_pause();
	}
	if (read(pair[0], &seized, sizeof(seized)) != sizeof(seized) ||
	    ptrace(PTRACE_SEIZE, seized, NULL, NULL))
		member_die("PTRACE_SEIZE");
	member_say("tracer", " tracer_pid=0");
	member_pause();
}

unsigned int make_traced(const char *arg)
{
	member_make(run_tracer, arg);
	return 3;
}

/* Until its child execs or ends, the parent sleeps where only SIGKILL reaches
 * it; the two share their memory, so the child says no more than it must. */
static void run_vfork(const char *arg)
{
	pid_t pid;

	(void)arg;
	member_say("vfork-parent", " state=D");
	pid = vfork();
	if (!pid) {
		member_bind();
		member_say("vfork-child", " exit_signal=17");
		member_pause();
	}
	member_die("vfork");
}

unsigned int make_dstate(const char *arg)
{
	member_make(run_vfork, arg);
	return 2;
}

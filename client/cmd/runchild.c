// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command must see the world as if kin were not there: signals, masks and
 * descriptors are what kin itself was given.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "run.h"
#include "waiting.h"

void (*cmd_inherited_sigpipe)(int) = SIG_DFL;

/* From here on signals come by descriptor. An ignored SIGCHLD would have the
 * kernel throw statuses away. */
static int take_signals(struct runchild *child, struct sigaction *sigchld)
{
	static const int taken[] = { SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT };
	const struct sigaction usual = { .sa_handler = SIG_DFL };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		sigaddset(&set, taken[i]);
	sigprocmask(SIG_BLOCK, &set, &child->mask);
	sigaction(SIGCHLD, &usual, sigchld);
	child->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (child->signals >= 0)
		return CMD_OK;
	cmd_error("cannot take signals: %s", strerror(errno));
	return CMD_FAILED;
}

/* In the child. What went wrong goes up the pipe, which execvp() closes. */
static void __attribute__((noreturn))
become(const struct runchild *child, char **argv,
       const struct sigaction *sigchld, int pipe)
{
	int err;

	sigaction(SIGCHLD, sigchld, NULL);
	signal(SIGPIPE, cmd_inherited_sigpipe);
	sigprocmask(SIG_SETMASK, &child->mask, NULL);
	execvp(argv[0], argv);
	err = errno;
	while (write(pipe, &err, sizeof(err)) < 0 && errno == EINTR)
		;
	_exit(127);
}

/* Wait until the child runs the command; 0 or what execvp() failed with. */
static int await_exec(int pipe)
{
	ssize_t got;
	int err;

	do {
		got = read(pipe, &err, sizeof(err));
	} while (got < 0 && errno == EINTR);
	return got == sizeof(err) ? err : 0;
}

static int not_run(const struct runchild *child, const char *name, int err)
{
	waitpid(child->pid, NULL, 0);
	cmd_error("cannot run '%s': %s", name, strerror(err));
	return err == ENOENT ? 127 : 126;
}

static int no_process(void)
{
	cmd_error("cannot start a process: %s", strerror(errno));
	return CMD_FAILED;
}

int runchild_start(struct runchild *child, char **argv)
{
	struct sigaction sigchld;
	int pipe[2], err, status;

	memset(child, 0, sizeof(*child));
	status = take_signals(child, &sigchld);
	if (status)
		return status;
	if (pipe2(pipe, O_CLOEXEC))
		return no_process();
	fflush(NULL);
	child->pid = fork();
	if (!child->pid)
		become(child, argv, &sigchld, pipe[1]);
	close(pipe[1]);
	err = child->pid < 0 ? 0 : await_exec(pipe[0]);
	close(pipe[0]);
	if (child->pid < 0)
		return no_process();
	return err ? not_run(child, argv[0], err) : CMD_OK;
}

/* Whoever it is: orphans come to a subreaper, and nobody else waits for them. */
static void reap(struct runchild *child)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != child->pid)
			continue;
		child->ended = true;
		child->status = status;
		child->ended_ns = waiting_now();
	}
	child->alone = pid < 0;
}

/*
 * The terminal sends SIGINT and SIGQUIT to the command itself. Once that has
 * ended, all of them mean kin.
 */
bool runchild_signal(struct runchild *child)
{
	struct signalfd_siginfo info;

	if (read(child->signals, &info, sizeof(info)) != sizeof(info))
		return false;
	/* another signal may overtake SIGCHLD */
	reap(child);
	if (info.ssi_signo == SIGCHLD)
		return false;
	if (!child->ended &&
	    (info.ssi_signo == SIGTERM || info.ssi_signo == SIGHUP))
		kill(child->pid, info.ssi_signo);
	return child->ended;
}

void runchild_release(struct runchild *child)
{
	struct signalfd_siginfo info;

	while (read(child->signals, &info, sizeof(info)) == sizeof(info))
		;
	close(child->signals);
	sigprocmask(SIG_SETMASK, &child->mask, NULL);
}

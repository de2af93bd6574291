// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "sinkkind.h"

#define KILL_MS	1500	/* to end, after SIGKILL */

struct running {
	pid_t pid;
	int pidfd;
	int input, output;	/* -1: not open */
	size_t said;		/* bytes of child->said */
	bool line_ended;
};

/* ---- start ---- */

/* A file rather than a pipe: whoever does not read it holds up nobody. */
static int make_input(const struct child *child)
{
	int fd = memfd_create("alert", MFD_CLOEXEC);
	size_t done = 0;
	ssize_t some;

	if (fd < 0)
		return -errno;
	while (done < child->input_len) {
		some = write(fd, child->input + done, child->input_len - done);
		if (some < 0 && errno != EINTR) {
			some = -errno;
			close(fd);
			return some;
		}
		done += some > 0 ? some : 0;
	}
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static int spawn(const struct child *child, int input, int output, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int err;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
					POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, input, 0);
	posix_spawn_file_actions_adddup2(&files, output, 1);
	posix_spawn_file_actions_adddup2(&files, output, 2);
#if __GLIBC_PREREQ(2, 34)
	/* ours all close by themselves; libraries' may not */
	posix_spawn_file_actions_addclosefrom_np(&files, 3);
#endif
	err = posix_spawnp(pid, child->argv[0], &files, &attr, child->argv, child->env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return -err;
}

static int start(const struct child *child, struct running *run)
{
	int ends[2], err;

	run->input = make_input(child);
	if (run->input < 0)
		return run->input;
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	run->output = ends[0];
	fcntl(run->output, F_SETFL, O_NONBLOCK);
	err = spawn(child, run->input, ends[1], &run->pid);
	close(ends[1]);
	if (err)
		return err;
	/* not waited for yet: its number is its own */
	run->pidfd = syscall(SYS_pidfd_open, run->pid, 0);
	if (run->pidfd >= 0)
		return 0;
	err = -errno;
	kill(-run->pid, SIGKILL);
	while (waitpid(run->pid, NULL, 0) < 0 && errno == EINTR)
		;
	return err;
}

static void close_files(struct running *run)
{
	if (run->input >= 0)
		close(run->input);
	if (run->output >= 0)
		close(run->output);
	if (run->pidfd >= 0)
		close(run->pidfd);
}

/* ---- its output ---- */

static void keep_line(struct child *child, struct running *run, const char *text,
		      size_t len)
{
	for (size_t i = 0; i < len && !run->line_ended; i++) {
		if (text[i] == '\n' || run->said == sizeof(child->said) - 1)
			run->line_ended = true;
		else
			child->said[run->said++] = text[i] ? text[i] : ' ';
	}
}

/* What there is, but not without end: it may write faster than it is read. */
static void read_output(struct child *child, struct running *run)
{
	char text[4096];
	ssize_t len = 1;

	for (int i = 0; i < 64 && len > 0; i++) {
		len = read(run->output, text, sizeof(text));
		if (len > 0)
			keep_line(child, run, text, len);
	}
	if (!len || (len < 0 && errno != EAGAIN && errno != EINTR)) {
		close(run->output);
		run->output = -1;
	}
}

/* ---- to its end ---- */

static int ms_until(uint64_t end_ns)
{
	uint64_t now = sink_clock();

	if (now >= end_ns)
		return 0;
	return (end_ns - now + 999999) / 1000000 > INT_MAX ? INT_MAX :
		       (int)((end_ns - now + 999999) / 1000000);
}

/* Until it has ended (true), its time is over, or it is to be given up. */
static bool wait_for_end(struct child *child, struct running *run)
{
	const uint64_t end_ns = sink_clock() + child->timeout_ns;
	int left;

	while ((left = ms_until(end_ns))) {
		struct pollfd fds[] = {
			{ .fd = run->pidfd, .events = POLLIN },
			{ .fd = run->output, .events = POLLIN },
			{ .fd = child->abort_fd, .events = POLLIN },
		};

		if (poll(fds, 3, left) < 0)
			continue;
		if (fds[1].revents)
			read_output(child, run);
		if (fds[0].revents)
			return true;
		if (fds[2].revents) {
			child->aborted = true;
			return false;
		}
	}
	child->timed_out = true;
	return false;
}

/* Its number, which is its group's too, is not given to others before it is waited
 * for. */
static bool kill_group(const struct running *run)
{
	struct pollfd end = { .fd = run->pidfd, .events = POLLIN };

	kill(-run->pid, SIGKILL);
	return poll(&end, 1, KILL_MS) == 1;
}

int child_run(struct child *child)
{
	struct running run = { .pidfd = -1, .input = -1, .output = -1 };
	int err = start(child, &run);

	memset(child->said, 0, sizeof(child->said));
	child->timed_out = child->aborted = child->stuck = false;
	if (!err && !wait_for_end(child, &run))
		child->stuck = !kill_group(&run);
	if (!err && !child->stuck) {
		while (waitpid(run.pid, &child->status, 0) < 0 && errno == EINTR)
			;
		if (run.output >= 0)
			read_output(child, &run);
	}
	close_files(&run);
	return err;
}

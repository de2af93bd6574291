// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../truth/tap.h"
#include "remote.h"

#define SET(flag, value) __atomic_store_n(&(flag), value, __ATOMIC_SEQ_CST)
#define GET(flag)	 __atomic_load_n(&(flag), __ATOMIC_SEQ_CST)

struct remote *remotes_make(size_t n)
{
	struct remote *remotes =
		mmap(NULL, n * sizeof(*remotes), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (remotes == MAP_FAILED)
		tap_bail("mmap: %s", strerror(errno));
	return remotes;
}

static void read_on(struct remote *remote)
{
	reader_open(&remote->r);
	SET(remote->subscribed, true);
	for (;;) {
		reader_take(&remote->r, 20);
		if (remote->r.ended)
			tap_bail("%s: %s", remote->r.name,
				 kin_events_error(remote->r.ev));
		if (!GET(remote->reached) && GET(remote->mark.pid) &&
		    mark_reached(&remote->mark, &remote->r))
			SET(remote->reached, true);
	}
}

/* Bails out if it dies instead. */
static void await(struct remote *remote, const bool *flag)
{
	while (!GET(*flag)) {
		if (waitpid(remote->pid, NULL, WNOHANG))
			tap_bail("%s ended", remote->r.name);
		sched_yield();
	}
}

void remote_start(struct remote *remote)
{
	const pid_t pid = fork();

	/* (What is there is shared: only one of both may write it.) */
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		remote->r.count_only = true;
		read_on(remote);
	}
	remote->pid = pid;
	await(remote, &remote->subscribed);
}

void remote_stop(struct remote *remote)
{
	int status;

	kill(remote->pid, SIGSTOP);
	if (waitpid(remote->pid, &status, WUNTRACED) != remote->pid ||
	    !WIFSTOPPED(status))
		tap_bail("%s did not stop", remote->r.name);
}

void remote_continue(struct remote *remote)
{
	kill(remote->pid, SIGCONT);
}

void remote_until(struct remote *remote, const struct mark *mark)
{
	SET(remote->mark.pid, 0);
	SET(remote->reached, false);
	remote->mark.after_ns = mark->after_ns;
	SET(remote->mark.pid, mark->pid);
	await(remote, &remote->reached);
}

void remote_end(struct remote *remote)
{
	kill(remote->pid, SIGKILL);
	waitpid(remote->pid, NULL, 0);
}

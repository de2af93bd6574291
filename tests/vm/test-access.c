// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Never more than /proc: whoever asks, for whatever, of whomever. A caller asks
 * kin and reads /proc, mounted in its own pid namespace, for the same. What kin
 * gives, /proc gives as well, and the same; what it does not give, it says.
 *
 * One line of the table is for one thing: how kin answers, and below what /proc
 * does, a column for each target.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "access/caller.h"
#include "access/look.h"
#include "truth/hidepid.h"
#include "truth/tap.h"

#define STRICT_PROC "/run/proc-strict"

static struct shared {
	struct targets targets; /* by the caller's numbers */
	struct view view;
	volatile int box, entered;
	volatile bool ready;
} * shared;

static const struct caller *caller; /* the one that is looked at */
static unsigned int mode; /* hidepid */
static struct view roots; /* what there is */

/* ---- the caller ---- */

static void mount_strict(void)
{
	if (mount("proc", STRICT_PROC, "proc", 0, "hidepid=ptraceable"))
		_exit(151);
}

static void look_around(void)
{
	if (caller->box) {
		targets_start(&shared->targets, true);
		if (mode)
			mount_strict();
		shared->ready = true;
		while (!shared->entered)
			sched_yield();
		shared->targets.pids[TARGET_ENTERED] = shared->entered;
	}
	shared->targets.pids[TARGET_SELF] = getpid();
	if (caller->sandbox)
		caller->sandbox();
	look(&shared->view, &shared->targets, mode ? STRICT_PROC : "/proc");
	if (caller->box)
		targets_end(&shared->targets);
}

static void run_caller(void *unused)
{
	caller_run(caller, look_around, &shared->box);
}

/* Somebody comes into the box as soon as it is there. */
static pid_t enter_box(pid_t pid)
{
	pid_t inside, entered;

	if (caller->place.namespaces & CLONE_NEWPID)
		shared->box = pid;
	while (!shared->ready || !shared->box) {
		if (waitpid(pid, NULL, WNOHANG))
			tap_bail("%s failed", caller->name);
		sched_yield();
	}
	entered = target_enter(shared->box, &inside);
	shared->entered = inside;
	return entered;
}

static void run(const struct targets *targets)
{
	pid_t pid, entered = 0;
	int status;

	memset(shared, 0, sizeof(*shared));
	shared->targets = *targets;
	pid = place_start(&caller->place, run_caller, NULL);
	if (caller->box)
		entered = enter_box(pid);
	/* (It is killed with the box, which waits until it is gone.) */
	if (entered)
		waitpid(entered, NULL, 0);
	status = place_wait(pid);
	if (status)
		tap_bail("%s failed: %#x", caller->name, status);
}

/* ---- the rules ---- */

/* Nobody gets what is not there: then root did not. What is in boxes is as what
 * is outside. */
static bool is_nothing(unsigned int thing, int target)
{
	if (target == TARGET_ENTERED)
		target = TARGET_ROOT;
	return roots.cells[thing][target].verdict == VERDICT_ABSENT;
}

/* The one exception: who may ptrace anyone may read their memory, and so what
 * files of mode 0400 tell; /proc asks for CAP_DAC_READ_SEARCH to open these. */
static bool is_excepted(unsigned int thing, int target)
{
	return caller->not_owner && things[thing].owners &&
	       shared->view.cells[thing][target].proc == -EACCES &&
	       !shared->view.ptrace[target];
}

static bool is_subset(unsigned int thing, int target)
{
	const struct cell *cell = &shared->view.cells[thing][target];

	return cell->verdict != VERDICT_GIVEN || !cell->proc ||
	       is_excepted(thing, target);
}

static bool is_same(unsigned int thing, int target)
{
	return !shared->view.cells[thing][target].differs;
}

/* A dump says of who is hidden what it says of nobody. */
static bool is_hidden(int target)
{
	return mode && !caller->all &&
	       shared->view.cells[0][target].verdict == VERDICT_HIDDEN;
}

static bool is_told(unsigned int thing, int target)
{
	switch (shared->view.cells[thing][target].verdict) {
	case VERDICT_GIVEN:
		return true;
	case VERDICT_ABSENT:
		return is_nothing(thing, target) || is_hidden(target);
	case VERDICT_MARKED:
		return things[thing].private;
	case VERDICT_REFUSED:
		return things[thing].private || mode == 2 ||
		       (mode && caller->held);
	case VERDICT_HIDDEN:
		return is_hidden(target);
	default:
		return false;
	}
}

static bool is_promised(unsigned int thing, int target)
{
	const struct cell *cell = &shared->view.cells[thing][target];

	if (is_nothing(thing, target))
		return false;
	if (!things[thing].private)
		return !mode || caller->all || (caller->private && !cell->proc);
	/* Of containers and of somebody it is not root's right, CAP_SYS_ADMIN.
	 */
	if (things[thing].group == KIN_GROUP_STACK)
		return caller->all && !caller->not_owner;
	return caller->all || (caller->private && !cell->proc);
}

static bool is_kept(unsigned int thing, int target)
{
	return !is_promised(thing, target) ||
	       shared->view.cells[thing][target].verdict == VERDICT_GIVEN;
}

/* ---- results ---- */

static unsigned int count(bool (*holds)(unsigned int, int), bool wanted)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < n_things; i++)
		for (int t = 0; t < TARGETS; t++)
			n += shared->targets.pids[t] && holds(i, t) == wanted;
	return n;
}

static bool is_given(unsigned int thing, int target)
{
	return shared->view.cells[thing][target].verdict == VERDICT_GIVEN;
}

static void tell_broken(bool (*holds)(unsigned int, int))
{
	for (unsigned int i = 0; i < n_things; i++)
		for (int t = 0; t < TARGETS; t++) {
			const struct cell *cell = &shared->view.cells[i][t];

			if (shared->targets.pids[t] && !holds(i, t))
				tap_note("%s of %s: %s; /proc: %s%s",
					 things[i].name, target_names[t],
					 verdict_names[cell->verdict],
					 strerror(-cell->proc),
					 cell->differs ? "; not the same" : "");
		}
}

static void tell_table(void)
{
	char kin[TARGETS + 1] = "", proc[TARGETS + 1] = "";

	for (unsigned int i = 0; i < n_things; i++) {
		for (int t = 0; t < TARGETS; t++) {
			const struct cell *cell = &shared->view.cells[i][t];
			const bool is_there = shared->targets.pids[t];

			kin[t] = is_there ? "g-mrhF"[cell->verdict] : ' ';
			proc[t] = is_there ? ".g"[!cell->proc] : ' ';
		}
		tap_note("  %-8s %s   /proc %s", things[i].name, kin, proc);
	}
}

static void check_rule(const char *who, bool (*holds)(unsigned int, int),
		       const char *rule)
{
	const unsigned int broken = count(holds, false);

	tap_ok(!broken, "%s: %s: %u of %u, %u given", who, rule,
	       count(holds, true), count(holds, true) + broken,
	       count(is_given, true));
	tell_broken(holds);
}

/* In a dump over all tasks: refused, or each record says what it denies. */
static void check_sweep(const char *who)
{
	const struct sweep *sweep = &shared->view.sweep;
	const bool some = caller->all || caller->private;
	/* Else who is not theirs is hidden. */
	const bool partly = caller->private && !mode;
	const enum verdict wanted = some ? VERDICT_GIVEN : VERDICT_REFUSED;

	tap_ok(sweep->verdict == wanted && sweep->fd_verdict == wanted &&
		       !sweep->leaked && !sweep->silent &&
		       (sweep->tasks > 0) == some &&
		       (sweep->denied > 0) == partly,
	       "%s: in a dump: %s, descriptors %s; %u tasks, %u given, %u denied, "
	       "%u more than by /proc, %u in silence",
	       who, verdict_names[sweep->verdict],
	       verdict_names[sweep->fd_verdict], sweep->tasks, sweep->given,
	       sweep->denied, sweep->leaked, sweep->silent);
}

/* Events tell how tasks end, and what they had used. */
static void check_events(const char *who)
{
	const bool some = caller->all || caller->private;

	tap_ok(shared->view.events == (some ? VERDICT_GIVEN : VERDICT_REFUSED),
	       "%s: events: %s", who, verdict_names[shared->view.events]);
}

static void check(const struct targets *targets)
{
	char who[128];

	snprintf(who, sizeof(who), "%s, hidepid=%u", caller->name, mode);
	run(targets);
	if (caller == callers && !mode)
		roots = shared->view;
	tap_note("%s", who);
	tell_table();
	check_rule(who, is_subset, "no more than /proc gives");
	check_rule(who, is_same, "the same as /proc gives");
	check_rule(who, is_told, "what is denied is said to be");
	check_rule(who, is_kept, "what is promised is given");
	check_sweep(who);
	check_events(who);
}

static void check_callers(const struct targets *targets)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", mode);
	if (hidepid_set(number))
		tap_bail("cannot set hidepid");
	for (caller = callers; caller < callers + n_callers; caller++) {
		const char *lack = caller->lacks ? caller->lacks() : NULL;

		if (lack)
			tap_skip(lack, "%s, hidepid=%u", caller->name, mode);
		else
			check(targets);
	}
}

/* Newer kernels do so only if told to, and for tasks that start then. */
static void account_delays(const char *yes)
{
	const int fd =
		open("/proc/sys/kernel/task_delayacct", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, yes, 1) != 1)
		tap_bail("task_delayacct: %s", strerror(errno));
	close(fd);
}

int main(int argc, char **argv)
{
	struct targets targets;

	target_main(argc, argv);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		tap_bail("mmap: %s", strerror(errno));
	mkdir(STRICT_PROC, 0755);
	mount_strict();
	account_delays("1");
	targets_install();
	targets_start(&targets, false);
	for (int t = 0; t < TARGETS; t++)
		tap_note("column %d: %s", t + 1, target_names[t]);
	tap_note(
		"g: given, -: nothing there, m: marked, r: refused, h: no such task");
	for (mode = 0; mode <= 2; mode++)
		check_callers(&targets);
	hidepid_set("0");
	targets_end(&targets);
	targets_uninstall();
	account_delays("0");
	umount2(STRICT_PROC, MNT_DETACH);
	return tap_done();
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stack.h"
#include "task.h"
#include "usage.h"

struct log *task_log;

/* ---- birth ---- */

struct start {
	uint32_t key;
	task_fn *fn;
	uint64_t arg;
};

/* Its own numbers as the first pid namespace has them: /proc is of that one. */
static void read_stat(struct log_life *life)
{
	char buf[1024];
	const int fd = open("/proc/thread-self/stat", O_RDONLY | O_CLOEXEC);
	const ssize_t len = read(fd, buf, sizeof(buf) - 1);
	uint64_t start = 0;
	char *rest;

	if (len < 0)
		err(98, "/proc/thread-self/stat");
	close(fd);
	buf[len] = '\0';
	life->pid = strtoul(buf, NULL, 10);
	rest = strrchr(buf, ')');
	if (!rest ||
	    sscanf(rest,
		   ") %*c %*d %" SCNu32 " %" SCNu32
		   " %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %" SCNu64,
		   &life->pgid, &life->sid, &start) != 3)
		errx(98, "/proc/thread-self/stat is odd: %s", buf);
	life->start_ticks = start;
}

static void be_born(uint32_t key)
{
	struct log_life *life = LIFE(key);

	read_stat(life);
	life->tgid = life->main == key ? life->pid : LIFE(life->main)->pid;
	life->inner_pid = getpid();
	log_born(task_log, key);
}

static void prepare(uint32_t me, uint32_t key, uint64_t flags, int exit_signal)
{
	const struct log_life *creator = LIFE(me);
	struct log_life *life = LIFE(key);
	const struct log_life *main = LIFE(creator->main);
	const bool sibling = flags & (CLONE_PARENT | CLONE_THREAD);

	life->creator = me;
	life->main = flags & CLONE_THREAD ? creator->main : key;
	life->parent = sibling ? main->parent : creator->main;
	life->clone_flags = flags;
	life->exit_signal = flags & CLONE_THREAD ? -1 :
			    flags & CLONE_PARENT ? main->exit_signal :
						   exit_signal;
	life->space = flags & CLONE_NEWPID ? key : creator->child_space;
	if (life->space == LOG_NEW_SPACE) {
		life->space = key;
		LIFE(me)->child_space = key;
	}
	life->child_space = life->space;
	life->born_uid = life->uid = creator->uid;
	memcpy(life->born_comm, creator->comm, LOG_COMM);
	memcpy(life->comm, creator->comm, LOG_COMM);
}

static int run(void *arg)
{
	const struct start *start = arg;
	const uint32_t key = start->key;

	be_born(key);
	start->fn(key, start->arg);
	if (LIFE(key)->main == key)
		task_exit(key, 0);
	task_exit_thread(key, 0);
}

/* A copy of this process; it goes on with a copy of the stack. */
static long copy(uint64_t flags, int exit_signal)
{
	const struct clone_args args = { .flags = flags,
					 .exit_signal = exit_signal };

	if (flags >> 32)
		return syscall(SYS_clone3, &args, sizeof(args));
	return syscall(SYS_clone, flags | exit_signal, NULL, NULL, NULL, NULL);
}

uint32_t task_clone(uint32_t me, uint64_t flags, int exit_signal, task_fn *fn,
		    uint64_t arg)
{
	struct start start = { log_new_life(task_log), fn, arg };
	long pid;

	if (flags & CLONE_VM)
		flags |= CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
	prepare(me, start.key, flags, exit_signal);
	if (flags & CLONE_VM)
		pid = stack_clone(run, &start, sizeof(start),
				  flags | exit_signal);
	else
		pid = copy(flags, exit_signal);
	if (pid < 0)
		err(98, "clone with flags %#" PRIx64, flags);
	if (!pid)
		run(&start);
	return start.key;
}

void task_await_birth(uint32_t key)
{
	while (!__atomic_load_n(&LIFE(key)->born, __ATOMIC_SEQ_CST))
		sched_yield();
}

void task_join_all(void)
{
	stack_await_all();
}

void task_await_main_end(uint32_t me)
{
	char file[64], buf[512] = "";
	const char *state = NULL;
	int fd;

	snprintf(file, sizeof(file), "/proc/%u/task/%u/stat", LIFE(me)->tgid,
		 LIFE(me)->tgid);
	while (!state || strncmp(state, ") Z", 3)) {
		sched_yield();
		fd = open(file, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || read(fd, buf, sizeof(buf) - 1) < 0)
			err(98, "%s", file);
		close(fd);
		state = strrchr(buf, ')');
	}
}

/* ---- end ---- */

void task_exit(uint32_t me, int code)
{
	struct log_life *life = LIFE(me);

	life->end = LOG_EXIT_GROUP;
	life->code = code;
	LIFE(life->main)->end = LOG_EXIT_GROUP;
	if (life->main == me)
		life->looked = usage_look(&life->self);
	syscall(SYS_exit_group, code);
	abort();
}

void task_exit_thread(uint32_t me, int code)
{
	struct log_life *life = LIFE(me);

	life->end = LOG_EXIT_THREAD;
	life->code = code;
	syscall(SYS_exit, code);
	abort();
}

void task_leave(uint32_t me, int code)
{
	log_add_act(task_log, me, LOG_ACT_MAIN_END, LIFE(me)->comm)->code =
		code;
	syscall(SYS_exit, code);
	abort();
}

void task_die(uint32_t me, int sig)
{
	sigset_t set;

	LIFE(LIFE(me)->main)->end = LOG_EXIT_GROUP;
	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	syscall(SYS_kill, getpid(), sig);
	for (;;)
		pause();
}

/* Somebody who has ended, of these, and what wait4() would tell of them, but they
 * stay; 0: there is nobody. */
static pid_t find_ended(pid_t wanted, int flags, int *status, struct rusage *ru)
{
	siginfo_t info = { 0 };
	long err;

	do
		err = syscall(SYS_waitid, wanted < 0 ? P_ALL : P_PID,
			      wanted < 0 ? 0 : wanted, &info,
			      WEXITED | WNOWAIT | __WALL | flags, ru);
	while (err && errno == EINTR);
	if (err)
		return 0;
	*status = info.si_code == CLD_EXITED ? info.si_status << 8 :
		  info.si_code == CLD_DUMPED ? info.si_status | WCOREFLAG :
					       info.si_status;
	return info.si_pid;
}

static void log_reaped(uint32_t me, struct log_life *child, int status,
		       const struct rusage *ru)
{
	/* Another thread of ours may have been faster. */
	if (__atomic_exchange_n(&child->found, true, __ATOMIC_SEQ_CST))
		return;
	child->status = status;
	child->reaper = LIFE(me)->main;
	usage_from(&child->waited, ru);
	__atomic_add_fetch(&LIFE(child->reaper)->n_reaped, 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&child->reaped, true, __ATOMIC_SEQ_CST);
}

/*
 * Written down while the number is still theirs: once it is reaped, it may be
 * somebody else's at once, and so may we be no more, by another thread's exec.
 */
bool task_reap(uint32_t me, pid_t wanted, int flags)
{
	struct log_life *child;
	struct rusage ru;
	int status;
	const pid_t pid = find_ended(wanted, flags, &status, &ru);

	if (!pid)
		return false;
	child = LIFE(log_find(task_log, pid, LIFE(me)->space));
	log_reaped(me, child, status, &ru);
	/* (Before Linux 5.17, WNOWAIT tells what the main thread ended with.) */
	if (wait4(pid, &status, __WALL | WNOHANG | flags, NULL) == pid)
		child->status = status;
	return true;
}

void task_reap_all(uint32_t me)
{
	while (task_reap(me, -1, 0))
		;
}

/* ---- changes ---- */

void task_rename(uint32_t me, uint32_t key, const char *comm)
{
	char file[64];
	int fd;

	if (!strncmp(LIFE(key)->comm, comm, LOG_COMM - 1))
		return;
	log_add_act(task_log, key, LOG_ACT_COMM, comm);
	if (key == me) {
		prctl(PR_SET_NAME, LIFE(key)->comm);
		return;
	}
	snprintf(file, sizeof(file), "/proc/self/task/%u/comm", LIFE(key)->pid);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, comm, strlen(comm)) < 0)
		err(98, "%s", file);
	close(fd);
}

void task_set_uid(uint32_t me, uint32_t uid)
{
	/* (Not libc's, which would ask all threads that it knows of.) */
	if (syscall(SYS_setresuid, uid, -1, -1))
		err(98, "setresuid %u", uid);
	LIFE(me)->uid = uid;
}

/* What the thread was goes on as the main thread, with that one's number. */
static void take_over(uint32_t me)
{
	const uint32_t main = LIFE(me)->main;
	struct log_life *life = LIFE(main);

	/* Unless it has ended by itself. */
	if (!life->last_act ||
	    task_log->act[life->last_act].kind != LOG_ACT_MAIN_END)
		log_add_act(task_log, main, LOG_ACT_MAIN_END, life->comm)
			->code = LOG_NO_CODE;
	memcpy(life->comm, LIFE(me)->comm, LOG_COMM);
	life->uid = LIFE(me)->uid;
	LIFE(me)->end = LOG_BECAME_MAIN;
}

void task_exec(uint32_t me, int fd, const char *file, uint32_t scene,
	       uint64_t seed)
{
	char numbers[5][24], name[32];
	char program[] = "workload", option[] = "--go";
	char *argv[] = { program,    option,	 numbers[0], numbers[1],
			 numbers[2], numbers[3], numbers[4], NULL };
	const uint32_t old_pid = LIFE(me)->pid;
	const uint32_t main = LIFE(me)->main;

	/* As the kernel calls a file that has no name. */
	snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	snprintf(numbers[0], 24, "%u", main);
	snprintf(numbers[1], 24, "%u", old_pid);
	snprintf(numbers[2], 24, "%u",
		 log_text(task_log, fd < 0 ? file : name));
	snprintf(numbers[3], 24, "%u", scene);
	snprintf(numbers[4], 24, "%" PRIu64, seed);
	if (me != main)
		take_over(me);
	if (fd < 0)
		execve(file, argv, environ);
	else
		syscall(SYS_execveat, fd, "", argv, environ, AT_EMPTY_PATH);
	err(98, "%s", file);
}

uint32_t task_resume(char **argv, uint32_t *scene, uint64_t *seed)
{
	const uint32_t me = strtoul(argv[0], NULL, 10);
	struct log_act *act;
	char comm[LOG_COMM];

	task_log = log_map(TASK_LOG_FD);
	if (!task_log)
		err(98, "the log");
	prctl(PR_GET_NAME, comm);
	act = log_add_act(task_log, me, LOG_ACT_EXEC, comm);
	act->old_pid = strtoul(argv[1], NULL, 10);
	act->file = strtoul(argv[2], NULL, 10);
	*scene = strtoul(argv[3], NULL, 10);
	*seed = strtoull(argv[4], NULL, 10);
	return me;
}

void task_start_log(const char *path)
{
	struct log_life *life;
	int fd;

	if (task_log)
		munmap(task_log, sizeof(*task_log));
	task_log = log_create(path);
	fd = open(path, O_RDWR);
	if (!task_log || fd < 0 || dup2(fd, TASK_LOG_FD) < 0)
		err(98, "%s", path);
	close(fd);
	life = LIFE(log_new_life(task_log));
	read_stat(life);
	life->tgid = life->inner_pid = life->pid;
	life->born = 0;
	life->uid = life->born_uid = getuid();
	life->exit_signal = SIGCHLD;
	prctl(PR_GET_NAME, life->comm);
}

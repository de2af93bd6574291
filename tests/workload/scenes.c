// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "draw.h"
#include "files.h"
#include "scenes.h"

#define AT_ONCE	   4 /* turns of the root */
#define PAGE_BYTES 4096

/* ---- ends ---- */

__attribute__((noreturn)) static void end_somehow(uint32_t me, uint64_t *seed)
{
	static const int signals[] = { SIGKILL, SIGTERM, SIGHUP, SIGABRT,
				       SIGSEGV };

	if (draw(seed, 3))
		task_exit(me, draw(seed, 4) ? draw(seed, 256) : 0);
	task_die(me, signals[draw(seed, 5)]);
}

/* Some use of everything that is accounted. */
static void work(uint64_t *seed)
{
	const size_t size = (1 + draw(seed, 100)) * PAGE_BYTES;
	const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	const int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (size_t i = 0; i < size; i += PAGE_BYTES)
		at[i] = 1;
	if (read(zero, at, draw(seed, size)) < 0 ||
	    write(null, at, draw(seed, size)) < 0)
		err(98, "/dev/null");
	munmap(at, size);
	close(null);
	close(zero);
}

static void play_leaf(uint32_t me, uint64_t seed)
{
	work(&seed);
	end_somehow(me, &seed);
}

/* For who shares its memory: to some kernels a core dump is all of theirs. */
static void play_quiet(uint32_t me, uint64_t seed)
{
	work(&seed);
	task_exit(me, draw(&seed, 256));
}

static void play_wait(uint32_t me, uint64_t arg)
{
	for (;;)
		pause();
}

/* ---- programs ---- */

static void run_program(uint32_t me, uint64_t seed)
{
	const uint32_t kind = draw(&seed, FILE_KINDS);
	const int fd = files_open(kind);

	task_exec(me, fd, files_name(kind), SCENE_LEAF, seed);
}

static void play_shell(uint32_t me, uint64_t seed)
{
	static const uint64_t flags[] = { 0, 0, CLONE_VFORK,
					  CLONE_VFORK | CLONE_VM };

	for (uint32_t n = 2 + draw(&seed, 6); n; n--) {
		task_clone(me, flags[draw(&seed, 4)], SIGCHLD, run_program,
			   draw_seed(&seed));
		if (draw(&seed, 2))
			task_reap(me, -1, 0);
	}
	task_reap_all(me);
}

/* The lowest bits of the seed count what is left. */
static void play_chain(uint32_t me, uint64_t seed)
{
	const uint32_t kind = (seed >> 8) % FILE_KINDS;
	const int fd = files_open(kind);

	if (seed & 1)
		task_rename(me, me, seed & 2 ? "odd" : "even");
	if (seed % 8)
		task_exec(me, fd, files_name(kind), SCENE_CHAIN, seed - 1);
	seed >>= 8;
	end_somehow(me, &seed);
}

/* ---- processes ---- */

static void play_prefork(uint32_t me, uint64_t seed)
{
	for (uint32_t n = 2 + draw(&seed, 7); n; n--)
		task_fork(me, play_leaf, draw_seed(&seed));
	task_reap_all(me);
	/* What fails is no event. */
	execve("/nonexistent", environ, environ);
	task_exit(me, draw(&seed, 256));
}

/* Outlives who made it. */
static void be_orphan(uint32_t me, uint64_t seed)
{
	const uint32_t parent = LIFE(me)->parent;

	while (!__atomic_load_n(&LIFE(parent)->reaped, __ATOMIC_SEQ_CST))
		sched_yield();
	task_fork(me, play_leaf, draw_seed(&seed));
	task_reap_all(me);
	play_leaf(me, seed);
}

static void leave_orphan(uint32_t me, uint64_t seed)
{
	for (uint32_t n = 1 + draw(&seed, 2); n; n--)
		task_await_birth(task_fork(me, be_orphan, draw_seed(&seed)));
	end_somehow(me, &seed);
}

static void play_daemon(uint32_t me, uint64_t seed)
{
	task_fork(me, leave_orphan, draw_seed(&seed));
	task_reap_all(me);
}

static void play_subreaper(uint32_t me, uint64_t seed)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (uint32_t n = 1 + draw(&seed, 3); n; n--)
		task_fork(me, play_daemon, draw_seed(&seed));
	task_reap_all(me);
}

static void play_flags(uint32_t me, uint64_t seed)
{
	static const uint64_t flags[] = {
		CLONE_FS,
		CLONE_FILES | CLONE_IO,
		CLONE_SYSVSEM | CLONE_UNTRACED,
		CLONE_VM,
		CLONE_VM | CLONE_SIGHAND,
		CLONE_NEWUTS | CLONE_NEWIPC,
		CLONE_NEWNS | CLONE_VFORK,
		CLONE_CLEAR_SIGHAND,
		CLONE_PARENT,
		CLONE_PARENT | CLONE_VM | CLONE_VFORK,
	};
	static const int signals[] = { SIGCHLD, SIGCHLD, SIGURG, 0 };
	uint64_t chosen;

	for (uint32_t n = 3 + draw(&seed, 5); n; n--) {
		chosen = flags[draw(&seed, sizeof(flags) / sizeof(*flags))];
		task_clone(me, chosen, signals[draw(&seed, 4)],
			   chosen & CLONE_VM ? play_quiet : play_leaf,
			   draw_seed(&seed));
	}
	task_reap_all(me);
	/* Who shares our memory, but is not our child, needs it. */
	task_join_all();
}

static void play_session(uint32_t me, uint64_t seed)
{
	if (draw(&seed, 2))
		setsid();
	else
		setpgid(0, 0);
	task_fork(me, play_prefork, draw_seed(&seed));
	task_reap_all(me);
}

static void play_user(uint32_t me, uint64_t seed)
{
	task_set_uid(me, 1000 + draw(&seed, 5));
	task_fork(me, play_prefork, draw_seed(&seed));
	task_set_uid(me, 2000 + draw(&seed, 5));
	task_fork(me, run_program, draw_seed(&seed));
	task_reap_all(me);
}

/* ---- threads ---- */

static void be_thread(uint32_t me, uint64_t seed)
{
	if (!draw(&seed, 3))
		task_rename(me, me, draw_name(&seed));
	if (!draw(&seed, 3)) {
		task_fork(me, play_leaf, draw_seed(&seed));
		task_reap_all(me);
	}
	task_exit_thread(me, draw(&seed, 256));
}

static void play_threads(uint32_t me, uint64_t seed)
{
	for (uint32_t rounds = 1 + draw(&seed, 4); rounds; rounds--) {
		for (uint32_t n = 1 + draw(&seed, 6); n; n--)
			task_clone(me, TASK_THREAD, 0, be_thread,
				   draw_seed(&seed));
		task_join_all();
	}
	task_reap_all(me);
	if (draw(&seed, 2))
		task_exit_thread(me, draw(&seed, 256));
	task_exit(me, draw(&seed, 256));
}

static void start_waiters(uint32_t me, uint32_t n)
{
	while (n--)
		task_await_birth(task_clone(me, TASK_THREAD, 0, play_wait, 0));
}

static void exec_from_thread(uint32_t me, uint64_t seed)
{
	start_waiters(me, draw(&seed, 4));
	if (draw(&seed, 2))
		task_rename(me, me, "not main");
	run_program(me, seed);
}

static void exec_after_main(uint32_t me, uint64_t seed)
{
	task_await_main_end(me);
	exec_from_thread(me, seed);
}

static void play_thread_exec(uint32_t me, uint64_t seed)
{
	const bool leave = draw(&seed, 2);

	task_await_birth(task_clone(me, TASK_THREAD, 0,
				    leave ? exec_after_main : exec_from_thread,
				    draw_seed(&seed)));
	if (leave)
		task_leave(me, draw(&seed, 256));
	play_wait(me, 0);
}

static void outlive_main(uint32_t me, uint64_t seed)
{
	task_await_main_end(me);
	task_fork(me, play_leaf, draw_seed(&seed));
	task_reap_all(me);
	if (draw(&seed, 2))
		task_exit(me, draw(&seed, 256));
	task_exit_thread(me, draw(&seed, 256));
}

static void play_main_first(uint32_t me, uint64_t seed)
{
	task_clone(me, TASK_THREAD, 0, outlive_main, draw_seed(&seed));
	task_leave(me, draw(&seed, 256));
}

static void end_all(uint32_t me, uint64_t seed)
{
	end_somehow(me, &seed);
}

/* All threads end by one of them, or by a signal. */
static void play_group_end(uint32_t me, uint64_t seed)
{
	start_waiters(me, 1 + draw(&seed, 5));
	if (draw(&seed, 2))
		end_somehow(me, &seed);
	task_clone(me, TASK_THREAD, 0, end_all, draw_seed(&seed));
	play_wait(me, 0);
}

static void play_names(uint32_t me, uint64_t seed)
{
	uint32_t other = task_clone(me, TASK_THREAD, 0, play_wait, 0);

	task_await_birth(other);
	for (uint32_t n = 1 + draw(&seed, 6); n; n--)
		task_rename(me, draw(&seed, 2) ? me : other, draw_name(&seed));
	task_fork(me, play_leaf, draw_seed(&seed));
	task_reap_all(me);
}

/* ---- namespaces ---- */

/* The first of a pid namespace; it ends when its maker has waited for one that
 * lives there, too. */
static void be_init(uint32_t me, uint64_t seed)
{
	const uint32_t maker = LIFE(me)->creator;

	task_fork(me, play_prefork, draw_seed(&seed));
	task_fork(me, play_threads, draw_seed(&seed));
	task_reap_all(me);
	while (!__atomic_load_n(&LIFE(maker)->n_reaped, __ATOMIC_SEQ_CST))
		sched_yield();
}

/* Go where a child's pid namespace is, by setns(). */
static void enter(uint32_t me, uint32_t init)
{
	char file[64];
	int fd;

	snprintf(file, sizeof(file), "/proc/%u/ns/pid", LIFE(init)->pid);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (setns(fd, CLONE_NEWPID))
		err(98, "setns %s", file);
	close(fd);
	LIFE(me)->child_space = init;
}

static void play_space(uint32_t me, uint64_t seed)
{
	uint32_t init;

	if (draw(&seed, 2)) {
		init = task_clone(me, CLONE_NEWPID, SIGCHLD, be_init,
				  draw_seed(&seed));
		task_await_birth(init);
		enter(me, init);
	} else {
		if (unshare(CLONE_NEWPID))
			err(98, "unshare");
		LIFE(me)->child_space = LOG_NEW_SPACE;
		init = task_fork(me, be_init, draw_seed(&seed));
		task_await_birth(init);
	}
	task_fork(me, run_program, draw_seed(&seed));
	task_reap_all(me);
}

/* (What a user namespace calls its users is nobody else's concern.) */
static void play_user_space(uint32_t me, uint64_t seed)
{
	uint64_t flags = CLONE_NEWUSER;

	if (draw(&seed, 2)) {
		if (unshare(flags))
			err(98, "unshare");
		flags = 0;
	}
	task_clone(me, flags, SIGCHLD, play_prefork, draw_seed(&seed));
	task_reap_all(me);
}

/* ---- the root ---- */

static uint32_t count_turns(void)
{
	uint32_t n = 0;

	while (scenes[SCENE_TURNS + n].name)
		n++;
	return n;
}

static void play_root(uint32_t me, uint64_t seed)
{
	const uint32_t rounds = seed % 65536, n = count_turns();
	uint32_t turn;

	seed >>= 16;
	draw_start(&seed);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (uint32_t i = 0; i < rounds; i++) {
		if (i >= AT_ONCE)
			task_reap(me, -1, 0);
		/* Each of them once, then any. */
		turn = i < n ? i : draw(&seed, n);
		task_fork(me, scenes[SCENE_TURNS + turn].play,
			  draw_seed(&seed));
	}
	task_reap_all(me);
}

const struct scene scenes[] = {
	[SCENE_ROOT] = { "root", play_root },
	[SCENE_LEAF] = { "leaf", play_leaf },
	[SCENE_CHAIN] = { "chain", play_chain },
	{ "chain", play_chain },
	{ "prefork", play_prefork },
	{ "shell", play_shell },
	{ "daemon", play_daemon },
	{ "subreaper", play_subreaper },
	{ "flags", play_flags },
	{ "session", play_session },
	{ "user", play_user },
	{ "threads", play_threads },
	{ "thread-exec", play_thread_exec },
	{ "main-first", play_main_first },
	{ "group-end", play_group_end },
	{ "names", play_names },
	{ "space", play_space },
	{ "user-space", play_user_space },
	{ NULL, NULL },
};

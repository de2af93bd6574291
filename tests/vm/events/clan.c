// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../workload/draw.h"
#include "../truth/tap.h"
#include "clan.h"

#define CLAN_FD	 201 /* stays open over execve() */
#define CGROUPS	 3
#define CGROUP	 "/sys/fs/cgroup/kin-clan-%u"
#define STACK	 (64 * 1024)

enum { RESTS, GOES_ON, ENDS };

/* What members do, and the names of it. */
#define ACTS(act)                                                              \
	act(child) act(short_life) act(zombie) act(double_fork) act(sibling)   \
	act(thread) act(short_thread) act(child_of_thread) act(exec)           \
	act(exec_by_thread) act(rename) act(cgroup) act(subreaper) act(reap)   \
	act(end)

#define COUNT(name) ACT_##name,
enum { ACTS(COUNT) N_ACTS };

static struct clan {
	int state;
	unsigned int members, room; /* processes that live */
	unsigned int active; /* tasks that do something */
	uint64_t seed;
	unsigned long acts[N_ACTS];
} * clan;

static uint64_t seed; /* of this process; its main thread draws */
static pid_t root;

#define ADD(number, n) __atomic_add_fetch(&(number), n, __ATOMIC_SEQ_CST)
#define LOOK(number)   __atomic_load_n(&(number), __ATOMIC_SEQ_CST)

/* ---- members ---- */

static void live(void) __attribute__((noreturn));

/* Whoever is about to be: counted before, so that a rest waits for it. */
static bool make_room(void)
{
	if (ADD(clan->members, 1) > clan->room) {
		ADD(clan->members, -1);
		return false;
	}
	ADD(clan->active, 1);
	return true;
}

static void __attribute__((noreturn)) start_member(uint64_t its_seed)
{
	seed = its_seed;
	live();
}

static void __attribute__((noreturn)) end_member(void)
{
	ADD(clan->members, -1);
	ADD(clan->active, -1);
	_exit(draw(&seed, 3));
}

/* Until somebody says otherwise. */
static void rest(void)
{
	ADD(clan->active, -1);
	while (LOOK(clan->state) == RESTS)
		syscall(SYS_futex, &clan->state, FUTEX_WAIT, RESTS, NULL, NULL,
			0);
	ADD(clan->active, 1);
}

/* ---- what they do ---- */

static void act_child(void)
{
	const uint64_t its_seed = draw_seed(&seed);

	if (make_room() && !fork())
		start_member(its_seed);
}

static void act_short_life(void)
{
	const pid_t pid = fork();

	if (!pid)
		_exit(1);
	waitpid(pid, NULL, 0);
}

/* Until it is reaped by lot, here or by whoever gets it. */
static void act_zombie(void)
{
	ADD(clan->active, 1);
	if (!fork()) {
		ADD(clan->active, -1);
		_exit(2);
	}
}

static void act_double_fork(void)
{
	const uint64_t its_seed = draw_seed(&seed);
	const bool room = make_room();
	const pid_t pid = room ? fork() : -1;

	if (!pid) {
		if (!fork())
			start_member(its_seed);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static void act_sibling(void)
{
	const uint64_t its_seed = draw_seed(&seed);

	if (getpid() != root && make_room() &&
	    !syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL))
		start_member(its_seed);
}

/* ---- threads; signals are for the main one, so that they stay asleep ---- */

static pthread_t start_thread(void *(*fn)(void *))
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	if (pthread_create(&thread, &attr, fn, NULL))
		_exit(98);
	return thread;
}

static void *stay(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void *nothing(void *unused)
{
	return unused;
}

static void act_thread(void)
{
	pthread_detach(start_thread(stay));
}

static void act_short_thread(void)
{
	pthread_join(start_thread(nothing), NULL);
}

static void *fork_here(void *unused)
{
	act_child();
	return unused;
}

static void act_child_of_thread(void)
{
	pthread_join(start_thread(fork_here), NULL);
}

static void *exec_here(void *unused)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)draw_seed(&seed));
	execl("/proc/self/exe", "clan", CLAN_ARG, text, NULL);
	_exit(97);
}

/* Rarely: it takes as long as everything else together. */
static void act_exec(void)
{
	if (!draw(&seed, 4))
		exec_here(NULL);
}

static void act_exec_by_thread(void)
{
	if (!draw(&seed, 4)) {
		start_thread(exec_here);
		stay(NULL);
	}
}

/* ---- and the rest ---- */

static void act_rename(void)
{
	prctl(PR_SET_NAME, draw_name(&seed));
}

static void act_cgroup(void)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), CGROUP "/cgroup.procs",
		 draw(&seed, CGROUPS));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, "0", 1) != 1)
		_exit(96);
	close(fd);
}

static void act_subreaper(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, draw(&seed, 2) || getpid() == root);
}

static void act_reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static void act_end(void)
{
	if (getpid() != root && draw(&seed, 2))
		end_member();
}

#define NAME(name) { #name, act_##name },
static const struct {
	const char *name;
	void (*act)(void);
} acts[] = { ACTS(NAME) };

static void __attribute__((noreturn)) end_clan(void)
{
	if (getpid() == root)
		while (wait(NULL) > 0)
			;
	end_member();
}

static void live(void)
{
	for (;;) {
		const int state = LOOK(clan->state);
		const uint32_t act = draw(&seed, N_ACTS);

		if (state == ENDS)
			end_clan();
		if (state == RESTS) {
			rest();
			continue;
		}
		acts[act].act();
		ADD(clan->acts[act], 1);
	}
}

/* ---- from outside ---- */

static void map(void)
{
	clan = mmap(NULL, sizeof(*clan), PROT_READ | PROT_WRITE, MAP_SHARED,
		    CLAN_FD, 0);
	if (clan == MAP_FAILED)
		_exit(95);
}

void clan_resume(char **argv)
{
	const char *self = getenv("KIN_CLAN_ROOT");

	root = self ? strtol(self, NULL, 10) : 0;
	map();
	start_member(strtoull(argv[2], NULL, 10));
}

static void make_cgroups(void)
{
	char path[64];

	for (unsigned int i = 0; i < CGROUPS; i++) {
		snprintf(path, sizeof(path), CGROUP, i);
		if (mkdir(path, 0755) && errno != EEXIST)
			tap_note("%s: %s", path, strerror(errno));
	}
}

static void start_root(void)
{
	char text[32];

	root = getpid();
	snprintf(text, sizeof(text), "%d", root);
	setenv("KIN_CLAN_ROOT", text, 1);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	start_member(clan->seed);
}

void clan_start(uint64_t its_seed, unsigned int members)
{
	const int fd = memfd_create("clan", 0);

	if (fd < 0 || ftruncate(fd, sizeof(*clan)) ||
	    dup2(fd, CLAN_FD) != CLAN_FD)
		tap_bail("memfd: %s", strerror(errno));
	close(fd);
	map();
	make_cgroups();
	draw_start(&its_seed);
	clan->seed = its_seed;
	clan->room = members;
	clan->state = RESTS;
	make_room();
	root = fork();
	if (root < 0)
		tap_bail("fork: %s", strerror(errno));
	if (!root)
		start_root();
}

static void set_state(int state)
{
	__atomic_store_n(&clan->state, state, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &clan->state, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
}

void clan_go(void)
{
	set_state(GOES_ON);
}

void clan_stop(void)
{
	set_state(RESTS);
}

unsigned int clan_active(void)
{
	return LOOK(clan->active);
}

unsigned long clan_acts(void)
{
	unsigned long n = 0;

	for (int i = 0; i < N_ACTS; i++)
		n += LOOK(clan->acts[i]);
	return n;
}

void clan_note(void)
{
	char line[512];
	int len = 0;

	for (int i = 0; i < N_ACTS; i++)
		len += snprintf(line + len, sizeof(line) - len, " %s %lu",
				acts[i].name, LOOK(clan->acts[i]));
	tap_note("the clan of %u:%s", LOOK(clan->members), line);
}

void clan_end(void)
{
	int status;

	set_state(ENDS);
	if (waitpid(root, &status, 0) != root)
		tap_bail("the clan: %s", strerror(errno));
}

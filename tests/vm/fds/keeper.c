// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../workload/draw.h"
#include "../truth/tap.h"
#include "churn.h"
#include "keeper.h"

#define FIRST	100
#define STEP	2
#define THREADS 3
#define FILE_OF "/bin/true"

/* Every second number is kept; the last ones stand far off, where the table
 * ends. */
#define NEAR (KEEPER_KEPT - 4)

static const int far[KEEPER_KEPT - NEAR] = { 5000, 20000, 40000, 65536 };

/* By turns. */
static const uint32_t types[] = { KIN_FD_CHR, KIN_FD_PIPE, KIN_FD_SOCKET,
				  KIN_FD_FILE };
#define TYPES (sizeof(types) / sizeof(types[0]))

static int kept_number(unsigned int i)
{
	return i < NEAR ? FIRST + STEP * (int)i : far[i - NEAR];
}

/* -1: it is not kept. */
static int kept_index(int fd)
{
	int i;

	for (i = NEAR; i < KEEPER_KEPT; i++) {
		if (fd == far[i - NEAR])
			return i;
	}
	i = (fd - FIRST) / STEP;
	return fd >= FIRST && i < NEAR && kept_number(i) == fd ? i : -1;
}

/* All that are kept are even. */
int keeper_loose(unsigned int n)
{
	return n | 1;
}

/* ---- the process ---- */

static int open_kept(uint32_t type)
{
	int ends[2];

	switch (type) {
	case KIN_FD_CHR:
		return open("/dev/null", O_RDWR);
	case KIN_FD_FILE:
		return open(FILE_OF, O_RDONLY);
	case KIN_FD_SOCKET:
		return socket(AF_INET, SOCK_DGRAM, 0);
	default:
		if (pipe(ends))
			return -1;
		close(ends[1]);
		return ends[0];
	}
}

static void open_all(void)
{
	unsigned int i;
	int fd;

	for (i = 0; i < KEEPER_KEPT; i++) {
		fd = open_kept(types[i % TYPES]);
		if (fd < 0 || dup2(fd, kept_number(i)) < 0)
			tap_bail("the keeper opens only %u", i);
		if (fd != kept_number(i))
			close(fd);
	}
}

/* Lives as long as the keeper's end of the pipe. */
static void keep(int report)
{
	static uint64_t seeds[THREADS];
	pthread_t thread;
	pid_t sharer;
	int i;

	open_all();
	sharer = churn_fork(CLONE_FILES);
	for (i = 0; sharer && i < THREADS; i++) {
		seeds[i] = 100 + i;
		draw_start(&seeds[i]);
		pthread_create(&thread, NULL, churn_descriptors, &seeds[i]);
	}
	if (sharer && write(report, &sharer, sizeof(sharer)) < 0)
		_exit(1);
	for (;;)
		pause();
}

void keeper_start(struct keeper *keeper)
{
	int ends[2];

	if (pipe(ends))
		tap_bail("pipe");
	keeper->pid = churn_fork(0);
	if (!keeper->pid) {
		/* Out of the way of what its threads close. */
		keep(dup2(ends[1], kept_number(0) - STEP));
	}
	close(ends[1]);
	if (read(ends[0], &keeper->sharer, sizeof(pid_t)) != sizeof(pid_t))
		tap_bail("the keeper ended");
	close(ends[0]);
}

void keeper_end(const struct keeper *keeper)
{
	kill(keeper->pid, SIGKILL);
	waitpid(keeper->pid, NULL, 0);
}

/* ---- what is seen of it ---- */

static bool is_as_it_is(const struct kin_fd_record *rec, unsigned int i)
{
	const uint32_t type = types[i % TYPES];

	if (rec->fd->type != type)
		return false;
	if (type == KIN_FD_SOCKET)
		return rec->sock && rec->sock->family == AF_INET;
	if (type == KIN_FD_CHR)
		return rec->path && !strcmp(rec->path, "/dev/null");
	return type != KIN_FD_FILE || (rec->path && rec->path[0] == '/');
}

void keeper_look(struct keeper_sight *sight, const struct kin_fd_record *rec)
{
	const pid_t pid = rec->table->tgid;
	int i;

	if (pid != sight->keeper->pid && pid != sight->keeper->sharer)
		return;
	if (!rec->fd) {
		if (!rec->counts) {
			sight->tables++;
			sight->shared += !!rec->table->shared_pid;
		}
		return;
	}
	i = kept_index(rec->fd->fd);
	if (i < 0)
		return;
	sight->seen[i]++;
	sight->strange += !is_as_it_is(rec, i);
}

bool keeper_seen(const struct keeper_sight *sight)
{
	unsigned int i, wrong = sight->strange;

	for (i = 0; i < KEEPER_KEPT; i++)
		wrong += sight->seen[i] != 1;
	return !wrong && sight->tables == sight->shared + 1;
}

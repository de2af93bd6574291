/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a task can do, each with its entry in the log. Nothing here uses what
 * libc keeps for each thread or process: they are made by bare system calls,
 * which shows exactly which flags they were made with.
 */
#ifndef WORKLOAD_TASK_H
#define WORKLOAD_TASK_H

#include "log.h"

#define TASK_LOG_FD 200 /* stays open over execve() */

/* Threads that are made so can be joined. */
#define TASK_THREAD                                                         \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | \
	 CLONE_SYSVSEM)

extern struct log *task_log;
#define LIFE(key) (&task_log->life[key])

/* @me: the key of the task that runs it. */
typedef void task_fn(uint32_t me, uint64_t arg);

/* Make a task that runs @fn and then exits with 0; returns its key. It may not
 * live yet, or no longer. */
uint32_t task_clone(uint32_t me, uint64_t flags, int exit_signal, task_fn *fn,
		    uint64_t arg);

static inline uint32_t task_fork(uint32_t me, task_fn *fn, uint64_t arg)
{
	return task_clone(me, 0, 17 /* SIGCHLD */, fn, arg);
}

void task_await_birth(uint32_t key);

/* Wait until threads of this process that end by themselves have done so. */
void task_join_all(void);

/* Wait until the main thread of this process is a zombie. */
void task_await_main_end(uint32_t me);

/* End the process; only this thread; the main thread, before others end; by a
 * signal. */
void task_exit(uint32_t me, int code) __attribute__((noreturn));
void task_exit_thread(uint32_t me, int code) __attribute__((noreturn));
void task_leave(uint32_t me, int code) __attribute__((noreturn));
void task_die(uint32_t me, int signal) __attribute__((noreturn));

/* Wait for a child, -1: for any, with flags of wait4(); false if none has
 * ended. For all there are. */
bool task_reap(uint32_t me, pid_t pid, int flags);
void task_reap_all(uint32_t me);

/* Name this task, or another thread of its process that does nothing; nothing
 * is done if that is its name. */
void task_rename(uint32_t me, uint32_t key, const char *comm);

void task_set_uid(uint32_t me, uint32_t uid);

/* Run this program again, from @file (AT_EMPTY_PATH of @fd, if that is not -1),
 * as the same process: it goes on with scene @scene. */
void task_exec(uint32_t me, int fd, const char *file, uint32_t scene,
	       uint64_t seed) __attribute__((noreturn));

/* The other end of it; returns the key and what was handed over. */
uint32_t task_resume(char **argv, uint32_t *scene, uint64_t *seed);

/* Makes the log of others; the caller is life 0. */
void task_start_log(const char *path);

#endif /* WORKLOAD_TASK_H */

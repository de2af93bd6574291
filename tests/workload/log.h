/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a workload did, written down by those who did it in a file that all of
 * them map. Numbers of processes are those of the first pid namespace.
 */
#ifndef WORKLOAD_LOG_H
#define WORKLOAD_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define LOG_LIVES 32768
#define LOG_ACTS  32768
#define LOG_TEXT  (1 << 22) /* bytes */
#define LOG_COMM  16

#define LOG_NEW_SPACE (~(uint32_t)0) /* the next child will be its first */

#define LOG_NO_CODE (~(uint32_t)0)
#define LOG_NONE    (~(uint64_t)0)

/* How a task came to its end. */
enum log_end {
	LOG_BY_OTHERS, /* exit_group(2) or execve(2) of another thread, a signal
			*/
	LOG_EXIT_GROUP, /* with its whole process; or a signal */
	LOG_EXIT_THREAD, /* exit(2) of this thread alone */
	LOG_BECAME_MAIN, /* called execve(), and is the main thread now */
};

/* What a process had used when it looked for the last time, or its waiter. */
struct log_usage {
	uint64_t runtime_ns; /* at its end: user and system time, in whole us */
	uint64_t min_flt, maj_flt;
	uint64_t nvcsw, nivcsw;
	uint64_t maxrss_bytes;
	uint64_t rchar_bytes, wchar_bytes; /* LOG_NONE: could not be read */
	uint64_t looked_bytes; /* that were read to know the two */
};

/* One task, from clone() to its end. Its number in the log is its key. */
struct log_life {
	uint32_t born; /* the order of births, from 1; 0: does not live yet */
	uint32_t pid;
	uint32_t tgid; /* when it was born */
	uint32_t inner_pid; /* in the pid namespace of its own; and in whose: */
	uint32_t
		space; /* the life that is the first in it; 0: of the machine */
	uint32_t child_space; /* where its children will live */
	uint32_t creator; /* the life that called clone() */
	uint32_t main; /* the life that is its main thread */
	uint32_t parent; /* the main thread of its parent */
	uint64_t clone_flags;
	int32_t exit_signal;
	uint64_t start_ticks; /* field 22 of /proc/PID/stat */
	uint32_t born_uid, uid; /* then and now */
	uint32_t pgid, sid; /* when it was born */
	char born_comm[LOG_COMM], comm[LOG_COMM]; /* then and now */
	uint32_t first_act, last_act;
	uint32_t end; /* enum log_end */
	uint32_t code; /* of exit(2) */
	bool found; /* ended, by who waits for it */
	bool reaped; /* or will be: what was told of it is here */
	uint32_t reaper; /* the main thread of who waited for it */
	uint32_t status; /* as it was told it */
	uint32_t n_reaped; /* children that it waited for */
	bool looked; /* and did nothing else before its end */
	struct log_usage self, waited;
};

enum log_act_kind {
	LOG_ACT_EXEC = 1,
	LOG_ACT_COMM,
	LOG_ACT_MAIN_END, /* the main thread ended, and the process did not */
};

/* What a task did, in the order in which it did it. */
struct log_act {
	uint32_t kind;
	uint32_t next; /* of the same task; 0: none. Acts count from 1. */
	uint32_t old_pid; /* of an exec: of the thread that called it */
	uint32_t file; /* offset in the text */
	uint32_t uid; /* then */
	uint32_t code; /* of exit(2) */
	char old_comm[LOG_COMM], comm[LOG_COMM];
};

struct log {
	uint32_t lives, births, acts, text; /* how much is used */
	struct log_life life[LOG_LIVES];
	struct log_act act[LOG_ACTS];
	uint32_t last_born[65536]; /* the key of who has this number */
	char bytes[LOG_TEXT];
};

/* Make a log, or map one that there is; NULL and errno if it cannot be had. */
struct log *log_create(const char *path);
struct log *log_map(int fd);

/* All that follow are safe against others that write at the same time. They
 * end the process if the log is full: then it would not be exact. */
uint32_t log_new_life(struct log *log);
void log_born(struct log *log, uint32_t key);
uint32_t log_text(struct log *log, const char *text);

/* What a task does; @comm: its name from now on. */
struct log_act *log_add_act(struct log *log, uint32_t key,
			    enum log_act_kind kind, const char *comm);

/* The key of who has this number in this pid namespace, and is no thread. */
uint32_t log_find(const struct log *log, uint32_t pid, uint32_t space);

#endif /* WORKLOAD_LOG_H */

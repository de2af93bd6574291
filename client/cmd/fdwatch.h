/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kin fd --watch: who leaks descriptors. After each interval, a line (fdwatchtext.c)
 * or an object (fdwatchjson.c) for each process that grew; on a terminal, a frame
 * that is drawn again and again (fdwatchframe.c).
 */
#ifndef KIN_FDWATCH_H
#define KIN_FDWATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "events.h"
#include "fd.h"
#include "fdgrowth.h"
#include "screen.h"
#include "waiting.h"

/* So many stand in the summary. */
#define FDWATCH_MOST 10

/* A process that grew, and when it was seen last. */
struct fdwatched {
	struct fdgrowth growth;
	uint64_t seen_ns;	/* CLOCK_BOOTTIME */
	bool ended;
};

struct fdwatch {
	const struct fd_options *options;
	struct kin *kin;
	struct kin_fd_query query;
	struct waiting waiting;
	struct screen screen;
	bool live, color, over;
	int output_err;			/* of the terminal, -errno; 0: none */
	uint64_t begin_ns, next_ns;	/* samples are due; CLOCK_BOOTTIME */
	size_t told_denied;
	struct fdsample sample;
	struct fdgrowths growths;
	/* after an interval: who grew, and who ended in it and had grown before */
	const struct fdgrowth **rows;
	size_t n_rows, n_ended;		/* the ended stand behind the others */
	size_t room_rows;
	/* of all that have ended, those that had grown most; in no order */
	struct fdwatched ended[FDWATCH_MOST];
	size_t n_most;
	struct eventclock clock;
	struct treeline line;		/* line.out: where to */
};

/* ---- fdwatched.c: whom an interval, and all of them, tell of ---- */

/* fdwatch_add - the sample that was taken; 0 or -ENOMEM */
int fdwatch_add(struct fdwatch *watch);

/* fdwatch_most - who has grown most since its first sample, most first; also who has
 * ended. Returns how many, at most FDWATCH_MOST, or -ENOMEM */
int fdwatch_most(const struct fdwatch *watch,
		 struct fdwatched most[FDWATCH_MOST]);

/* fdwatch_by_pid - whether processes were given by their numbers: their ends are told
 * of, and without any of them there is nothing to watch */
static inline bool fdwatch_by_pid(const struct fdwatch *watch)
{
	const struct cmd_scope *scope = &watch->options->scope;

	return scope->n_pids || scope->n_tgids;
}

/* fdwatch_next_ns - when the next sample is due; those that are late already are left
 * out, all others stay where they were planned */
uint64_t fdwatch_next_ns(const struct fdwatch *watch, uint64_t now_ns);

void fdwatch_free(struct fdwatch *watch);

/* ---- fdwatchtext.c; false: no memory was left ---- */

/* fdwatchtext_headings, fdwatchtext_rows - of an interval, at most @most rows */
bool fdwatchtext_headings(struct fdwatch *watch, struct treeline *line);
bool fdwatchtext_rows(struct fdwatch *watch, struct treeline *line,
		      size_t most);

/* fdwatchtext_summary - what all intervals come to */
bool fdwatchtext_summary(struct fdwatch *watch, struct treeline *line);

/* ---- fdwatchjson.c: a line for each object ---- */

/* fdwatchjson_begin - the first sample was taken */
void fdwatchjson_begin(const struct fdwatch *watch, FILE *out);
void fdwatchjson_rows(const struct fdwatch *watch, FILE *out);
bool fdwatchjson_summary(const struct fdwatch *watch, FILE *out);

/* ---- fdwatchframe.c: what a terminal shows ---- */

/* fdwatchframe_draw - 0 or -errno: -ENOMEM, -EINTR, or write()'s */
int fdwatchframe_draw(struct fdwatch *watch);

/* fdwatchframe_compose - the same into memory: at most @rows lines; free() @text. 0
 * or -ENOMEM */
int fdwatchframe_compose(struct fdwatch *watch, unsigned int rows, char **text,
			 size_t *len);

#endif /* KIN_FDWATCH_H */

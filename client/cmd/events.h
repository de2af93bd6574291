/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kin events: what was asked for, an event as text and as JSON, and what all of
 * them amount to.
 */
#ifndef KIN_CMD_EVENTS_H
#define KIN_CMD_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "cmd.h"
#include "eventcolumn.h"
#include "treeline.h"
#include "where.h"

/* ---- eventargs.c: what was asked for ---- */

struct eventargs {
	struct cmd_scope scope;
	struct where where;
	uint32_t events;	/* enum kin_event_kind; 0: all */
	char names[KIN_MAX_COMMS][KIN_COMM_LEN];
	const char *comms[KIN_MAX_COMMS]; /* into names */
	size_t n_comms;
	uint64_t count;		/* end after so many; 0: do not */
	uint64_t duration_ns;	/* 0: without end */
	int summary;		/* 1: yes, -1: no, 0: with text, not with JSON */
	int color;		/* as cmd_color() */
	bool threads, failed, json, boottime, no_headings, list_columns;
};

/* eventargs_parse - false: that is all (help, a list, a message); a status */
bool eventargs_parse(struct eventargs *args, int argc, char **argv,
		     int *status);

/* eventargs_filter - the same for the kernel; points into @args */
void eventargs_filter(const struct eventargs *args,
		      struct kin_event_filter *filter);

/* eventargs_summary - whether one is wanted */
bool eventargs_summary(const struct eventargs *args);

void eventargs_free(struct eventargs *args);

/* ---- eventclock.c: times since boot as times of day ---- */

struct eventclock {
	bool boottime;		/* leave them what they are */
	int64_t boot_epoch_ns;	/* the wall clock at boot, by today's clock */
	int64_t second;		/* that text stands for */
	char text[16];
	size_t len;
};

/* eventclock_sync - see whether the clock was set since; 0 or -errno. The first
 * call sets @clock up. */
int eventclock_sync(struct eventclock *clock);

/* eventclock_put - as text of EVENTCLOCK_WIDTH bytes, more if since boot it is
 * more than 31 years; at most KIN_FORMAT_MAX. Writes no NUL; their number. */
#define EVENTCLOCK_WIDTH 15
size_t eventclock_put(struct eventclock *clock, char *to, uint64_t boottime_ns);

/* ---- eventtext.c, eventjson.c: one event, or a loss; a line ---- */

struct eventtext {
	struct treeline line;	/* line.out: where to; treeline_free() it */
	struct eventclock *clock;
	bool color;
};

void eventtext_put_headings(struct eventtext *text);

/* eventtext_put - false: no memory was left */
bool eventtext_put(struct eventtext *text, const struct kin_event_record *rec);

void eventjson_put(FILE *out, const struct eventclock *clock,
		   const struct kin_event_record *rec);

/* ---- eventsum.c: the summary ---- */

#define EVENTSUM_LIVES 5

struct eventsum {
	uint64_t kinds[KIN_EVENT_KIND_COUNT], others;
	uint64_t lost;
	uint64_t failed;	/* exits of processes, not with status 0 */
	/* the shortest lives of processes, shortest first */
	struct eventlife {
		uint64_t life_ns;
		uint32_t pid, status, flags;
		char comm[KIN_COMM_LEN];
	} lives[EVENTSUM_LIVES];
	size_t n_lives;
};

void eventsum_add(struct eventsum *sum, const struct kin_event_record *rec);

/* eventsum_print, eventsum_json - for people; as a line of JSON
 * @ns: how long events were watched */
void eventsum_print(const struct eventsum *sum, uint64_t ns, FILE *out);
void eventsum_json(const struct eventsum *sum, uint64_t ns, FILE *out);

#endif /* KIN_CMD_EVENTS_H */

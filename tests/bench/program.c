// SPDX-License-Identifier: GPL-2.0-or-later
/* Whole programs, from fork to exit, writing to /dev/null. */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "contender.h"
#include "spawn.h"

static int null = -1;

static void program_open(const struct contender *self)
{
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null < 0)
		err(1, "/dev/null");
}

static void program_read(const struct contender *self, struct samples *list)
{
	spawn_finish(self->name, spawn_start(self->detail, null));
}

/*
 * Another run, whose rows are read: as many as there are processes, and in them
 * the numbers that every program writes alike.
 */
static void program_look(const struct contender *self, struct samples *list)
{
	struct bench_sample *s;
	char line[4096], state;
	FILE *rows;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		err(1, "pipe");
	pid = spawn_start(self->detail, ends[1]);
	close(ends[1]);
	rows = fdopen(ends[0], "r");
	if (!rows || !fgets(line, sizeof(line), rows)) /* the headings */
		errx(1, "%s prints nothing", self->name);
	while (fgets(line, sizeof(line), rows)) {
		s = samples_add(list);
		memset(s, 0, sizeof(*s));
		if (sscanf(line,
			   "%u %u %u %u %*s %c %*s %*s %u %*s %*s %*s %llu",
			   &s->pid, &s->ppid, &s->pgrp, &s->session, &state,
			   &s->num_threads, &s->min_flt) < 6)
			errx(1, "%s prints: %s", self->name, line);
		s->state = state;
	}
	fclose(rows);
	spawn_finish(self->name, pid);
}

static void program_close(const struct contender *self)
{
	close(null);
}

#define PROGRAM                                                             \
	.open = program_open, .read = program_read, .close = program_close, \
	.look = program_look, .cpu_time = true, .fields = SAMPLE_ROW,       \
	.units = { .times_per_tick = 1, .rss_per_page = 1 }

static const char *const ps[] = {
	"ps", "-eo",
	"pid,ppid,pgid,sid,tty,s,euser,ni,nlwp,vsz,rss,time,min_flt,comm", NULL
};

#define KIN_PS \
	"build/kin", "ps", "-o", \
	"pid,ppid,pgid,sid,tty,state,euser,nice,threads,vsz,rss,cputime,minflt,comm"

static const char *const kin_ps[] = { KIN_PS, NULL };
static const char *const kin_state[] = { KIN_PS, "--state", "Z", NULL };
static const char *const kin_where[] = { KIN_PS, "--where", "state == \"Z\"",
					 NULL };
/* The same, said so that the kernel cannot filter it. */
static const char *const kin_where_here[] = { KIN_PS, "--where",
					      "not (state != \"Z\")", NULL };

const struct contender program_ps = {
	.goal = "rows",
	.name = "ps",
	PROGRAM,
	.detail = ps,
};

const struct contender program_kin_ps = {
	.goal = "rows",
	.name = "kin ps",
	PROGRAM,
	.detail = kin_ps,
};

/* ---- none of the processes is a zombie: what it takes to find that out ---- */

#define CHOOSER \
	.goal = "where", .open = program_open, .read = program_read, \
	.close = program_close, .cpu_time = true

const struct contender program_all_rows = {
	.name = "kin ps",
	CHOOSER,
	.detail = kin_ps,
};

const struct contender program_state = {
	.name = "kin state",
	CHOOSER,
	.detail = kin_state,
};

const struct contender program_where = {
	.name = "kin where",
	CHOOSER,
	.detail = kin_where,
};

const struct contender program_where_here = {
	.name = "kin where here",
	CHOOSER,
	.detail = kin_where_here,
};

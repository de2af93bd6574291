/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kin run is made of: the command, and the report about its family. */
#ifndef KIN_CMD_RUN_H
#define KIN_CMD_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "members.h"

/* ---- runchild.c: the process that runs the command ---- */

struct runchild {
	pid_t pid;
	int signals;		/* a signalfd: all that kin takes meanwhile, */
	sigset_t mask;		/* and what was blocked before */
	bool ended;		/* it was waited for, too: */
	int status;		/* wait(2)'s */
	uint64_t ended_ns;	/* CLOCK_BOOTTIME, no earlier than it happened */
	bool alone;		/* no child of any kind is left */
};

/*
 * runchild_start - run a command
 *
 * Returns CMD_OK; or, with a message, what nice(1) and others end with: 127: there
 * is no such command, 126: it cannot be executed, CMD_FAILED: anything else.
 */
int runchild_start(struct runchild *child, char **argv);

/* runchild_signal - take the next signal, if there is one: forward it, or wait for
 * who has ended. Returns true if the user wants no more waiting. */
bool runchild_signal(struct runchild *child);

/* runchild_release - signals are what they were again; those that have come until
 * now were for the command */
void runchild_release(struct runchild *child);

/* ---- the report ---- */

struct runreport {
	const struct kin_members *members;
	char *const *argv;
	int status;		/* of the command, wait(2)'s */
	const char *cut;	/* why events ended too early; NULL: they did not */
	bool all;		/* all of the family were waited for */
	bool threads;
	bool fold;
	bool utf8_lines;
	bool color;
	uint32_t width;		/* of lines; 0: as long as they are */
	FILE *out;
};

/* runreport_print - text; 0 or -ENOMEM */
int runreport_print(const struct runreport *report);

/* runreport_json - an object; 0 or -ENOMEM */
int runreport_json(const struct runreport *report);

/* runreport_tree - who created whom, a node a member; free it. 0 or -ENOMEM */
struct kin_tree;
int runreport_tree(const struct runreport *report, struct kin_tree *tree);

/* runreport_wall_ns - from the command's start to its end, or to the last end of
 * its family if all were waited for; KIN_NONE64: not known */
uint64_t runreport_wall_ns(const struct runreport *report);

#endif /* KIN_CMD_RUN_H */

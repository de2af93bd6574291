/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kin alert at work: rules, the engine, those who are told, and what systemd wants. */
#ifndef GUARD_DAEMON_H
#define GUARD_DAEMON_H

#include "delivery.h"
#include "engine.h"
#include "rulefile.h"

struct daemon_args {
	const char *files[RULEFILE_MAX];	/* of rules; "": the built-in ones */
	size_t n_files;
	const char *state, *spool, *listen;	/* NULL: none */
	uint64_t interval_ns, duration_ns;	/* 0: not given */
	bool json, journal, quiet, color;
};

/* daemon_run - until a signal, or the time is over; returns a status */
int daemon_run(const struct daemon_args *args);

/* ---- rulebook.c: a set of rules, and who is told everything ---- */

/* rulebook_read - the files, and a receiver of everything unless args->quiet.
 * What is wrong is told. Returns a status. */
int rulebook_read(const struct daemon_args *args, struct rules *rules);

#endif /* GUARD_DAEMON_H */

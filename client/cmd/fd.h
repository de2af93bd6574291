/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kin fd: what its three views share. fd.c reads the options and calls one of
 * them: the list (fdlist.c), the counts (fdcount.c), the watch (fdwatch.c).
 */
#ifndef KIN_CMD_FD_H
#define KIN_CMD_FD_H

#include "cmd.h"
#include "columns.h"
#include "where.h"

/* Where a socket's end is. */
struct fd_endpoint {
	uint8_t address[16];	/* network order; of IPv4 the first 4 */
	uint32_t family;	/* AF_INET, AF_INET6; 0: any address */
	uint32_t port;		/* with has_port */
	bool has_port;
};

/* Which descriptors, of the tables that the scope lets through. All that is given
 * must pass; all zero is every descriptor. */
struct fd_filter {
	uint32_t types;		/* 1 << enum kin_fd_type; 0: all. For the query */
	const char *path;	/* this, and what is below it; NULL: any */
	bool deleted;		/* only whose path was removed */
	struct fd_endpoint at;	/* either end of a socket */
	uint32_t states;	/* 1 << state of a socket; 0: any */
	uint32_t limit_percent;	/* of tables: that use so much of their soft limit;
				   0: any */
};

struct fd_options {
	struct cmd_scope scope;
	struct fd_filter filter;
	struct where *where;	/* of what is shown; NULL: all */
	uint32_t kinds;		/* enum kin_kind: processes, or both (--threads) */
	bool json, raw, no_headings;
	bool base;		/* numbers in base units */
	/* the list */
	const char *who;	/* --who: a file or an end of a socket; NULL */
	const char *column_text; /* --columns; NULL: the default */
	struct sort sort;
	bool list_columns;
	bool no_peers;
	/* --count, --watch */
	bool count;
	bool by_type;		/* --by-type: a number for each type, too */
	uint64_t watch_ns;	/* --watch: between two samples; 0: no watch */
	uint64_t intervals;	/* --samples: end after so many; 0: never */
};

/* The three views. Each connects, prints, and returns a status. The operands and
 * options are in @options, checked; pids nobody has are told of by each. */
int fd_list(const struct fd_options *options);
int fd_count(const struct fd_options *options);
int fd_watch(const struct fd_options *options);

/* ---- fdfilter.c ---- */

/* fd_filter_table - whether a table uses as much of its limit as is asked for;
 * one whose limit or number is unknown, or unlimited, does not */
bool fd_filter_table(const struct fd_filter *filter,
		     const struct kin_fd_table *table);

/* fd_filter_passes - whether a descriptor does; types are the kernel's work */
bool fd_filter_passes(const struct fd_filter *filter,
		      const struct kin_fd_record *rec);

/* ---- fdgaps.c: what is not shown, and why ---- */

/* The tables of a dump that came without descriptors, and the pids asked for that
 * were told of. All zero but for the scope at first; fd_gaps_free() it. */
struct fd_gaps {
	const struct cmd_scope *scope;
	bool *told;		/* its pids, tgids, subtrees; NULL: none yet */
	size_t n_denied;
	bool no_memory;		/* told could not be had: nobody is missed */
};

/* fd_gaps_table - remember a table; false: it is denied, there is nothing to
 * show of it */
bool fd_gaps_table(struct fd_gaps *gaps, const struct kin_fd_table *table);

/*
 * fd_gaps_tell - a message for those that are denied (--threads or not), and for
 * each pid that was asked for and has no table, or does not exist
 *
 * Returns CMD_NO_PID for the latter, else CMD_OK, or a failure's status.
 */
int fd_gaps_tell(struct fd_gaps *gaps, struct kin *kin);
void fd_gaps_free(struct fd_gaps *gaps);

#endif /* KIN_CMD_FD_H */

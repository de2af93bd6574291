/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The past of one number of one subject: as much of it as a window needs, in a few
 * buckets. While the number stays the same, there are none: most numbers of most
 * tasks do.
 */
#ifndef GUARD_PAST_H
#define GUARD_PAST_H

#include "expr.h"

/* A window is told in so many steps: it may be longer by one of them than asked for. */
#define PAST_STEPS 16

struct past_ring;

struct past {
	double last;
	uint64_t last_ns;		/* CLOCK_BOOTTIME; 0: nothing is known */
	union {
		struct {		/* without a window */
			double before;
			uint64_t before_ns;
		};
		struct {		/* with one */
			uint64_t since_ns;
			struct past_ring *ring;	/* NULL: it was last all the time */
		};
	};
};

/* past_add - what it is now. After a break of more than @gap_ns, as after one that was
 * not known (past_forget()), the past begins anew. */
void past_add(struct past *past, const struct kin_expr_slot *slot, uint64_t gap_ns,
	      uint64_t now_ns, double value);
void past_forget(struct past *past, const struct kin_expr_slot *slot);

/*
 * past_value - what the slot asks for, as of the last past_add()
 *
 * Not known as long as the past is shorter than the window, and if a rate is below
 * 0: what counts upwards was set back.
 */
bool past_value(const struct past *past, const struct kin_expr_slot *slot,
		double *value);

/*
 * past_is_same - whether it has not changed for as long as it is remembered
 * @due_ns: receives when its window is full, if it is not yet; UINT64_MAX: it is
 */
bool past_is_same(const struct past *past, const struct kin_expr_slot *slot,
		  uint64_t *due_ns);

/* past_bytes - memory besides the struct */
size_t past_bytes(const struct past *past, const struct kin_expr_slot *slot);

#endif /* GUARD_PAST_H */

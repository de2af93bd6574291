/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many events there were within a window, in a few steps. */
#ifndef GUARD_TICKS_H
#define GUARD_TICKS_H

#include <stdint.h>
#include <string.h>

/* So much of a window may be missing at its start: one step of it. */
#define TICKS_STEPS 16

struct ticks {
	uint64_t newest;		/* the number of the step that was filled last */
	uint32_t n[TICKS_STEPS];	/* of step i: n[i % TICKS_STEPS] */
};

static inline uint64_t ticks_step(uint64_t window_ns, uint64_t at_ns)
{
	const uint64_t step = window_ns / TICKS_STEPS;

	return at_ns / (step ? step : 1);
}

/* Steps that have passed since are empty. */
static inline void ticks_forward(struct ticks *ticks, uint64_t step)
{
	if (step <= ticks->newest)
		return;
	if (step - ticks->newest >= TICKS_STEPS)
		memset(ticks->n, 0, sizeof(ticks->n));
	else
		for (uint64_t i = ticks->newest + 1; i <= step; i++)
			ticks->n[i % TICKS_STEPS] = 0;
	ticks->newest = step;
}

/* ticks_add - one event; those of before the window are not counted */
static inline void ticks_add(struct ticks *ticks, uint64_t window_ns, uint64_t at_ns)
{
	const uint64_t step = ticks_step(window_ns, at_ns);

	ticks_forward(ticks, step);
	if (ticks->newest - step < TICKS_STEPS &&
	    ticks->n[step % TICKS_STEPS] != UINT32_MAX)
		ticks->n[step % TICKS_STEPS]++;
}

static inline uint64_t ticks_count(struct ticks *ticks, uint64_t window_ns,
				   uint64_t now_ns)
{
	uint64_t n = 0;

	ticks_forward(ticks, ticks_step(window_ns, now_ns));
	for (unsigned int i = 0; i < TICKS_STEPS; i++)
		n += ticks->n[i];
	return n;
}

#endif /* GUARD_TICKS_H */

// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "past.h"

/* One that is being filled, and one that holds the window's start. */
#define BUCKETS (PAST_STEPS + 2)

struct bucket {
	uint64_t at_ns;		/* of its first number; 0: empty */
	double value;		/* that number; or the largest, smallest, sum of all */
	uint64_t n;
};

struct past_ring {
	uint64_t changed_ns;
	size_t newest;
	struct bucket buckets[BUCKETS];	/* of steps with a number; after the newest the oldest */
};

static uint64_t step_of(const struct kin_expr_slot *slot)
{
	const uint64_t step = slot->window_ns / PAST_STEPS;

	return step ? step : 1;
}

void past_forget(struct past *past, const struct kin_expr_slot *slot)
{
	if (slot->window_ns)
		free(past->ring);
	memset(past, 0, sizeof(*past));
}

static void combine(struct bucket *bucket, enum kin_expr_slot_kind kind, double value)
{
	bucket->n++;
	if ((kind == KIN_SLOT_MAX && value > bucket->value) ||
	    (kind == KIN_SLOT_MIN && value < bucket->value))
		bucket->value = value;
	else if (kind == KIN_SLOT_AVG)
		bucket->value += value;
}

static void put(struct past_ring *ring, const struct kin_expr_slot *slot,
		uint64_t now_ns, double value)
{
	const uint64_t step = step_of(slot), nr = now_ns / step;
	struct bucket *bucket = &ring->buckets[ring->newest];

	if (bucket->at_ns && bucket->at_ns / step == nr) {
		combine(bucket, slot->kind, value);
		return;
	}
	ring->newest = (ring->newest + 1) % BUCKETS;
	ring->buckets[ring->newest] = (struct bucket){ now_ns, value, 1 };
}

/* It was the same from since_ns, or from the window's start, to the last look. */
static struct past_ring *ring_of_same(const struct past *past,
				      const struct kin_expr_slot *slot)
{
	struct past_ring *ring = calloc(1, sizeof(*ring));
	const uint64_t step = step_of(slot), last = past->last_ns / step;
	uint64_t first = last > PAST_STEPS ? last - PAST_STEPS : 0;

	if (!ring)
		return NULL;
	if (past->since_ns / step >= first) {
		put(ring, slot, past->since_ns, past->last);
		first = past->since_ns / step + 1;
	}
	/* 0 is no time: it says that a bucket is empty */
	for (uint64_t i = first ? first : 1; i <= last; i++)
		put(ring, slot, i * step, past->last);
	return ring;
}

/* Without memory nothing is known rather than something wrong. */
static void add_changing(struct past *past, const struct kin_expr_slot *slot,
			 uint64_t now_ns, double value)
{
	struct past_ring *ring = past->ring;

	if (!ring) {
		ring = past->ring = ring_of_same(past, slot);
		if (!ring) {
			past_forget(past, slot);
			return;
		}
	}
	put(ring, slot, now_ns, value);
	if (value != past->last) {
		ring->changed_ns = now_ns;
	} else if (now_ns - ring->changed_ns > slot->window_ns + 2 * step_of(slot)) {
		past->since_ns = ring->changed_ns;
		free(ring);
		past->ring = NULL;
	}
}

void past_add(struct past *past, const struct kin_expr_slot *slot, uint64_t gap_ns,
	      uint64_t now_ns, double value)
{
	if (past->last_ns && now_ns - past->last_ns > gap_ns)
		past_forget(past, slot);
	if (!slot->window_ns) {
		past->before = past->last;
		past->before_ns = past->last_ns;
	} else if (!past->last_ns) {
		past->since_ns = now_ns;
	} else if (past->ring || value != past->last) {
		add_changing(past, slot, now_ns, value);
		if (!past->last_ns)
			return;
	}
	past->last = value;
	past->last_ns = now_ns;
}

/* ---- what a window amounts to ---- */

/* The youngest bucket that is as old as the window. */
static const struct bucket *start_of(const struct past_ring *ring, uint64_t start_ns)
{
	const struct bucket *found = NULL;

	for (size_t i = 0; i < BUCKETS; i++) {
		const struct bucket *bucket = &ring->buckets[i];

		if (bucket->at_ns && bucket->at_ns <= start_ns &&
		    (!found || bucket->at_ns > found->at_ns))
			found = bucket;
	}
	return found;
}

static bool growth(const struct past *past, const struct kin_expr_slot *slot,
		   double *grown, uint64_t *within_ns)
{
	const struct bucket *start;

	*grown = 0;
	*within_ns = slot->window_ns;
	if (!past->ring)
		return true;
	start = start_of(past->ring, past->last_ns - slot->window_ns);
	if (!start)
		return false;
	*grown = past->last - start->value;
	*within_ns = past->last_ns - start->at_ns;
	return true;
}

/* The i-th, the oldest first; NULL: it is of a step before @oldest. */
static const struct bucket *bucket_at(const struct past_ring *ring, size_t i,
				      uint64_t step, uint64_t oldest)
{
	const struct bucket *bucket = &ring->buckets[(ring->newest + 1 + i) % BUCKETS];

	return bucket->at_ns && bucket->at_ns / step >= oldest ? bucket : NULL;
}

static double extreme(const struct past *past, const struct kin_expr_slot *slot,
		      uint64_t step, uint64_t oldest)
{
	struct bucket all = { .value = past->last };

	for (size_t i = 0; i < BUCKETS; i++) {
		const struct bucket *bucket = bucket_at(past->ring, i, step, oldest);

		if (bucket)
			combine(&all, slot->kind, bucket->value);
	}
	return all.value;
}

/* Each number speaks for the time since the one before. */
static double average(const struct past *past, uint64_t step, uint64_t oldest)
{
	uint64_t before_ns = 0, all_ns = 0;
	double sum = 0;

	for (size_t i = 0; i < BUCKETS; i++) {
		const struct bucket *bucket = bucket_at(past->ring, i, step, oldest);

		if (!bucket)
			continue;
		if (before_ns) {
			sum += bucket->value / bucket->n * (bucket->at_ns - before_ns);
			all_ns += bucket->at_ns - before_ns;
		}
		before_ns = bucket->at_ns;
	}
	return all_ns ? sum / all_ns : past->last;
}

static double summary(const struct past *past, const struct kin_expr_slot *slot)
{
	const uint64_t step = step_of(slot);
	const uint64_t oldest = (past->last_ns - slot->window_ns) / step;

	if (!past->ring)
		return past->last;
	if (slot->kind == KIN_SLOT_AVG)
		return average(past, step, oldest);
	return extreme(past, slot, step, oldest);
}

static bool rate_of(double grown, uint64_t within_ns, double *value)
{
	*value = grown * 1e9 / within_ns;
	return within_ns && grown >= 0;
}

/* Between the last two. */
static bool value_of_two(const struct past *past, const struct kin_expr_slot *slot,
			 double *value)
{
	*value = past->last;
	if (slot->kind != KIN_SLOT_RATE && slot->kind != KIN_SLOT_DELTA)
		return true;
	*value -= past->before;
	if (!past->before_ns || slot->kind == KIN_SLOT_DELTA)
		return past->before_ns;
	return rate_of(*value, past->last_ns - past->before_ns, value);
}

bool past_value(const struct past *past, const struct kin_expr_slot *slot,
		double *value)
{
	uint64_t within_ns;

	if (!past->last_ns)
		return false;
	if (!slot->window_ns)
		return value_of_two(past, slot, value);
	if (past->last_ns - past->since_ns < slot->window_ns)
		return false;
	if (slot->kind != KIN_SLOT_RATE && slot->kind != KIN_SLOT_DELTA) {
		*value = summary(past, slot);
		return true;
	}
	if (!growth(past, slot, value, &within_ns))
		return false;
	return slot->kind == KIN_SLOT_DELTA || rate_of(*value, within_ns, value);
}

bool past_is_same(const struct past *past, const struct kin_expr_slot *slot,
		  uint64_t *due_ns)
{
	*due_ns = UINT64_MAX;
	if (!past->last_ns)
		return true;
	if (!slot->window_ns)
		return past->before_ns && past->before == past->last;
	if (past->last_ns - past->since_ns < slot->window_ns)
		*due_ns = past->since_ns + slot->window_ns;
	return !past->ring;
}

size_t past_bytes(const struct past *past, const struct kin_expr_slot *slot)
{
	return slot->window_ns && past->ring ? sizeof(*past->ring) : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What processes do in families, each a small play of known parts. */
#ifndef WORKLOAD_SCENES_H
#define WORKLOAD_SCENES_H

#include "task.h"

struct scene {
	const char *name;
	task_fn *play; /* the argument: a seed */
};

/* Ended by no name. The first SCENE_TURNS are those that the root has played;
 * the others come in them. */
extern const struct scene scenes[];

enum { SCENE_ROOT, SCENE_LEAF, SCENE_CHAIN, SCENE_TURNS };

/* The seed of the root: how many turns it has played, all that follows is drawn
 * from a number. */
#define SCENE_ROUNDS(seed, rounds) ((uint64_t)(seed) << 16 | (rounds))

#endif /* WORKLOAD_SCENES_H */

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "fold.h"

/*
 * Each branch gets a class, equal for equal branches: the number of its key, in
 * which stand the look of its top and the classes of the branches right below,
 * each with how many of it there are, sorted. From the leaves up, every key is
 * of the size of what is new in it.
 */
struct key {
	uint64_t hash;
	size_t offset, len;	/* in bytes */
};

struct below {
	uint32_t class;
	uint32_t count;
};

struct classes {
	uint32_t *of;		/* by node of the tree */
	struct below *below;	/* of the branch at work; filled from the end */
	size_t n_below, first;
	uint32_t *place;	/* by class: where it may be among them */
	struct key *keys;	/* by class */
	uint32_t n_keys;
	uint32_t *table;	/* class + 1, found by hash; 0: free */
	uint32_t mask;
	unsigned char *bytes;	/* of all keys */
	size_t n_bytes, room;
	uint64_t seed;
};

static void classes_free(struct classes *classes)
{
	free(classes->of);
	free(classes->below);
	free(classes->place);
	free(classes->keys);
	free(classes->table);
	free(classes->bytes);
}

static bool classes_init(struct classes *classes, size_t n)
{
	size_t slots = 4;

	memset(classes, 0, sizeof(*classes));
	while (slots < 2 * n)
		slots *= 2;
	classes->mask = slots - 1;
	classes->of = calloc(n + 1, sizeof(*classes->of));
	classes->below = calloc(n + 1, sizeof(*classes->below));
	classes->place = calloc(n + 1, sizeof(*classes->place));
	classes->n_below = n + 1;
	classes->keys = calloc(n + 1, sizeof(*classes->keys));
	classes->table = calloc(slots, sizeof(*classes->table));
	/* Names are others' to choose: they must not know how to collide. */
	if (getrandom(&classes->seed, sizeof(classes->seed), GRND_NONBLOCK) < 0)
		classes->seed = (uintptr_t)classes->of;
	return classes->of && classes->below && classes->place &&
	       classes->keys && classes->table;
}

static bool append(struct classes *classes, const void *bytes, size_t len)
{
	if (classes->room - classes->n_bytes < len) {
		const size_t room = 2 * classes->room + len + 4096;
		unsigned char *more = realloc(classes->bytes, room);

		if (!more)
			return false;
		classes->bytes = more;
		classes->room = room;
	}
	if (len)
		memcpy(classes->bytes + classes->n_bytes, bytes, len);
	classes->n_bytes += len;
	return true;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 32;
}

static uint64_t hash_bytes(uint64_t seed, const unsigned char *bytes,
			   size_t len)
{
	uint64_t hash = mix(seed, len), word;

	for (; len >= sizeof(word); len -= sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		hash = mix(hash, word);
		bytes += sizeof(word);
	}
	word = 0;
	memcpy(&word, bytes, len);
	return mix(mix(hash, word), seed);
}

/*
 * The class of the key that was appended last; an old one if there is an equal
 * key, whose bytes then serve for both.
 */
static uint32_t find_class(struct classes *classes, size_t offset)
{
	const size_t len = classes->n_bytes - offset;
	const unsigned char *bytes = classes->bytes + offset;
	const uint64_t hash = hash_bytes(classes->seed, bytes, len);
	uint32_t slot = hash & classes->mask, class;

	for (; (class = classes->table[slot]);
	     slot = (slot + 1) & classes->mask) {
		const struct key *key = &classes->keys[class - 1];

		if (key->hash == hash && key->len == len &&
		    !memcmp(classes->bytes + key->offset, bytes, len)) {
			classes->n_bytes = offset;
			return class - 1;
		}
	}
	classes->table[slot] = classes->n_keys + 1;
	classes->keys[classes->n_keys] = (struct key){ hash, offset, len };
	return classes->n_keys++;
}

static int compare_below(const void *a, const void *b)
{
	const struct below *x = a, *y = b;

	return x->class < y->class ? -1 : x->class > y->class;
}

static void sort_below(struct below *below, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (below[i].class < below[i - 1].class) {
			qsort(below, n, sizeof(*below), compare_below);
			return;
		}
	}
}

static void count_list(struct classes *classes, const struct kin_tree *tree,
		       uint32_t i)
{
	struct below *below = classes->below;

	for (; i != KIN_TREE_NONE; i = tree->nodes[i].next) {
		const uint32_t class = classes->of[i];
		const uint32_t place = classes->place[class];

		/* what is left of another branch says so by itself */
		if (place >= classes->first && place < classes->n_below &&
		    below[place].class == class) {
			below[place].count++;
			continue;
		}
		below[--classes->first] = (struct below){ class, 1 };
		classes->place[class] = classes->first;
	}
}

/*
 * The branches right below, threads and children together. Classes are numbered
 * from the last sibling to the first, so that they are mostly sorted here.
 */
static size_t collect(struct classes *classes, const struct kin_tree *tree,
		      uint32_t node)
{
	size_t n;

	classes->first = classes->n_below;
	count_list(classes, tree, tree->nodes[node].first_thread);
	count_list(classes, tree, tree->nodes[node].first_child);
	n = classes->n_below - classes->first;
	sort_below(classes->below + classes->first, n);
	return n;
}

static bool classify(struct classes *classes, const struct kin_tree *tree,
		     uint32_t node, kin_fold_look_fn *look, void *arg)
{
	const size_t offset = classes->n_bytes;
	const void *bytes;
	uint64_t look_len;
	size_t n, len = 0;

	bytes = look(tree, node, &len, arg);
	if (!bytes) {
		/* a class without a key: nothing else finds it */
		classes->of[node] = classes->n_keys++;
		return true;
	}
	look_len = len;
	n = collect(classes, tree, node);
	if (!append(classes, &look_len, sizeof(look_len)) ||
	    !append(classes, bytes, len) ||
	    !append(classes, classes->below + classes->first,
		    n * sizeof(*classes->below)))
		return false;
	classes->of[node] = find_class(classes, offset);
	return true;
}

/* Backwards, all below a node has its class before the node. */
static bool classify_all(struct classes *classes, const struct kin_tree *tree,
			 kin_fold_look_fn *look, void *arg)
{
	for (size_t i = tree->n_order; i-- > 0;) {
		const uint32_t node = tree->order[i];

		if (!look)
			classes->of[node] = classes->n_keys++;
		else if (!classify(classes, tree, node, look, arg))
			return false;
	}
	return true;
}

/* Under one parent, where each class went. */
struct places {
	const uint32_t *class_of;
	uint32_t *under;	/* by class: the parent it was last seen under, */
	uint32_t *place;	/* and its node in the folded tree */
};

/* Add all of one list below folded node @parent, which is @mark for the places. */
static void place_list(struct kin_fold *fold, struct places *places,
		       uint32_t head, uint32_t parent, uint32_t mark)
{
	const struct kin_tree_node *nodes = fold->tree->nodes;

	for (uint32_t i = head; i != KIN_TREE_NONE; i = nodes[i].next) {
		const uint32_t class = places->class_of[i];
		struct kin_fold_node *at;

		fold->more[i] = KIN_TREE_NONE;
		if (places->under[class] == mark) {
			at = &fold->nodes[places->place[class]];
			fold->more[at->last] = i;
			at->last = i;
			at->tasks++;
			continue;
		}
		places->under[class] = mark;
		places->place[class] = fold->n;
		at = &fold->nodes[fold->n++];
		*at = (struct kin_fold_node){
			.node = i,
			.parent = parent,
			.last = i,
			.tasks = 1,
			.times = 1,
		};
	}
}

/*
 * All tasks that a node stands for have equal branches below, so theirs are
 * folded together: the sums of the parts are the sum of the whole.
 */
static void place_below(struct kin_fold *fold, struct places *places,
			uint32_t parent)
{
	struct kin_fold_node *top = &fold->nodes[parent];
	const struct kin_tree_node *nodes = fold->tree->nodes;
	uint32_t i;

	top->first = fold->n;
	for (i = top->node; i != KIN_TREE_NONE; i = fold->more[i])
		place_list(fold, places, nodes[i].first_thread, parent,
			   parent + 1);
	for (i = top->node; i != KIN_TREE_NONE; i = fold->more[i])
		place_list(fold, places, nodes[i].first_child, parent,
			   parent + 1);
	top->count = fold->n - top->first;
	for (i = top->first; i < fold->n; i++) {
		fold->nodes[i].depth = top->depth + 1;
		fold->nodes[i].times = fold->nodes[i].tasks / top->tasks;
	}
}

static int place_all(struct kin_fold *fold, const struct classes *classes)
{
	const struct kin_tree *tree = fold->tree;
	const size_t n = tree->n_order + 1;
	struct places places = { .class_of = classes->of };

	places.under = reallocarray(NULL, n, sizeof(*places.under));
	places.place = calloc(n, sizeof(*places.place));
	if (places.under && places.place) {
		memset(places.under, 0xff, n * sizeof(*places.under));
		place_list(fold, &places, tree->first_root, KIN_TREE_NONE, 0);
		fold->n_roots = fold->n;
		for (size_t i = 0; i < fold->n_roots; i++)
			fold->nodes[i].times = fold->nodes[i].tasks;
		for (size_t i = 0; i < fold->n; i++)
			place_below(fold, &places, i);
	}
	free(places.under);
	free(places.place);
	return places.under && places.place ? 0 : -ENOMEM;
}

int kin_fold_build(struct kin_fold *fold, const struct kin_tree *tree,
		   kin_fold_look_fn *look, void *arg)
{
	struct classes classes;
	int err = -ENOMEM;

	memset(fold, 0, sizeof(*fold));
	fold->tree = tree;
	fold->nodes = calloc(tree->n_order + 1, sizeof(*fold->nodes));
	fold->more = calloc(tree->n + 1, sizeof(*fold->more));
	if (classes_init(&classes, tree->n) && fold->nodes &&
	    fold->more && classify_all(&classes, tree, look, arg))
		err = place_all(fold, &classes);
	classes_free(&classes);
	if (err)
		kin_fold_free(fold);
	return err;
}

void kin_fold_free(struct kin_fold *fold)
{
	free(fold->nodes);
	free(fold->more);
	memset(fold, 0, sizeof(*fold));
}

void kin_fold_sum(const struct kin_fold *fold, const struct kin_fold_node *node,
		  struct kin_tree_sum *sum)
{
	uint32_t i = node->node;

	*sum = fold->tree->sums[i];
	while ((i = fold->more[i]) != KIN_TREE_NONE)
		kin_tree_sum_add(sum, &fold->tree->sums[i]);
}

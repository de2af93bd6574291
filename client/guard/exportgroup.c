// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "exportgroup.h"

#define NS_PER_SEC 1000000000ull

/* What was used so long ago counts half. */
#define HALF_LIFE_NS (60 * NS_PER_SEC)

/* Who has had no process for so long gives up the seat; Prometheus looks back as far. */
#define EMPTY_NS (300 * NS_PER_SEC)

/* Who has a seat keeps it against somebody who is hardly larger: series that come and
 * go cost the reader. */
#define INCUMBENT 1.25

#define N_BUCKETS 4096

int export_groups_init(struct export_groups *groups, unsigned int top)
{
	groups->buckets = calloc(N_BUCKETS, sizeof(*groups->buckets));
	groups->n_buckets = N_BUCKETS;
	groups->other.name = strdup(EXPORT_OTHER);
	groups->top = top;
	if (groups->buckets && groups->other.name)
		return 0;
	export_groups_free(groups);
	return -ENOMEM;
}

static void free_group(struct export_group *group)
{
	free(group->name);
	free(group);
}

void export_groups_free(struct export_groups *groups)
{
	for (size_t i = 0; i < groups->n; i++)
		free_group(groups->all[i]);
	free(groups->all);
	free(groups->buckets);
	free(groups->other.name);
	*groups = (struct export_groups){ 0 };
}

/* ---- by name ---- */

/* FNV-1a */
static uint32_t hash_of(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return hash;
}

static bool grow(struct export_groups *groups)
{
	const size_t room = groups->room ? 2 * groups->room : 64;
	struct export_group **all;

	if (groups->n < groups->room)
		return true;
	all = reallocarray(groups->all, room, sizeof(*all));
	if (!all)
		return false;
	groups->all = all;
	groups->room = room;
	return true;
}

static struct export_group *add(struct export_groups *groups, const char *name, uint32_t hash)
{
	struct export_group **bucket = &groups->buckets[hash % groups->n_buckets];
	struct export_group *group;

	if (groups->n == EXPORT_GROUPS_MAX || !grow(groups))
		return NULL;
	group = calloc(1, sizeof(*group));
	if (!group)
		return NULL;
	group->name = strdup(name);
	if (!group->name) {
		free(group);
		return NULL;
	}
	group->hash = hash;
	group->seen_ns = groups->looked_ns;
	group->next = *bucket;
	*bucket = group;
	groups->all[groups->n++] = group;
	return group;
}

/* Two series must not have one name: who calls itself "other" is of the others. */
struct export_group *export_groups_get(struct export_groups *groups, const char *name)
{
	const uint32_t hash = hash_of(name);
	struct export_group *group = groups->buckets[hash % groups->n_buckets];

	while (group && (group->hash != hash || strcmp(group->name, name)))
		group = group->next;
	if (!group && strcmp(name, EXPORT_OTHER))
		group = add(groups, name, hash);
	return group ? group : &groups->other;
}

/* ---- seats ---- */

static double weight(const struct export_group *group, double size)
{
	return group->seated ? size * INCUMBENT : size;
}

static int order(double a, double b, const struct export_group *ga,
		 const struct export_group *gb)
{
	return a != b ? (a < b) - (a > b) : strcmp(ga->name, gb->name);
}

static int by_load(const void *a, const void *b)
{
	const struct export_group *ga = *(struct export_group *const *)a;
	const struct export_group *gb = *(struct export_group *const *)b;

	return order(weight(ga, ga->load), weight(gb, gb->load), ga, gb);
}

static int by_memory(const void *a, const void *b)
{
	const struct export_group *ga = *(struct export_group *const *)a;
	const struct export_group *gb = *(struct export_group *const *)b;

	return order(weight(ga, ga->use.rss_bytes), weight(gb, gb->use.rss_bytes), ga, gb);
}

static int by_seat(const void *a, const void *b)
{
	const struct export_group *ga = *(struct export_group *const *)a;
	const struct export_group *gb = *(struct export_group *const *)b;

	return ga->seated != gb->seated ? gb->seated - ga->seated :
					  strcmp(ga->name, gb->name);
}

static void sort(struct export_groups *groups, int (*compare)(const void *, const void *))
{
	if (groups->n)
		qsort(groups->all, groups->n, sizeof(*groups->all), compare);
}

static void choose(struct export_groups *groups, uint64_t now_ns)
{
	struct export_group *group;

	sort(groups, by_load);
	for (size_t i = 0; i < groups->n && i < groups->top; i++) {
		group = groups->all[i];
		group->chosen = group->load > 0 && now_ns - group->seen_ns < EMPTY_NS;
	}
	sort(groups, by_memory);
	for (size_t i = 0; i < groups->n && i < groups->top; i++)
		groups->all[i]->chosen |= groups->all[i]->use.rss_bytes > 0;
}

static void add_use(struct export_use *sum, const struct export_use *use)
{
	sum->processes += use->processes;
	sum->threads += use->threads;
	sum->rss_bytes += use->rss_bytes;
	sum->fds += use->fds;
}

/* What is new goes to the seat, or to the others. */
static void settle(struct export_groups *groups, struct export_group *group)
{
	group->seated = group->chosen;
	group->chosen = false;
	if (group->seated) {
		group->cpu_ns += group->fresh_ns;
	} else {
		groups->other.cpu_ns += group->fresh_ns;
		add_use(&groups->other.use, &group->use);
	}
	group->fresh_ns = 0;
}

static void forget(struct export_groups *groups, struct export_group *group)
{
	struct export_group **at = &groups->buckets[group->hash % groups->n_buckets];

	while (*at != group)
		at = &(*at)->next;
	*at = group->next;
	free_group(group);
}

static void forget_empty(struct export_groups *groups)
{
	size_t n = 0;

	for (size_t i = 0; i < groups->n; i++) {
		struct export_group *group = groups->all[i];

		if (group->seated || group->use.processes)
			groups->all[n++] = group;
		else
			forget(groups, group);
	}
	groups->n = n;
}

/* ---- a look ---- */

void export_groups_begin(struct export_groups *groups)
{
	for (size_t i = 0; i < groups->n; i++)
		groups->all[i]->use = (struct export_use){ 0 };
	groups->other.use = (struct export_use){ 0 };
}

static void note_use(struct export_groups *groups, uint64_t now_ns)
{
	const double age = now_ns - groups->looked_ns;
	const double left = exp2(-age / HALF_LIFE_NS);

	for (size_t i = 0; i < groups->n; i++) {
		struct export_group *group = groups->all[i];

		group->load = group->load * left + group->fresh_ns;
		if (group->use.processes || group->fresh_ns)
			group->seen_ns = now_ns;
	}
}

void export_groups_end(struct export_groups *groups, uint64_t now_ns)
{
	note_use(groups, now_ns);
	groups->looked_ns = now_ns;
	choose(groups, now_ns);
	groups->other.cpu_ns += groups->other.fresh_ns;
	groups->other.fresh_ns = 0;
	for (size_t i = 0; i < groups->n; i++)
		settle(groups, groups->all[i]);
	forget_empty(groups);
	sort(groups, by_seat);
	groups->n_seats = 0;
	while (groups->n_seats < groups->n && groups->all[groups->n_seats]->seated)
		groups->n_seats++;
}

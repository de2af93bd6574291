// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "group.h"

#define FIRST_BUCKETS 64

static uint64_t mix(uint64_t hash, uint64_t n)
{
	hash = (hash ^ n) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
}

void group_key_set(struct group_key *key, uint64_t a, uint64_t b, const char *text)
{
	uint64_t hash = mix(mix(1, a), b);

	for (const char *at = a || b ? NULL : text; at && *at; at++)
		hash = (hash ^ (unsigned char)*at) * 0x100000001b3ull;
	*key = (struct group_key){ a, b, text, mix(hash, 0) >> 32 };
}

static bool is_same(const struct group_key *x, const struct group_key *y)
{
	if (x->hash != y->hash || x->a != y->a || x->b != y->b)
		return false;
	if (x->a || x->b || x->text == y->text)
		return true;
	return x->text && y->text && !strcmp(x->text, y->text);
}

static struct group **bucket_of(const struct groups *groups, uint32_t hash)
{
	return &groups->buckets[hash & (groups->n_buckets - 1)];
}

struct group *groups_find(const struct groups *groups, const struct group_key *key)
{
	struct group *group = groups->n ? *bucket_of(groups, key->hash) : NULL;

	while (group && !is_same(&group->key, key))
		group = group->next;
	return group;
}

/* Without memory for more buckets, chains become longer: slower, and right. */
static void grow(struct groups *groups)
{
	const size_t n = groups->n_buckets;
	struct group **old = groups->buckets, *group;
	struct group **buckets = calloc(n ? 2 * n : FIRST_BUCKETS, sizeof(*buckets));

	if (!buckets)
		return;
	groups->buckets = buckets;
	groups->n_buckets = n ? 2 * n : FIRST_BUCKETS;
	for (size_t i = 0; i < n; i++) {
		while ((group = old[i])) {
			struct group **head = bucket_of(groups, group->key.hash);

			old[i] = group->next;
			group->next = *head;
			*head = group;
		}
	}
	free(old);
}

struct group *groups_get(struct groups *groups, const struct group_key *key)
{
	struct group *group = groups_find(groups, key), **head;

	if (group && !group->key.text && key->text)
		group->key.text = strdup(key->text);
	if (group)
		return group;
	if (groups->n >= GROUPS_MAX) {
		groups->refused++;
		return NULL;
	}
	if (groups->n >= groups->n_buckets)
		grow(groups);
	group = calloc(1, sizeof(*group) + groups->n_cells * sizeof(union cell));
	if (!group || !groups->buckets) {
		free(group);
		return NULL;
	}
	group->key = *key;
	if (key->text && !(group->key.text = strdup(key->text))) {
		free(group);
		return NULL;
	}
	head = bucket_of(groups, key->hash);
	group->next = *head;
	*head = group;
	groups->n++;
	return group;
}

struct group *groups_next(const struct groups *groups, const struct group *group)
{
	size_t i = 0;

	if (group && group->next)
		return group->next;
	if (group)
		i = (group->key.hash & (groups->n_buckets - 1)) + 1;
	while (i < groups->n_buckets && !groups->buckets[i])
		i++;
	return i < groups->n_buckets ? groups->buckets[i] : NULL;
}

static void free_group(struct group *group)
{
	free((char *)group->key.text);
	free(group);
}

void groups_drop(struct groups *groups, struct group *group)
{
	struct group **at = bucket_of(groups, group->key.hash);

	while (*at != group)
		at = &(*at)->next;
	*at = group->next;
	groups->n--;
	free_group(group);
}

void groups_free(struct groups *groups)
{
	for (size_t i = 0; i < groups->n_buckets; i++) {
		struct group *group = groups->buckets[i], *next;

		for (; group; group = next) {
			next = group->next;
			free_group(group);
		}
	}
	free(groups->buckets);
	groups->buckets = NULL;
	groups->n_buckets = groups->n = 0;
}

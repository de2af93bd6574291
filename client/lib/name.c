// SPDX-License-Identifier: GPL-2.0-or-later
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "name.h"

/* A fixed number of slots; two ids that share one displace each other. A host
 * has few users at work at a time, and memory must not grow with their number. */
#define SLOTS 256
#define NAME_LEN 48
#define LOOKUP_LEN 4096

struct slot {
	bool used;
	uint32_t id;
	char name[NAME_LEN];
};

struct kin_names {
	struct slot users[SLOTS], groups[SLOTS];
	char lookup[LOOKUP_LEN];
};

struct kin_names *kin_names_new(void)
{
	return calloc(1, sizeof(struct kin_names));
}

void kin_names_free(struct kin_names *names)
{
	free(names);
}

/* A name that does not fit is not one to show: the number is exact. */
static void remember(struct slot *slot, uint32_t id, const char *name)
{
	slot->used = true;
	slot->id = id;
	if (!name || !*name || strlen(name) >= NAME_LEN)
		snprintf(slot->name, NAME_LEN, "%u", id);
	else
		strcpy(slot->name, name);
}

const char *kin_names_user(struct kin_names *names, uint32_t uid)
{
	struct slot *slot = &names->users[uid % SLOTS];
	struct passwd pw, *found = NULL;

	if (slot->used && slot->id == uid)
		return slot->name;
	getpwuid_r(uid, &pw, names->lookup, LOOKUP_LEN, &found);
	remember(slot, uid, found ? found->pw_name : NULL);
	return slot->name;
}

const char *kin_names_group(struct kin_names *names, uint32_t gid)
{
	struct slot *slot = &names->groups[gid % SLOTS];
	struct group gr, *found = NULL;

	if (slot->used && slot->id == gid)
		return slot->name;
	/* a group with many members does not fit: it stays a number */
	getgrgid_r(gid, &gr, names->lookup, LOOKUP_LEN, &found);
	remember(slot, gid, found ? found->gr_name : NULL);
	return slot->name;
}

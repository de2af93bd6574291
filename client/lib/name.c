// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "name.h"
#include "value.h"

/*
 * A fixed number of slots; two ids that share one displace each other. A host
 * has few users at work at a time, and memory must not grow with their number.
 */
#define SLOTS 256
#define NAME_LEN 48
#define LOOKUP_LEN 4096
#define LOOKUP_MAX (1 << 20)

struct slot {
	bool used;
	uint32_t id;
	char name[NAME_LEN];
};

struct kin_names {
	struct slot users[SLOTS], groups[SLOTS];
	char *lookup;		/* for the entry with all its strings */
	size_t lookup_len;
};

struct kin_names *kin_names_new(void)
{
	return calloc(1, sizeof(struct kin_names));
}

void kin_names_free(struct kin_names *names)
{
	if (names)
		free(names->lookup);
	free(names);
}

/* Twice the room for an entry; a group's has all its members in it. */
static bool grow(struct kin_names *names)
{
	size_t len = names->lookup_len ? 2 * names->lookup_len : LOOKUP_LEN;
	char *lookup = len > LOOKUP_MAX ? NULL : realloc(names->lookup, len);

	if (!lookup)
		return false;
	names->lookup = lookup;
	names->lookup_len = len;
	return true;
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

static const char *look_up_user(struct kin_names *names, uint32_t uid)
{
	struct passwd pw, *found = NULL;
	int err = ERANGE;

	while (err == ERANGE && (names->lookup || grow(names))) {
		err = getpwuid_r(uid, &pw, names->lookup, names->lookup_len,
				 &found);
		if (err == ERANGE && !grow(names))
			break;
	}
	return err || !found ? NULL : pw.pw_name;
}

static const char *look_up_group(struct kin_names *names, uint32_t gid)
{
	struct group gr, *found = NULL;
	int err = ERANGE;

	while (err == ERANGE && (names->lookup || grow(names))) {
		err = getgrgid_r(gid, &gr, names->lookup, names->lookup_len,
				 &found);
		if (err == ERANGE && !grow(names))
			break;
	}
	return err || !found ? NULL : gr.gr_name;
}

const char *kin_names_user(struct kin_names *names, uint32_t uid)
{
	struct slot *slot = &names->users[uid % SLOTS];

	if (!slot->used || slot->id != uid)
		remember(slot, uid, look_up_user(names, uid));
	return slot->name;
}

const char *kin_names_group(struct kin_names *names, uint32_t gid)
{
	struct slot *slot = &names->groups[gid % SLOTS];

	if (!slot->used || slot->id != gid)
		remember(slot, gid, look_up_group(names, gid));
	return slot->name;
}

/* A name is copied: the cache may forget it before the value is shown. */
static void set_name(struct kin_value *value, const char *name)
{
	const size_t len = strnlen(name, sizeof(value->scratch));

	memcpy(value->scratch, name, len);
	kin_value_set_text(value, value->scratch, len);
}

static void set_digits(struct kin_value *value, uint32_t id)
{
	kin_value_set_text(value, value->scratch,
			   kin_format_u64(value->scratch, id));
}

void kin_names_user_value(struct kin_names *names, uint32_t uid,
			  struct kin_value *value)
{
	if (uid == KIN_NONE32)
		return;
	if (names)
		set_name(value, kin_names_user(names, uid));
	else
		set_digits(value, uid);
}

void kin_names_group_value(struct kin_names *names, uint32_t gid,
			   struct kin_value *value)
{
	if (gid == KIN_NONE32)
		return;
	if (names)
		set_name(value, kin_names_group(names, gid));
	else
		set_digits(value, gid);
}

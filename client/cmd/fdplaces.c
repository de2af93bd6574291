// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "fdwho.h"
#include "where.h"

static bool add(struct fdplaces *places, const struct kin_base *base,
		const char *name, uint32_t type)
{
	struct fdplace *place;

	if (places->n == places->room) {
		size_t room = places->room ? 2 * places->room : 64;

		place = reallocarray(places->list, room, sizeof(*place));
		if (!place)
			return false;
		places->list = place;
		places->room = room;
	}
	place = &places->list[places->n++];
	memset(&place->table, 0xff, sizeof(place->table));
	place->table.start_boottime_ns = base->start_boottime_ns;
	place->table.pid = base->pid;
	place->table.tgid = base->tgid;
	place->table.uid = base->uid;
	place->table.shared_pid = 0;
	place->table.flags = base->flags & KIN_TASK_THREAD ?
				     KIN_FD_TABLE_THREAD : 0;
	memcpy(place->table.comm, base->comm, sizeof(place->table.comm));
	place->name = name;
	place->type = type;
	return true;
}

bool fdplaces_add(struct fdplaces *places, const struct kin_record *rec)
{
	const struct {
		const char *path, *name;
		uint32_t group, type;
	} all[] = {
		{ rec->exe, "exe", KIN_GROUP_EXE, KIN_FD_FILE },
		{ rec->cwd, "cwd", KIN_GROUP_CWD, KIN_FD_DIR },
		{ rec->root, "rtd", KIN_GROUP_ROOT, KIN_FD_DIR },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].path && !(rec->deleted & all[i].group) &&
		    !strcmp(all[i].path, places->who->path) &&
		    !add(places, rec->base, all[i].name, all[i].type))
			return false;
	return true;
}

static int take_in(const struct kin_record *rec, void *arg)
{
	return !fdplaces_add(arg, rec);
}

int fdplaces_read(struct fdplaces *places, struct kin *kin,
		  const struct fd_options *options)
{
	struct kin_query query = {
		.groups = KIN_GROUP_EXE | KIN_GROUP_CWD | KIN_GROUP_ROOT,
		.kinds = options->kinds,
	};
	int err;

	cmd_scope_query(&options->scope, &query.scope);
	where_push(options->where, &query.scope);
	err = kin_dump(kin, &query, take_in, places);
	if (err > 0)
		return cmd_no_memory();
	return err ? cmd_failed(kin, err, "cannot read the tasks") : CMD_OK;
}

void fdplaces_free(struct fdplaces *places)
{
	free(places->list);
	places->list = NULL;
}

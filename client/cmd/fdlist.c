// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd.h"
#include "fdout.h"
#include "fdwho.h"
#include "name.h"

#define DEFAULT_COLUMNS "pid,comm,user,fd,type,size,ino,name"

struct list {
	const struct fd_options *options;
	struct fdout out;
	struct fd_peers peers;
	struct fd_gaps gaps;
	struct kin_names *names;
	uint32_t netns;		/* our own; 0: unknown */
	struct fdwho who;
	struct fdplaces places;
	size_t next_place;
	uint32_t needs;		/* of the columns, and of what is looked for */
	bool wanted;		/* descriptors of the table that comes */
	/* shared tables of which there is a row: only then it is said who else
	 * has them. In the order of the pids */
	uint32_t *shown;
	size_t n_shown, room_shown;
	size_t n_rows;
	char name[FD_NAME_MAX];
};

/* ---- tables that several tasks use ---- */

static bool remember_shown(struct list *list, const struct kin_fd_table *table)
{
	uint32_t *more;

	if (table->users < 2 ||
	    (list->n_shown && list->shown[list->n_shown - 1] == table->pid))
		return true;
	if (list->n_shown == list->room_shown) {
		list->room_shown = list->room_shown ? 2 * list->room_shown : 64;
		more = reallocarray(list->shown, list->room_shown,
				    sizeof(*more));
		if (!more)
			return false;
		list->shown = more;
	}
	list->shown[list->n_shown++] = table->pid;
	return true;
}

static int compare_pids(const void *x, const void *y)
{
	const uint32_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

/* That the threads of a process share is not worth a line. What --where asks about the
 * descriptors themselves is not known of this row: they passed with who has it first. */
static bool put_shared(struct list *list, const struct kin_fd_table *table)
{
	const struct fd_row row = { .rec.table = table, .names = list->names };

	if ((table->flags & KIN_FD_TABLE_THREAD) &&
	    table->shared_pid == table->tgid)
		return true;
	if (!list->n_shown ||
	    !bsearch(&table->shared_pid, list->shown, list->n_shown,
		     sizeof(*list->shown), compare_pids))
		return true;
	if (where_truth(list->options->where, &row) == KIN_FALSE)
		return true;
	return fdout_shared(&list->out, table);
}

/* ---- what comes ---- */

static bool put_row(struct list *list, struct fd_row *row)
{
	row->peers = list->needs & FD_NEED_PEERS ? &list->peers : NULL;
	row->names = list->names;
	row->netns = list->netns;
	row->name = list->name;
	row->name_len = list->needs & FD_NEED_NAME ?
				fd_row_name(list->name, row) : 0;
	if (!where_row(list->options->where, row))
		return true;
	list->n_rows++;
	return (row->place || remember_shown(list, row->rec.table)) &&
	       fdout_row(&list->out, row);
}

static uint32_t types_of(const struct list *list)
{
	uint32_t types = list->options->filter.types;
	uint32_t who = list->options->who ? fdwho_types(&list->who) :
					    KIN_FD_TYPES;

	return (types ? types : KIN_FD_TYPES) & who;
}

static bool put_place(struct list *list, const struct fdplace *place)
{
	struct fd_row row = { .rec = { .table = &place->table },
			      .place = place->name };
	struct kin_fd fd;

	memset(&fd, 0xff, sizeof(fd));
	fd.type = place->type;
	fd.flags = 0;
	row.rec.fd = &fd;
	row.rec.path = list->who.path;
	if (!(types_of(list) & 1u << place->type) ||
	    !fd_filter_table(&list->options->filter, &place->table) ||
	    !fd_filter_passes(&list->options->filter, &row.rec))
		return true;
	return put_row(list, &row);
}

/* Those of tasks up to @pid: they stand before their descriptors. */
static bool put_places(struct list *list, uint32_t pid)
{
	const struct fdplaces *places = &list->places;

	while (list->next_place < places->n &&
	       places->list[list->next_place].table.pid <= pid)
		if (!put_place(list, &places->list[list->next_place++]))
			return false;
	return true;
}

static bool take_table(struct list *list, const struct kin_fd_table *table)
{
	list->wanted = fd_gaps_table(&list->gaps, table) &&
		       fd_filter_table(&list->options->filter, table);
	if (!put_places(list, table->pid))
		return false;
	return !list->wanted || !table->shared_pid || put_shared(list, table);
}

static bool take_fd(struct list *list, const struct kin_fd_record *rec)
{
	struct fd_row row = { .rec = *rec };

	if (!list->wanted ||
	    !fd_filter_passes(&list->options->filter, rec) ||
	    (list->options->who && !fdwho_has(&list->who, rec)))
		return true;
	return put_row(list, &row);
}

static int take(const struct kin_fd_record *rec, void *arg)
{
	return !(rec->fd ? take_fd(arg, rec) : take_table(arg, rec->table));
}

/* ---- what is asked ---- */

/* What columns show, and what filters look at. */
static uint32_t needs_of(const struct list *list)
{
	const struct fd_filter *filter = &list->options->filter;
	uint32_t needs = list->out.columns.needs | list->out.sort.needs |
			 where_needs(list->options->where) | KIN_FD_PART_LIST;

	if (list->options->json)
		needs |= KIN_FD_PART_PATH | KIN_FD_PART_SOCK | FD_NEED_PEERS;
	if (filter->path || list->options->who)
		needs |= KIN_FD_PART_PATH | KIN_FD_PART_SOCK;
	if (filter->at.family || filter->at.has_port || filter->states)
		needs |= KIN_FD_PART_SOCK;
	if (list->options->no_peers || !(types_of(list) & FD_PEERS_TYPES))
		needs &= ~FD_NEED_PEERS;
	return needs;
}

static int take_netns(const struct kin_record *rec, void *arg)
{
	uint32_t *netns = arg;

	if (rec->ns && rec->ns->net != KIN_NONE32)
		*netns = rec->ns->net;
	return 0;
}

static int look(struct list *list, struct kin *kin)
{
	const int status = fdwho_look(&list->who, kin);

	/* to the kernel, no type is every type */
	if (status || types_of(list))
		return status;
	return cmd_usage(&fd_cmd,
			 "--who %s is not of these types: leave out --type",
			 list->options->who);
}

static int prepare(struct list *list, struct kin *kin)
{
	int status = list->options->who ? look(list, kin) : CMD_OK;

	if (status)
		return status;
	list->needs = needs_of(list);
	if (list->needs & KIN_NEED_NAMES) {
		list->names = kin_names_new();
		if (!list->names)
			return cmd_no_memory();
	}
	/* without it, interfaces are told by number: no failure */
	if (list->needs & FD_NEED_NAME)
		kin_get(kin, getpid(), KIN_KIND_PROCESS, KIN_GROUP_NS,
			take_netns, &list->netns);
	if (list->needs & FD_NEED_PEERS)
		status = fd_peers_read(&list->peers, kin, list->options->kinds);
	if (!status && list->who.is_file)
		status = fdplaces_read(&list->places, kin, list->options);
	return status;
}

static int read_all(struct list *list, struct kin *kin)
{
	struct kin_fd_query query = {
		.kinds = list->options->kinds,
		.parts = list->needs & KIN_FD_PARTS,
		.types = types_of(list),
	};
	int err;

	cmd_scope_query(&list->options->scope, &query.scope);
	where_push(list->options->where, &query.scope);
	err = kin_fd_dump(kin, &query, take, list);
	if (!err && put_places(list, UINT32_MAX) &&
	    fdout_end(&list->out, list->gaps.n_denied))
		return CMD_OK;
	fdout_break(&list->out, list->gaps.n_denied);
	return err < 0 ? cmd_failed(kin, err, "cannot read the descriptors") :
			 cmd_no_memory();
}

static int nobody(const struct list *list)
{
	const bool where = list->options->where->text;

	if (!list->options->who || list->n_rows)
		return CMD_OK;
	cmd_error(list->who.is_file ? "nobody%s has %s open" :
				      "nobody%s listens at %s or is connected there",
		  where ? " for whom --where is true" : "", list->who.arg);
	return CMD_FAILED;
}

static int show(struct list *list)
{
	struct kin *kin;
	int status = cmd_open(&kin), missing;

	if (status)
		return status;
	status = prepare(list, kin);
	if (!status) {
		status = read_all(list, kin);
		fdout_free(&list->out);
	}
	if (!status) {
		missing = fd_gaps_tell(&list->gaps, kin);
		status = missing ? missing : nobody(list);
	}
	kin_close(kin);
	return status;
}

int fd_list(const struct fd_options *options)
{
	struct list list = {
		.options = options,
		.out = { .options = options, .sort = options->sort },
		.gaps = { .scope = &options->scope },
	};
	int status = CMD_OK;

	list.places.who = &list.who;
	if (!options->json)
		status = columns_parse_of(&fd_cmd, &fd_columns,
					  &list.out.columns,
					  options->column_text,
					  DEFAULT_COLUMNS);
	if (!status && options->who)
		fdwho_parse(&list.who, options->who);
	if (!status)
		status = show(&list);
	fdwho_free(&list.who);
	fdplaces_free(&list.places);
	fd_peers_free(&list.peers);
	fd_gaps_free(&list.gaps);
	kin_names_free(list.names);
	free(list.shown);
	return status;
}

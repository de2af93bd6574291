// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "fdpeers.h"

#define SHOWN 2	/* in a line, before the rest is counted */

/* What an end is for. One for both ways stands in the index once for each. */
enum way { WAY_READ, WAY_WRITE, WAY_SOCKET };

static void *more(void *list, size_t *room, size_t size)
{
	size_t wanted = *room ? 2 * *room : 1024;
	void *grown = reallocarray(list, wanted, size);

	if (grown)
		*room = wanted;
	return grown;
}

/* Descriptors come process by process: it is the last one, or a new one. */
static bool add_task(struct fd_peers *peers, const struct kin_fd_table *table)
{
	struct fd_end_task *task;

	if (peers->n_tasks &&
	    peers->tasks[peers->n_tasks - 1].pid == table->pid)
		return true;
	if (peers->n_tasks == peers->room_tasks) {
		task = more(peers->tasks, &peers->room_tasks, sizeof(*task));
		if (!task)
			return false;
		peers->tasks = task;
	}
	task = &peers->tasks[peers->n_tasks++];
	task->pid = table->pid;
	memcpy(task->comm, table->comm, sizeof(task->comm));
	task->comm[sizeof(task->comm) - 1] = '\0';
	return true;
}

static bool add_end(struct fd_peers *peers, const struct kin_fd *fd,
		    enum way way)
{
	struct fd_end *end;

	if (peers->n == peers->room) {
		end = more(peers->ends, &peers->room, sizeof(*end));
		if (!end)
			return false;
		peers->ends = end;
	}
	end = &peers->ends[peers->n++];
	end->ino = fd->ino;
	end->dev = fd->dev;
	end->task = peers->n_tasks - 1;
	end->fd = fd->fd;
	end->way = way;
	return true;
}

bool fd_peers_add(struct fd_peers *peers, const struct kin_fd_record *rec)
{
	const struct kin_fd *fd = rec->fd;

	if (!fd || fd->type >= 32 || !(FD_PEERS_TYPES & 1u << fd->type))
		return true;
	if (!add_task(peers, rec->table))
		return false;
	if (fd->type == KIN_FD_SOCKET)
		return add_end(peers, fd, WAY_SOCKET);
	return (!(fd->flags & KIN_FD_READ) || add_end(peers, fd, WAY_READ)) &&
	       (!(fd->flags & KIN_FD_WRITE) || add_end(peers, fd, WAY_WRITE));
}

/* By what is looked for; behind that in the order of the dump. */
static int compare_keys(const struct fd_end *a, const struct fd_end *b)
{
	if (a->ino != b->ino)
		return a->ino < b->ino ? -1 : 1;
	if (a->dev != b->dev)
		return a->dev < b->dev ? -1 : 1;
	return (a->way > b->way) - (a->way < b->way);
}

static int compare_ends(const void *x, const void *y)
{
	const struct fd_end *a = x, *b = y;
	int order = compare_keys(a, b);

	if (order)
		return order;
	if (a->task != b->task)
		return a->task < b->task ? -1 : 1;
	return (a->fd > b->fd) - (a->fd < b->fd);
}

void fd_peers_sort(struct fd_peers *peers)
{
	size_t kept = 0;

	if (!peers->n)
		return;
	qsort(peers->ends, peers->n, sizeof(*peers->ends), compare_ends);
	for (size_t i = 1; i < peers->n; i++) {
		const struct fd_end *end = &peers->ends[i];

		if (compare_keys(&peers->ends[kept], end) ||
		    peers->ends[kept].task != end->task)
			peers->ends[++kept] = *end;
	}
	peers->n = kept + 1;
}

static int take_in(const struct kin_fd_record *rec, void *arg)
{
	return !fd_peers_add(arg, rec);
}

int fd_peers_read(struct fd_peers *peers, struct kin *kin, uint32_t kinds)
{
	const struct kin_fd_query query = {
		.kinds = kinds,
		.parts = KIN_FD_PART_LIST,
		.types = FD_PEERS_TYPES,
	};
	int err = kin_fd_dump(kin, &query, take_in, peers);

	if (err > 0)
		return cmd_no_memory();
	if (err)
		return cmd_failed(kin, err, "cannot read the descriptors");
	fd_peers_sort(peers);
	return CMD_OK;
}

/* ---- looking up ---- */

/* The first end that is not before @key. */
static size_t lower_bound(const struct fd_peers *peers,
			  const struct fd_end *key)
{
	size_t low = 0, high = peers->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_ends(&peers->ends[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct fd_others find(const struct fd_peers *peers, struct fd_end key)
{
	struct fd_others others = { .peers = peers };
	size_t first = lower_bound(peers, &key);

	key.way++;
	others.n = lower_bound(peers, &key) - first;
	others.first = others.n ? &peers->ends[first] : NULL;
	return others;
}

/* Tasks stand in the order of their pid, as the dump does. */
static bool has_pid(const struct fd_others *others, uint32_t pid)
{
	size_t low = 0, high = others->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint32_t task = others->first[middle].task;

		if (others->peers->tasks[task].pid == pid)
			return true;
		if (others->peers->tasks[task].pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static struct fd_others none(const struct fd_peers *peers)
{
	return (struct fd_others){ .peers = peers };
}

static struct fd_others socket_others(const struct fd_peers *peers,
				      const struct kin_fd_record *rec)
{
	const struct kin_sock *sock = rec->sock;

	if (!sock || !sock->peer_ino || sock->peer_ino == KIN_NONE64)
		return none(peers);
	return find(peers, (struct fd_end){ .ino = sock->peer_ino,
					    .dev = rec->fd->dev,
					    .way = WAY_SOCKET });
}

static struct fd_others pipe_others(const struct fd_peers *peers,
				    const struct kin_fd_record *rec)
{
	const uint32_t both = KIN_FD_READ | KIN_FD_WRITE;
	const struct kin_fd *fd = rec->fd;
	struct fd_others others;

	if (!(fd->flags & both))
		return none(peers);
	others = find(peers, (struct fd_end){
				     .ino = fd->ino,
				     .dev = fd->dev,
				     .way = fd->flags & KIN_FD_READ ?
						    WAY_WRITE :
						    WAY_READ });
	if ((fd->flags & both) == both && has_pid(&others, rec->table->pid)) {
		others.skip_pid = rec->table->pid;
		others.n--;
	}
	return others;
}

struct fd_others fd_peers_of(const struct fd_peers *peers,
			     const struct kin_fd_record *rec)
{
	if (!peers || !rec->fd)
		return none(peers);
	if (rec->fd->type == KIN_FD_SOCKET)
		return socket_others(peers, rec);
	if (rec->fd->type == KIN_FD_PIPE || rec->fd->type == KIN_FD_FIFO)
		return pipe_others(peers, rec);
	return none(peers);
}

const struct fd_end *fd_others_at(const struct fd_others *others, size_t *i)
{
	size_t all = others->n + (others->skip_pid != 0);
	const struct fd_end *end;

	while (*i < all) {
		end = &others->first[(*i)++];
		if (others->peers->tasks[end->task].pid != others->skip_pid)
			return end;
	}
	return NULL;
}

size_t fd_others_text(char *to, const struct fd_others *others)
{
	size_t i = 0, shown = 0;
	/* "and 1 more" is no shorter than its name */
	size_t most = others->n == SHOWN + 1 ? SHOWN + 1 : SHOWN;
	const struct fd_end *end;
	char *at = to;

	*at = '\0';
	while (shown < most && (end = fd_others_at(others, &i))) {
		const struct fd_end_task *task =
			&others->peers->tasks[end->task];

		at += sprintf(at, "%s%u/%s", shown++ ? ", " : "", task->pid,
			      task->comm);
	}
	if (others->n > shown)
		at += sprintf(at, " and %zu more", others->n - shown);
	return at - to;
}

void fd_peers_free(struct fd_peers *peers)
{
	free(peers->ends);
	free(peers->tasks);
	memset(peers, 0, sizeof(*peers));
}

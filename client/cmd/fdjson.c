// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/socket.h>

#include "fdrow.h"
#include "fdsock.h"

/* In an object; a pipe of thousands would make the output of each its square. */
#define PEERS_SHOWN 64

static void put_number(struct kin_json *json, const char *key, uint32_t n)
{
	kin_json_known(json, key, n == KIN_NONE32 ? KIN_NONE64 : n);
}

static void put_string(struct kin_json *json, const char *key,
		       const char *text)
{
	if (text)
		kin_json_str(json, key, text);
	else
		kin_json_null(json, key);
}

static void put_comm(struct kin_json *json, const char *comm)
{
	kin_json_bytes(json, "comm", comm, strnlen(comm, KIN_COMM_LEN));
}

/* What one of the columns shows is said once, there. */
static void put_column(struct kin_json *json, const struct fd_row *row,
		       const char *id)
{
	const struct kin_column *col =
		kin_column_find_in(&fd_columns, id, strlen(id));
	struct kin_value value;

	kin_column_get_row(col, row, &value);
	cmd_json_value(json, id, col->type, &value);
}

static void put_table(struct kin_json *json, const struct kin_fd_table *table)
{
	kin_json_u64(json, "pid", table->pid);
	kin_json_u64(json, "tgid", table->tgid);
	put_comm(json, table->comm);
	put_number(json, "uid", table->uid);
	kin_json_known(json, "start_boottime_ns", table->start_boottime_ns);
	kin_json_bool(json, "thread", table->flags & KIN_FD_TABLE_THREAD);
}

static void put_fd(struct kin_json *json, const struct fd_row *row)
{
	const struct kin_fd *fd = row->rec.fd;

	put_number(json, "fd", fd->fd);
	put_string(json, "place", row->place);
	kin_json_str(json, "type", kin_fd_type_name(fd->type));
	kin_json_bool(json, "read", fd->flags & KIN_FD_READ);
	kin_json_bool(json, "write", fd->flags & KIN_FD_WRITE);
	kin_json_bool(json, "cloexec", fd->flags & KIN_FD_CLOEXEC);
	kin_json_bool(json, "deleted", fd->flags & KIN_FD_DELETED);
	put_column(json, row, "flags");
	put_number(json, "open_flags", fd->open_flags);
	put_column(json, row, "dev");
	put_column(json, row, "rdev");
	kin_json_known(json, "ino", fd->ino);
	put_number(json, "nlink", fd->nlink);
	put_number(json, "mode", fd->mode);
	kin_json_known(json, "size_bytes", fd->size);
	kin_json_known(json, "pos_bytes", fd->pos);
	put_string(json, "path", row->rec.path);
	kin_json_bool(json, "path_too_long", fd->flags & KIN_FD_PATH_LONG);
}

static void put_end(struct kin_json *json, const struct kin_sock *sock,
		    enum fdsock_side side, const char *address_key,
		    const char *port_key)
{
	bool local = side == FDSOCK_LOCAL;
	char address[FDSOCK_WORD_MAX];
	bool known = fdsock_address(address, sock, side) &&
		     (local || fdsock_connected(sock));

	put_string(json, address_key, known ? address : NULL);
	if (known || (local && sock->family == AF_NETLINK))
		put_number(json, port_key,
			   local ? sock->local_port : sock->remote_port);
	else
		kin_json_null(json, port_key);
}

/* Of a socket that listens they count connections. */
static void put_queues(struct kin_json *json, const struct kin_sock *sock)
{
	if (fdsock_listens(sock)) {
		kin_json_known(json, "waiting_connections", sock->rx_queue);
		kin_json_known(json, "max_waiting_connections",
			       sock->tx_queue);
	} else {
		kin_json_known(json, "rx_queue_bytes", sock->rx_queue);
		kin_json_known(json, "tx_queue_bytes", sock->tx_queue);
	}
}

static void put_unix(struct kin_json *json, const struct kin_fd_record *rec)
{
	if (rec->unix_name)
		kin_json_bytes(json, "unix_name", rec->unix_name,
			       rec->unix_name_len);
	else
		kin_json_null(json, "unix_name");
	kin_json_known(json, "peer_ino",
		       rec->sock->peer_ino ? rec->sock->peer_ino : KIN_NONE64);
}

static void put_socket(struct kin_json *json, const struct kin_fd_record *rec)
{
	const struct kin_sock *sock = rec->sock;
	char word[FDSOCK_WORD_MAX];

	kin_json_object_line(json, "socket");
	fdsock_family(word, sock);
	kin_json_str(json, "family", word);
	fdsock_type(word, sock);
	kin_json_str(json, "type", word);
	fdsock_protocol(word, sock);
	kin_json_str(json, "protocol", word);
	kin_json_str(json, "state", fdsock_state_word(word, sock));
	put_end(json, sock, FDSOCK_LOCAL, "local_address", "local_port");
	put_end(json, sock, FDSOCK_REMOTE, "remote_address", "remote_port");
	put_queues(json, sock);
	put_number(json, "netns", sock->netns);
	put_number(json, "ifindex", sock->ifindex);
	kin_json_bool(json, "v6only", sock->flags & KIN_SOCK_V6ONLY);
	put_unix(json, rec);
	kin_json_object_end(json);
}

static void put_peers(struct kin_json *json, const struct fd_row *row)
{
	const struct fd_others others = fd_peers_of(row->peers, &row->rec);
	const struct fd_end *end;
	size_t i = 0, shown = 0;

	kin_json_array_line(json, "peers");
	while (shown < PEERS_SHOWN && (end = fd_others_at(&others, &i))) {
		const struct fd_end_task *task = &others.peers->tasks[end->task];

		kin_json_object_line(json, NULL);
		kin_json_u64(json, "pid", task->pid);
		put_comm(json, task->comm);
		kin_json_u64(json, "fd", end->fd);
		kin_json_object_end(json);
		shown++;
	}
	kin_json_array_end(json);
	kin_json_u64(json, "num_peers", others.n);
}

void fd_row_json(struct kin_json *json, const struct fd_row *row)
{
	kin_json_object_line(json, NULL);
	put_table(json, row->rec.table);
	put_fd(json, row);
	if (row->rec.sock)
		put_socket(json, &row->rec);
	else
		kin_json_null(json, "socket");
	if (row->peers) {
		put_peers(json, row);
	} else {
		kin_json_null(json, "peers");
		kin_json_null(json, "num_peers");
	}
	kin_json_object_end(json);
}

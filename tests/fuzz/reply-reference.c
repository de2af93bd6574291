// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/genetlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reply-kernel.h"
#include "reply-reference.h"

/* A stretch of bytes: what is left of a datagram, a message or a nest. */
struct bytes {
	const uint8_t *at;
	size_t n;
};

static struct {
	const uint8_t *data;
	size_t size;
	struct bytes datagram, message;
	bool ended, bad;
	bool subscribed; /* the answer to that has come */
	struct bytes table; /* what is left of one */
	struct kin_fd_table base; /* its own */
} ref;

void reference_says(const uint8_t *data, size_t size)
{
	memset(&ref, 0, sizeof(ref));
	ref.data = data;
	ref.size = size;
}

static void complain(const char *what)
{
	fprintf(stderr, "reference: %s\n", what);
	abort();
}

static void skip(struct bytes *from, size_t n)
{
	n = n < from->n ? n : from->n;
	from->at += n;
	from->n -= n;
}

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

/* ---- down to a task's nest ---- */

/* Interrupted or not, it comes; what is no answer of the kernel's does not. */
static bool next_datagram(void)
{
	struct reply_header header;

	while (kernel_next(&ref.data, &ref.size, &header, &ref.datagram.at)) {
		if (header.how == REPLY_STRANGER)
			continue;
		ref.datagram.n = header.len;
		return header.how != REPLY_CUT && header.how != REPLY_OVERRUN &&
		       header.len <= KIN_RECV_SIZE;
	}
	return false;
}

/* The next message of tasks; false: the answer has ended. */
static bool next_message(void)
{
	struct nlmsghdr nlh;

	while (!ref.ended) {
		if (ref.datagram.n < sizeof(nlh)) {
			ref.ended = !next_datagram();
			continue;
		}
		memcpy(&nlh, ref.datagram.at, sizeof(nlh));
		if (nlh.nlmsg_len < sizeof(nlh) ||
		    padded(nlh.nlmsg_len) > ref.datagram.n) {
			ref.datagram.n = 0;
			continue;
		}
		ref.message = (struct bytes){ ref.datagram.at, nlh.nlmsg_len };
		skip(&ref.datagram, padded(nlh.nlmsg_len));
		if (nlh.nlmsg_seq != REPLY_SEQ + 1 && nlh.nlmsg_seq != REPLY_SEQ)
			continue;
		ref.ended = nlh.nlmsg_type == NLMSG_ERROR ||
			    nlh.nlmsg_type == NLMSG_DONE;
		skip(&ref.message, NLMSG_HDRLEN + GENL_HDRLEN);
		if (nlh.nlmsg_type == REPLY_FAMILY)
			return true;
	}
	return false;
}

/* The first attribute; what does not fit is none. Returns its type, or -1. */
static int take_attr(struct bytes *from, struct bytes *payload)
{
	struct nlattr attr;

	if (from->n < sizeof(attr))
		return -1;
	memcpy(&attr, from->at, sizeof(attr));
	if (attr.nla_len < sizeof(attr) || attr.nla_len > from->n)
		return -1;
	*payload = (struct bytes){ from->at + sizeof(attr),
				   attr.nla_len - sizeof(attr) };
	skip(from, padded(attr.nla_len));
	return attr.nla_type & NLA_TYPE_MASK;
}

/* The next nest of a type; false: there is none, or what comes is no attribute. */
static bool next_nest(int wanted, struct bytes *nest)
{
	int type;

	while (!ref.bad) {
		if (ref.message.n < sizeof(struct nlattr)) {
			if (!next_message())
				return false;
			continue;
		}
		type = take_attr(&ref.message, nest);
		ref.bad = type < 0;
		if (type == wanted)
			return true;
	}
	return false;
}

static bool next_task(struct bytes *nest)
{
	return next_nest(KIN_A_TASK, nest);
}

/* ---- what a task's nest says ---- */

/* The last one of a type counts. */
static bool find(struct bytes nest, int type, struct bytes *found)
{
	struct bytes payload;
	bool any = false;
	int got;

	while ((got = take_attr(&nest, &payload)) >= 0) {
		if (got == type) {
			*found = payload;
			any = true;
		}
	}
	return any;
}

static bool sound_with(struct bytes nest, int base)
{
	struct bytes payload, rest = nest;

	while (take_attr(&rest, &payload) >= 0)
		;
	return !rest.n && find(nest, base, &payload);
}

static bool sound(struct bytes nest)
{
	return sound_with(nest, KIN_A_TASK_BASE);
}

static void check_struct(struct bytes nest, int type, const void *got,
			 size_t size, const char *what)
{
	unsigned char wanted[256];
	struct bytes found;

	if (!find(nest, type, &found)) {
		if (got)
			complain(what);
		return;
	}
	memset(wanted, 0xff, sizeof(wanted));
	memcpy(wanted, found.at, found.n < size ? found.n : size);
	if (!got || (uintptr_t)got % 4 || memcmp(wanted, got, size))
		complain(what);
}

/* One that is too short says nothing. */
static void check_number(struct bytes nest, int type, uint64_t got, size_t size,
			 uint64_t unknown, const char *what)
{
	uint64_t wanted = 0;
	struct bytes found;

	if (find(nest, type, &found) && found.n >= size)
		memcpy(&wanted, found.at, size);
	else
		wanted = unknown;
	if (got != wanted)
		complain(what);
}

static void check_bytes(struct bytes nest, int type, const void *got,
			size_t len, size_t unit, const char *what)
{
	struct bytes found;

	if (!find(nest, type, &found)) {
		if (got || len)
			complain(what);
		return;
	}
	if (!got || len != found.n / unit * unit || memcmp(got, found.at, len))
		complain(what);
}

/* The last that ends with a NUL; up to the first. */
static void check_string(struct bytes nest, int type, const char *got,
			 const char *what)
{
	struct bytes found = { NULL, 0 }, payload;
	int at;

	while ((at = take_attr(&nest, &payload)) >= 0)
		if (at == type && payload.n && !payload.at[payload.n - 1])
			found = payload;
	if (!found.at != !got)
		complain(what);
	if (got && strcmp(got, (const char *)found.at))
		complain(what);
}

static void check_private(struct bytes nest, const struct kin_record *rec)
{
	check_struct(nest, KIN_A_TASK_FILES, rec->files, sizeof(*rec->files), "files");
	check_struct(nest, KIN_A_TASK_IO, rec->io, sizeof(*rec->io), "io");
	check_struct(nest, KIN_A_TASK_NS, rec->ns, sizeof(*rec->ns), "ns");
	check_struct(nest, KIN_A_TASK_DELAY, rec->delay, sizeof(*rec->delay), "delay");
	check_struct(nest, KIN_A_TASK_WAIT, rec->wait, sizeof(*rec->wait), "wait");
	check_bytes(nest, KIN_A_TASK_LIMITS, rec->limits,
		    rec->n_limits * sizeof(*rec->limits), sizeof(*rec->limits),
		    "limits");
	check_string(nest, KIN_A_TASK_EXE, rec->exe, "exe");
	check_string(nest, KIN_A_TASK_CWD, rec->cwd, "cwd");
	check_string(nest, KIN_A_TASK_ROOT, rec->root, "root");
	check_string(nest, KIN_A_TASK_STACK, rec->stack, "stack");
	check_number(nest, KIN_A_TASK_DENIED, rec->denied, 4, 0, "denied");
	check_number(nest, KIN_A_TASK_DELETED, rec->deleted, 4, 0, "deleted");
}

void reference_check(const struct kin_record *rec)
{
	struct bytes nest;

	if (!next_task(&nest) || !sound(nest))
		complain("a record that nobody sent");
	check_struct(nest, KIN_A_TASK_BASE, rec->base, sizeof(*rec->base), "base");
	check_struct(nest, KIN_A_TASK_SCHED, rec->sched, sizeof(*rec->sched),
		     "sched");
	check_struct(nest, KIN_A_TASK_MEM, rec->mem, sizeof(*rec->mem), "mem");
	check_bytes(nest, KIN_A_TASK_NSPIDS, rec->nspids,
		    rec->n_nspids * sizeof(*rec->nspids), 4, "nspids");
	check_bytes(nest, KIN_A_TASK_CMDLINE, rec->cmdline, rec->cmdline_len, 1,
		    "cmdline");
	check_string(nest, KIN_A_TASK_CGROUP_PATH, rec->cgroup_path,
		     "cgroup path");
	check_number(nest, KIN_A_TASK_CGROUP_ID, rec->cgroup_id, 8, KIN_NONE64,
		     "cgroup id");
	check_number(nest, KIN_A_TASK_BUSY, rec->busy, 4, 0, "busy");
	check_number(nest, KIN_A_TASK_CUT, rec->cut, 4, 0, "cut");
	check_private(nest, rec);
}

void reference_end(int err)
{
	struct bytes nest;

	if (!next_task(&nest)) {
		if (ref.bad && !err)
			complain("a message with nonsense in it passed");
		return;
	}
	if (sound(nest))
		complain("a record was lost");
	if (!err)
		complain("a task with nonsense in it passed");
}

/* ---- descriptors ---- */

/* A table begins with its base; what goes on is what was to go on. Returns the
 * flags that it came with, or -1. */
static int64_t take_base(void)
{
	const struct kin_fd_table before = ref.base;
	struct bytes found;
	uint32_t flags;

	if (take_attr(&ref.table, &found) != KIN_A_FD_TABLE_BASE)
		return -1;
	memset(&ref.base, 0xff, sizeof(ref.base));
	memcpy(&ref.base, found.at,
	       found.n < sizeof(ref.base) ? found.n : sizeof(ref.base));
	flags = ref.base.flags;
	if (ref.base.comm[KIN_COMM_LEN - 1])
		return -1;
	if ((flags & KIN_FD_TABLE_CONTINUED) &&
	    (!(before.flags & KIN_FD_TABLE_MORE) || before.pid != ref.base.pid ||
	     before.start_boottime_ns != ref.base.start_boottime_ns ||
	     ((before.flags ^ flags) & KIN_FD_TABLE_THREAD)))
		return -1;
	return flags;
}

/* The next thing to be told: KIN_A_FD_TABLE_BASE (of a new table), _FD, _COUNTS,
 * or 0: there is none, or what comes is nonsense. */
static int next_of_tables(struct bytes *payload)
{
	int64_t flags;
	int type;

	while (!ref.bad) {
		if (!ref.table.n) {
			if (!next_nest(KIN_A_FD_TABLE, &ref.table))
				return 0;
			flags = take_base();
			ref.bad = flags < 0;
			if (!ref.bad && !(flags & KIN_FD_TABLE_CONTINUED))
				return KIN_A_FD_TABLE_BASE;
			continue;
		}
		type = take_attr(&ref.table, payload);
		ref.bad = type < 0 || (type == KIN_A_FD_TABLE_FD &&
				       !sound_with(*payload, KIN_A_FD_BASE));
		if (!ref.bad && (type == KIN_A_FD_TABLE_FD ||
				 type == KIN_A_FD_TABLE_COUNTS))
			return type;
	}
	return 0;
}

static void check_table(const struct kin_fd_table *table)
{
	struct kin_fd_table wanted = ref.base;

	wanted.flags &= ~(KIN_FD_TABLE_CONTINUED | KIN_FD_TABLE_MORE);
	if (!table || memcmp(table, &wanted, sizeof(wanted)))
		complain("a table");
}

void reference_check_fd(const struct kin_fd_record *rec)
{
	struct bytes nest = { NULL, 0 }, name;
	const int type = next_of_tables(&nest);

	if (!type || (type == KIN_A_FD_TABLE_FD) != !!rec->fd ||
	    (type == KIN_A_FD_TABLE_COUNTS) != !!rec->counts)
		complain("a descriptor that nobody sent");
	check_table(rec->table);
	if (rec->counts && (rec->n_counts != nest.n / sizeof(*rec->counts) ||
			    memcmp(rec->counts, nest.at, rec->n_counts * sizeof(*rec->counts))))
		complain("counts");
	if (!rec->fd)
		return;
	check_struct(nest, KIN_A_FD_BASE, rec->fd, sizeof(*rec->fd), "fd");
	check_struct(nest, KIN_A_FD_SOCK, rec->sock, sizeof(*rec->sock), "sock");
	check_string(nest, KIN_A_FD_PATH, rec->path, "path");
	/* (An empty one is none.) */
	if (find(nest, KIN_A_FD_UNIX, &name) && name.n)
		check_bytes(nest, KIN_A_FD_UNIX, rec->unix_name,
			    rec->unix_name_len, 1, "name");
	else if (rec->unix_name || rec->unix_name_len)
		complain("a name that nobody sent");
}

void reference_end_fds(int err)
{
	struct bytes nest;

	if (next_of_tables(&nest))
		complain("a descriptor was lost");
	if (ref.bad && !err)
		complain("a table with nonsense in it passed");
}

/* ---- events ---- */

/* What was sent to a subscription that is there: nothing ends it. */
static bool next_datagram_of_events(void)
{
	struct reply_header header;

	while (kernel_next(&ref.data, &ref.size, &header, &ref.datagram.at)) {
		ref.datagram.n = header.len;
		if (header.how != REPLY_STRANGER && header.how != REPLY_CUT &&
		    header.how != REPLY_OVERRUN && header.len <= KIN_RECV_SIZE)
			return true;
	}
	ref.datagram.n = 0;
	return false;
}

/* Before the answer, only what is no answer; with it the datagram is over. */
static bool is_of_events(const struct nlmsghdr *nlh)
{
	const uint8_t cmd = ref.message.n ? *ref.message.at : 0;
	const bool answer = nlh->nlmsg_seq == REPLY_SEQ + 1 ||
			    nlh->nlmsg_seq == REPLY_SEQ;

	if (!ref.subscribed && nlh->nlmsg_seq) {
		ref.subscribed = answer && (nlh->nlmsg_type == NLMSG_ERROR ||
					    nlh->nlmsg_type == NLMSG_DONE);
		if (ref.subscribed)
			ref.datagram.n = 0;
		return false;
	}
	return nlh->nlmsg_type == REPLY_FAMILY && ref.message.n >= GENL_HDRLEN &&
	       (cmd == KIN_CMD_EVENTS_NTF || cmd == KIN_CMD_EVENTS_END_NTF);
}

static bool next_message_of_events(void)
{
	struct nlmsghdr nlh;

	for (;;) {
		if (!ref.datagram.n && !next_datagram_of_events())
			return false;
		memset(&nlh, 0, sizeof(nlh));
		if (ref.datagram.n >= sizeof(nlh))
			memcpy(&nlh, ref.datagram.at, sizeof(nlh));
		if (nlh.nlmsg_len < sizeof(nlh) ||
		    padded(nlh.nlmsg_len) > ref.datagram.n) {
			ref.datagram.n = 0;
			continue;
		}
		ref.message = (struct bytes){ ref.datagram.at, nlh.nlmsg_len };
		skip(&ref.datagram, padded(nlh.nlmsg_len));
		skip(&ref.message, NLMSG_HDRLEN);
		if (is_of_events(&nlh)) {
			skip(&ref.message, GENL_HDRLEN);
			return true;
		}
		ref.message.n = 0;
	}
}

/* A name is what a struct ends with. */
static bool has_name_with_end(struct bytes nest, int type, size_t size)
{
	struct bytes found;

	return !find(nest, type, &found) ||
	       (found.n >= size && !found.at[size - 1]);
}

static bool is_event(struct bytes nest)
{
	struct bytes payload, rest = nest;

	while (take_attr(&rest, &payload) >= 0)
		;
	return !rest.n && find(nest, KIN_A_EVENT_BASE, &payload) &&
	       has_name_with_end(nest, KIN_A_EVENT_BASE, sizeof(struct kin_event)) &&
	       has_name_with_end(nest, KIN_A_EVENT_EXEC,
				 sizeof(struct kin_event_exec)) &&
	       has_name_with_end(nest, KIN_A_EVENT_COMM, sizeof(struct kin_event_comm));
}

/* The next event or loss; returns its type, 0: there is none. */
static int next_event(struct bytes *payload)
{
	int type;

	for (;;) {
		type = take_attr(&ref.message, payload);
		if (type < 0 && !next_message_of_events())
			return 0;
		if (type == KIN_A_LOST && payload->n >= sizeof(uint64_t))
			return type;
		if (type == KIN_A_EVENT && is_event(*payload))
			return type;
	}
}

void reference_check_event(const struct kin_event_record *rec)
{
	struct bytes nest;
	const int type = next_event(&nest);

	if (!type || (type == KIN_A_EVENT) != !!rec->base)
		complain("an event that nobody sent");
	if (type == KIN_A_LOST) {
		if (memcmp(nest.at, &rec->lost, sizeof(rec->lost)))
			complain("a loss");
		return;
	}
	check_struct(nest, KIN_A_EVENT_BASE, rec->base, sizeof(*rec->base), "base");
	check_struct(nest, KIN_A_EVENT_FORK, rec->fork, sizeof(*rec->fork), "fork");
	check_struct(nest, KIN_A_EVENT_EXEC, rec->exec, sizeof(*rec->exec), "exec");
	check_struct(nest, KIN_A_EVENT_EXIT, rec->exit, sizeof(*rec->exit), "exit");
	check_struct(nest, KIN_A_EVENT_COMM, rec->comm, sizeof(*rec->comm), "comm");
	check_struct(nest, KIN_A_EVENT_OOM, rec->oom, sizeof(*rec->oom), "oom");
	check_string(nest, KIN_A_EVENT_FILENAME, rec->filename, "file name");
}

void reference_end_events(void)
{
	struct bytes nest;

	if (next_event(&nest))
		complain("an event was not told");
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: the answer to kin_fd_dump(), through the very code that reads it.
 * Each table and descriptor that is handed out is read to its last byte, and
 * compared with a second reading of the same datagrams.
 *
 * Input: a byte (after how many of them the callback has enough, 0: never), then
 * the datagrams.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "libkin.h"
#include "reply-kernel.h"
#include "reply-reference.h"

#define ENOUGH 55

struct reader {
	unsigned int n, enough;
};

static void must(bool good)
{
	if (!good)
		abort();
}

static volatile unsigned char sink;

static void touch(const void *bytes, size_t len)
{
	for (size_t i = 0; bytes && i < len; i++)
		sink ^= ((const unsigned char *)bytes)[i];
}

static int read_fd(const struct kin_fd_record *rec, void *arg)
{
	struct reader *reader = arg;

	touch(rec->table, sizeof(*rec->table));
	touch(rec->fd, sizeof(*rec->fd));
	touch(rec->sock, sizeof(*rec->sock));
	touch(rec->path, rec->path ? strlen(rec->path) + 1 : 0);
	touch(rec->unix_name, rec->unix_name_len);
	touch(rec->counts, rec->n_counts * sizeof(*rec->counts));
	if (rec->fd)
		must(strlen(kin_fd_type_name(rec->fd->type)));
	reference_check_fd(rec);
	return ++reader->n == reader->enough ? ENOUGH : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct kin_fd_query query = { .parts = KIN_FD_PARTS };
	struct reader reader = { .enough = size ? data[0] : 0 };
	struct kin *kin;
	int err;

	if (!size)
		return 0;
	kernel_says(data + 1, size - 1, true);
	reference_says(data + 1, size - 1);
	must(!kin_open(&kin));
	err = kin_fd_dump(kin, &query, read_fd, &reader);
	must(err <= 0 || err == ENOUGH);
	must(strlen(kin_error(kin)) || err >= 0);
	if (!reader.enough || reader.n < reader.enough)
		reference_end_fds(err);
	kin_close(kin);
	return 0;
}

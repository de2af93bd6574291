// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: what comes to a subscription, through the very code that reads it.
 * Each event that is handed out is read to its last byte, and the same bytes are
 * read twice: once in one go, once by a callback that has enough now and then;
 * both must be told the same.
 *
 * Input: a byte (after how many events the callback has enough, 0: each time),
 * then the datagrams: first the answer to the subscription.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "libkin.h"
#include "reply-kernel.h"
#include "reply-reference.h"

#define ENOUGH	 55
#define MAX_READ 100000 /* calls: each takes something, or says that there is no more */

struct reader {
	uint64_t records, digest; /* of all that was told */
	unsigned int enough;
};

static void must(bool good)
{
	if (!good)
		abort();
}

static void digest(struct reader *reader, const void *bytes, size_t len)
{
	for (size_t i = 0; bytes && i < len; i++)
		reader->digest = reader->digest * 0x100000001b3 ^
				 ((const unsigned char *)bytes)[i];
}

static bool has_end(const char *name)
{
	return memchr(name, 0, KIN_COMM_LEN);
}

static int read_event(const struct kin_event_record *rec, void *arg)
{
	struct reader *reader = arg;

	must(rec->base || rec->lost || !rec->filename);
	must(!rec->base || (!rec->lost && has_end(rec->base->comm)));
	must(!rec->exec || has_end(rec->exec->old_comm));
	must(!rec->comm || has_end(rec->comm->old_comm));
	reference_check_event(rec);
	digest(reader, rec->base, sizeof(*rec->base));
	digest(reader, rec->fork, sizeof(*rec->fork));
	digest(reader, rec->exec, sizeof(*rec->exec));
	digest(reader, rec->exit, sizeof(*rec->exit));
	digest(reader, rec->comm, sizeof(*rec->comm));
	digest(reader, rec->oom, sizeof(*rec->oom));
	digest(reader, rec->filename, rec->filename ? strlen(rec->filename) + 1 : 0);
	digest(reader, &rec->lost, sizeof(rec->lost));
	reader->records++;
	return reader->enough && reader->records % reader->enough == 0 ? ENOUGH : 0;
}

/* What is wrong is told once, and what is behind it comes nevertheless. */
static void read_all(struct kin_events *ev, struct reader *reader)
{
	int err = 1, n = 0;

	while (err && err != -ENODEV) {
		err = kin_events_read(ev, 0, read_event, reader);
		must(err <= 1 || err == ENOUGH);
		must(strlen(kin_events_error(ev)) || err >= 0);
		must(n++ < MAX_READ);
	}
}

static struct reader listen(const uint8_t *data, size_t size, unsigned int enough)
{
	const struct kin_event_filter filter = { .kinds = KIN_KINDS };
	struct reader reader = { .enough = enough };
	struct kin_events *ev;
	int err;

	kernel_says(data, size, true);
	reference_says(data, size);
	err = kin_events_open(&ev, &filter);
	must(err <= 0 && ev);
	must(strlen(kin_events_error(ev)) || err >= 0);
	if (!err) {
		read_all(ev, &reader);
		reference_end_events();
	}
	kin_events_close(ev);
	return reader;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader whole, parts;

	if (!size)
		return 0;
	whole = listen(data + 1, size - 1, 0);
	parts = listen(data + 1, size - 1, data[0] + 1);
	must(whole.records == parts.records && whole.digest == parts.digest);
	return 0;
}

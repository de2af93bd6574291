// SPDX-License-Identifier: GPL-2.0-or-later
/* kin itself, through libkin. */
#include <err.h>

#include "contender.h"
#include "libkin.h"

static struct kin *kin;
static uint32_t wanted;

static void library_open(const struct contender *self, pid_t pid)
{
	const int error = kin_open(&kin);

	if (error)
		errx(1, "kin: %s", kin ? kin_error(kin) : strerror(-error));
	wanted = pid;
}

static void library_close(const struct contender *self)
{
	kin_close(kin);
}

static int take_fd(const struct kin_fd_record *rec, void *seen)
{
	if (rec->fd)
		seen_add(seen, rec->fd->fd, rec->path);
	return 0;
}

static int take_counts(const struct kin_fd_record *rec, void *arg)
{
	struct seen *seen = arg;
	uint32_t i;

	for (i = 0; i < rec->n_counts; i++)
		seen->descriptors += rec->counts[i];
	return 0;
}

struct detail {
	uint32_t parts;
	kin_fd_fn *fn;
};

static void dump(const struct contender *self, struct seen *seen)
{
	const struct detail *detail = self->detail;
	const struct kin_fd_query query = {
		.scope = { .tgids = &wanted, .n_tgids = 1 },
		.parts = detail->parts,
	};

	if (kin_fd_dump(kin, &query, detail->fn, seen))
		errx(1, "kin: %s", kin_error(kin));
}

static int take_files(const struct kin_record *rec, void *arg)
{
	struct seen *seen = arg;

	if (rec->files)
		seen->descriptors = rec->files->open;
	return 0;
}

static void get_files(const struct contender *self, struct seen *seen)
{
	if (kin_get(kin, wanted, KIN_KIND_PROCESS, KIN_GROUP_FILES, take_files,
		    seen))
		errx(1, "kin: %s", kin_error(kin));
}

const struct contender kin_paths = {
	.goal = "path",
	.name = "kin",
	.has_paths = true,
	.open = library_open,
	.read = dump,
	.close = library_close,
	.detail = &(const struct detail){ KIN_FD_PART_LIST | KIN_FD_PART_PATH,
					  take_fd },
};

const struct contender kin_counts = {
	.goal = "types",
	.name = "kin",
	.open = library_open,
	.read = dump,
	.close = library_close,
	.detail = &(const struct detail){ KIN_FD_PART_COUNTS, take_counts },
};

const struct contender kin_files = {
	.goal = "count",
	.name = "kin",
	.open = library_open,
	.read = get_files,
	.close = library_close,
};

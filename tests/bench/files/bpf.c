// SPDX-License-Identifier: GPL-2.0-or-later
/* The contender that has a BPF program write number, inode and path. */
#include <err.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "contender.h"
#include "fds.skel.h"
#include "record.h"

static struct fds_bpf *skel;
static struct bpf_link *iterator;

static void bpf_open(const struct contender *self, pid_t pid)
{
	union bpf_iter_link_info info = { .task.pid = pid };
	DECLARE_LIBBPF_OPTS(bpf_iter_attach_opts, opts, .link_info = &info,
			    .link_info_len = sizeof(info));

	skel = fds_bpf__open_and_load();
	if (!skel)
		err(1, "the BPF program does not load");
	iterator = bpf_program__attach_iter(skel->progs.write_fd, &opts);
	if (!iterator)
		err(1, "the BPF iterator does not attach");
}

/* Records may be cut at the end of a read. Returns bytes that are left. */
static size_t take(char *from, size_t size, struct seen *seen)
{
	const struct bench_fd *record;
	size_t at = 0, len;

	while (size - at >= BENCH_FD_HEAD) {
		record = (const void *)(from + at);
		len = BENCH_FD_HEAD + record->len;
		if (len > size - at)
			break;
		seen_add(seen, record->fd, record->path);
		at += len;
	}
	memmove(from, from + at, size - at);
	return size - at;
}

static void bpf_read(const struct contender *self, struct seen *seen)
{
	static char buffer[65536] __attribute__((aligned(8)));
	const int fd = bpf_iter_create(bpf_link__fd(iterator));
	size_t left = 0;
	ssize_t n;

	if (fd < 0)
		err(1, "bpf_iter_create");
	while ((n = read(fd, buffer + left, sizeof(buffer) - left)) > 0)
		left = take(buffer, left + n, seen);
	if (n < 0 || left)
		err(1, "read of a BPF iterator");
	close(fd);
}

static void bpf_close(const struct contender *self)
{
	bpf_link__destroy(iterator);
	fds_bpf__destroy(skel);
}

const struct contender bpf_paths = {
	.goal = "path",
	.name = "bpf",
	.has_paths = true,
	.open = bpf_open,
	.read = bpf_read,
	.close = bpf_close,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/* The contender that has a BPF program write its samples. */
#include <err.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "contender.h"
#include "tasks.skel.h"

static struct tasks_bpf *skel;

static void bpf_open(const struct contender *self)
{
	skel = tasks_bpf__open_and_load();
	if (!skel)
		err(1, "the BPF program does not load");
	if (tasks_bpf__attach(skel))
		err(1, "the BPF iterator does not attach");
}

/*
 * The samples go straight to where they are wanted: there is nothing to decode
 * or to copy. A read brings what the kernel's buffer holds, 32 KiB at most.
 */
static void bpf_read(const struct contender *self, struct samples *list)
{
	const int fd = bpf_iter_create(bpf_link__fd(skel->links.write_process));
	ssize_t n;

	if (fd < 0)
		err(1, "bpf_iter_create");
	for (;;) {
		if (list->n == list->room)
			samples_overflow();
		n = read(fd, list->at + list->n,
			 (list->room - list->n) * sizeof(*list->at));
		if (n <= 0)
			break;
		if (n % sizeof(*list->at))
			errx(1, "a BPF iterator's read ended in a sample");
		list->n += n / sizeof(*list->at);
	}
	if (n < 0)
		err(1, "read of a BPF iterator");
	close(fd);
}

static void bpf_close(const struct contender *self)
{
	tasks_bpf__destroy(skel);
}

const struct contender bpf_tasks = {
	.goal = "numbers",
	.name = "bpf",
	.units = { .times_per_tick = 10000000, .rss_per_page = 1 },
	.fields = SAMPLE_ALL & ~SAMPLE_CPU_TIMES,
	.open = bpf_open,
	.read = bpf_read,
	.close = bpf_close,
};

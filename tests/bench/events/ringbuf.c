// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * BPF programs with a ring buffer. Usually each event wakes the reader up, unless
 * it is behind; batched, it looks by itself, as often as kin sends its batches.
 */
#include <err.h>
#include <errno.h>
#include <time.h>

#include <bpf/libbpf.h>

#include "events.skel.h"
#include "look.h"
#include "record.h"
#include "source.h"

static struct events_bpf *skel;
static struct ring_buffer *ring;

static __u64 look(const struct bench_base *base)
{
	const struct bench_fork *f = (const void *)base;
	const struct bench_exec *e = (const void *)base;
	const struct bench_exit *x = (const void *)base;
	const __u64 sum = LOOK_BASE(base);

	switch (base->kind) {
	case BENCH_FORK:
		return sum + LOOK_FORK(f);
	case BENCH_EXEC:
		return sum + LOOK_EXEC(e) + strlen(e->filename);
	default:
		return sum + LOOK_EXIT(x);
	}
}

static int take(void *arg, void *data, size_t len)
{
	const struct bench_base *base = data;
	struct tally *tally = arg;

	tally->looked += look(base);
	if (base->ppid == tally->family)
		tally_add(tally);
	return 0;
}

static void prepare(struct tally *tally, bool quiet)
{
	skel = events_bpf__open();
	if (!skel)
		err(1, "the BPF programs do not open");
	skel->rodata->quiet = quiet;
	if (events_bpf__load(skel))
		err(1, "the BPF programs do not load");
	ring = ring_buffer__new(bpf_map__fd(skel->maps.ring), take, tally, NULL);
	if (!ring)
		err(1, "no BPF ring buffer");
}

static void ringbuf_on(struct tally *tally)
{
	if (events_bpf__attach(skel))
		err(1, "the BPF programs do not attach");
}

static void ringbuf_off(struct tally *tally)
{
	events_bpf__detach(skel);
}

static void look_for_losses(struct tally *tally)
{
	if (skel->bss->lost != tally->lost)
		tally_lost(tally, skel->bss->lost - tally->lost);
}

static void woken_prepare(struct tally *tally)
{
	prepare(tally, false);
}

static void woken_read(struct tally *tally)
{
	const int error = ring_buffer__poll(ring, -1);

	if (error < 0 && error != -EINTR)
		errx(1, "BPF ring buffer: %s", strerror(-error));
	look_for_losses(tally);
}

static void batched_prepare(struct tally *tally)
{
	prepare(tally, true);
}

static void batched_read(struct tally *tally)
{
	const struct timespec rest = { .tv_nsec = tally->batch_ms * 1000000l };

	nanosleep(&rest, NULL);
	if (ring_buffer__consume(ring) < 0)
		err(1, "BPF ring buffer");
	look_for_losses(tally);
}

const struct source ringbuf_source = {
	.prepare = woken_prepare,
	.on = ringbuf_on,
	.off = ringbuf_off,
	.read = woken_read,
};

const struct source ringbuf_batched_source = {
	.prepare = batched_prepare,
	.on = ringbuf_on,
	.off = ringbuf_off,
	.read = batched_read,
};

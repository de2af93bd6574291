// SPDX-License-Identifier: GPL-2.0-or-later
/* Who looks on, in the order in which they are shown. */
#include "way.h"

#define KIN(name, readers, stopped) \
	{ name, &kin_source, readers, true, stopped }
#define OTHER(name, source, readers) { name, source, readers, false, false }

const struct way ways[] = {
	{ .name = "kin 0", .module = true },
	KIN("kin 1", 1, false),
	KIN("kin stopped", 1, true),
	KIN("kin 4", 4, false),
	OTHER("bpf 1", &ringbuf_source, 1),
	OTHER("bpf 4", &ringbuf_source, 4),
	OTHER("bpf batched 1", &ringbuf_batched_source, 1),
	OTHER("bpf batched 4", &ringbuf_batched_source, 4),
	OTHER("connector 1", &connector_source, 1),
	OTHER("connector 4", &connector_source, 4),
};

const unsigned int n_ways = sizeof(ways) / sizeof(ways[0]);

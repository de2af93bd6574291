// SPDX-License-Identifier: GPL-2.0-or-later
#include "draw.h"

/* splitmix64: the state only counts, so that any seed is as good as another. */
uint64_t draw_seed(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

void draw_start(uint64_t *seed)
{
	*seed = draw_seed(seed);
}

uint32_t draw(uint64_t *seed, uint32_t n)
{
	return draw_seed(seed) % n;
}

const char *draw_name(uint64_t *seed)
{
	static const char *const names[] = {
		"x",
		"with blanks",
		"fifteen letters",
		"more than fifteen letters",
		"a) R 1 1",
		"line\nend",
		"\033[31mred",
		"\xc3\xa4\xf0\x9f\x90\x9f",
		"\xff\xfe\x80",
		"\"\\\t",
	};

	return names[draw(seed, sizeof(names) / sizeof(*names))];
}

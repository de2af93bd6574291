// SPDX-License-Identifier: GPL-2.0-or-later
/* Which points of the module's code the requests have reached, by KCOV. */
#include <fcntl.h>
#include <linux/kcov.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "request.h"

#define MAX_POINTS  8192
#define MAX_SECTION 64
#define TRACE_WORDS (1 << 17) /* of one program */

static struct point {
	uint64_t address;
	char name[64];
} *points;
static unsigned int n_points;

static uint8_t *reached; /* by anybody: shared */
static uint64_t *trace;
static int kcov;

static int compare_points(const void *a, const void *b)
{
	const struct point *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

/* Where it was loaded; asked for once, since points come section by section. */
static uint64_t section_address(const char *name)
{
	static char last[MAX_SECTION];
	static unsigned long address;
	char path[128];
	FILE *file;

	if (!strcmp(name, last))
		return address;
	strcpy(last, name);
	address = 0;
	snprintf(path, sizeof(path), "/sys/module/%s/sections/%s", spec_family, name);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (fscanf(file, "%lx", &address) != 1)
		address = 0;
	fclose(file);
	return address;
}

unsigned int cover_load(const char *path)
{
	char section[MAX_SECTION], name[sizeof(points->name)];
	FILE *file = fopen(path, "r");
	unsigned long offset;
	uint64_t base;

	if (!file)
		return 0;
	points = calloc(MAX_POINTS, sizeof(*points));
	while (points && n_points < MAX_POINTS &&
	       fscanf(file, "%63s %lx %63s", section, &offset, name) == 3) {
		base = section_address(section);
		if (!base)
			continue;
		points[n_points].address = base + offset;
		strcpy(points[n_points++].name, name);
	}
	fclose(file);
	qsort(points, n_points, sizeof(*points), compare_points);
	reached = mmap(NULL, MAX_POINTS, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return reached == MAP_FAILED ? 0 : n_points;
}

bool cover_open(void)
{
	if (!n_points)
		return false;
	kcov = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
	if (kcov < 0 || ioctl(kcov, KCOV_INIT_TRACE, TRACE_WORDS))
		return false;
	trace = mmap(NULL, TRACE_WORDS * sizeof(*trace), PROT_READ | PROT_WRITE,
		     MAP_SHARED, kcov, 0);
	if (trace == MAP_FAILED)
		trace = NULL;
	return trace;
}

void cover_start(void)
{
	if (trace && ioctl(kcov, KCOV_ENABLE, KCOV_TRACE_PC))
		run_wrong("KCOV does not start");
}

void cover_clear(void)
{
	if (trace)
		__atomic_store_n(trace, 0, __ATOMIC_RELAXED);
}

static bool reach(uint64_t address)
{
	unsigned int low = 0, high = n_points, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (points[middle].address == address)
			return !__atomic_exchange_n(&reached[middle], 1, __ATOMIC_RELAXED);
		if (points[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* The same loop over tasks comes by the same points again and again. */
unsigned int cover_take(void)
{
	static uint64_t last[256];
	uint64_t n, address;
	unsigned int new = 0;

	if (!trace)
		return 0;
	n = __atomic_load_n(trace, __ATOMIC_RELAXED);
	for (uint64_t i = 1; i <= n && i < TRACE_WORDS; i++) {
		address = trace[i];
		if (last[address % 256] == address)
			continue;
		last[address % 256] = address;
		new += reach(address);
	}
	return new;
}

/* A line is reached with one of its points: some have others for what a checker of
 * the kernel would say. */
static bool line_reached(const char *name)
{
	for (unsigned int i = 0; i < n_points; i++)
		if (reached[i] && !strcmp(points[i].name, name))
			return true;
	return false;
}

static bool first_of_line(unsigned int which)
{
	for (unsigned int i = 0; i < which; i++)
		if (!strcmp(points[i].name, points[which].name))
			return false;
	return true;
}

void cover_count(struct cover *cover)
{
	*cover = (struct cover){ .points = n_points };
	for (unsigned int i = 0; i < n_points; i++) {
		cover->points_reached += reached[i];
		if (!first_of_line(i))
			continue;
		cover->lines++;
		if (line_reached(points[i].name))
			cover->lines_reached++;
		else
			printf("# not reached: %s\n", points[i].name);
	}
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "usage.h"

#define NS_PER_S  UINT64_C(1000000000)
#define NS_PER_US UINT64_C(1000)

static uint64_t ns(const struct timeval *t)
{
	return t->tv_sec * NS_PER_S + t->tv_usec * NS_PER_US;
}

void usage_from(struct log_usage *usage, const struct rusage *ru)
{
	*usage = (struct log_usage){
		.runtime_ns = ns(&ru->ru_utime) + ns(&ru->ru_stime),
		.min_flt = ru->ru_minflt,
		.maj_flt = ru->ru_majflt,
		.nvcsw = ru->ru_nvcsw,
		.nivcsw = ru->ru_nivcsw,
		.maxrss_bytes = ru->ru_maxrss * UINT64_C(1024),
		.rchar_bytes = LOG_NONE,
		.wchar_bytes = LOG_NONE,
	};
}

/* What it reads to know this is not in it. */
static void look_at_io(struct log_usage *usage)
{
	char buf[512];
	const int fd = open("/proc/self/io", O_RDONLY | O_CLOEXEC);
	const ssize_t len = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);

	close(fd);
	if (len < 0)
		return;
	buf[len] = '\0';
	usage->looked_bytes = len;
	sscanf(buf, "rchar: %" SCNu64 " wchar: %" SCNu64, &usage->rchar_bytes,
	       &usage->wchar_bytes);
}

bool usage_look(struct log_usage *usage)
{
	struct timespec now;
	struct rusage ru;

	if (getrusage(RUSAGE_SELF, &ru))
		return false;
	usage_from(usage, &ru);
	look_at_io(usage);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	usage->runtime_ns = now.tv_sec * NS_PER_S + now.tv_nsec;
	return true;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * iowait FILE [READERS]: processes that wait for a disk all the time: each reads
 * blocks of FILE (a big file, or a device; it is only read) in no order, past the
 * cache; eight of them.
 *
 * What it shows: state D, again and again, for a moment; voluntary switches at the
 * rate of the disk; hardly any CPU time, and CPUs that are idle "in iowait"; read_bytes
 * that grow. The load average counts them, though no CPU is busy.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "lab.h"

#define BLOCK 4096

static void read_for_ever(const char *path, off_t blocks, unsigned int seed)
{
	const int fd = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);
	void *block;

	if (fd < 0 || posix_memalign(&block, BLOCK, BLOCK))
		err(1, "%s", path);
	for (;;)
		if (pread(fd, block, BLOCK, rand_r(&seed) % blocks * BLOCK) < 0)
			err(1, "%s", path);
}

static off_t count_blocks(const char *path)
{
	const int fd = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);
	const off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);

	if (size < 0)
		err(1, "%s cannot be read past the cache", path);
	if (size < 256 * BLOCK)
		errx(1, "%s: too small: a disk remembers 1 MiB", path);
	close(fd);
	return size / BLOCK;
}

int main(int argc, char **argv)
{
	long readers;
	off_t blocks;

	if (argc < 2)
		errx(2, "usage: iowait FILE [READERS]");
	readers = lab_number(argc, argv, 2, 1, 1024, 8);
	blocks = count_blocks(argv[1]);
	for (long i = 0; i < readers; i++) {
		const pid_t pid = lab_fork();

		if (pid < 0)
			err(1, "fork");
		if (!pid)
			read_for_ever(argv[1], blocks, i + 1);
	}
	lab_say(getpid(), "has %ld children that wait for %s", readers, argv[1]);
	lab_cured(-1);
	return 0;
}

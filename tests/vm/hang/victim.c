// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * victim DIRECTORY: a process that is stuck on the file system of ./server, of
 * which it is the program: a thread in read(2), a thread in a page fault; and
 * has its working directory and descriptors there: 10 the file that cannot be
 * read, 11 a directory; 12 and 13 are the ends of a pipe. Prints its pid before
 * it gets stuck.
 */
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static char *second_half;

static void *stuck_in_read(void *unused)
{
	char byte;

	if (read(10, &byte, 1) != 1)
		err(1, "read");
	return unused;
}

static void *stuck_in_fault(void *unused)
{
	*(volatile char *)second_half;
	return unused;
}

static void place(int fd, int wanted)
{
	if (fd < 0 || dup2(fd, wanted) < 0)
		err(1, "descriptor %d", wanted);
	close(fd);
}

static void settle(const char *directory)
{
	int ends[2];

	if (chdir(directory))
		err(1, "%s", directory);
	place(open("never", O_RDWR), 10);
	place(open("dir", O_RDONLY | O_DIRECTORY), 11);
	if (pipe(ends) || chdir("dir"))
		err(1, "pipe, dir");
	place(ends[0], 12);
	place(ends[1], 13);
}

static void map_never(void)
{
	const off_t size = lseek(10, 0, SEEK_END);
	char *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, 10, 0);

	if (size < 0 || map == MAP_FAILED || lseek(10, 0, SEEK_SET))
		err(1, "never");
	second_half = map + size / 2;
}

int main(int argc, char **argv)
{
	pthread_t reader, toucher;

	if (argc != 2)
		errx(2, "usage: victim DIRECTORY");
	settle(argv[1]);
	map_never();
	printf("%d\n", getpid());
	fflush(stdout);
	if (pthread_create(&reader, NULL, stuck_in_read, NULL) ||
	    pthread_create(&toucher, NULL, stuck_in_fault, NULL))
		errx(1, "no threads");
	for (;;)
		pause();
}

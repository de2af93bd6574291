/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A way to look at the descriptors of a process. All functions end the program with a
 * message if something fails: a contender that does less is none.
 */
#ifndef BENCH_FILES_CONTENDER_H
#define BENCH_FILES_CONTENDER_H

#include <linux/types.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>

/* What a pass brought. */
struct seen {
	__u64 descriptors;
	__u64 numbers; /* their sum */
	bool hashing; /* only where nothing is measured */
	__u64 paths; /* the sum of their hashes */
};

struct contender {
	const char *goal; /* those with the same goal compete */
	const char *name;
	/* Count the CPU time of the process and of those it starts, no other. */
	bool cpu_time;
	bool has_paths; /* which must be what others read, too */
	__u32 most; /* descriptors; with more it would take too long; 0: any */

	void (*open)(const struct contender *self, pid_t pid);
	/* One pass, the work that is measured. */
	void (*read)(const struct contender *self, struct seen *seen);
	void (*close)(const struct contender *self);

	const void *detail; /* of its own */
};

extern const struct contender *const contenders[];
extern const size_t n_contenders;

extern const struct contender kin_paths, kin_files, kin_counts;
extern const struct contender procfs_readlink, procfs_fdinfo;
extern const struct contender procfs_listing, procfs_stat, procfs_stat_cached;
extern const struct contender bpf_paths;
extern const struct contender program_kin_fd, program_lsof, program_lsfd;

static inline __u64 hash_text(const char *text, size_t len)
{
	__u64 hash = 14695981039346656037ull;

	while (len--)
		hash = (hash ^ (unsigned char)*text++) * 1099511628211ull;
	return hash;
}

/* One descriptor; @path is ended by NUL. */
static inline void seen_add(struct seen *seen, __u32 fd, const char *path)
{
	seen->descriptors++;
	seen->numbers += fd;
	if (seen->hashing)
		seen->paths += hash_text(path, strlen(path)) * (fd + 1);
}

#endif /* BENCH_FILES_CONTENDER_H */

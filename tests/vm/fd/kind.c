// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/stat.h>

#include "kind.h"

#define ANON	     "anon_inode:"
#define NSFS_MAGIC   0x6e736673
#define MQUEUE_MAGIC 0x19800202
#define SECRETMEM_MAGIC 0x5345434d

static const struct {
	const char *name; /* a * stands for the rest */
	enum kin_fd_type type;
} anonymous[] = {
	{ "[eventpoll]", KIN_FD_EPOLL },
	{ "[eventfd]", KIN_FD_EVENTFD },
	{ "[timerfd]", KIN_FD_TIMERFD },
	{ "[signalfd]", KIN_FD_SIGNALFD },
	{ "inotify", KIN_FD_INOTIFY },
	{ "[fanotify]", KIN_FD_FANOTIFY },
	{ "[pidfd]", KIN_FD_PIDFD },
	{ "[io_uring]", KIN_FD_IO_URING },
	{ "[perf_event]", KIN_FD_PERF },
	{ "[userfaultfd]", KIN_FD_USERFAULTFD },
	{ "bpf*", KIN_FD_BPF },
	{ "btf", KIN_FD_BPF },
};

static enum kin_fd_type anonymous_kind(const char *name)
{
	for (size_t i = 0; i < sizeof(anonymous) / sizeof(*anonymous); i++) {
		const char *star = strchr(anonymous[i].name, '*');

		if (star ? !strncmp(name, anonymous[i].name, star - anonymous[i].name) :
			   !strcmp(name, anonymous[i].name))
			return anonymous[i].type;
	}
	return KIN_FD_OTHER;
}

static enum kin_fd_type kind_of_mode(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return KIN_FD_FILE;
	case S_IFDIR:
		return KIN_FD_DIR;
	case S_IFCHR:
		return KIN_FD_CHR;
	case S_IFBLK:
		return KIN_FD_BLK;
	case S_IFIFO:
		return KIN_FD_FIFO;
	case S_IFLNK:
		return KIN_FD_LINK;
	case S_IFSOCK:
		return KIN_FD_SOCKET;
	default:
		return KIN_FD_OTHER;
	}
}

/* Paths begin with a slash, but for the names of memfds, which do so, too; nobody
 * here gives a file in the root such a name. */
enum kin_fd_type kind_of(const char *link, mode_t mode, long file_system)
{
	if (link && !strncmp(link, ANON, strlen(ANON)))
		return anonymous_kind(link + strlen(ANON));
	if (file_system == NSFS_MAGIC)
		return KIN_FD_NS;
	if (file_system == MQUEUE_MAGIC && S_ISREG(mode))
		return KIN_FD_MQUEUE;
	if (link && (!strncmp(link, "/memfd:", 7) || file_system == SECRETMEM_MAGIC))
		return KIN_FD_MEMFD;
	if (link && !strncmp(link, "pipe:[", 6))
		return KIN_FD_PIPE;
	return kind_of_mode(mode);
}

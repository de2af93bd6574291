// SPDX-License-Identifier: GPL-2.0-or-later
/* What the types of descriptors are called. */
#include "fdtype.h"
#include "libkin.h"

const char *const kin_fd_type_names[] = {
	[KIN_FD_OTHER] = "other",
	[KIN_FD_FILE] = "file",
	[KIN_FD_DIR] = "dir",
	[KIN_FD_CHR] = "chr",
	[KIN_FD_BLK] = "blk",
	[KIN_FD_FIFO] = "fifo",
	[KIN_FD_LINK] = "link",
	[KIN_FD_PIPE] = "pipe",
	[KIN_FD_SOCKET] = "socket",
	[KIN_FD_MEMFD] = "memfd",
	[KIN_FD_EPOLL] = "epoll",
	[KIN_FD_EVENTFD] = "eventfd",
	[KIN_FD_TIMERFD] = "timerfd",
	[KIN_FD_SIGNALFD] = "signalfd",
	[KIN_FD_INOTIFY] = "inotify",
	[KIN_FD_FANOTIFY] = "fanotify",
	[KIN_FD_PIDFD] = "pidfd",
	[KIN_FD_IO_URING] = "io_uring",
	[KIN_FD_PERF] = "perf",
	[KIN_FD_BPF] = "bpf",
	[KIN_FD_USERFAULTFD] = "userfaultfd",
	[KIN_FD_NS] = "ns",
	[KIN_FD_MQUEUE] = "mqueue",
	NULL,
};

_Static_assert(sizeof(kin_fd_type_names) / sizeof(*kin_fd_type_names) ==
		       KIN_FD_TYPE_COUNT + 1, "each type has a name");

const char *kin_fd_type_name(uint32_t type)
{
	return kin_fd_type_names[type < KIN_FD_TYPE_COUNT ? type : KIN_FD_OTHER];
}

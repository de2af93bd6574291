// SPDX-License-Identifier: GPL-2.0-or-later
/* What has no path. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "zoo.h"

#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif
#ifndef MFD_HUGETLB
#define MFD_HUGETLB 4u
#endif

static void say_memfds(void)
{
	char longest[250];
	int fd = memfd_create("plain", 0);

	if (ftruncate(fd, 12345) || lseek(fd, 77, SEEK_SET) < 0)
		zoo_die("memfd");
	zoo_say(fd, "memfd", KIN_FD_MEMFD, " path=/memfd:plain");
	zoo_say(memfd_create("a \n(deleted)", MFD_CLOEXEC), "memfd-strange", KIN_FD_MEMFD,
		" path=/memfd:a%%20%%0a%%28deleted%%29");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	zoo_say(memfd_create(longest, 0), "memfd-long", KIN_FD_MEMFD, " path=/memfd:%s",
		longest);
	zoo_say(memfd_create("huge", MFD_HUGETLB), "memfd-huge", KIN_FD_MEMFD,
		" path=/memfd:huge");
}

static void say_pollers(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	zoo_say(epoll_create1(EPOLL_CLOEXEC), "epoll", KIN_FD_EPOLL, " path=anon_inode:[eventpoll]");
	zoo_say(eventfd(7, EFD_NONBLOCK), "eventfd", KIN_FD_EVENTFD, " path=anon_inode:[eventfd]");
	zoo_say(timerfd_create(CLOCK_MONOTONIC, 0), "timerfd", KIN_FD_TIMERFD,
		" path=anon_inode:[timerfd]");
	zoo_say(signalfd(-1, &signals, 0), "signalfd", KIN_FD_SIGNALFD, " path=anon_inode:[signalfd]");
	zoo_say(inotify_init1(IN_NONBLOCK), "inotify", KIN_FD_INOTIFY, " path=anon_inode:inotify");
	zoo_say(fanotify_init(FAN_CLASS_NOTIF, O_RDONLY), "fanotify", KIN_FD_FANOTIFY,
		" path=anon_inode:[fanotify]");
}

static void say_kernel_objects(void)
{
	const uint64_t rules = 1;
	struct io_uring_params ring = { 0 };
	struct perf_event_attr perf = { .type = PERF_TYPE_SOFTWARE,
					.size = sizeof(perf),
					.config = PERF_COUNT_SW_TASK_CLOCK };

	zoo_say(syscall(SYS_pidfd_open, getpid(), 0), "pidfd", KIN_FD_PIDFD,
		" path=anon_inode:[pidfd]");
	zoo_say(syscall(SYS_io_uring_setup, 4, &ring), "io_uring", KIN_FD_IO_URING,
		" path=anon_inode:[io_uring]");
	zoo_say(syscall(SYS_perf_event_open, &perf, 0, -1, -1, 0), "perf", KIN_FD_PERF,
		" path=anon_inode:[perf_event]");
	zoo_say(syscall(SYS_userfaultfd, O_CLOEXEC), "userfaultfd", KIN_FD_USERFAULTFD,
		" path=anon_inode:[userfaultfd]");
	zoo_say(syscall(SYS_memfd_secret, 0), "memfd-secret", KIN_FD_MEMFD, NULL);
	zoo_say(syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0), "landlock",
		KIN_FD_OTHER, " path=anon_inode:[landlock-ruleset]");
}

static void say_bpf(void)
{
	static const struct bpf_insn end[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K }, { .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr map = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4,
			       .value_size = 4, .max_entries = 1 };
	union bpf_attr prog = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insn_cnt = 2,
				.insns = (uintptr_t)end, .license = (uintptr_t)"GPL" };

	zoo_say(syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof(map)), "bpf-map", KIN_FD_BPF,
		" path=anon_inode:bpf-map");
	zoo_say(syscall(SYS_bpf, BPF_PROG_LOAD, &prog, sizeof(prog)), "bpf-prog", KIN_FD_BPF,
		" path=anon_inode:bpf-prog");
}

static void say_namespaces(void)
{
	static const char *const kinds[] = { "cgroup", "ipc", "mnt", "net", "pid",
					     "time", "user", "uts" };
	char path[64], name[32];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		snprintf(name, sizeof(name), "ns-%s", kinds[i]);
		zoo_say(open(path, O_RDONLY), name, KIN_FD_NS, NULL);
	}
}

/* One that is gone, and one that stays: until the next zoo, or the end. */
static void say_queues(void)
{
	struct mq_attr attr = { .mq_maxmsg = 3, .mq_msgsize = 64 };
	const int flags = O_RDWR | O_CREAT;
	mqd_t queue;

	mq_unlink("/kin-zoo");
	queue = mq_open("/kin-zoo", flags, 0600, &attr);
	mq_unlink("/kin-zoo");
	zoo_say(queue, "mqueue-deleted", KIN_FD_MQUEUE, " path=/kin-zoo deleted=1");
	zoo_say(mq_open("/kin-zoo", flags | O_NONBLOCK, 0600, &attr), "mqueue",
		KIN_FD_MQUEUE, " path=/kin-zoo deleted=0");
}

void zoo_anonymous(void)
{
	say_memfds();
	say_pollers();
	say_kernel_objects();
	say_bpf();
	say_namespaces();
	say_queues();
}

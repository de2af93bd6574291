// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * server DIRECTORY PROGRAM: a file system (FUSE) that stops. In DIRECTORY are
 *
 *	program	what PROGRAM is
 *	never	a file that cannot be read: once both its halves were asked for,
 *		the server stops itself (SIGSTOP), with both unanswered
 *	dir	a directory, empty
 *	mute	nobody knows: whoever looks it up gets no answer
 *
 * It prints a line when it is mounted. The kernel remembers nothing of it: each
 * stat(2) asks the server. Whoever kills the server makes all requests fail.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes; the kernel wants room for a request of 8 KiB at least. */
#define REQUEST_MAX 65536
#define REPLY_MAX  131072
#define NEVER_SIZE 1048576

enum { ROOT = FUSE_ROOT_ID, PROGRAM, NEVER, DIRECTORY };

static int device, program;
static off_t program_size;

static void reply(const struct fuse_in_header *in, int error, const void *body,
		  size_t size)
{
	static char buffer[sizeof(struct fuse_out_header) + REPLY_MAX];
	const struct fuse_out_header header = {
		.len = sizeof(header) + size,
		.error = error,
		.unique = in->unique,
	};

	memcpy(buffer, &header, sizeof(header));
	if (size)
		memcpy(buffer + sizeof(header), body, size);
	/* ENOENT: whoever asked is gone. */
	if (write(device, buffer, header.len) < 0 && errno != ENOENT)
		err(1, "reply to request %u", in->opcode);
}

static void init(const struct fuse_in_header *in)
{
	const struct fuse_init_in *ask = (const void *)(in + 1);
	/* No reading ahead: what nobody needs is not asked for. */
	const struct fuse_init_out out = {
		.major = FUSE_KERNEL_VERSION,
		.minor = ask->minor < FUSE_KERNEL_MINOR_VERSION ?
				 ask->minor :
				 FUSE_KERNEL_MINOR_VERSION,
		.max_write = 4096,
	};

	reply(in, 0, &out, sizeof(out));
}

static struct fuse_attr attributes(uint64_t node)
{
	const bool is_dir = node == ROOT || node == DIRECTORY;
	struct fuse_attr attr = {
		.ino = node,
		.mode = is_dir ? S_IFDIR | 0755 : S_IFREG | 0755,
		.nlink = 1,
		.blksize = 4096,
	};

	if (node == PROGRAM)
		attr.size = program_size;
	if (node == NEVER)
		attr.size = NEVER_SIZE;
	return attr;
}

static void lookup(const struct fuse_in_header *in)
{
	static const char *const names[] = {
		[PROGRAM] = "program", [NEVER] = "never", [DIRECTORY] = "dir"
	};
	const char *wanted = (const void *)(in + 1);
	struct fuse_entry_out out = { 0 };
	uint64_t node;

	if (!strcmp(wanted, "mute"))
		return;
	for (node = PROGRAM; node <= DIRECTORY; node++) {
		if (strcmp(names[node], wanted))
			continue;
		out.nodeid = node;
		out.attr = attributes(node);
		reply(in, 0, &out, sizeof(out));
		return;
	}
	reply(in, -ENOENT, NULL, 0);
}

static void getattr(const struct fuse_in_header *in)
{
	const struct fuse_attr_out out = { .attr = attributes(in->nodeid) };

	reply(in, 0, &out, sizeof(out));
}

static void open_node(const struct fuse_in_header *in)
{
	const struct fuse_open_out out = { 0 };

	reply(in, 0, &out, sizeof(out));
}

/* Of the file that cannot be read both halves, and then nothing any more. */
static void stop_soon(uint64_t offset)
{
	static bool asked[2];

	asked[offset >= NEVER_SIZE / 2] = true;
	if (asked[0] && asked[1])
		raise(SIGSTOP);
}

static void read_node(const struct fuse_in_header *in)
{
	const struct fuse_read_in *ask = (const void *)(in + 1);
	static char bytes[REPLY_MAX];
	ssize_t n;

	if (in->nodeid == NEVER) {
		stop_soon(ask->offset);
		return;
	}
	n = pread(program, bytes,
		  ask->size < sizeof(bytes) ? ask->size : sizeof(bytes),
		  ask->offset);
	reply(in, n < 0 ? -errno : 0, bytes, n < 0 ? 0 : n);
}

static void serve(const struct fuse_in_header *in)
{
	switch (in->opcode) {
	case FUSE_INIT:
		return init(in);
	case FUSE_LOOKUP:
		return lookup(in);
	case FUSE_GETATTR:
		return getattr(in);
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		return open_node(in);
	case FUSE_READ:
		return read_node(in);
	case FUSE_READDIR:
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
	case FUSE_FLUSH:
		return reply(in, 0, NULL, 0);
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		return; /* want no answer */
	default:
		return reply(in, -ENOSYS, NULL, 0);
	}
}

static void mount_at(const char *directory)
{
	char options[128];

	device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (device < 0)
		err(1, "/dev/fuse");
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other",
		 device);
	if (mount("kin-hang", directory, "fuse.kin-hang", 0, options))
		err(1, "mount %s", directory);
	puts("mounted");
	fflush(stdout);
}

static void open_program(const char *path)
{
	struct stat st;

	program = open(path, O_RDONLY | O_CLOEXEC);
	if (program < 0 || fstat(program, &st))
		err(1, "%s", path);
	program_size = st.st_size;
}

int main(int argc, char **argv)
{
	static _Alignas(8) char request[REQUEST_MAX];

	if (argc != 3)
		errx(2, "usage: server DIRECTORY PROGRAM");
	open_program(argv[2]);
	mount_at(argv[1]);
	/* ENODEV: unmounted. */
	while (read(device, request, sizeof(request)) > 0 || errno == EINTR ||
	       errno == ENOENT)
		serve((const void *)request);
	return errno == ENODEV ? 0 : 1;
}

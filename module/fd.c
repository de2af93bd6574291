// SPDX-License-Identifier: GPL-2.0
/*
 * What is told of one descriptor. Its table is locked, so that the file behind it
 * is open all the while and needs no reference of ours: to give back the last one
 * would mean to close the file, and that may wait for a disk or a server.
 */
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/net.h>
#include <linux/string.h>
#include <net/sock.h>

#include "fd.h"
#include "kin.h"
#include "path.h"
#include "record.h"
#include "socket.h"

/* Not in magic.h: of every kernel, or at all. */
#define MQUEUE_FS_MAGIC	0x19800202
#define PID_FS_MAGIC	0x50494446
#define SECRETMEM_MAGIC	0x5345434d

/* ---- types ---- */

/* The names that the kernel gives to inodes that share one. */
static const struct {
	const char *name;
	u32 len;
	u32 type;
} anon_names[] = {
#define ANON(name, type) { name, sizeof(name) - 1, type }
	ANON("[eventpoll]", KIN_FD_EPOLL),
	ANON("[eventfd]", KIN_FD_EVENTFD),
	ANON("[timerfd]", KIN_FD_TIMERFD),
	ANON("[signalfd]", KIN_FD_SIGNALFD),
	ANON("inotify", KIN_FD_INOTIFY),
	ANON("[fanotify]", KIN_FD_FANOTIFY),
	ANON("[pidfd]", KIN_FD_PIDFD),
	ANON("[io_uring]", KIN_FD_IO_URING),
	ANON("[perf_event]", KIN_FD_PERF),
	ANON("bpf-map", KIN_FD_BPF),
	ANON("bpf-prog", KIN_FD_BPF),
	ANON("bpf_link", KIN_FD_BPF),
	ANON("btf", KIN_FD_BPF),
	ANON("[userfaultfd]", KIN_FD_USERFAULTFD),
#undef ANON
};

/* These names are never changed. */
static u32 anon_type(const struct file *file)
{
	const struct qstr *name = &file->f_path.dentry->d_name;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(anon_names); i++)
		if (name->len == anon_names[i].len &&
		    !memcmp(name->name, anon_names[i].name, name->len))
			return anon_names[i].type;
	return KIN_FD_OTHER;
}

/* Files without a place, of tmpfs or hugetlbfs; others may be called so, too, but
 * not in the kernel's own mounts of these. */
static bool is_memfd(const struct file *file)
{
	static const char prefix[] = "memfd:";

	return (file->f_path.mnt->mnt_flags & MNT_INTERNAL) &&
	       !strncmp(file->f_path.dentry->d_name.name, prefix,
			sizeof(prefix) - 1);
}

static u32 type_of_mode(const struct file *file, umode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return unlikely(is_memfd(file)) ? KIN_FD_MEMFD : KIN_FD_FILE;
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
	default:
		return KIN_FD_OTHER;
	}
}

/**
 * kin_fd_type - what kind of file it is
 * @file: the file, which stays open meanwhile
 *
 * Return: one of enum kin_fd_type.
 */
u32 kin_fd_type(const struct file *file)
{
	const struct inode *inode = file_inode(file);

	switch (inode->i_sb->s_magic) {
	case SOCKFS_MAGIC:
		return KIN_FD_SOCKET;
	case PIPEFS_MAGIC:
		return KIN_FD_PIPE;
	case ANON_INODE_FS_MAGIC:
		return anon_type(file);
	case NSFS_MAGIC:
		return S_ISREG(inode->i_mode) ? KIN_FD_NS : KIN_FD_DIR;
	case PID_FS_MAGIC:
		return KIN_FD_PIDFD;
	case MQUEUE_FS_MAGIC:
		return S_ISREG(inode->i_mode) ? KIN_FD_MQUEUE : KIN_FD_DIR;
	case SECRETMEM_MAGIC:
		return KIN_FD_MEMFD;
	default:
		return type_of_mode(file, inode->i_mode);
	}
}

/* ---- parts ---- */

static u32 marks(const struct file *file, bool cloexec)
{
	return (cloexec ? KIN_FD_CLOEXEC : 0) |
	       (file->f_mode & FMODE_READ ? KIN_FD_READ : 0) |
	       (file->f_mode & FMODE_WRITE ? KIN_FD_WRITE : 0);
}

static struct kin_fd *put_base(void **at, const struct file *file, u32 type,
			       u32 fd, bool cloexec)
{
	struct kin_fd *f = kin_put_attr(at, KIN_A_FD_BASE, sizeof(*f));
	const struct inode *inode = file_inode(file);

	f->ino = inode->i_ino;
	f->pos = READ_ONCE(file->f_pos);
	f->size = i_size_read(inode);
	f->fd = fd;
	f->type = type;
	f->flags = marks(file, cloexec);
	f->open_flags = READ_ONCE(file->f_flags) & ~O_CLOEXEC;
	/* Newer kernels give it the type of a file and hide that from stat(). */
	f->mode = type == KIN_FD_PIDFD ? inode->i_mode & ~S_IFMT :
					 inode->i_mode;
	f->nlink = inode->i_nlink;
	f->dev = new_encode_dev(inode->i_sb->s_dev);
	f->rdev = new_encode_dev(inode->i_rdev);
	return f;
}

static int put_path(struct kin_fd_out *out, void **at,
		    const struct file *file, struct kin_fd *f)
{
	const size_t room = kin_attr_room(*at, out->end);
	char *to = *at + NLA_HDRLEN;
	bool deleted = false;
	int len;

	len = kin_path_write_near(&out->near, &file->f_path, to,
				  min(room, out->path_max), &deleted);
	if (len == -EMSGSIZE && room >= out->path_max)
		return -E2BIG;
	if (len == -ENAMETOOLONG) {
		f->flags |= KIN_FD_PATH_LONG;
		return 0;
	}
	if (len < 0)
		return len;
	if (deleted)
		f->flags |= KIN_FD_DELETED;
	kin_claim_attr(at, KIN_A_FD_PATH, len + 1);
	return 0;
}

static int put_socket(const struct kin_fd_out *out, void **at,
		      const struct file *file)
{
	struct socket *sock = SOCKET_I(file_inode(file));
	const char *name;
	size_t len;

	if (kin_attr_room(*at, out->end) < sizeof(struct kin_sock))
		return -EMSGSIZE;
	kin_socket_read(kin_put_attr(at, KIN_A_FD_SOCK,
				     sizeof(struct kin_sock)), sock);
	len = kin_socket_unix_name(sock, &name);
	if (!len)
		return 0;
	if (kin_attr_room(*at, out->end) < len)
		return -EMSGSIZE;
	memcpy(*at + NLA_HDRLEN, name, len);
	kin_claim_attr(at, KIN_A_FD_UNIX, len);
	return 0;
}

static int put_parts(struct kin_fd_out *out, void **at,
		     const struct file *file, struct kin_fd *f)
{
	/* With O_PATH a file is the inode's: the socket may just be closed. */
	if (f->type == KIN_FD_SOCKET)
		return (out->parts & KIN_FD_PART_SOCK) &&
				       !(file->f_mode & FMODE_PATH) ?
			       put_socket(out, at, file) : 0;
	if (f->type == KIN_FD_PIPE || !(out->parts & KIN_FD_PART_PATH))
		return 0;
	return put_path(out, at, file, f);
}

/**
 * kin_fd_put - write KIN_A_FD_TABLE_FD
 * @out: where to; unchanged if it does not fit
 * @file: the file, which stays open meanwhile
 * @type: kin_fd_type() of it
 * @fd: its number
 * @cloexec: closed by exec
 *
 * Context: does not sleep; the descriptor's table is locked, or the file is held.
 * Return: 0, -EMSGSIZE, or -E2BIG if its path is longer than it may get now.
 */
int kin_fd_put(struct kin_fd_out *out, struct file *file, u32 type, u32 fd,
	       bool cloexec)
{
	struct nlattr *nest = out->at;
	void *at = nla_data(nest);
	struct kin_fd *f;
	int err;

	if (out->end - out->at <
	    NLA_HDRLEN + nla_total_size(sizeof(struct kin_fd)))
		return -EMSGSIZE;
	f = put_base(&at, file, type, fd, cloexec);
	err = put_parts(out, &at, file, f);
	if (err)
		return err;
	nest->nla_type = KIN_A_FD_TABLE_FD | NLA_F_NESTED;
	nest->nla_len = at - (void *)nest;
	out->at = at;
	return 0;
}

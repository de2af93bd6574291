// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "spool.h"

#define NAME_DIGITS	16
#define NEW_NAME	".new"
#define HEAD_FORMAT	"kin-spool-1 %016" PRIx64 " %016" PRIx64 "\n"
#define HEAD_LEN	(12 + 16 + 1 + 16 + 1)

/* FNV-1a: a file whose blocks never reached the disk is noticed; it keeps out nobody. */
static uint64_t checksum(const char *data, size_t len)
{
	uint64_t sum = 0xcbf29ce484222325u;

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (unsigned char)data[i]) * 0x100000001b3u;
	return sum;
}

static void file_name(char name[NAME_DIGITS + 1], uint64_t seq)
{
	snprintf(name, NAME_DIGITS + 1, "%016" PRIx64, seq);
}

/* What is a letter, a digit, "-" or "_" stays; the rest is %XX, as in links. A dot may
 * stand anywhere but in front. */
static void safe_name(char *to, size_t room, const char *from)
{
	char *end = to + room - 4, *first = to;

	for (; *from && to < end; from++) {
		unsigned char c = *from;

		if (isascii(c) && (isalnum(c) || c == '-' || c == '_' ||
				   (c == '.' && to > first)))
			*to++ = c;
		else
			to += sprintf(to, "%%%02X", c);
	}
	*to = '\0';
}

static int open_dir(int at, const char *name)
{
	int fd;

	if (mkdirat(at, name, 0700) && errno != EEXIST)
		return -errno;
	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int first_free(struct spool *spool)
{
	struct spool_entry *list;
	size_t n;
	int err = spool_list(spool, &list, &n);

	if (err)
		return err;
	spool->next = n ? list[n - 1].seq + 1 : 1;
	free(list);
	return 0;
}

int spool_open(struct spool *spool, const char *base, const char *name)
{
	char safe[200];
	int at = open_dir(AT_FDCWD, base), err;

	spool->dir = -1;
	if (at < 0)
		return at;
	safe_name(safe, sizeof(safe), name);
	spool->dir = open_dir(at, safe);
	close(at);
	if (spool->dir < 0)
		return spool->dir;
	if (flock(spool->dir, LOCK_EX | LOCK_NB))
		err = errno == EWOULDBLOCK ? -EBUSY : -errno;
	else
		err = first_free(spool);
	if (err)
		spool_close(spool);
	else
		unlinkat(spool->dir, NEW_NAME, 0);
	return err;
}

void spool_close(struct spool *spool)
{
	if (spool->dir >= 0)
		close(spool->dir);
	spool->dir = -1;
}

static bool is_message(const char *name, uint64_t *seq)
{
	if (strlen(name) != NAME_DIGITS ||
	    strspn(name, "0123456789abcdef") != NAME_DIGITS)
		return false;
	*seq = strtoull(name, NULL, 16);
	return true;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = ((const struct spool_entry *)a)->seq;
	uint64_t y = ((const struct spool_entry *)b)->seq;

	return x < y ? -1 : x > y;
}

static int list_add(int dir, const char *name, struct spool_entry **listp, size_t *n)
{
	struct spool_entry *list = *listp;
	struct stat st;
	uint64_t seq;

	if (!is_message(name, &seq) || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) ||
	    !S_ISREG(st.st_mode))
		return 0;
	/* grows at 1, 2, 4, ... */
	if (!(*n & (*n - 1))) {
		list = reallocarray(list, *n ? 2 * *n : 1, sizeof(*list));
		if (!list)
			return -ENOMEM;
		*listp = list;
	}
	list[*n].seq = seq;
	/* as it was put; a torn one may lack even its head */
	list[(*n)++].bytes = st.st_size > HEAD_LEN ? st.st_size - HEAD_LEN : 0;
	return 0;
}

int spool_list(struct spool *spool, struct spool_entry **listp, size_t *n)
{
	struct dirent *entry;
	int err = 0, fd = openat(spool->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	*listp = NULL;
	*n = 0;
	if (!dir) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	while (!err && (errno = 0, entry = readdir(dir)))
		err = list_add(spool->dir, entry->d_name, listp, n);
	if (!err && errno)
		err = -errno;
	closedir(dir);
	if (err) {
		free(*listp);
		*listp = NULL;
		*n = 0;
		return err;
	}
	if (*n)
		qsort(*listp, *n, sizeof(**listp), compare);
	return 0;
}

static int write_all(int fd, const char *data, size_t len)
{
	ssize_t some;

	for (; len; data += some, len -= some) {
		some = write(fd, data, len);
		if (some < 0 && errno == EINTR)
			some = 0;
		if (some < 0)
			return -errno;
	}
	return 0;
}

static int write_new(int dir, const char *data, size_t len)
{
	int fd = openat(dir, NEW_NAME, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
			O_NOFOLLOW, 0600);
	char head[HEAD_LEN + 1];
	int err;

	if (fd < 0)
		return -errno;
	snprintf(head, sizeof(head), HEAD_FORMAT, (uint64_t)len, checksum(data, len));
	err = write_all(fd, head, HEAD_LEN);
	if (!err)
		err = write_all(fd, data, len);
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int spool_put(struct spool *spool, const char *data, size_t len, uint64_t *seq)
{
	char name[NAME_DIGITS + 1];
	int err = write_new(spool->dir, data, len);

	/* the name comes last: whoever sees it sees all of the message */
	file_name(name, spool->next);
	if (!err && renameat(spool->dir, NEW_NAME, spool->dir, name))
		err = -errno;
	if (err) {
		unlinkat(spool->dir, NEW_NAME, 0);
		return err;
	}
	*seq = spool->next++;
	return 0;
}

static int read_all(int fd, char **datap, size_t *len)
{
	struct stat st;
	ssize_t some;
	size_t got = 0;
	char *data;

	if (fstat(fd, &st))
		return -errno;
	data = malloc(st.st_size + 1);
	if (!data)
		return -ENOMEM;
	while (got < (size_t)st.st_size) {
		some = read(fd, data + got, st.st_size - got);
		if (some < 0 && errno == EINTR)
			continue;
		if (some < 0) {
			some = -errno;
			free(data);
			return some;
		}
		if (!some)
			break;
		got += some;
	}
	data[got] = '\0';
	*datap = data;
	*len = got;
	return 0;
}

/* Take the head off, if it and the rest are what was written. */
static int check(char *data, size_t *len)
{
	char head[HEAD_LEN + 1];
	size_t rest = *len - HEAD_LEN;

	if (*len < HEAD_LEN)
		return -EBADMSG;
	snprintf(head, sizeof(head), HEAD_FORMAT, (uint64_t)rest,
		 checksum(data + HEAD_LEN, rest));
	if (memcmp(head, data, HEAD_LEN))
		return -EBADMSG;
	memmove(data, data + HEAD_LEN, rest + 1);
	*len = rest;
	return 0;
}

static int open_message(const struct spool *spool, uint64_t seq)
{
	char name[NAME_DIGITS + 1];
	int fd;

	file_name(name, seq);
	fd = openat(spool->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

int spool_get(const struct spool *spool, uint64_t seq, char **datap, size_t *len)
{
	int fd = open_message(spool, seq), err;

	if (fd < 0)
		return fd;
	err = read_all(fd, datap, len);
	close(fd);
	if (err)
		return err;
	err = check(*datap, len);
	if (err) {
		free(*datap);
		*datap = NULL;
	}
	return err;
}

void spool_drop(struct spool *spool, uint64_t seq)
{
	char name[NAME_DIGITS + 1];

	file_name(name, seq);
	unlinkat(spool->dir, name, 0);
}

int spool_sync(const struct spool *spool, uint64_t seq)
{
	int fd = open_message(spool, seq), err = 0;

	if (fd < 0)
		return fd;
	if (fsync(fd) || fsync(spool->dir))
		err = -errno;
	close(fd);
	return err;
}

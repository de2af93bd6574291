// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "log.h"

#define NUMBERS (sizeof(((struct log *)0)->last_born) / sizeof(uint32_t))

struct log *log_map(int fd)
{
	struct log *log = mmap(NULL, sizeof(*log), PROT_READ | PROT_WRITE,
			       MAP_SHARED, fd, 0);

	return log == MAP_FAILED ? NULL : log;
}

struct log *log_create(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	struct log *log = NULL;

	if (fd < 0)
		return NULL;
	if (!ftruncate(fd, sizeof(*log)))
		log = log_map(fd);
	close(fd);
	return log;
}

static uint32_t take(uint32_t *used, uint32_t n, uint32_t room,
		     const char *what)
{
	const uint32_t at = __atomic_fetch_add(used, n, __ATOMIC_SEQ_CST);

	if (at + n > room)
		errx(99, "the log is full of %s", what);
	return at;
}

/* Key 0 is the first one's. */
uint32_t log_new_life(struct log *log)
{
	return take(&log->lives, 1, LOG_LIVES, "lives");
}

/* Two that have the same number are not alive at the same time. */
void log_born(struct log *log, uint32_t key)
{
	struct log_life *life = &log->life[key];

	if (life->pid == life->tgid)
		log->last_born[life->pid % NUMBERS] = key;
	__atomic_store_n(&life->born,
			 1 + __atomic_fetch_add(&log->births, 1,
						__ATOMIC_SEQ_CST),
			 __ATOMIC_SEQ_CST);
}

uint32_t log_text(struct log *log, const char *text)
{
	const uint32_t len = strlen(text) + 1;
	const uint32_t at = take(&log->text, len, LOG_TEXT, "text");

	memcpy(log->bytes + at, text, len);
	return at;
}

struct log_act *log_add_act(struct log *log, uint32_t key,
			    enum log_act_kind kind, const char *comm)
{
	const uint32_t number = 1 + take(&log->acts, 1, LOG_ACTS - 1, "acts");
	struct log_life *life = &log->life[key];
	struct log_act *act = &log->act[number];

	act->kind = kind;
	act->uid = life->uid;
	memcpy(act->old_comm, life->comm, LOG_COMM);
	/* (@comm may be life->comm.) */
	memcpy(act->comm, comm, strnlen(comm, LOG_COMM - 1));
	memcpy(life->comm, act->comm, LOG_COMM);
	if (life->last_act)
		log->act[life->last_act].next = number;
	else
		life->first_act = number;
	life->last_act = number;
	return act;
}

uint32_t log_find(const struct log *log, uint32_t pid, uint32_t space)
{
	const struct log_life *life;
	uint32_t key = log->last_born[pid % NUMBERS];

	if (!space && log->life[key].pid == pid)
		return key;
	for (key = log->lives; key-- > 0;) {
		life = &log->life[key];
		if (life->born && life->inner_pid == pid &&
		    life->space == space && life->pid == life->tgid)
			return key;
	}
	errx(99, "nobody was born with number %u", pid);
}

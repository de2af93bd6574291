// SPDX-License-Identifier: GPL-2.0-or-later
/* Parsers of /proc/PID/stat and /proc/PID/status, by hand: sscanf() is slow. */
#include <string.h>
#include <unistd.h>

#include "stat.h"

/* The number at *at, which moves behind the character that ends it. */
static inline __u64 number(const char **at)
{
	const char *c = *at;
	__u64 n = 0;

	while ((unsigned char)(*c - '0') < 10)
		n = n * 10 + (*c++ - '0');
	*at = c + 1;
	return n;
}

static inline __s64 signed_number(const char **at)
{
	if (**at != '-')
		return number(at);
	++*at;
	return -(__s64)number(at);
}

static inline void skip(const char **at)
{
	while (*(*at)++ != ' ')
		;
}

void stat_parse(struct bench_sample *s, __u32 pid, const char *text, size_t len)
{
	/* The name may have brackets in it, nothing behind it has. */
	const char *at = memrchr(text, ')', len);

	s->pid = pid;
	at += 2;
	s->state = *at;
	at += 2;
	s->ppid = number(&at);
	s->pgrp = number(&at);
	s->session = number(&at);
	s->tty = signed_number(&at);
	skip(&at); /* tpgid */
	skip(&at); /* flags */
	s->min_flt = number(&at);
	s->cmin_flt = number(&at);
	s->maj_flt = number(&at);
	s->cmaj_flt = number(&at);
	s->utime = number(&at);
	s->stime = number(&at);
	s->cutime = number(&at);
	s->cstime = number(&at);
	s->priority = signed_number(&at);
	s->nice = signed_number(&at);
	s->num_threads = number(&at);
	skip(&at); /* itrealvalue */
	s->start = number(&at);
	s->vsize = number(&at);
	s->rss = number(&at);
}

static __u64 value(const char *at)
{
	while (*at == ' ' || *at == '\t')
		at++;
	return number(&at);
}

static int has_key(const char *line, const char *end, const char *key,
		   size_t len)
{
	return (size_t)(end - line) > len && !memcmp(line, key, len);
}

#define VALUE_OF(key) \
	(has_key(line, end, key ":", sizeof(key)) ? line + sizeof(key) : NULL)

void status_parse(struct bench_sample *s, const char *text, size_t len)
{
	const char *line, *end = text - 1, *at;
	const char *stop = text + len;
	static unsigned long page_kib;

	if (!page_kib)
		page_kib = sysconf(_SC_PAGESIZE) / 1024;
	for (line = text; line < stop; line = end + 1) {
		end = memchr(line, '\n', stop - line);
		if (!end)
			return;
		switch (*line) {
		case 'S':
			if ((at = VALUE_OF("State")))
				s->state = at[1];
			break;
		case 'P':
			if ((at = VALUE_OF("PPid")))
				s->ppid = value(at);
			break;
		case 'V':
			if ((at = VALUE_OF("VmSize")))
				s->vsize = value(at) * 1024;
			else if ((at = VALUE_OF("VmRSS")))
				s->rss = value(at) / page_kib;
			break;
		case 'T':
			at = VALUE_OF("Threads");
			if (at) {
				s->num_threads = value(at);
				return; /* the rest is of no use here */
			}
			break;
		}
	}
}

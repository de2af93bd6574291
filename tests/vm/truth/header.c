// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the text of the header as far as it has to: structs named kin_*, and
 * what stands before each semicolon in them.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "header.h"
#include "host.h"
#include "proc.h"
#include "tap.h"

#define HEADER_MAX 65536
#define STRUCT	   "\nstruct kin_"

/* What events say is compared by tests of their own (test-events-*.c), descriptors by
 * test-fd, what cannot be had from /proc by test-groups. */
static const char *const of_others[] = {
	"fd: ino pos size fd type flags open_flags mode nlink dev rdev ",
	"fd_table: start_boottime_ns open table_size limit_soft limit_hard pid tgid uid flags "
	"users shared_pid comm ",
	"sock: peer_ino rx_queue tx_queue netns family type protocol state flags ifindex "
	"local_port remote_port local remote ",
	"limit: soft hard ",
	"delay: blkio_ns blkio_count swapin_ns swapin_count freepages_ns freepages_count "
	"thrashing_ns thrashing_count compact_ns compact_count wpcopy_ns wpcopy_count irq_ns "
	"irq_count ",
	"wait: since_cpu_ns ",
	"event: seq boottime_ns start_boottime_ns cgroup_id kind flags cpu pid tgid ppid uid comm ",
	"event_fork: clone_flags parent_start_boottime_ns creator_pid creator_tgid pgid sid exit_signal ",
	"event_exec: exec_id old_pid old_comm ",
	"event_exit: utime_ns stime_ns runtime_ns min_flt maj_flt nvcsw nivcsw rss_peak_bytes "
	"rchar_bytes wchar_bytes read_bytes write_bytes status ",
	"event_comm: old_comm ",
	"event_oom: rss_anon_bytes rss_file_bytes rss_shmem_bytes oom_score_adj ",
};

static bool known_of_others(const char *of, const char *name)
{
	const size_t len = strlen(of);
	char word[80];
	size_t i;

	snprintf(word, sizeof(word), " %s ", name);
	for (i = 0; i < sizeof(of_others) / sizeof(*of_others); i++) {
		if (!strncmp(of_others[i], of, len) && of_others[i][len] == ':')
			return strstr(of_others[i], word);
	}
	return false;
}

static bool known(const char *of, const char *name)
{
	size_t i;

	for (i = 0; i < n_fields; i++) {
		if (!strcmp(fields[i].of, of) && !strcmp(fields[i].name, name))
			return true;
	}
	return host_knows(of, name) || known_of_others(of, name);
}

/* Comments become blanks. */
static void blank_comments(char *text)
{
	char *at = text, *end;

	while ((at = strstr(at, "/*"))) {
		end = strstr(at, "*/");
		if (!end)
			break;
		memset(at, ' ', end + 2 - at);
	}
}

/* The name in "type name" or "type name[size]", which ends at @end. */
static void member_name(const char *end, char *name, size_t size)
{
	const char *start;

	if (end[-1] == ']') {
		while (*--end != '[')
			;
	}
	start = end;
	while (isalnum((unsigned char)start[-1]) || start[-1] == '_')
		start--;
	snprintf(name, size, "%.*s", (int)(end - start), start);
}

static unsigned int unknown_in(const char *of, const char *body,
			       const char *end, char *first, size_t size)
{
	unsigned int n = 0;
	const char *at;
	char name[64];

	for (at = strchr(body, ';'); at && at < end; at = strchr(at + 1, ';')) {
		member_name(at, name, sizeof(name));
		if (known(of, name))
			continue;
		if (!n++ && !*first)
			snprintf(first, size, "kin_%s.%s", of, name);
	}
	return n;
}

unsigned int header_unknown(const char *original, const char **first)
{
	static char text[HEADER_MAX], found[160];
	char *at = text, *end, of[64];
	unsigned int n = 0;

	snprintf(text, sizeof(text), "%s", original);
	blank_comments(text);
	found[0] = '\0';
	while ((at = strstr(at, STRUCT))) {
		at += strlen(STRUCT);
		snprintf(of, sizeof(of), "%.*s",
			 (int)strspn(at,
				     "abcdefghijklmnopqrstuvwxyz0123456789_"),
			 at);
		end = strchr(at, '}');
		if (!end)
			tap_bail("kin_%s has no end", of);
		n += unknown_in(of, at, end, found, sizeof(found));
	}
	*first = found;
	return n;
}

/* Text @more put in before the @nth "} KIN_WIRE"; false if there are fewer. */
static bool insert(const char *text, unsigned int nth, const char *more,
		   char *to, size_t size)
{
	const char *at = text;

	for (;;) {
		at = strstr(at, "} KIN_WIRE");
		if (!at)
			return false;
		if (!nth--)
			break;
		at++;
	}
	snprintf(to, size, "%.*s%s%s", (int)(at - text), text, more, at);
	return true;
}

/* A member more in each struct in turn; then a struct more. */
static void check_made_up(const char *text)
{
	static char made_up[HEADER_MAX + 256];
	unsigned int nth, noticed = 0;
	const char *first;

	for (nth = 0; insert(text, nth, "\t__u64\tbrand_new_ns; /* x */\n",
			     made_up, sizeof(made_up));
	     nth++)
		noticed += header_unknown(made_up, &first) == 1 &&
			   strstr(first, ".brand_new_ns");
	snprintf(made_up, sizeof(made_up),
		 "%s\nstruct kin_brand_new {\n\t__u32 number[3];\n} KIN_WIRE;",
		 text);
	noticed += header_unknown(made_up, &first) == 1 &&
		   !strcmp(first, "kin_brand_new.number");
	tap_ok(nth >= 7 && noticed == nth + 1,
	       "a header with a member or struct more is noticed (%u of %u)",
	       noticed, nth + 1);
}

void header_check(const char *path)
{
	static char text[HEADER_MAX];
	const char *first;
	unsigned int n;

	if (proc_file(path, text, sizeof(text)) <= 0)
		tap_bail("cannot read %s", path);
	n = header_unknown(text, &first);
	tap_ok(!n, "the test knows each member of each struct in kin.h%s%s",
	       n ? ", but not " : "", first);
	check_made_up(text);
}

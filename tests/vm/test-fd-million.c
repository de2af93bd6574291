// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A process with 1,000,000 descriptors, while others of its come and go: each
 * one is listed once, all are counted, its growth is seen; and the kernel's
 * memory does not grow with them while they are dumped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fds/churn.h"
#include "fds/hoard.h"
#include "libkin.h"
#include "truth/proc.h"
#include "truth/tap.h"

/* Bytes: what others may do to the kernel's caches meanwhile. */
#define OTHERS_SLAB (1ul << 20)

static unsigned int kept = 1000000;

static struct kin *kin;

/* ---- listed ---- */

struct list {
	const struct hoard *hoard;
	unsigned char *seen; /* how often */
	unsigned long told, loose, strange, most_slab;
	uint32_t counts[KIN_FD_TYPE_COUNT];
};

/* Bytes in the kernel's caches. */
static unsigned long slab(void)
{
	char text[8192];
	const char *line;

	if (proc_file("/proc/meminfo", text, sizeof(text)) <= 0)
		tap_bail("no /proc/meminfo");
	line = strstr(text, "\nSlab:");
	return line ? strtoul(line + 6, NULL, 10) * 1024 : 0;
}

static bool is_as_it_is(const struct kin_fd_record *rec)
{
	if (hoard_is_socket(rec->fd->fd))
		return rec->fd->type == KIN_FD_SOCKET && rec->sock;
	return rec->fd->type == KIN_FD_CHR && rec->path &&
	       !strcmp(rec->path, "/dev/null");
}

static int look(const struct kin_fd_record *rec, void *arg)
{
	struct list *list = arg;
	unsigned long now;

	if (rec->counts)
		memcpy(list->counts, rec->counts,
		       rec->n_counts < KIN_FD_TYPE_COUNT ?
			       rec->n_counts * sizeof(uint32_t) :
			       sizeof(list->counts));
	if (!rec->fd)
		return 0;
	if (list->told++ % (list->hoard->kept / 20) == 0) {
		now = slab();
		if (now > list->most_slab)
			list->most_slab = now;
	}
	if (rec->fd->fd >= list->hoard->kept) {
		list->loose++;
		return 0;
	}
	list->seen[rec->fd->fd]++;
	list->strange += !is_as_it_is(rec);
	return 0;
}

static void dump(const struct hoard *hoard, struct list *list)
{
	const uint32_t pid = hoard->pid;
	const struct kin_fd_query query = {
		.scope = { .tgids = &pid, .n_tgids = 1 },
		.parts = KIN_FD_PARTS,
	};

	memset(list, 0, sizeof(*list));
	list->hoard = hoard;
	list->seen = calloc(hoard->kept, 1);
	if (!list->seen)
		tap_bail("no memory");
	if (kin_fd_dump(kin, &query, look, list))
		tap_bail("dump: %s", kin_error(kin));
}

static unsigned long not_once(const struct list *list)
{
	unsigned long n = 0;
	unsigned int i;

	for (i = 0; i < list->hoard->kept; i++)
		n += list->seen[i] != 1;
	return n;
}

static void check_counts(const struct list *list)
{
	const unsigned int sockets =
		(list->hoard->kept + HOARD_SOCKET - 1) / HOARD_SOCKET;
	const unsigned int others = list->hoard->kept - sockets;
	const uint32_t chr = list->counts[KIN_FD_CHR];

	tap_ok(list->counts[KIN_FD_SOCKET] == sockets && chr >= others &&
		       chr <= others + HOARD_LOOSE,
	       "counted by type: %u sockets, %u devices",
	       list->counts[KIN_FD_SOCKET], chr);
}

/* The first dump brings in what the caches keep. */
static void check_list(const struct hoard *hoard)
{
	struct list first, list;
	unsigned long before;

	dump(hoard, &first);
	before = slab();
	dump(hoard, &list);
	tap_note("%lu descriptors told, %lu of them come and go", list.told,
		 list.loose);
	tap_ok(!not_once(&list) && !list.strange,
	       "each of %u is listed once, and as it is: %lu not, %lu strange",
	       hoard->kept, not_once(&list), list.strange);
	tap_ok(list.most_slab <
		       before + OTHERS_SLAB + hoard->kept * sizeof(void *),
	       "the kernel needs less than a pointer for each meanwhile: "
	       "%ld KiB",
	       ((long)list.most_slab - (long)before) / 1024);
	check_counts(&list);
	free(first.seen);
	free(list.seen);
}

/* ---- counted ---- */

static int take_files(const struct kin_record *rec, void *arg)
{
	if (!rec->files)
		return 1;
	*(struct kin_files *)arg = *rec->files;
	return 0;
}

static void check_files(const struct hoard *hoard)
{
	struct kin_files files;

	if (kin_get(kin, hoard->pid, KIN_KIND_PROCESS, KIN_GROUP_FILES,
		    take_files, &files))
		tap_bail("get: %s", kin_error(kin));
	tap_ok(files.open >= hoard->kept &&
		       files.open <= hoard->kept + HOARD_LOOSE &&
		       files.table_size >= files.open &&
		       files.limit_soft == hoard->kept + HOARD_LOOSE + 1,
	       "the group files: %lu of %lu", (unsigned long)files.open,
	       (unsigned long)files.limit_soft);
}

/* ---- by the command ---- */

typedef bool line_fn(const char *line, const struct hoard *hoard);

/* Lines that kin fd prints of it that are as @fn wants them; 0 if it fails. */
static unsigned long run(const char *options, const struct hoard *hoard,
			 line_fn *fn)
{
	char command[256], line[8192];
	unsigned long lines = 0;
	FILE *output;

	snprintf(command, sizeof(command), "build/kin fd %s %d", options,
		 hoard->pid);
	output = popen(command, "r");
	if (!output)
		tap_bail("%s", command);
	while (fgets(line, sizeof(line), output))
		lines += fn(line, hoard);
	return pclose(output) ? 0 : lines;
}

static bool is_kept(const char *line, const struct hoard *hoard)
{
	return strtoul(line, NULL, 10) < hoard->kept;
}

/* PID COMM USER OPEN LIMIT ... */
static bool is_count(const char *line, const struct hoard *hoard)
{
	unsigned int pid, open, limit;

	return sscanf(line, "%u %*s %*s %u %u", &pid, &open, &limit) == 3 &&
	       pid == (unsigned int)hoard->pid && open >= hoard->kept &&
	       open <= hoard->kept + HOARD_LOOSE &&
	       limit == hoard->kept + HOARD_LOOSE + 1;
}

static bool is_growth(const char *line, const struct hoard *hoard)
{
	const char *pid = strstr(line, "\"pid\": ");
	const char *grew = strstr(line, "\"grew\": ");

	return strstr(line, "\"record\": \"growth\"") && pid && grew &&
	       strtol(pid + 7, NULL, 10) == hoard->pid &&
	       strtol(grew + 8, NULL, 10) > 0 &&
	       strstr(line, "\"types\": {\"chr\": ");
}

static void check_command(const struct hoard *hoard)
{
	const unsigned long lines =
		run("--no-headings --raw -o fd", hoard, is_kept);

	tap_ok(lines == hoard->kept, "kin fd lists %lu, and others", lines);
	tap_ok(run("--count --no-headings --raw", hoard, is_count) == 1,
	       "kin fd --count counts them");
}

/* On a busy machine it may stand still from one sample to the next, but not for
 * all of them. */
static void check_watch(void)
{
	unsigned long grew;
	struct hoard hoard;

	hoard_start(&hoard, kept, true);
	grew = run("--watch 0.2 --samples 5 --json", &hoard, is_growth);
	tap_ok(grew, "kin fd --watch sees it grow, by devices: %lu times of 5",
	       grew);
	hoard_end(&hoard);
}

int main(void)
{
	struct kin_status status;
	struct hoard hoard;

	if (getenv("KIN_SMALL"))
		kept /= 10;
	if (kin_open(&kin))
		tap_bail("open: %s", kin_error(kin));
	churn_init();
	hoard_start(&hoard, kept, false);
	check_list(&hoard);
	check_files(&hoard);
	check_command(&hoard);
	hoard_end(&hoard);
	check_watch();
	if (kin_status_get(kin, &status, NULL, 0))
		tap_bail("status: %s", kin_error(kin));
	tap_note(
		"a table was locked for %lu us at most, of this machine's time",
		(unsigned long)status.fds_lock_max_ns / 1000);
	kin_close(kin);
	return tap_done();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alerts to tell, and a place to tell them to. */
#ifndef KIN_TEST_SINKSCENE_H
#define KIN_TEST_SINKSCENE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sinkkind.h"

/* ---- a directory of one test ---- */

static char scene_dir[64];

static int scene_begin(void **state)
{
	strcpy(scene_dir, "/tmp/kin-sink.XXXXXX");
	return mkdtemp(scene_dir) ? 0 : -1;
}

/* rm -r, one level below a directory of directories at most */
static void scene_remove(const char *path)
{
	struct dirent *entry;
	char below[512];
	DIR *dir = opendir(path);

	while (dir && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		if (unlink(below))
			scene_remove(below);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

static int scene_end(void **state)
{
	scene_remove(scene_dir);
	return 0;
}

static inline char *scene_path(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", scene_dir, name);
	return path;
}

/* The text of a file, to be freed; "" if there is none. */
static inline char *scene_read(const char *path)
{
	char *text = calloc(1, 1 << 20);
	FILE *file = fopen(path, "r");

	assert_non_null(text);
	if (file) {
		text[fread(text, 1, (1 << 20) - 1, file)] = '\0';
		fclose(file);
	}
	return text;
}

/* ---- what is said on stderr ---- */

static int scene_stderr = -1;

static inline void scene_hear(void)
{
	int fd = open(scene_path("stderr"), O_RDWR | O_CREAT | O_APPEND, 0600);

	scene_stderr = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	close(fd);
}

/* To be freed. */
static inline char *scene_heard(void)
{
	dup2(scene_stderr, STDERR_FILENO);
	close(scene_stderr);
	scene_stderr = -1;
	return scene_read(scene_path("stderr"));
}

/* ---- alerts ---- */

static inline struct alert scene_alert(uint64_t id, const char *summary)
{
	static struct label labels[] = { { (char *)"team", (char *)"op\"s" } };
	static char *next[] = { (char *)"kin tree 912", (char *)"kill 912" };

	return (struct alert){
		.id = id,
		.rule = (char *)"zombie-flood",
		.severity = SEVERITY_WARNING,
		.state = ALERT_FIRING,
		.subject = { .kind = KIN_EXPR_GROUP, .by = KIN_BY_PARENT, .pid = 912,
			     .start_boottime_ns = 123456789 },
		.summary = (char *)summary,
		.description = (char *)"nobody waits",
		.next = next, .n_next = 2,
		.family = (char *)"init(1) / bash(912)",
		.comm = (char *)"bash",
		.labels = labels, .n_labels = 1,
		.value = 1500, .bar = 100, .type = KIN_TYPE_UINT,
		.has_value = true, .has_bar = true,
		.since_ns = 1000000000, .fired_ns = 11000000000, .told_ns = 11000000000,
		.times_told = 1,
	};
}

/* sink_tell() of alert number @id: its summary is "<@id>". */
static inline int scene_tell(struct sink *sink, uint64_t id)
{
	char summary[32];
	struct alert alert;

	snprintf(summary, sizeof(summary), "<%llu>", (unsigned long long)id);
	alert = scene_alert(id, summary);
	return sink_tell(sink, &alert, ALERT_NEWS_FIRING);
}

/* Whether @text has <@from> ... <@to>, once each, in order, and no other. */
static inline bool scene_in_order(const char *text, unsigned int from, unsigned int to)
{
	unsigned int next = from, got;

	for (; (text = strchr(text, '<')); text++) {
		if (sscanf(text, "<%u>", &got) != 1)
			continue;
		if (got != next++)
			return false;
	}
	return next == to + 1;
}

/* ---- waiting for a state ---- */

static inline double scene_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Until @cond: true; false: not within a while. */
#define WAIT_UNTIL(cond)                                                      \
	({                                                                    \
		double wait_end = scene_seconds() + 30;                       \
		bool wait_met;                                                \
		while (!(wait_met = (cond)) && scene_seconds() < wait_end)    \
			nanosleep(&(struct timespec){ 0, 500000 }, NULL);     \
		wait_met;                                                     \
	})

static inline struct sink_stats scene_stats(const struct sink *sink)
{
	struct sink_stats stats;

	sink_stats(sink, &stats);
	return stats;
}

#endif /* KIN_TEST_SINKSCENE_H */

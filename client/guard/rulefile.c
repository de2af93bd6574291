// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rulefile.h"
#include "ruleread.h"
#include "ruleset.h"
#include "source.h"

/* A byte more than may be, so that this is noticed. */
#define ROOM (SOURCE_MAX_BYTES + 1)

static ssize_t read_some(int fd, char *to, size_t room)
{
	ssize_t got;

	do
		got = read(fd, to, room);
	while (got < 0 && errno == EINTR);
	return got;
}

/* 0, or an errno. */
static int read_all(const char *file, char **textp, size_t *len)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC), err;
	ssize_t got = 1;

	if (fd < 0)
		return errno;
	*textp = malloc(ROOM);
	for (*len = 0; *textp && *len < ROOM && got > 0; *len += got > 0 ? got : 0)
		got = read_some(fd, *textp + *len, ROOM - *len);
	err = !*textp ? ENOMEM : got < 0 ? errno : 0;
	close(fd);
	return err;
}

/* @textp: receives what is to be freed after @set, or NULL; 0, or an errno */
static int add_file(struct ruleset *set, const char *file, char **textp,
		    struct rulefile_seen *seen)
{
	size_t len = 0;
	int err;

	*textp = NULL;
	if (!*file) {
		ruleset_add(set, RULEFILE_BUILTIN, rules_default,
			    strlen(rules_default), seen);
		return 0;
	}
	err = read_all(file, textp, &len);
	if (err)
		ruleset_unreadable(set, file, err);
	else
		ruleset_add(set, file, *textp, len, seen);
	return err;
}

static void free_texts(char **texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(texts[i]);
	free(texts);
}

static int load(struct rules *rules, const char *const *files, size_t n, FILE *errors,
		bool excerpts, struct rulefile_seen *seen)
{
	struct ruleset *set = ruleset_new(n + 1, errors, excerpts);
	char **texts = calloc(n + 1, sizeof(*texts));
	struct rulefile_seen unseen;
	int err = 0, unread;

	memset(rules, 0, sizeof(*rules));
	if (!set || !texts) {
		if (set)
			ruleset_free(set);
		free(texts);
		return -ENOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		unread = add_file(set, files[i], &texts[i], seen ? &seen[i] : &unseen);
		err = err ? err : -unread;
	}
	unread = ruleset_finish(set, rules);
	ruleset_free(set);
	free_texts(texts, n);
	return err ? err : unread;
}

int rules_load(struct rules *rules, const char *const *files, size_t n, FILE *errors)
{
	return load(rules, files, n, errors, false, NULL);
}

int rulefile_load(struct rules *rules, const char *const *files, size_t n, FILE *errors,
		  struct rulefile_seen *seen)
{
	return load(rules, files, n, errors, true, seen);
}

int rules_load_text(struct rules *rules, const char *name, const char *text, size_t len,
		    FILE *errors)
{
	struct ruleset *set = ruleset_new(1, errors, false);
	struct rulefile_seen seen;
	int err;

	memset(rules, 0, sizeof(*rules));
	if (!set)
		return -ENOMEM;
	ruleset_add(set, name, text, len, &seen);
	err = ruleset_finish(set, rules);
	ruleset_free(set);
	return err;
}

void rules_free(struct rules *rules)
{
	for (size_t i = 0; i < rules->n; i++)
		rule_free(&rules->list[i]);
	for (size_t i = 0; i < rules->n_receivers; i++)
		receiver_free(&rules->receivers[i]);
	free(rules->list);
	free(rules->receivers);
	free(rules->external_url);
	memset(rules, 0, sizeof(*rules));
}

/* ---- named by a user ---- */

int rulefile_take(const struct cmd *cmd, const char *arg, const char **files, size_t *n)
{
	if (!*arg)
		return cmd_usage(cmd, "a file of rules has an empty name");
	if (*n == RULEFILE_MAX)
		return cmd_usage(cmd, "more than %d files of rules", RULEFILE_MAX);
	files[(*n)++] = strcmp(arg, RULEFILE_BUILTIN) ? arg : "";
	return CMD_OK;
}

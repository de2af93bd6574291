// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "family.h"
#include "tap.h"

#define FACTORY "build/tests/factory"

static void exec_factory(int in, int out, const char *const options[])
{
	const char *argv[32] = { FACTORY };
	int argc = 1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	while (*options && argc < 31)
		argv[argc++] = *options++;
	/* Its descriptors are its members', too. */
	closefrom(STDERR_FILENO + 1);
	execv(FACTORY, (char **)argv);
	_exit(127);
}

static void add_member(struct family *family, const char *line)
{
	struct member *member;
	char role[64] = "";

	if (family->n == family->room) {
		family->room = family->room ? 2 * family->room : 64;
		family->members =
			realloc(family->members,
				family->room * sizeof(*family->members));
		if (!family->members)
			tap_bail("out of memory");
	}
	member = &family->members[family->n++];
	sscanf(line, "member pid=%u role=%63s", &member->pid, role);
	member->role = strdup(role);
	member->facts = strdup(line + strlen("member"));
}

static void read_family(struct family *family, int fd)
{
	FILE *from = fdopen(fd, "r");
	char *line = NULL;
	bool ready = false;
	size_t room = 0;

	while (!ready && getline(&line, &room, from) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "member ", 7))
			add_member(family, line);
		else if (!strncmp(line, "skipped ", 8))
			tap_note("factory: %s", line);
		ready = !strncmp(line, "ready ", 6);
	}
	free(line);
	fclose(from);
	if (!ready)
		tap_bail("the factory failed");
}

void family_start(struct family *family, const char *const options[])
{
	int in[2], out[2];

	*family = (struct family){ 0 };
	if (pipe(in) || pipe(out))
		tap_bail("pipe");
	family->factory = fork();
	if (!family->factory)
		exec_factory(in[0], out[1], options);
	close(in[0]);
	close(out[1]);
	family->input = in[1];
	read_family(family, out[0]);
}

void family_end(struct family *family)
{
	close(family->input);
	waitpid(family->factory, NULL, 0);
	while (family->n) {
		family->n--;
		free(family->members[family->n].role);
		free(family->members[family->n].facts);
	}
	free(family->members);
}

const char *member_fact(const struct member *member, const char *key)
{
	static char *value;
	char word[64];
	const char *at;

	snprintf(word, sizeof(word), " %s=", key);
	at = strstr(member->facts, word);
	if (!at)
		return NULL;
	free(value);
	at += strlen(word);
	value = strndup(at, strcspn(at, " "));
	return value;
}

const struct member *family_member(const struct family *family,
				   const char *role)
{
	size_t i;

	for (i = 0; i < family->n; i++) {
		if (!strcmp(family->members[i].role, role))
			return &family->members[i];
	}
	tap_bail("the family has no %s", role);
}

size_t unquote(const char *from, char *to, size_t size)
{
	unsigned int byte;
	size_t len = 0;

	while (*from && len < size) {
		if (*from == '%' && sscanf(from + 1, "%2x", &byte) == 1) {
			to[len++] = byte;
			from += 3;
		} else {
			to[len++] = *from++;
		}
	}
	return len;
}

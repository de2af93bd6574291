// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../truth/tap.h"
#include "zoo.h"

#define ZOO "build/tests/zoo"

static void exec_zoo(int in, int out)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	closefrom(STDERR_FILENO + 1);
	execl(ZOO, ZOO, NULL);
	_exit(127);
}

static const char *fact(const struct animal *animal, const char *key)
{
	char word[64];
	const char *at;

	snprintf(word, sizeof(word), " %s=", key);
	at = strstr(animal->facts, word);
	return at ? at + strlen(word) : NULL;
}

unsigned long animal_number(const struct animal *animal, const char *key)
{
	const char *text = fact(animal, key);

	if (!text)
		tap_bail("the zoo does not tell %s of %s", key, animal->name);
	return strtoul(text, NULL, 10);
}

static void add(struct zoo *zoo, const char *line, bool is_table)
{
	struct animal *animal;
	const char *name;

	if (zoo->n == zoo->room) {
		zoo->room = zoo->room ? 2 * zoo->room : 256;
		zoo->animals = realloc(zoo->animals, zoo->room * sizeof(*zoo->animals));
		if (!zoo->animals)
			tap_bail("out of memory");
	}
	animal = &zoo->animals[zoo->n++];
	*animal = (struct animal){ .is_table = is_table, .facts = strdup(line) };
	name = fact(animal, "name");
	animal->name = strndup(name, strcspn(name, " "));
	animal->pid = animal_number(animal, "pid");
	if (is_table)
		animal->tid = animal_number(animal, "tid");
	else
		animal->fd = animal_number(animal, "fd");
}

static bool take_line(struct zoo *zoo, char *line)
{
	line[strcspn(line, "\n")] = '\0';
	if (!strncmp(line, "fd ", 3))
		add(zoo, line + 2, false);
	else if (!strncmp(line, "table ", 6))
		add(zoo, line + 5, true);
	else if (!strncmp(line, "skipped ", 8))
		tap_note("zoo: %s", line);
	return !strncmp(line, "ready ", 6);
}

void zoo_open(struct zoo *zoo)
{
	bool ready = false;
	char *line = NULL;
	size_t room = 0;
	int in[2], out[2];
	FILE *from;

	*zoo = (struct zoo){ 0 };
	if (pipe(in) || pipe(out))
		tap_bail("pipe");
	zoo->pid = fork();
	if (!zoo->pid)
		exec_zoo(in[0], out[1]);
	close(in[0]);
	close(out[1]);
	zoo->input = in[1];
	from = fdopen(out[0], "r");
	while (!ready && getline(&line, &room, from) > 0)
		ready = take_line(zoo, line);
	free(line);
	fclose(from);
	if (!ready)
		tap_bail("the zoo failed");
}

void zoo_close(struct zoo *zoo)
{
	close(zoo->input);
	waitpid(zoo->pid, NULL, 0);
	while (zoo->n) {
		zoo->n--;
		free(zoo->animals[zoo->n].name);
		free(zoo->animals[zoo->n].facts);
	}
	free(zoo->animals);
}

const struct animal *zoo_find(const struct zoo *zoo, const char *name)
{
	for (size_t i = 0; i < zoo->n; i++) {
		if (!strcmp(zoo->animals[i].name, name))
			return &zoo->animals[i];
	}
	return NULL;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keys are the names of members, whose values must be equal, or:
 *   pid, name			which one it is
 *   rx_at_least, tx_at_least	bytes in the queues
 *   local, remote		16 bytes as hex digits
 *   path, unix			bytes, %XX for most
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../truth/family.h"
#include "../truth/tap.h"
#include "facts.h"

static enum fd_member member_of(const char *key)
{
	if (!strcmp(key, "rx_at_least"))
		return TOLD_SOCK_RX;
	if (!strcmp(key, "tx_at_least"))
		return TOLD_SOCK_TX;
	for (enum fd_member m = 0; m < N_MEMBERS; m++) {
		if (!strcmp(fd_members[m].key, key))
			return m;
	}
	tap_bail("the zoo tells of %s, which nothing compares", key);
}

static bool hex_is(const char *value, const uint8_t *bytes)
{
	unsigned int byte;

	for (size_t i = 0; i < 16; i++) {
		if (sscanf(value + 2 * i, "%2x", &byte) != 1 || byte != bytes[i])
			return false;
	}
	return true;
}

static bool string_is(const char *value, const char *string, size_t len)
{
	static char wanted[16384];
	const size_t n = unquote(value, wanted, sizeof(wanted));

	return n == len && (!len || !memcmp(wanted, string, len));
}

static bool holds(const char *key, const char *value, const struct fd_told *told)
{
	const enum fd_member m = member_of(key);
	const uint64_t wanted = strtoull(value, NULL, 10);

	switch (m) {
	case TOLD_SOCK_LOCAL:
		return told->has_sock && hex_is(value, told->sock.local);
	case TOLD_SOCK_REMOTE:
		return told->has_sock && hex_is(value, told->sock.remote);
	case TOLD_PATH:
		return told->path && string_is(value, told->path, strlen(told->path));
	case TOLD_UNIX:
		return told->has_unix == !!*value &&
		       string_is(value, told->unix_name, told->unix_len);
	default:
		break;
	}
	if (strstr(key, "_at_least"))
		return fd_member_value(told, m) >= wanted && fd_member_value(told, m) != ABSENT;
	return fd_member_value(told, m) == wanted;
}

/* What is known of one, and of it, which does not hold (each a bit of the mask). */
struct verdict {
	uint64_t known, wrong;
	unsigned int n;
};

static struct verdict check_one(const struct animal *animal, const struct fd_told *told,
				bool explain)
{
	char *facts = strdup(animal->facts), *save, *word, *value;
	struct verdict verdict = { 0 };

	for (word = strtok_r(facts, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		value = strchr(word, '=');
		*value++ = '\0';
		if (!strcmp(word, "pid") || !strcmp(word, "name"))
			continue;
		verdict.n++;
		if (!strstr(word, "_at_least"))
			verdict.known |= 1ull << member_of(word);
		if (holds(word, value, told))
			continue;
		verdict.wrong |= 1ull << member_of(word);
		if (explain)
			tap_note("%s: %s is not %.300s, but %lld, '%s'", animal->name, word,
				 value, (long long)fd_member_value(told, member_of(word)),
				 told->path ?: "");
	}
	free(facts);
	return verdict;
}

static const struct fd_told *fd_of(const struct animal *animal, const struct told *told)
{
	const struct told_table *table = told_find(told, animal->pid, false);

	return table ? told_fd(table, animal->fd) : NULL;
}

void facts_check_zoo(const struct zoo *zoo, const struct told *told)
{
	size_t known[N_MEMBERS] = { 0 }, wrong[N_MEMBERS] = { 0 };

	for (size_t i = 0; i < zoo->n; i++) {
		const struct animal *animal = &zoo->animals[i];
		const struct fd_told *fd = fd_of(animal, told);
		struct verdict verdict = { 0 };

		if (animal->is_table)
			continue;
		if (fd)
			verdict = check_one(animal, fd, true);
		tap_ok(fd && verdict.n && !verdict.wrong, "zoo: %s: %s%u facts hold",
		       animal->name, fd ? "" : "not there, ", verdict.n);
		for (enum fd_member m = 0; m < N_MEMBERS; m++) {
			known[m] += verdict.known >> m & 1;
			wrong[m] += verdict.wrong >> m & 1;
		}
	}
	for (enum fd_member m = 0; m < N_MEMBERS; m++)
		tap_ok(known[m] && !wrong[m], "zoo: %s: known of %zu, wrong of %zu",
		       fd_members[m].key, known[m], wrong[m]);
}

/* One member changed must be noticed, and be the only one. */
static bool notices(const struct animal *animal, const struct fd_told *fd, enum fd_member m)
{
	struct fd_told changed = *fd;

	fd_member_change(&changed, m);
	return check_one(animal, &changed, false).wrong == 1ull << m;
}

void facts_check_changes(const struct zoo *zoo, const struct told *told)
{
	for (enum fd_member m = 0; m < N_MEMBERS; m++) {
		size_t tried = 0, noticed = 0;

		for (size_t i = 0; i < zoo->n; i++) {
			const struct animal *animal = &zoo->animals[i];
			const struct fd_told *fd = fd_of(animal, told);
			struct verdict verdict;

			if (animal->is_table || !fd)
				continue;
			verdict = check_one(animal, fd, false);
			if (verdict.wrong || !(verdict.known >> m & 1))
				continue;
			tried++;
			noticed += notices(animal, fd, m);
		}
		tap_ok(tried && noticed == tried, "zoo: a change of %s is noticed (%zu of %zu)",
		       fd_members[m].key, noticed, tried);
	}
}

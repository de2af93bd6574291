// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "ending.h"
#include "figure.h"
#include "json.h"
#include "tally.h"
#include "tracked.h"

#define SHORT_NS 1000000000ull

/* An event that comes only once is nothing to tell of; but an OOM kill is. */
#define CHANCE 2

/* ---- counting ---- */

static bool is_same(const struct tally *a, const struct tally *b, const char *exe)
{
	return a->kind == b->kind && a->ppid == b->ppid &&
	       a->status == b->status && !strcmp(a->comm, b->comm) &&
	       (a->exe && exe ? !strcmp(a->exe, exe) : a->exe == exe);
}

/* (From the newest: what happens again and again was here a moment ago.) */
static struct tally *find(struct tallies *tallies, const struct tally *like,
			  const char *exe)
{
	for (size_t i = tallies->n; i--;)
		if (is_same(&tallies->list[i], like, exe))
			return &tallies->list[i];
	return NULL;
}

static void count(struct tallies *tallies, struct tally like,
		  const struct tally_about *about)
{
	struct tally *tally = find(tallies, &like, about->exe);

	if (!tally && tallies->n == TALLIES_MAX) {
		tallies->others++;
		tallies->others_ours |= about->ours;
		return;
	}
	if (!tally) {
		tally = &tallies->list[tallies->n++];
		*tally = like;
		tally->exe = about->exe ? strdup(about->exe) : NULL;
		if (like.ppid && about->parent)
			snprintf(tally->parent, sizeof(tally->parent), "%.*s",
				 KIN_COMM_LEN, about->parent);
	}
	tally->rss_bytes = like.rss_bytes;
	tally->ours |= about->ours;
	tally->n++;
}

static void count_exit(struct tallies *tallies, const struct kin_event_record *rec,
		       struct tally like, const struct tally_about *about)
{
	const struct kin_event *base = rec->base;

	if (rec->exit && rec->exit->status && rec->exit->status != KIN_NONE32) {
		like.kind = TALLY_FAILED;
		like.status = rec->exit->status;
		count(tallies, like, about);
	}
	if (base->boottime_ns - base->start_boottime_ns < SHORT_NS) {
		like.kind = TALLY_SHORT;
		like.status = 0;
		count(tallies, like, about);
	}
}

void tallies_add(struct tallies *tallies, const struct kin_event_record *rec,
		 const struct tally_about *about)
{
	struct tally like = { 0 };

	if (!rec->base || rec->base->flags & KIN_EVENT_THREAD)
		return;
	memcpy(like.comm, rec->base->comm, KIN_COMM_LEN);
	if (rec->base->kind == KIN_EVENT_KIND_FORK) {
		like.kind = TALLY_FORK;
		count(tallies, like, about);
		return;
	}
	like.ppid = rec->base->ppid;
	if (rec->base->kind == KIN_EVENT_KIND_EXIT) {
		count_exit(tallies, rec, like, about);
	} else if (rec->base->kind == KIN_EVENT_KIND_OOM) {
		like.kind = TALLY_OOM;
		if (rec->oom)
			like.rss_bytes = rec->oom->rss_anon_bytes +
					 rec->oom->rss_file_bytes +
					 rec->oom->rss_shmem_bytes;
		count(tallies, like, about);
	}
}

void tallies_free(struct tallies *tallies)
{
	for (size_t i = 0; i < tallies->n; i++)
		free(tallies->list[i].exe);
	tallies->n = 0;
}

/* ---- whom they are about ---- */

/* Subjects are told as text that is safe. */
static bool is_key(const char *key, const char *text)
{
	char *safe = text_safe(text, strlen(text));
	const bool is = safe && !strcmp(safe, key);

	free(safe);
	return is;
}

/* Events tell the name of a program: as a rule the first 15 bytes of its file's. */
static bool is_named_after(const char *comm, const char *path)
{
	const char *slash = strrchr(path, '/');

	return !strncmp(comm, slash ? slash + 1 : path, KIN_COMM_LEN - 1);
}

static bool is_of(const struct tally *tally, const struct subject *subject)
{
	if (subject->kind == KIN_EXPR_HOST)
		return tally->kind == TALLY_OOM;
	if (subject->pid)
		return tally->ppid == subject->pid;
	if (!subject->key)
		return false;
	if (subject->by == KIN_BY_COMM)
		return is_key(subject->key, tally->comm);
	/* what is forked has its parent's name, and program, until it executes its own */
	if (subject->by != KIN_BY_EXE || tally->kind == TALLY_FORK)
		return false;
	return tally->exe ? is_key(subject->key, tally->exe) :
			    is_named_after(tally->comm, subject->key);
}

/* A kill for want of memory is never one of many. */
static bool is_before(const struct tally *a, const struct tally *b)
{
	if ((a->kind == TALLY_OOM) != (b->kind == TALLY_OOM))
		return a->kind == TALLY_OOM;
	return a->n != b->n ? a->n > b->n : a->kind < b->kind;
}

static bool is_chance(const struct tally *tally)
{
	return tally->n < CHANCE && tally->kind != TALLY_OOM;
}

size_t tallies_of(const struct tallies *tallies, const struct subject *subject,
		  const struct tally **list, size_t most)
{
	size_t n = 0, at;

	for (size_t i = 0; i < tallies->n; i++) {
		const struct tally *tally = &tallies->list[i];

		if (!is_of(tally, subject))
			continue;
		for (at = n; at && is_before(tally, list[at - 1]); at--)
			if (at < most)
				list[at] = list[at - 1];
		if (at < most)
			list[at] = tally;
		n += n < most;
	}
	while (n && is_chance(list[n - 1]) && !is_chance(list[0]))
		n--;
	return n;
}

bool tallies_are_ours(const struct tallies *tallies, const struct subject *subject)
{
	for (size_t i = 0; i < tallies->n; i++)
		if (tallies->list[i].ours && is_of(&tallies->list[i], subject))
			return true;
	return tallies->others_ours;
}

/* ---- telling ---- */

static void put_how(const struct tally *tally, char *text, size_t size)
{
	char ending[KIN_ENDING_MAX];

	switch (tally->kind) {
	case TALLY_FAILED:
		snprintf(text, size, "%.*s",
			 (int)kin_ending_put(ending, tally->status, 0), ending);
		break;
	case TALLY_SHORT:
		snprintf(text, size, "ended within a second of its birth");
		break;
	case TALLY_FORK:
		snprintf(text, size, "processes of this name came to be");
		break;
	default:
		snprintf(text, size, "killed for want of memory, with RSS %s",
			 figure_bytes(tally->rss_bytes).text);
	}
}

void tally_print(const struct tally *tally, struct page *page)
{
	char how[KIN_ENDING_MAX + sizeof(struct figure)], parent[64] = "";

	put_how(tally, how, sizeof(how));
	if (tally->ppid)
		snprintf(parent, sizeof(parent), ", child of %s(%u)",
			 *tally->parent ? tally->parent : "?", tally->ppid);
	page_say(page, "%s%s: %s: %s", tally->comm, parent, how,
		 figure_times(tally->n).text);
}

static const char *const kinds[TALLY_KINDS] = {
	[TALLY_FAILED] = "failed",
	[TALLY_SHORT] = "short-lived",
	[TALLY_FORK] = "fork",
	[TALLY_OOM] = "oom",
};

void tally_json(const struct tally *tally, struct kin_json *json)
{
	kin_json_object_line(json, NULL);
	kin_json_str(json, "what", kinds[tally->kind]);
	kin_json_str(json, "comm", tally->comm);
	if (tally->kind == TALLY_FAILED)
		kin_json_u64(json, "status", tally->status);
	if (tally->ppid)
		kin_json_u64(json, "ppid", tally->ppid);
	if (*tally->parent)
		kin_json_str(json, "parent", tally->parent);
	kin_json_u64(json, "times", tally->n);
	kin_json_object_end(json);
}

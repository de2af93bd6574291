// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>

#include "kin.h"
#include "requestanswer.h"

void answers_begin(struct answers *answers)
{
	answers->n = 0;
	memset(answers->heard, 0, sizeof(answers->heard));
	answers->seen = (struct seen){ 0 };
	answers->lost = false;
	answers->news = false;
}

void answers_expect(struct answers *answers, unsigned int socket,
		    uint16_t family, const struct found *found, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (answers->n == MAX_EXPECTED) {
			answers_lose(answers, socket);
			return;
		}
		answers->list[answers->n++] = (struct expected){
			.found = found[i],
			.socket = socket,
			.ours = found[i].type == family,
		};
	}
	__atomic_fetch_add(&shared->tally.requests, n, __ATOMIC_RELAXED);
}

/* The next one with this number that has not ended: two may be called alike. */
static struct expected *find(struct answers *answers, unsigned int socket,
			     uint32_t seq)
{
	struct expected *last = NULL, *it;

	for (unsigned int i = 0; i < answers->n; i++) {
		it = &answers->list[i];
		if (it->socket != socket || it->found.seq != seq)
			continue;
		last = it;
		if (!it->ends)
			break;
	}
	return last;
}

void answers_lose(struct answers *answers, unsigned int socket)
{
	answers->lost = true;
	answers->heard[socket].any = false;
	for (unsigned int i = 0; i < answers->n; i++)
		if (answers->list[i].socket == socket)
			answers->list[i].forgotten = true;
}

/* ---- what comes back ---- */

static void lock(void)
{
	while (__atomic_exchange_n(&shared->locked, true, __ATOMIC_ACQUIRE))
		;
}

static void unlock(void)
{
	__atomic_store_n(&shared->locked, false, __ATOMIC_RELEASE);
}

static bool is_new(const char *sentence)
{
	unsigned int i;
	bool new;

	lock();
	for (i = 0; i < shared->n_sentences; i++)
		if (!strncmp(shared->sentences[i], sentence, SENTENCE_MAX - 1))
			break;
	new = i == shared->n_sentences && i < MAX_SENTENCES;
	if (new) {
		strncpy(shared->sentences[i], sentence, SENTENCE_MAX - 1);
		shared->n_sentences++;
	}
	unlock();
	return new;
}

/* Returns "" if there is none. */
static const char *take_sentence(struct answers *answers,
				 const struct nlmsghdr *nlh, size_t fixed)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return "";
	mnl_attr_for_each (attr, nlh, fixed) {
		if (mnl_attr_get_type(attr) != NLMSGERR_ATTR_MSG)
			continue;
		answers->news |= is_new(mnl_attr_get_str(attr));
		return mnl_attr_get_str(attr);
	}
	return "";
}

/* It was looked for and not there, or not for who asks. */
static bool is_counted_get(const struct expected *it, const char *sentence)
{
	return it->found.cmd == KIN_CMD_TASK_GET &&
	       (it->error == -ESRCH ||
		(it->error == -EPERM && strstr(sentence, "of this task")));
}

/* Dumps that the module itself counts. */
static bool is_counted(uint8_t cmd)
{
	return cmd == KIN_CMD_TASK_GET || cmd == KIN_CMD_FD_GET ||
	       cmd == KIN_CMD_ENV_GET;
}

static void take_end(struct answers *answers, struct expected *it,
		     const struct nlmsghdr *nlh)
{
	const bool done = nlh->nlmsg_type == NLMSG_DONE;
	const int error = *(const int *)mnl_nlmsg_get_payload(nlh);
	const char *sentence = take_sentence(
		answers, nlh, done ? sizeof(int) : sizeof(struct nlmsgerr));

	it->ends++;
	it->error = error;
	it->in_done = done;
	it->sentence = *sentence;
	if (error > 0 || error <= -(int)(sizeof(shared->tally.errors) /
					 sizeof(*shared->tally.errors)))
		run_wrong("an error of %d", error);
	else
		__atomic_fetch_add(&shared->tally.errors[-error], 1, __ATOMIC_RELAXED);
	/* The first part of a dump had no room: it goes on when there is some. */
	if (error == -ENOBUFS)
		answers_lose(answers, it->socket);
	answers->seen.dumps += done && !error && is_counted(it->found.cmd);
	answers->seen.gets += is_counted_get(it, sentence);
	answers->seen.denied += error == -EPERM;
	answers->seen.rejected += error == -EINVAL || error == -E2BIG;
}

static unsigned int descriptors_in(const struct nlattr *table)
{
	const struct nlattr *attr;
	unsigned int n = 0;

	mnl_attr_for_each_nested (attr, table)
		n += mnl_attr_get_type(attr) == KIN_A_FD_TABLE_FD;
	return n;
}

static void take_reply(struct answers *answers, struct expected *it,
		       const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const bool multi = nlh->nlmsg_flags & NLM_F_MULTI;
	const struct nlattr *attr;
	uint64_t records = 0;

	if (genl->cmd != it->found.cmd)
		run_wrong("an answer of command %u to command %u", genl->cmd,
			  it->found.cmd);
	mnl_attr_for_each (attr, nlh, GENL_HDRLEN) {
		records += mnl_attr_get_type(attr) == KIN_A_TASK;
		if (mnl_attr_get_type(attr) == KIN_A_FD_TABLE)
			answers->seen.descriptors += descriptors_in(attr);
	}
	it->replies += !multi;
	if (multi && it->ends && !it->forgotten)
		run_wrong("a dump goes on behind its end");
	if (!multi && genl->cmd == KIN_CMD_TASK_GET) {
		answers->seen.gets++;
		if (records != 1)
			run_wrong("a get of %llu tasks", (unsigned long long)records);
	}
	answers->seen.records += genl->cmd == KIN_CMD_TASK_GET ? records : 0;
	__atomic_fetch_add(&shared->tally.replies, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&shared->tally.records, records, __ATOMIC_RELAXED);
}

void answers_take(struct answers *answers, unsigned int socket, const char *buf,
		  int len)
{
	const struct nlmsghdr *nlh = (const void *)buf;
	struct expected *it;

	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		/* Requests are numbered from 1. */
		if (!nlh->nlmsg_seq && nlh->nlmsg_type >= NLMSG_MIN_TYPE) {
			answers_take_events(answers, socket, nlh);
			continue;
		}
		it = find(answers, socket, nlh->nlmsg_seq);
		if (!it)
			run_wrong("an answer to nobody: type %u, number %u",
				  nlh->nlmsg_type, nlh->nlmsg_seq);
		else if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE)
			take_end(answers, it, nlh);
		else if (it->ours)
			take_reply(answers, it, nlh);
	}
	if (len)
		run_wrong("%d bytes behind the last message", len);
}

/* ---- is it right? ---- */

static bool is_request(const struct expected *it)
{
	return (it->found.flags & NLM_F_REQUEST) &&
	       it->found.type >= NLMSG_MIN_TYPE;
}

static unsigned int replies_of(const struct expected *it)
{
	const struct spec_command *spec = spec_commands;

	while (spec->name && spec->cmd != it->found.cmd)
		spec++;
	return spec->replies;
}

/* Dumps do not acknowledge, they end. */
static bool is_answered(const struct expected *it)
{
	const bool ack = it->found.flags & NLM_F_ACK;

	if (!is_request(it))
		return it->ends == ack && !it->replies;
	if (it->error || it->in_done)
		return it->ends == 1 && !it->replies;
	return it->ends == ack && it->replies == replies_of(it);
}

/* There is one, or none. (The core's own EBUSY and ENOENT are of others.) */
static bool is_about_subscription(const struct expected *it)
{
	return (it->found.cmd == KIN_CMD_EVENTS_SUBSCRIBE && it->error == -EBUSY) ||
	       (it->found.cmd == KIN_CMD_EVENTS_UNSUBSCRIBE && it->error == -ENOENT);
}

/* (EBUSY at once is the core's own: another dump is running.) */
static bool is_about_environment(const struct expected *it)
{
	return it->found.cmd == KIN_CMD_ENV_GET && it->in_done && it->error;
}

/* What the netlink core says no to it says no to without a word: a message that
 * ends before its command, a command that is none. */
static bool wants_sentence(const struct expected *it)
{
	return is_request(it) && it->found.len >= NLMSG_HDRLEN + GENL_HDRLEN &&
	       (it->error == -EINVAL || it->error == -ERANGE ||
		it->error == -E2BIG || it->error == -EPERM || it->error == -ESRCH ||
		it->error == -EUSERS || is_about_subscription(it) ||
		is_about_environment(it));
}

/* The errors that the header of the wire format tells of, and those of the core:
 * another dump is running, the family is none. */
static bool is_known(int error)
{
	return !error || error == -EINVAL || error == -ERANGE || error == -E2BIG ||
	       error == -EPERM || error == -ESRCH || error == -EOPNOTSUPP ||
	       error == -EBUSY || error == -ENOENT || error == -EUSERS ||
	       error == -ESTALE || error == -EIO;
}

void answers_judge(struct answers *answers)
{
	for (unsigned int i = 0; i < answers->n; i++) {
		const struct expected *it = &answers->list[i];

		/* Bytes behind a message that is shorter than they may read as a
		 * request to some other family. */
		if (it->forgotten || (!it->ours && is_request(it)))
			continue;
		if (!is_known(it->error))
			run_wrong("message %u: error %d", i, it->error);
		if (!is_answered(it))
			run_wrong("message %u, flags %#x: %u ends, %u replies, error %d",
				  i, it->found.flags, it->ends, it->replies, it->error);
		if (wants_sentence(it) && !it->sentence)
			run_wrong("message %u: error %d without a sentence", i,
				  it->error);
	}
}

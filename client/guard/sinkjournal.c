// SPDX-License-Identifier: GPL-2.0-or-later
/* The system's journal: an entry with a field for each thing that is known. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "sinkfields.h"
#include "sinkkind.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

/* For journalctl MESSAGE_ID=, one for all that has become of alerts. */
#define ID_FIRING	"0d6ff852471940c7b41e20b9e4828602"
#define ID_AGAIN	"a84e11c38fdc4419b67a15e8839f83e5"
#define ID_RESOLVED	"3088b2fb343d47148608f362b4924608"

static const char *const message_ids[] = {
	[ALERT_NEWS_FIRING] = ID_FIRING,
	[ALERT_NEWS_AGAIN] = ID_AGAIN,
	[ALERT_NEWS_RESOLVED] = ID_RESOLVED,
};

/* As of syslog: LOG_INFO, LOG_WARNING, LOG_CRIT. */
static const int priorities[] = {
	[SEVERITY_INFO] = 6,
	[SEVERITY_WARNING] = 4,
	[SEVERITY_CRITICAL] = 2,
};

#define PRIORITY_RESOLVED 5	/* LOG_NOTICE */

static void journal_encode(const struct sink *sink, const struct alert *alert,
			   enum alert_news news, FILE *out)
{
	fputs("MESSAGE=", out);
	sink_line(out, alert, news);
	fprintf(out, "%cPRIORITY=%d%c", '\0',
		news == ALERT_NEWS_RESOLVED ? PRIORITY_RESOLVED :
					      priorities[alert->severity], '\0');
	fprintf(out, "MESSAGE_ID=%s%c", message_ids[news], '\0');
	fprintf(out, "SYSLOG_IDENTIFIER=kin%c", '\0');
	sinkfields_write(out, alert, news);
}

static enum outcome later(struct attempt *try, int err)
{
	snprintf(try->why, sizeof(try->why), "the journal at %s: %s", JOURNAL_SOCKET,
		 strerror(err));
	return OUTCOME_LATER;
}

static int send_fields(char **fields, size_t n)
{
	struct iovec *iov = calloc(n, sizeof(*iov));
	int err;

	if (!iov)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		iov[i] = (struct iovec){ fields[i], strlen(fields[i]) };
	err = sd_journal_sendv(iov, n);
	free(iov);
	return err;
}

static enum outcome journal_deliver(struct sink *sink, struct attempt *try)
{
	char **fields;
	size_t n;
	int err;

	/* sd_journal_sendv() takes a journal that is not there for a success */
	if (access(JOURNAL_SOCKET, W_OK))
		return later(try, errno);
	fields = sinkfields_split(try->text, try->len, &n, NULL);
	err = fields ? send_fields(fields, n) : -ENOMEM;
	free(fields);
	return err < 0 ? later(try, -err) : OUTCOME_DELIVERED;
}

const struct sink_kind sink_journal = {
	.name = "journal",
	.encode = journal_encode,
	.deliver = journal_deliver,
};

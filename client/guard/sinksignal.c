// SPDX-License-Identifier: GPL-2.0-or-later
/* A signal for the process that an alert is of, once, when it fires first. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ending.h"
#include "sinkkind.h"
#include "target.h"

static void signal_encode(const struct sink *sink, const struct alert *alert,
			  enum alert_news news, FILE *out)
{
	if (news == ALERT_NEWS_FIRING)
		fprintf(out, "%" PRIu32 " %" PRIu64 " %s", alert->subject.pid,
			alert->subject.start_boottime_ns, alert->rule);
}

static int take_base(const struct kin_record *rec, void *arg)
{
	*(struct kin_base *)arg = *rec->base;
	return 0;
}

static int look(uint32_t pid, struct kin_base *base, void *arg)
{
	return kin_get(arg, pid, KIN_KIND_PROCESS, 0, take_base, base);
}

static int open_target(const struct target *target, struct attempt *try)
{
	struct kin *kin = NULL;
	int err = kin_open(&kin);

	if (err)
		snprintf(try->why, sizeof(try->why), "it is not known who it is now: %s",
			 kin ? kin_error(kin) : strerror(-err));
	else
		err = target_open(target, look, kin, try->why, sizeof(try->why));
	kin_close(kin);
	return err;
}

static int send_signal(const struct sink *sink, const struct target *target,
		       struct attempt *try)
{
	int fd = open_target(target, try), err = 0;

	if (fd < 0)
		return fd;
	if (syscall(SYS_pidfd_send_signal, fd, sink->receiver.signal, NULL, 0)) {
		err = -errno;
		snprintf(try->why, sizeof(try->why), "%s", strerror(errno));
	}
	close(fd);
	return err;
}

/* One that comes late may be worse than none: it is not tried again. */
static enum outcome signal_deliver(struct sink *sink, struct attempt *try)
{
	struct target target;
	char name[KIN_SIGNAL_MAX], why[sizeof(try->why)];
	int len = kin_signal_name(name, sink->receiver.signal), at = 0;

	if (sscanf(try->text, "%" SCNu32 " %" SCNu64 " %n", &target.pid,
		   &target.start_boottime_ns, &at) != 2) {
		snprintf(try->why, sizeof(try->why), "not a message of ours");
		return OUTCOME_REFUSED;
	}
	if (!send_signal(sink, &target, try)) {
		sink_say(sink, "sent %.*s to pid %" PRIu32 ": %s", len, name, target.pid,
			 try->text + at);
		return OUTCOME_DELIVERED;
	}
	memcpy(why, try->why, sizeof(why));
	snprintf(try->why, sizeof(try->why), "no %.*s was sent to pid %" PRIu32
		 " (%.100s): %.300s", len, name, target.pid, try->text + at, why);
	return OUTCOME_REFUSED;
}

const struct sink_kind sink_signal = {
	.name = "signal",
	.encode = signal_encode,
	.deliver = signal_deliver,
};

// SPDX-License-Identifier: GPL-2.0
/* The module's own version, limits and counters. */
#include <kin/stack.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <linux/user_namespace.h>
#include <net/netlink.h>

#include "access.h"
#include "kin.h"
#include "probe.h"
#include "ring.h"
#include "status.h"
#include "version.h"
#include "view.h"

struct kin_counters kin_status = {
	.ring_kib = 4096,
	.batch_ms = 8,
};

/* What this kernel lets the module have. */
static u32 features(void)
{
	return (kin_probe_is_possible() ? KIN_FEATURE_EVENTS : 0) |
	       (kin_has_stacks ? KIN_FEATURE_STACK : 0) |
	       (IS_ENABLED(CONFIG_TASK_DELAY_ACCT) ? KIN_FEATURE_DELAY : 0);
}

/* What others listen to says what happens on the host. */
static void hide_events(struct kin_status *status)
{
	status->events_sent = KIN_NONE64;
	status->events_lost = KIN_NONE64;
	status->subscribers = KIN_NONE32;
	status->probes = KIN_NONE32;
}

static bool sees_events(struct sk_buff *request)
{
	struct kin_view view;
	bool sees;

	kin_view_pin(&view, request);
	sees = kin_access_has(&view, request, &init_user_ns, CAP_SYS_PTRACE);
	kin_view_unpin(&view);
	return sees;
}

/**
 * kin_status_put - write KIN_A_STATUS and KIN_A_VERSION
 * @skb: the reply
 * @request: who asks: what events are about is for those with CAP_SYS_PTRACE in
 *           the first user namespace
 *
 * Return: 0, or -EMSGSIZE.
 */
int kin_status_put(struct sk_buff *skb, struct sk_buff *request)
{
	const struct kin_counters *c = &kin_status;
	struct kin_status status = {
		.abi_version = KIN_ABI_VERSION,
		.hidepid = READ_ONCE(c->hidepid),
		.max_values = KIN_MAX_VALUES,
		.cmdline_max_bytes = KIN_CMDLINE_MAX,
		.dumps_started = atomic64_read(&c->dumps_started),
		.dumps_done = atomic64_read(&c->dumps_done),
		.gets = atomic64_read(&c->gets),
		.tasks_sent = atomic64_read(&c->tasks_sent),
		.tasks_hidden = atomic64_read(&c->tasks_hidden),
		.requests_denied = atomic64_read(&c->requests_denied),
		.requests_rejected = atomic64_read(&c->requests_rejected),
		.cmdlines_busy = atomic64_read(&c->cmdlines_busy),
		.events_sent = atomic64_read(&c->events_sent),
		.events_lost = atomic64_read(&c->events_lost),
		.subscribers = atomic_read(&c->subscribers),
		.max_subscribers = KIN_RING_READERS,
		.probes = kin_probe_count(),
		.batch_ms = READ_ONCE(c->batch_ms),
		.ring_kib = READ_ONCE(c->ring_kib),
		.features = features(),
		.fds_sent = atomic64_read(&c->fds_sent),
		.fds_lock_max_ns = atomic64_read(&c->fds_lock_max_ns),
	};

	if (!sees_events(request))
		hide_events(&status);
	return nla_put(skb, KIN_A_STATUS, sizeof(status), &status) ?:
	       nla_put_string(skb, KIN_A_VERSION, KIN_VERSION);
}

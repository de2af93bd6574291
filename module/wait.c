// SPDX-License-Identifier: GPL-2.0
/* How long a task has not got onto a CPU, and where in the kernel it waits. */
#include <kin/stack.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>

#include "groups.h"
#include "kin.h"
#include "record.h"

/* The clock of the run queues is that of the CPU where the task was put onto its
 * own; that may be a little ahead. A task that has not run yet has no answer. */
#ifdef CONFIG_SCHED_INFO
int kin_wait_put(struct kin_record *rec, struct task_struct *p, bool thread)
{
	const u64 last = READ_ONCE(p->sched_info.last_arrival);
	struct kin_wait *wait = kin_record_payload(rec);
	u64 now;

	if (kin_record_room(rec) < sizeof(*wait))
		return -EMSGSIZE;
	if (!last)
		return 0;
	now = sched_clock_cpu(task_cpu(p));
	wait->since_cpu_ns = now > last ? now - last : 0;
	kin_record_claim(rec, KIN_A_TASK_WAIT, sizeof(*wait));
	return 0;
}
#else
int kin_wait_put(struct kin_record *rec, struct task_struct *p, bool thread)
{
	return 0;
}
#endif

/* As many as /proc/PID/stack shows. */
#define FRAMES 64

/* What it costs to find the name of a frame, in steps of an RCU read section. */
#define FRAME_STEPS 16

/* Lines, the last one without an end. Returns bytes, or -EMSGSIZE. */
static int print_frames(char *to, size_t room, const unsigned long *frames,
			unsigned int n)
{
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		len += snprintf(to + len, room - len, "%s%pB", i ? "\n" : "",
				(void *)frames[i]);
		if (len >= room)
			return -EMSGSIZE;
	}
	return len;
}

/*
 * The unwinder reads the stack of a task that may be woken meanwhile: what it finds
 * then is of no use, but it goes nowhere else, as for /proc/PID/stack.
 */
int kin_stack_put(struct kin_record *rec, struct task_struct *p, bool thread)
{
	unsigned long frames[FRAMES];
	unsigned int n;
	int len;

	if (task_state_to_char(p) != 'D')
		return 0;
	n = kin_stack_save(p, frames, FRAMES);
	kin_record_work(rec, n * FRAME_STEPS);
	if (!n)
		return 0;
	len = print_frames(kin_record_payload(rec), kin_record_room(rec),
			   frames, n);
	if (len < 0)
		return kin_record_cut(rec, KIN_GROUP_STACK);
	kin_record_claim(rec, KIN_A_TASK_STACK, len + 1);
	return 0;
}

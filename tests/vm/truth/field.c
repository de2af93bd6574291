// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "field.h"

#define TICK_NS (1000000000 / 100) /* USER_HZ is 100 everywhere */

/* clang-format off */
#define MEMBER(of_, member)						\
	.of = #of_, .name = #member,					\
	.offset = offsetof(struct kin_task, of_.member),		\
	.size = sizeof(((struct kin_task *)NULL)->of_.member)

#define STAT(of, member, rule_, column_)				\
	{ MEMBER(of, member), .rule = rule_, .source = FROM_STAT,	\
	  .column = column_ }
#define STAT_S(of, member, rule_, column_)				\
	{ MEMBER(of, member), .rule = rule_, .source = FROM_STAT,	\
	  .column = column_, .is_signed = true }
#define TICKS(of, member, rule_, column_)				\
	{ MEMBER(of, member), .rule = rule_, .source = FROM_STAT,	\
	  .column = column_, .unit = TICK_NS }
#define STATUS(of, member, rule_, key_, column_)			\
	{ MEMBER(of, member), .rule = rule_, .source = FROM_STATUS,	\
	  .key = key_ ":\t", .column = column_ }
#define STATUS_KB(of, member, key_)					\
	{ MEMBER(of, member), .rule = RULE_SAME, .source = FROM_STATUS_KB, \
	  .key = key_ ":\t", .column = 1 }
#define SOURCE(of, member, rule_, source_, key_, column_)		\
	{ MEMBER(of, member), .rule = rule_, .source = source_,		\
	  .key = key_, .column = column_ }
#define ELSEWHERE(of, member, how)					\
	{ MEMBER(of, member), .rule = RULE_ELSEWHERE,			\
	  .source = FROM_NOWHERE, .elsewhere = how }

const struct field fields[] = {
	STAT(base, pid, RULE_SAME, 1),
	STATUS(base, tgid, RULE_SAME, "Tgid", 1),
	STATUS(base, ppid, RULE_SAME, "PPid", 1),
	STAT(base, pgid, RULE_SAME, 5),
	STAT(base, sid, RULE_SAME, 6),
	STATUS(base, tracer_pid, RULE_SAME, "TracerPid", 1),
	SOURCE(base, flags, RULE_SAME, FROM_FLAGS, NULL, 9),
	STAT(base, num_threads, RULE_SAME, 20),
	TICKS(base, start_boottime_ns, RULE_SAME, 22),
	ELSEWHERE(base, exec_id, "threads agree; kernel threads never exec; "
		  "the factory counts its members' execs"),
	STATUS(base, uid, RULE_SAME, "Uid", 1),
	STATUS(base, euid, RULE_SAME, "Uid", 2),
	STATUS(base, suid, RULE_SAME, "Uid", 3),
	STATUS(base, fsuid, RULE_SAME, "Uid", 4),
	STATUS(base, gid, RULE_SAME, "Gid", 1),
	STATUS(base, egid, RULE_SAME, "Gid", 2),
	STATUS(base, sgid, RULE_SAME, "Gid", 3),
	STATUS(base, fsgid, RULE_SAME, "Gid", 4),
	STAT(base, tty, RULE_SAME, 7),
	STAT_S(base, exit_signal, RULE_SAME, 38),
	STAT(base, state, RULE_SAME, 3),
	ELSEWHERE(base, reserved, "zero"),
	ELSEWHERE(base, comm, "/proc/PID/comm"),

	TICKS(sched, utime_ns, RULE_COUNTER, 14),
	TICKS(sched, stime_ns, RULE_COUNTER, 15),
	TICKS(sched, cutime_ns, RULE_COUNTER, 16),
	TICKS(sched, cstime_ns, RULE_COUNTER, 17),
	SOURCE(sched, runtime_ns, RULE_COUNTER, FROM_CLOCK, NULL, 1),
	SOURCE(sched, run_delay_ns, RULE_COUNTER, FROM_SCHEDSTAT, NULL, 2),
	STATUS(sched, nvcsw, RULE_SUM, "voluntary_ctxt_switches", 1),
	STATUS(sched, nivcsw, RULE_SUM, "nonvoluntary_ctxt_switches", 1),
	STAT_S(sched, prio, RULE_SAME, 18),
	STAT_S(sched, nice, RULE_SAME, 19),
	STAT(sched, policy, RULE_SAME, 41),
	STAT(sched, rt_priority, RULE_SAME, 40),
	STAT(sched, cpu, RULE_SAME, 39),
	SOURCE(sched, cpus_allowed, RULE_SAME, FROM_BITS, "Cpus_allowed:\t", 1),

	STATUS_KB(mem, vm_bytes, "VmSize"),
	STATUS_KB(mem, rss_anon_bytes, "RssAnon"),
	STATUS_KB(mem, rss_file_bytes, "RssFile"),
	STATUS_KB(mem, rss_shmem_bytes, "RssShmem"),
	STATUS_KB(mem, rss_peak_bytes, "VmHWM"),
	STATUS_KB(mem, swap_bytes, "VmSwap"),
	STATUS_KB(mem, pgtables_bytes, "VmPTE"),
	STAT(mem, min_flt, RULE_COUNTER, 10),
	STAT(mem, maj_flt, RULE_COUNTER, 12),
	STAT(mem, cmin_flt, RULE_COUNTER, 11),
	STAT(mem, cmaj_flt, RULE_COUNTER, 13),
	{ MEMBER(mem, oom_score_adj), .rule = RULE_SAME, .source = FROM_FILE,
	  .key = "oom_score_adj", .is_signed = true },

	SOURCE(files, open, RULE_SAME, FROM_PRIVATE, NULL, 0),
	STATUS(files, table_size, RULE_SAME, "FDSize", 1),
	SOURCE(files, limit_soft, RULE_SAME, FROM_PRIVATE, NULL, 1),
	SOURCE(files, limit_hard, RULE_SAME, FROM_PRIVATE, NULL, 2),
	ELSEWHERE(files, users, "test-fd, by kcmp(2)"),

	SOURCE(io, rchar_bytes, RULE_COUNTER, FROM_PRIVATE, "\nrchar: ", 0),
	SOURCE(io, wchar_bytes, RULE_COUNTER, FROM_PRIVATE, "\nwchar: ", 0),
	SOURCE(io, syscr, RULE_COUNTER, FROM_PRIVATE, "\nsyscr: ", 0),
	SOURCE(io, syscw, RULE_COUNTER, FROM_PRIVATE, "\nsyscw: ", 0),
	SOURCE(io, read_bytes, RULE_COUNTER, FROM_PRIVATE, "\nread_bytes: ", 0),
	SOURCE(io, write_bytes, RULE_COUNTER, FROM_PRIVATE, "\nwrite_bytes: ", 0),
	SOURCE(io, cancelled_write_bytes, RULE_COUNTER, FROM_PRIVATE,
	       "\ncancelled_write_bytes: ", 0),

	SOURCE(ns, cgroup, RULE_SAME, FROM_PRIVATE, "cgroup", 0),
	SOURCE(ns, ipc, RULE_SAME, FROM_PRIVATE, "ipc", 0),
	SOURCE(ns, mnt, RULE_SAME, FROM_PRIVATE, "mnt", 0),
	SOURCE(ns, net, RULE_SAME, FROM_PRIVATE, "net", 0),
	SOURCE(ns, pid, RULE_SAME, FROM_PRIVATE, "pid", 0),
	SOURCE(ns, pid_for_children, RULE_SAME, FROM_PRIVATE, "pid_for_children", 0),
	SOURCE(ns, time, RULE_SAME, FROM_PRIVATE, "time", 0),
	SOURCE(ns, time_for_children, RULE_SAME, FROM_PRIVATE, "time_for_children", 0),
	SOURCE(ns, user, RULE_SAME, FROM_PRIVATE, "user", 0),
	SOURCE(ns, uts, RULE_SAME, FROM_PRIVATE, "uts", 0),
};
/* clang-format on */

const size_t n_fields = sizeof(fields) / sizeof(*fields);
_Static_assert(sizeof(fields) / sizeof(*fields) <= MAX_FIELDS, "too many");

static uint64_t raw(const struct field *field, const struct kin_task *task)
{
	const char *at = (const char *)task + field->offset;
	uint64_t wide;
	uint32_t narrow;

	if (field->size == 1)
		return *(const uint8_t *)at;
	if (field->size == 8) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, at, sizeof(narrow));
	if (field->is_signed)
		return (int64_t)(int32_t)narrow;
	return narrow == KIN_NONE32 ? ABSENT : narrow;
}

uint64_t field_of_task(const struct field *field, const struct kin_task *task)
{
	uint64_t value = raw(field, task);

	/* Signed fields have no value for "absent": -1 is what it says. */
	if (value == ABSENT && !field->is_signed)
		return ABSENT;
	return field->unit ? value / field->unit : value;
}

/* Signed numbers do not grow, so they need no order. */
bool field_fits(const struct field *field, uint64_t value, uint64_t before,
		uint64_t after, bool ended)
{
	bool absent = value == ABSENT && !field->is_signed;

	if (value == before || value == after)
		return true;
	if (field->rule == RULE_SAME || absent || before == ABSENT ||
	    after == ABSENT)
		return false;
	if (field->rule == RULE_SUM && ended)
		return value >= before;
	return value >= before && value <= after;
}

const struct field *field_find(const char *name)
{
	const char *dot = strchr(name, '.');
	size_t i;

	for (i = 0; i < n_fields; i++) {
		if (strcmp(fields[i].name, dot ? dot + 1 : name))
			continue;
		if (!dot || !strncmp(fields[i].of, name, dot - name))
			return &fields[i];
	}
	return NULL;
}

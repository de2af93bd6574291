// SPDX-License-Identifier: GPL-2.0-or-later
#include "exportlook.h"

/* ---- groups ---- */

/* In the order of enum export_by. A family has one label: sums over it are sums over all. */
#define FAMILIES(noun, whose) { \
	{ "kin_" noun "_processes", "Processes of this " whose ", ended ones that nobody has waited for included." }, \
	{ "kin_" noun "_threads", "Their threads." }, \
	{ "kin_" noun "_resident_memory_bytes", "Their resident memory, added up: shared pages count for each." }, \
	{ "kin_" noun "_open_fds", "Their open descriptors." }, \
	{ "kin_" noun "_cpu_seconds_total", "CPU time that processes of this " whose " used, ended ones included, to the nanosecond." }, \
}

enum family { PROCESSES, THREADS, MEMORY, FDS, CPU, FAMILY_COUNT };

static const struct {
	const char *label;
	struct {
		const char *name, *help;
	} families[FAMILY_COUNT];
} kinds[EXPORT_BY_COUNT] = {
	{ "comm", FAMILIES("comm", "name") },
	{ "cgroup", FAMILIES("cgroup", "cgroup") },
	{ "uid", FAMILIES("user", "user") },
};

static void write_value(const struct export_group *group, enum family family,
			struct exposition *ex)
{
	switch (family) {
	case PROCESSES:
		exposition_u64(ex, group->use.processes);
		break;
	case THREADS:
		exposition_u64(ex, group->use.threads);
		break;
	case MEMORY:
		exposition_u64(ex, group->use.rss_bytes);
		break;
	case FDS:
		exposition_u64(ex, group->use.fds);
		break;
	default:
		exposition_seconds(ex, group->cpu_ns);
	}
}

static void write_family(const struct export_groups *groups, enum export_by by,
			 enum family family, struct exposition *ex)
{
	exposition_family(ex, kinds[by].families[family].name,
			  family == CPU ? EXPOSITION_COUNTER : EXPOSITION_GAUGE,
			  kinds[by].families[family].help);
	for (size_t i = 0; i < groups->n_seats; i++) {
		exposition_label(ex, kinds[by].label, groups->all[i]->name);
		write_value(groups->all[i], family, ex);
	}
	exposition_label(ex, kinds[by].label, EXPORT_OTHER);
	write_value(&groups->other, family, ex);
}

/* ---- ends ---- */

static void write_ends(const struct export_look *look, struct exposition *ex)
{
	static const char *const names[EXPORT_END_COUNT] = { "success", "failure", "signal" };

	exposition_family(ex, "kin_exits_total", EXPOSITION_COUNTER,
			  "Processes that ended: with status 0, with another, killed by a signal.");
	for (int end = 0; end < EXPORT_END_COUNT; end++) {
		exposition_label(ex, "result", names[end]);
		exposition_u64(ex, look->ends[end]);
	}
}

void export_look_write(const struct export_look *look, struct exposition *ex)
{
	for (enum export_by by = 0; by < EXPORT_BY_COUNT; by++)
		for (enum family family = 0; family < FAMILY_COUNT; family++)
			if (family != FDS || look->fds.known)
				write_family(&look->groups[by], by, family, ex);
	export_fds_write(&look->fds, ex);
	write_ends(look, ex);
}

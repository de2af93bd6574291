// SPDX-License-Identifier: GPL-2.0-or-later
/* Who competes, in the order in which they are shown. */
#include "contender.h"

const struct contender *const contenders[] = {
	&library_all,	  &bpf_tasks,	       &procfs_stat_cached,
	&procfs_stat,	  &procfs_stat_status, &library_base,
	&library_threads, &program_kin_ps,     &program_ps,
	&program_all_rows, &program_state,     &program_where,
	&program_where_here, &wire_walk,       &wire_base,
	&wire_sched,	  &wire_mem,	       &wire_all,
	&wire_dropped,	  &library_decoded,
};

const size_t n_contenders = sizeof(contenders) / sizeof(contenders[0]);

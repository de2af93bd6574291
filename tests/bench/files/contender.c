// SPDX-License-Identifier: GPL-2.0-or-later
/* Who competes, in the order in which they are shown. */
#include "contender.h"

const struct contender *const contenders[] = {
	&kin_paths,	     &bpf_paths,    &procfs_readlink, &procfs_fdinfo,
	&program_kin_fd,     &program_lsfd, &program_lsof,    &kin_files,
	&procfs_stat_cached, &procfs_stat,  &procfs_listing,  &kin_counts,
};

const size_t n_contenders = sizeof(contenders) / sizeof(contenders[0]);

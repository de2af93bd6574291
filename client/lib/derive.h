/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values that are computed from what the kernel sent: getters of the column
 * table. Each sets value->known if it can; value starts as unknown.
 */
#ifndef KIN_DERIVE_H
#define KIN_DERIVE_H

#include "column.h"

typedef void kin_derive_fn(const struct kin_view *view,
			   const struct kin_task *task,
			   struct kin_value *value);

kin_derive_fn kin_derive_state, kin_derive_comm, kin_derive_flags,
	kin_derive_tty, kin_derive_start, kin_derive_etime, kin_derive_nspid,
	kin_derive_exit_signal;
kin_derive_fn kin_derive_user, kin_derive_euser, kin_derive_suser,
	kin_derive_fsuser, kin_derive_group, kin_derive_egroup,
	kin_derive_sgroup, kin_derive_fsgroup;
kin_derive_fn kin_derive_cputime, kin_derive_pcpu, kin_derive_policy;
kin_derive_fn kin_derive_rss, kin_derive_pmem;
kin_derive_fn kin_derive_command, kin_derive_args, kin_derive_cgroup,
	kin_derive_busy, kin_derive_cut, kin_derive_denied;
kin_derive_fn kin_derive_files_pct, kin_derive_stack, kin_derive_exe,
	kin_derive_cwd, kin_derive_root, kin_derive_deleted;

/* In the order of enum kin_group and of the bits of base.flags, ended by NULL. */
extern const char *const kin_group_names[];
extern const char *const kin_flag_names[];

#endif /* KIN_DERIVE_H */

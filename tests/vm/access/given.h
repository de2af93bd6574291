/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kin gives, in words. See struct thing. */
#ifndef ACCESS_GIVEN_H
#define ACCESS_GIVEN_H

#include "thing.h"

bool tell_sched(const struct kin_record *rec, struct text *text);
bool tell_mem(const struct kin_record *rec, struct text *text);
bool tell_cmdline(const struct kin_record *rec, struct text *text);
bool tell_cgroup(const struct kin_record *rec, struct text *text);
bool tell_files(const struct kin_record *rec, struct text *text);
bool tell_io(const struct kin_record *rec, struct text *text);
bool tell_exe(const struct kin_record *rec, struct text *text);
bool tell_cwd(const struct kin_record *rec, struct text *text);
bool tell_root(const struct kin_record *rec, struct text *text);
bool tell_ns(const struct kin_record *rec, struct text *text);
bool tell_limits(const struct kin_record *rec, struct text *text);
bool tell_delay(const struct kin_record *rec, struct text *text);
bool tell_wait(const struct kin_record *rec, struct text *text);
bool tell_stack(const struct kin_record *rec, struct text *text);

enum verdict ask_fds(struct kin *kin, pid_t pid, struct text *text);
enum verdict ask_env(struct kin *kin, pid_t pid, struct text *text);

#endif /* ACCESS_GIVEN_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Columns of events. A row is a struct kin_event_record with base set. */
#ifndef KIN_EVENTCOLUMN_H
#define KIN_EVENTCOLUMN_H

#include "column.h"

/*
 * event ("fork", "exec", ...), pid, tgid, ppid, uid, cgroup_id, comm, old_comm, time
 * (boottime), cpu, start_boottime, thread (flags); of an exec: filename; of a fork:
 * creator; of an exit: status (exit status as a shell tells it: 0 to 255, 128 + signal),
 * code, signal, core, cputime, utime, stime, lifetime, rss_peak, minflt, majflt, nvcsw,
 * nivcsw, read_bytes, write_bytes, rchar, wchar; of an OOM kill: victim's numbers.
 */
extern const struct kin_column_set kin_event_columns;

#endif /* KIN_EVENTCOLUMN_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Columns of events. A row is a struct kin_event_record with base set. */
#ifndef KIN_EVENTCOLUMN_H
#define KIN_EVENTCOLUMN_H

#include "column.h"

/*
 * Of every event: event ("fork", "exec", ...), pid, tgid, ppid, uid, comm, cgroup_id,
 * time (since boot), start_boottime, cpu, thread, kthread (1 or 0). Of an exec:
 * filename, old_comm. Of a fork: creator. Of an exit: status (as a shell tells it: 0 to
 * 255, 128 + signal), code, signal, signal_name, core, oom_kill, lifetime, cputime and
 * what else it had used. Of an OOM kill: the victim's memory.
 */
extern const struct kin_column_set kin_event_columns;

/* The kinds by name, in the order of enum kin_event_kind, ended by NULL. */
extern const char *const kin_event_names[];

/* kin_event_index - the place of a kind in its enum; KIN_EVENT_KIND_COUNT: a newer one */
unsigned int kin_event_index(uint32_t kind);

/* kin_event_name - of base->kind; one that this library does not know: "other" */
const char *kin_event_name(uint32_t kind);

/* kin_event_life_ns - how long it lived until this event; KIN_NONE64: unknown */
uint64_t kin_event_life_ns(const struct kin_event *ev);

#endif /* KIN_EVENTCOLUMN_H */

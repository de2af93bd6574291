/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a task ended, as a shell's user would say it. A status is what wait(2)
 * tells (struct kin_event_exit.status); KIN_NONE32 is one that is not known.
 * Marks are those of the exit event, enum kin_event_flag.
 */
#ifndef KIN_ENDING_H
#define KIN_ENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json.h"
#include "libkin.h"

/* Room for the longest explanation. */
#define KIN_ENDING_MAX 96

/*
 * kin_ending_put - explain a status: "exit 0", "exit 127: command not found, as
 * shells say", "exit 137: killed by SIGKILL (OOM kill)", "exit 139: killed by
 * SIGSEGV, core dumped"
 *
 * Writes at @to, without a NUL, at most KIN_ENDING_MAX bytes, all of them ASCII,
 * and returns their number.
 */
size_t kin_ending_put(char *to, uint32_t status, uint32_t flags);

/* kin_ending_code - what a shell has in $?: the exit code, or 128 and the
 * signal; -1: unknown */
int kin_ending_code(uint32_t status);

/* Room for the longest name of a signal. */
#define KIN_SIGNAL_MAX 16

/* kin_signal_name - "SIGKILL", "SIGRTMIN+3"; for a number without a name:
 * "signal 99". Writes as kin_ending_put(), at most KIN_SIGNAL_MAX bytes. */
size_t kin_signal_name(char *to, unsigned int signal);

/* kin_ending_is_oom - whether it was killed because the OOM killer had chosen it */
bool kin_ending_is_oom(uint32_t status, uint32_t flags);

/*
 * kin_ending_json - the same as keys: "status" (of wait(2)), "exit_code" or
 * "signal" and "signal_name", the others null; "core_dumped", "oom_kill"; all
 * null if the status is not known
 */
void kin_ending_json(struct kin_json *json, uint32_t status, uint32_t flags);

/* kin_usage_json - what a task had used by its end, as keys with the names and
 * units of struct kin_event_exit; what is not known is null */
void kin_usage_json(struct kin_json *json, const struct kin_event_exit *end);

#endif /* KIN_ENDING_H */

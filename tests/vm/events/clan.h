/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A family that lives: its members have children, leave them to others, start
 * threads, run programs, change names and cgroups, end and wait for each other, all
 * by lot and at once; and that stops all of it, for as long as is wished, with
 * everybody alive that is alive then. No part of it ends by a signal.
 */
#ifndef EVENTS_CLAN_H
#define EVENTS_CLAN_H

#include <stdint.h>

/* Start it; it rests. @members: about so many processes it grows to. */
void clan_start(uint64_t seed, unsigned int members);

/* Its programs come here, when argv[1] is this. */
#define CLAN_ARG "--clan"
void clan_resume(char **argv) __attribute__((noreturn));

/* It lives on; it comes to rest. The second does not wait. */
void clan_go(void);
void clan_stop(void);

/* How many of its members are doing something. */
unsigned int clan_active(void);

/* How much has been done since it was started. */
unsigned long clan_acts(void);

/* What was done how often, as a remark. */
void clan_note(void);

/* Everybody ends; waits until all are gone. */
void clan_end(void);

#endif /* EVENTS_CLAN_H */

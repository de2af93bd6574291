/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program kin-guard: the subcommands of kin that stay, or that need more libraries
 * than a command that is to start in a millisecond should load. kin starts it.
 */
#ifndef GUARD_H
#define GUARD_H

#include "cmd.h"

int guard_alert(int argc, char **argv);
int guard_export(int argc, char **argv);
int guard_doctor(int argc, char **argv);

#endif /* GUARD_H */

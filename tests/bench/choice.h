/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was asked for with --only: "GOAL" or "GOAL/NAME", separated by commas. */
#ifndef BENCH_CHOICE_H
#define BENCH_CHOICE_H

#include <stdbool.h>

bool choice_has(const char *list, const char *goal, const char *name);

#endif /* BENCH_CHOICE_H */

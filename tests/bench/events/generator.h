/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process whose children come and go: build/bench/cycle. */
#ifndef BENCH_GENERATOR_H
#define BENCH_GENERATOR_H

#include <stdio.h>
#include <sys/types.h>

struct generator {
	pid_t pid;
	FILE *orders, *answers;
};

void generator_start(struct generator *generator, const char *cycle);
void generator_run(struct generator *generator, unsigned int cycles);
void generator_end(struct generator *generator);

#endif /* BENCH_GENERATOR_H */

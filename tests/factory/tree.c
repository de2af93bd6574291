// SPDX-License-Identifier: GPL-2.0-or-later
/* Generations: wide trees and long chains. */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "makers.h"
#include "member.h"
#include "report.h"

#define LINK_STACK_BYTES (size_t)(REPORT_MAX + 32768)

static unsigned int width, depth;

/* Each child goes on as its parent did, a generation further down. */
static void run_tree(const char *arg)
{
	unsigned int generation = 0, i = 0;

	(void)arg;
	while (i < width && generation < depth) {
		if (member_fork()) {
			i++;
		} else {
			generation++;
			i = 0;
		}
	}
	member_say("tree", " generation=%u", generation);
	member_pause();
}

unsigned int make_tree(const char *arg)
{
	unsigned int generation, in_it = 1, all = 1;

	if (sscanf(arg, "%ux%u", &width, &depth) != 2)
		member_die("--tree wants WIDTHxDEPTH");
	for (generation = 0; generation < depth; generation++) {
		in_it *= width;
		all += in_it;
	}
	member_make(run_tree, arg);
	return all;
}

/*
 * Links share one address space: were each a copy of the one before, the kernel
 * would keep a list of all ancestors for each, and a chain of thousands would
 * take minutes to make.
 */
static char *stacks;
static unsigned int links;

static int run_link(void *arg)
{
	size_t link = (size_t)arg;

	member_bind();
	if (link < links &&
	    clone(run_link, stacks + (link + 1) * LINK_STACK_BYTES,
		  CLONE_VM | SIGCHLD, (void *)(link + 1)) < 0)
		member_die("clone");
	member_say("chain", " generation=%zu", link);
	member_pause();
}

static void run_chain(const char *arg)
{
	links = strtoul(arg, NULL, 10);
	stacks = mmap(NULL, links * LINK_STACK_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (stacks == MAP_FAILED)
		member_die("mmap");
	run_link((void *)1);
}

unsigned int make_chain(const char *arg)
{
	member_make(run_chain, arg);
	return strtoul(arg, NULL, 10);
}

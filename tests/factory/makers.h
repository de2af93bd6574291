/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds of members. Each function starts them from the factory's process
 * and returns how many will report.
 */
#ifndef FACTORY_MAKERS_H
#define FACTORY_MAKERS_H

typedef unsigned int maker_fn(const char *arg);

maker_fn make_sleepers, make_light_sleepers;
maker_fn make_threads, make_dead_leader;
maker_fn make_tree, make_chain;
maker_fn make_zombies, make_orphan, make_short_lived;
maker_fn make_stopped, make_traced;
maker_fn make_setuid, make_fsuid;
maker_fn make_renamed, make_cmdlines;
maker_fn make_session, make_tty;
maker_fn make_rt, make_nice, make_affinity, make_busy;
maker_fn make_pidns, make_userns, make_cgroup;
maker_fn make_dstate;
maker_fn make_memory, make_swapped, make_swapped_args, make_oom_adj, make_fds;

/* The factory's file, for members that exec; and their part in main(). */
extern const char *self_path;
void exec_member_main(char **argv);

/* Removes what does not go with its processes. */
void remove_cgroup(void);

#endif /* FACTORY_MAKERS_H */

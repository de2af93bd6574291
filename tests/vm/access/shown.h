/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc shows, in the words of given.c. See struct thing. */
#ifndef ACCESS_SHOWN_H
#define ACCESS_SHOWN_H

#include "thing.h"

int show_stat(const char *dir, struct text *text);
int show_statm(const char *dir, struct text *text);
int show_cmdline(const char *dir, struct text *text);
int show_cgroup(const char *dir, struct text *text);
int show_files(const char *dir, struct text *text);
int show_io(const char *dir, struct text *text);
int show_exe(const char *dir, struct text *text);
int show_cwd(const char *dir, struct text *text);
int show_root(const char *dir, struct text *text);
int show_ns(const char *dir, struct text *text);
int show_limits(const char *dir, struct text *text);
int show_ptrace(const char *dir, struct text *text);
int show_stack(const char *dir, struct text *text);
int show_fds(const char *dir, struct text *text);
int show_environ(const char *dir, struct text *text);

#endif /* ACCESS_SHOWN_H */

# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/snapshot.c
# A string is kept without its end.
s/strlen(rec->cgroup_path) + 1)/strlen(rec->cgroup_path))/

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names by which this program can be run. */
#ifndef WORKLOAD_FILES_H
#define WORKLOAD_FILES_H

#include <stdint.h>

#define FILE_LONG 4000 /* bytes of a long name */

enum file_kind {
	FILE_PLAIN,
	FILE_LINK, /* a symbolic link, with a name of more than 15 bytes */
	FILE_ODD, /* a name with odd bytes */
	FILE_FAR, /* a path of FILE_LONG bytes */
	FILE_SCRIPT, /* this program is its interpreter */
	FILE_OPEN, /* by a descriptor: see files_open() */

	FILE_KINDS,
};

/* Make them in the current directory, from the program at @from. */
void files_make(const char *from);

/* The path, relative to that directory. It belongs to files. */
const char *files_name(enum file_kind kind);

/* -1, or the descriptor to run. */
int files_open(enum file_kind kind);

#endif /* WORKLOAD_FILES_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kin fd --who: one file, or one end of a socket, and who has it. */
#ifndef KIN_CMD_FDWHO_H
#define KIN_CMD_FDWHO_H

#include <sys/types.h>

#include "fd.h"

struct fdwho {
	const char *arg;	/* as the user gave it */
	bool is_file;		/* else an end of a socket: at */
	bool is_socket;		/* a file that a unix socket is bound to */
	struct fd_endpoint at;
	char *path;		/* without symbolic links, but with by_name */
	bool by_name;		/* the path does not answer: its text is all there is */
	uint64_t ino;		/* as the kernel counts, see fdwho_look() */
	uint32_t dev;
};

/* fdwho_parse - nothing is looked up yet */
void fdwho_parse(struct fdwho *who, const char *arg);
void fdwho_free(struct fdwho *who);

/*
 * fdwho_look - learn the numbers and the path of the file; fdwho_free() it in any case
 *
 * stat() tells others than the kernel has where a file system has several devices
 * (btrfs) or is made of others (overlayfs). So the module is asked, of a descriptor
 * of a child of ours. Returns a status, after a message.
 */
int fdwho_look(struct fdwho *who, struct kin *kin);

/* fdwho_types - which types may match, for the query */
uint32_t fdwho_types(const struct fdwho *who);

/* fdwho_has - whether a descriptor is what is looked for */
bool fdwho_has(const struct fdwho *who, const struct kin_fd_record *rec);

/* ---- fdlookup.c: a path, and who waits for it ---- */

/* A child that has it open. */
struct fdlookup {
	pid_t pid;		/* -1: there is none */
	int fd;			/* of the child */
	int end;		/* of the line to it */
	bool answered;
};

/*
 * fdlookup_begin - open a path, without access, in a child; a second at most
 * @lookup: the child, which has it until fdlookup_end(), in any case
 *
 * Returns 0 or -errno; -ETIMEDOUT: no answer.
 */
int fdlookup_begin(struct fdlookup *lookup, const char *path);
void fdlookup_end(struct fdlookup *lookup);

/* fdlookup_text - the whole path, as far as that is known without looking it up;
 * free() it; NULL: no memory */
char *fdlookup_text(const char *path);

/* ---- fdplaces.c: programs, working and root directories ---- */

/* A task that has the file in another place than its descriptors. */
struct fdplace {
	struct kin_fd_table table;	/* whose; its numbers are unknown */
	const char *name;		/* "exe", "cwd", "rtd" */
	uint32_t type;			/* enum kin_fd_type */
};

struct fdplaces {
	struct fdplace *list;		/* in the order of the pids */
	size_t n, room;
	const struct fdwho *who;
};

/* fdplaces_add - those of a record whose path is the file's; false: no memory */
bool fdplaces_add(struct fdplaces *places, const struct kin_record *rec);

/* fdplaces_read - of all tasks in the scope; a status, after a message */
int fdplaces_read(struct fdplaces *places, struct kin *kin,
		  const struct fd_options *options);
void fdplaces_free(struct fdplaces *places);

#endif /* KIN_CMD_FDWHO_H */

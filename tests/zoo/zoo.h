/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A descriptor of each type that there is, and what whoever opened it knows of it
 * without /proc: what was asked for, and what system calls on the descriptor tell.
 */
#ifndef ZOO_H
#define ZOO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>
#include <sys/types.h>

#include "kin.h"

/*
 * Print a line: the descriptor's number, the animal's name, its type, what fstat(),
 * fcntl() and lseek() say, and the facts of @fmt, " key=value"s. @fmt may be NULL.
 * Gives up on @fd < 0: "skipped", with errno.
 */
void zoo_say(int fd, const char *name, enum kin_fd_type type, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The same, of a socket: its family, type, protocol, and addresses, too. */
void zoo_say_socket(int fd, const char *name, int state, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The begin of such a line, up to what lseek() says; of a socket's, too. */
void zoo_say_open(int fd, const char *name, enum kin_fd_type type);

/* What cannot be had here. */
void zoo_skip(const char *name, const char *why);

/* A task that has a table of descriptors, or shares one; " key=value"s. */
void zoo_say_table(pid_t pid, pid_t tid, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* " path=" and the name below the zoo's directory, quoted; of one of the last eight. */
const char *zoo_path(const char *name);

/* Bytes as a value: anything but plain letters is %XX. */
char *zoo_quote(char *to, size_t size, const void *from, size_t len);

noreturn void zoo_die(const char *what);

/* Run @fn in a child that stays until the zoo is closed; returns when it has said
 * all that it has to say, with its pid. */
pid_t zoo_member(const char *name, void (*fn)(void), int clone_flags);
/* In a member: all is said. Waits for the end. */
noreturn void zoo_stay(void);

/* The animals. */
void zoo_files(void);
void zoo_names(void);
void zoo_anonymous(void);
void zoo_pipes(void);
void zoo_inet(void);
void zoo_unix(void);
void zoo_other_sockets(void);
void zoo_places(void);
void zoo_tables(void);

#endif /* ZOO_H */

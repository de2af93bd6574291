/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A member of the factory's family: how it is made, how it tells what it is.
 *
 * A member sends one line about itself when it is what it shall be; the factory
 * learns its pid from the socket's credentials, which the kernel translates, so
 * that members of nested pid namespaces can report, too. Members die with their
 * parent.
 */
#ifndef FACTORY_MEMBER_H
#define FACTORY_MEMBER_H

#include <stdnoreturn.h>
#include <sys/types.h>

/* Report what system calls tell, then the facts of @fmt, " key=value"s; it
 * may be NULL. */
void member_say(const char *role, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Report the facts of @fmt only (numbers of nested namespaces mislead). */
void member_say_bare(const char *role, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Report that the member cannot be made here, and go. */
noreturn void member_skip(const char *role, const char *why);
noreturn void member_skip_all(const char *role, unsigned int count,
			      const char *why);

/* fork(), the child dies with its parent; does not return -1. */
pid_t member_fork(void);

/* The same with flags of clone(); returns -1 if they are not permitted. */
pid_t member_clone(unsigned long flags);

/* Remember a child of the factory's own process; kill all of them. */
void member_remember(pid_t pid);
void member_kill_children(void);

/* Be killed when the parent dies; again after each change of credentials. */
void member_bind(void);

noreturn void member_pause(void);

/* Report an unexpected error and end the whole factory. */
noreturn void member_die(const char *what);

/* Make the member of fork()'s child: runs @fn, which does not return. */
void member_make(void (*fn)(const char *arg), const char *arg);

/* Bytes of @from as a value: anything but plain letters is %XX. */
char *member_quote(char *to, size_t size, const void *from, size_t len);

#endif /* FACTORY_MEMBER_H */

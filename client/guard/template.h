/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Templates of messages. "{comm} ({pid}) has {value} of {bar} descriptors": a name in
 * braces is a column of the subject's process, "host." and a column of the host, or one
 * of value, bar, key (of a group), rule, severity, for, since, family, more; "{{" is a
 * brace. What is not known is "?".
 */
#ifndef GUARD_TEMPLATE_H
#define GUARD_TEMPLATE_H

#include <stddef.h>
#include <stdint.h>

/* template_check - 0, or -EINVAL with @message and where (@at: byte) */
int template_check(const char *text, uint32_t *at, char *message, size_t size);

/* What an alert is about, besides the host: it says which names are known. */
enum template_about {
	TEMPLATE_PROCESS	= 1 << 0,	/* columns of processes, family */
	TEMPLATE_GROUP		= 1 << 1,	/* key */
};

/* template_check_about - the same; a name that such an alert never has is wrong
 * @about: enum template_about */
int template_check_about(const char *text, unsigned int about, uint32_t *at,
			 char *message, size_t size);

/* template_needs - what its columns need: enum kin_group, KIN_NEED_* */
uint32_t template_needs(const char *text);

/*
 * template_fill - the text, to be freed; NULL: no memory
 * @look: writes what @name (@len bytes) stands for into @to, as text that is safe to
 *        print; returns its length (cut to @room), or -1: not known
 */
typedef int template_look(const char *name, size_t len, char *to, size_t room, void *arg);
char *template_fill(const char *text, template_look *look, void *arg);

/* template_fill_command - the same for a command that somebody may copy into a shell:
 * what was looked up is quoted (sh(1)) if it has anything but letters, digits and
 * ./_:@%+,=- in it */
char *template_fill_command(const char *text, template_look *look, void *arg);

#endif /* GUARD_TEMPLATE_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of users and groups, each looked up once. */
#ifndef KIN_NAME_H
#define KIN_NAME_H

#include <stdint.h>

struct kin_names;

/* kin_names_new - an empty cache; NULL: no memory. kin_names_free() it. */
struct kin_names *kin_names_new(void);
void kin_names_free(struct kin_names *names);

/*
 * kin_names_user, kin_names_group - the name of a number
 *
 * Returns the name, or the number's digits if it has none (or no memory is
 * left); the string belongs to @names and is good until the next call.
 */
const char *kin_names_user(struct kin_names *names, uint32_t uid);
const char *kin_names_group(struct kin_names *names, uint32_t gid);

/*
 * kin_names_user_value, kin_names_group_value - the same as a value, a copy; the digits
 * if @names is NULL; not known if the number is not
 */
struct kin_value;
void kin_names_user_value(struct kin_names *names, uint32_t uid,
			  struct kin_value *value);
void kin_names_group_value(struct kin_names *names, uint32_t gid,
			   struct kin_value *value);

#endif /* KIN_NAME_H */

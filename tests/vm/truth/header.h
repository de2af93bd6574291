/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the test know every member of every struct on the wire? */
#ifndef TRUTH_HEADER_H
#define TRUTH_HEADER_H

/* Returns how many members of the structs in @text no table names; the first
 * of them is printed. */
unsigned int header_unknown(const char *text, const char **first);

/* One result for the header, one for made-up ones with more in them. */
void header_check(const char *path);

#endif /* TRUTH_HEADER_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must be true of an output, whatever the kernel said. */
#ifndef REPLY_OUTPUT_H
#define REPLY_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "reply-commands.h"

/* output_check - abort, with a word on why, if @text is not as @output wants;
 * @utf8: what may come beyond ASCII is valid UTF-8, else nothing may */
void output_check(enum reply_output output, const char *text, size_t len,
		  bool utf8);

#endif

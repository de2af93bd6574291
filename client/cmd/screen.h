/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A terminal that is drawn on again and again: the alternate screen, without
 * cursor. Each frame is drawn whole, so that three sequences that all terminals of
 * today know suffice (ECMA-48 and xterm's private modes): a library for them would
 * save nothing.
 */
#ifndef KIN_SCREEN_H
#define KIN_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include "waiting.h"

struct screen {
	int in, out;
	bool on;
	bool raw;		/* in is a terminal, its keys come one by one */
	struct termios before;
	char *last;		/* the frame that is seen; NULL: none */
	size_t last_len;
};

/* screen_usable - whether standard output is a terminal to draw on */
bool screen_usable(void);

/* screen_enter, screen_leave - the second one puts all back as it was, and may come
 * twice; between them, screen_enter() may come again */
void screen_enter(struct screen *screen);
void screen_leave(struct screen *screen);

/* screen_rows - how many lines it has */
unsigned int screen_rows(const struct screen *screen);

/*
 * screen_draw - show a frame: lines, each with its end, no more than there are rows
 *
 * Writes nothing if it is seen already. Returns 0 or -errno (-EINTR: a signal came
 * while the terminal took no more).
 */
int screen_draw(struct screen *screen, const char *frame, size_t len);

/* screen_forget - what is seen is not known any more: draw the next frame in any
 * case; also frees what is kept of the last one */
void screen_forget(struct screen *screen);

enum screen_wish {
	SCREEN_END	= 1 << 0,	/* a key for it was pressed, or the terminal is gone */
	SCREEN_REDRAW	= 1 << 1,	/* what is seen is not known any more */
};

/* screen_attend - see to the keys, and to what the terminal's signals have left in
 * @waiting: stops if the user wants it; enum screen_wish */
unsigned int screen_attend(struct screen *screen, struct waiting *waiting);

#endif /* KIN_SCREEN_H */

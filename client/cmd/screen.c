// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd.h"
#include "screen.h"

/* The alternate screen, no cursor, no wrapping; and back. */
#define ENTER "\033[?1049h\033[?25l\033[?7l"
#define LEAVE "\033[?7h\033[?25h\033[?1049l"

#define HOME "\033[H"
#define ERASE_LINE "\033[K"
#define ERASE_BELOW "\033[J"

#define CTRL_L '\f'

bool screen_usable(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb");
}

static int put(const struct screen *screen, const char *text, size_t len)
{
	while (len) {
		const ssize_t n = write(screen->out, text, len);

		if (n < 0)
			return -errno;
		text += n;
		len -= n;
	}
	return 0;
}

void screen_enter(struct screen *screen)
{
	struct termios keys;

	screen->raw = !tcgetattr(screen->in, &screen->before);
	if (screen->raw) {
		keys = screen->before;
		keys.c_lflag &= ~(ICANON | ECHO);
		keys.c_cc[VMIN] = 1;
		keys.c_cc[VTIME] = 0;
		tcsetattr(screen->in, TCSANOW, &keys);
	}
	screen_forget(screen);
	screen->on = true;
	put(screen, ENTER, strlen(ENTER));
}

void screen_leave(struct screen *screen)
{
	if (!screen->on)
		return;
	screen->on = false;
	put(screen, LEAVE, strlen(LEAVE));
	if (screen->raw)
		tcsetattr(screen->in, TCSANOW, &screen->before);
}

void screen_forget(struct screen *screen)
{
	free(screen->last);
	screen->last = NULL;
}

unsigned int screen_rows(const struct screen *screen)
{
	const char *env = getenv("LINES");
	struct winsize size;
	uint64_t n;

	if (env && cmd_number(env, 65535, &n) && n)
		return n;
	if (ioctl(screen->out, TIOCGWINSZ, &size) || !size.ws_row)
		return 24;
	return size.ws_row;
}

/*
 * Each line is erased before it is written, the last one with all below it:
 * afterwards, the cursor may stand on the last character of a full line, which would
 * be erased, too. Behind the last line there is no new line: it would scroll a full
 * screen.
 */
static void compose(FILE *out, const char *frame, size_t len)
{
	const char *end = frame + len;

	fputs(HOME, out);
	while (frame < end) {
		const char *line_end = memchr(frame, '\n', end - frame);
		const size_t n = (line_end ? line_end : end) - frame;
		const bool last = frame + n + 1 >= end;

		fputs(last ? ERASE_BELOW : ERASE_LINE, out);
		fwrite(frame, 1, n, out);
		if (!last)
			fputc('\n', out);
		frame += n + 1;
	}
}

static int draw(const struct screen *screen, const char *frame, size_t len)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int err;

	if (!out)
		return -ENOMEM;
	compose(out, frame, len);
	err = fclose(out) ? -ENOMEM : put(screen, text, size);
	free(text);
	return err;
}

int screen_draw(struct screen *screen, const char *frame, size_t len)
{
	int err;

	if (screen->last && screen->last_len == len &&
	    !memcmp(screen->last, frame, len))
		return 0;
	screen_forget(screen);
	err = draw(screen, frame, len);
	if (err)
		return err;
	/* without memory, the same is drawn once more */
	screen->last = malloc(len + 1);
	screen->last_len = len;
	if (screen->last)
		memcpy(screen->last, frame, len);
	return 0;
}

/* The next key that was pressed; 0: none; -1: the terminal is gone. */
static int next_key(const struct screen *screen)
{
	struct pollfd fd = { .fd = screen->in, .events = POLLIN };
	unsigned char key;

	if (!screen->raw || poll(&fd, 1, 0) <= 0)
		return 0;
	return read(screen->in, &key, 1) == 1 ? key : -1;
}

static unsigned int attend_keys(const struct screen *screen)
{
	unsigned int wanted = 0;
	int key;

	while ((key = next_key(screen))) {
		if (key == 'q' || key == 'Q' || key < 0)
			wanted |= SCREEN_END;
		if (key < 0)
			break;
		if (key == CTRL_L)
			wanted |= SCREEN_REDRAW;
	}
	return wanted;
}

unsigned int screen_attend(struct screen *screen, struct waiting *waiting)
{
	unsigned int wanted = attend_keys(screen);

	if (waiting->stopped) {
		screen_leave(screen);
		waiting_stop();
		screen_enter(screen);
	}
	if (waiting->stopped || waiting->resized)
		wanted |= SCREEN_REDRAW;
	waiting->stopped = waiting->resized = false;
	if (wanted & SCREEN_REDRAW)
		screen_forget(screen);
	return wanted;
}

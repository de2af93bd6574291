// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fdwatch.h"
#include "format.h"

/* Lines of a frame that are no rows: the headings, the foot. */
#define OTHER_LINES 2

static void put_time(struct fdwatch *watch, struct treeline *line)
{
	char time[KIN_FORMAT_MAX];
	size_t len = eventclock_put(&watch->clock, time,
				    watch->growths.now_ns);
	const char *fraction = memchr(time, '.', len);

	if (fraction)
		len = fraction - time;
	treeline_put(line, time, len, len);
}

static void put_unseen(struct treeline *line, size_t unseen)
{
	if (!unseen)
		return;
	treeline_ascii(line, "... ");
	treeline_number(line, unseen);
	treeline_ascii(line, unseen == 1 ? " line not shown; " :
					   " lines not shown; ");
}

/* What the rows above do not tell. */
static bool put_foot(struct fdwatch *watch, struct treeline *line, size_t unseen)
{
	const struct fdgrowths *growths = &watch->growths;
	const size_t n = fdgrowths_watched(growths);

	if (watch->color)
		treeline_color(line, TREELINE_BOLD);
	put_unseen(line, unseen);
	put_time(watch, line);
	treeline_ascii(line, ": ");
	treeline_number(line, watch->n_rows);
	treeline_ascii(line, " of ");
	treeline_number(line, n);
	treeline_ascii(line, n == 1 ? " process grown" :
					       " processes grown");
	if (growths->denied) {
		treeline_ascii(line, ", ");
		treeline_number(line, growths->denied);
		treeline_ascii(line, " denied");
	}
	treeline_ascii(line, watch->screen.raw ? "; q: end" : "; ^C: end");
	if (watch->color)
		treeline_color(line, "");
	return treeline_end(line);
}

static bool put_all(struct fdwatch *watch, unsigned int rows, FILE *out)
{
	const size_t n = watch->n_rows + watch->n_ended;
	const size_t most = rows > OTHER_LINES ? rows - OTHER_LINES : 0;
	struct treeline line = { .out = out,
				 .limit = cmd_columns(),
				 .utf8 = cmd_utf8() };
	bool enough = true;

	if (rows > 1)
		enough &= fdwatchtext_headings(watch, &line);
	enough &= fdwatchtext_rows(watch, &line, most);
	enough &= put_foot(watch, &line, n > most ? n - most : 0);
	treeline_free(&line);
	return enough;
}

int fdwatchframe_compose(struct fdwatch *watch, unsigned int rows, char **text,
			 size_t *len)
{
	FILE *out = open_memstream(text, len);
	bool enough;

	if (!out)
		return -ENOMEM;
	enough = put_all(watch, rows, out);
	if (!fclose(out) && enough)
		return 0;
	free(*text);
	*text = NULL;
	return -ENOMEM;
}

int fdwatchframe_draw(struct fdwatch *watch)
{
	char *text = NULL;
	size_t len;
	int err = fdwatchframe_compose(watch, screen_rows(&watch->screen),
				       &text, &len);

	if (!err)
		err = screen_draw(&watch->screen, text, len);
	free(text);
	return err;
}

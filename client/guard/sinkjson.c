// SPDX-License-Identifier: GPL-2.0-or-later
/* A line of JSON for each piece of news. */
#include <string.h>

#include "json.h"
#include "outfile.h"
#include "sinkkind.h"

static int json_open(struct sink *sink)
{
	struct outfile *file;
	int err = outfile_open(&file, sink->receiver.path);

	if (err)
		sink_say(sink, "cannot open %s: %s", sink->receiver.path, strerror(-err));
	else
		sink->own = file;
	return err;
}

static void json_close(struct sink *sink)
{
	outfile_close(sink->own);
}

static void json_encode(const struct sink *sink, const struct alert *alert,
			enum alert_news news, FILE *out)
{
	struct kin_json json;

	kin_json_begin(&json, out);
	alert_json(&json, NULL, alert, news);
	kin_json_end(&json);
}

static enum outcome json_deliver(struct sink *sink, struct attempt *try)
{
	return outfile_write(sink->own, sink->abort_fd, try);
}

const struct sink_kind sink_json = {
	.name = "json",
	.open = json_open,
	.close = json_close,
	.encode = json_encode,
	.deliver = json_deliver,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/* Any server that takes JSON: which host it is, and the alert. */
#include "http.h"
#include "json.h"
#include "sinkfields.h"
#include "sinkkind.h"

static int webhook_open(struct sink *sink)
{
	struct http *http;
	int err = http_open(&http, sink, "");

	if (!err)
		sink->own = http;
	return err;
}

static void webhook_close(struct sink *sink)
{
	http_close(sink->own);
}

static void webhook_encode(const struct sink *sink, const struct alert *alert,
			   enum alert_news news, FILE *out)
{
	char host[SINK_HOST_ROOM];
	struct kin_json json;

	sink_host(host);
	kin_json_begin(&json, out);
	kin_json_object_line(&json, NULL);
	kin_json_str(&json, "kin", KIN_VERSION);
	kin_json_str(&json, "host", host);
	if (sink->external_url)
		kin_json_str(&json, "url", sink->external_url);
	alert_json(&json, "alert", alert, news);
	kin_json_object_end(&json);
	kin_json_end(&json);
}

static enum outcome webhook_deliver(struct sink *sink, struct attempt *try)
{
	return http_post(sink->own, try->text, try->len, try);
}

const struct sink_kind sink_webhook = {
	.name = "webhook",
	.keeps = true,
	.open = webhook_open,
	.close = webhook_close,
	.encode = webhook_encode,
	.deliver = webhook_deliver,
};

// SPDX-License-Identifier: GPL-2.0-or-later
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "http.h"

#define MOST_PAUSE_S	3600	/* of what a server may ask for */

struct http {
	CURLM *multi;
	CURL *easy;
	struct curl_slist *headers;
	int abort_fd;
	char host[200];		/* "https://example.com": what messages say of it */
	char error[CURL_ERROR_SIZE];
	char answer[160];	/* its beginning */
	size_t answered;
};

/* ---- open ---- */

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void curl_start(void)
{
	curl_global_init(CURL_GLOBAL_ALL);
}

/* Neither user and password nor the path, which may be as good as a password. */
static int take_host(struct http *http, const char *url)
{
	CURLU *parts = curl_url();
	char *scheme = NULL, *host = NULL, *port = NULL;
	int err = -EINVAL;

	if (!parts)
		return -ENOMEM;
	if (!curl_url_set(parts, CURLUPART_URL, url, 0) &&
	    !curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) &&
	    !curl_url_get(parts, CURLUPART_HOST, &host, 0) &&
	    (!strcmp(scheme, "http") || !strcmp(scheme, "https"))) {
		curl_url_get(parts, CURLUPART_PORT, &port, 0);
		snprintf(http->host, sizeof(http->host), "%s://%s%s%s", scheme, host,
			 port ? ":" : "", port ? port : "");
		err = 0;
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(parts);
	return err;
}

static int add_header(struct http *http, const char *header)
{
	struct curl_slist *list = curl_slist_append(http->headers, header);

	if (!list)
		return -ENOMEM;
	http->headers = list;
	return 0;
}

static bool is_content_type(const char *header)
{
	return !strncasecmp(header, "Content-Type:", 13);
}

static int add_headers(struct http *http, const struct sink *sink)
{
	/* no question before a long message, which few servers answer */
	int err = add_header(http, "Expect:");
	bool typed = false;

	for (char **h = sink->receiver.headers; !err && h && *h; h++) {
		typed |= is_content_type(*h);
		err = add_header(http, *h);
	}
	if (!err && !typed)
		err = add_header(http, "Content-Type: application/json");
	return err;
}

static size_t take_answer(char *text, size_t size, size_t n, void *arg)
{
	struct http *http = arg;
	size_t room = sizeof(http->answer) - 1 - http->answered;
	size_t some = n < room ? n : room;

	memcpy(http->answer + http->answered, text, some);
	http->answered += some;
	http->answer[http->answered] = '\0';
	return n;
}

static int set_options(struct http *http, const struct sink *sink, const char *url)
{
	CURL *easy = http->easy;
	uint64_t ms = sink->receiver.timeout_ns / 1000000;

	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, http->headers);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "kin/" KIN_VERSION);
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* whoever is in a hurry does not wait for a resolver that hangs */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(ms ? ms : 1));
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, http->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_answer);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, http);
	/* what comes as a redirect could lead anywhere, with our headers */
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	return curl_easy_setopt(easy, CURLOPT_URL, url) ? -ENOMEM : 0;
}

static int set_url(struct http *http, const struct sink *sink, const char *path)
{
	size_t len = strlen(sink->receiver.url);
	char *url = NULL;
	int err;

	if (*path && len && sink->receiver.url[len - 1] == '/')
		len--;
	if (asprintf(&url, "%.*s%s", (int)len, sink->receiver.url, path) < 0)
		return -ENOMEM;
	err = take_host(http, url);
	if (err == -EINVAL)
		sink_say(sink, "its url is not of the form \"http://HOST:PORT/PATH\", or https");
	if (!err)
		err = set_options(http, sink, url);
	free(url);
	return err;
}

int http_open(struct http **httpp, const struct sink *sink, const char *path)
{
	struct http *http = calloc(1, sizeof(*http));
	int err = -ENOMEM;

	pthread_once(&curl_once, curl_start);
	if (http) {
		http->abort_fd = sink->abort_fd;
		http->multi = curl_multi_init();
		http->easy = curl_easy_init();
		if (http->multi && http->easy)
			err = add_headers(http, sink);
		if (!err)
			err = set_url(http, sink, path);
	}
	if (err == -ENOMEM)
		sink_say(sink, "out of memory");
	if (err)
		http_close(http);
	else
		*httpp = http;
	return err;
}

void http_close(struct http *http)
{
	if (!http)
		return;
	curl_easy_cleanup(http->easy);
	curl_multi_cleanup(http->multi);
	curl_slist_free_all(http->headers);
	free(http);
}

/* ---- post ---- */

static CURLcode result(CURLM *multi)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(multi, &left)))
		if (message->msg == CURLMSG_DONE)
			return message->data.result;
	return CURLE_ABORTED_BY_CALLBACK;
}

static CURLcode perform(struct http *http)
{
	struct curl_waitfd abort = { .fd = http->abort_fd, .events = CURL_WAIT_POLLIN };
	CURLcode code = CURLE_ABORTED_BY_CALLBACK;
	int running = 1;

	if (curl_multi_add_handle(http->multi, http->easy))
		return CURLE_OUT_OF_MEMORY;
	while (!curl_multi_perform(http->multi, &running)) {
		if (!running) {
			code = result(http->multi);
			break;
		}
		abort.revents = 0;
		if (curl_multi_poll(http->multi, &abort, 1, 1000, NULL) || abort.revents)
			break;
	}
	curl_multi_remove_handle(http->multi, http->easy);
	return code;
}

static enum outcome not_sent(const struct http *http, CURLcode code, struct attempt *try)
{
	const char *why = http->error[0] ? http->error : curl_easy_strerror(code);

	if (code == CURLE_ABORTED_BY_CALLBACK)
		why = "there was no time left";
	snprintf(try->why, sizeof(try->why), "%s: %s", http->host, why);
	return OUTCOME_LATER;
}

static bool is_refusal(long status)
{
	return status >= 400 && status < 500 && status != 408 && status != 425 &&
	       status != 429;
}

static void take_pause(struct http *http, struct attempt *try)
{
	curl_off_t seconds = 0;

	curl_easy_getinfo(http->easy, CURLINFO_RETRY_AFTER, &seconds);
	if (seconds > MOST_PAUSE_S)
		seconds = MOST_PAUSE_S;
	if (seconds > 0)
		try->pause_ns = seconds * 1000000000ull;
}

static enum outcome answered(struct http *http, struct attempt *try)
{
	long status = 0;

	curl_easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 200 && status < 300)
		return OUTCOME_DELIVERED;
	http->answer[strcspn(http->answer, "\r\n")] = '\0';
	snprintf(try->why, sizeof(try->why), "%s: HTTP status %ld%s%s%s", http->host,
		 status, status >= 300 && status < 400 ? ", a redirect, is not followed" : "",
		 http->answer[0] ? ": " : "", http->answer);
	if (is_refusal(status))
		return OUTCOME_REFUSED;
	take_pause(http, try);
	return OUTCOME_LATER;
}

enum outcome http_post(struct http *http, const char *body, size_t len,
		       struct attempt *try)
{
	CURLcode code;

	http->error[0] = http->answer[0] = '\0';
	http->answered = 0;
	curl_easy_setopt(http->easy, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(http->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
	code = perform(http);
	return code ? not_sent(http, code, try) : answered(http, try);
}

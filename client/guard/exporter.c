// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HTTP by libmicrohttpd, without threads: its sockets are behind one descriptor, and
 * all it does, it does in exporter_turn().
 */
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exportcrowd.h"
#include "exporter.h"
#include "exportlisten.h"
#include "exportpage.h"
#include "guard.h"

#define TIMEOUT_S 10u	/* of a connection on which nothing happens */
#define MAX_TURNS 64	/* before events are looked at again */

struct exporter {
	struct export_page page;
	struct MHD_Daemon *http;
	struct export_crowd crowd;
	char url[EXPORT_URL_ROOM + sizeof("/metrics")];
};

/* ---- answers ---- */

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned int code,
			      const char *type, const char *text, size_t len)
{
	struct MHD_Response *response;
	enum MHD_Result result;

	response = MHD_create_response_from_buffer(len, (void *)text, MHD_RESPMEM_MUST_COPY);
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	if (code == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	result = MHD_queue_response(connection, code, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned int code,
				   const char *text)
{
	return answer(connection, code, "text/plain; charset=utf-8", text, strlen(text));
}

static enum MHD_Result answer_root(struct MHD_Connection *connection)
{
	static const char page[] =
		"<!DOCTYPE html>\n<title>kin</title>\n<h1>kin " KIN_VERSION "</h1>\n"
		"<p><a href=\"/metrics\">Metrics</a> for Prometheus\n";

	return answer(connection, MHD_HTTP_OK, "text/html; charset=utf-8", page,
		      sizeof(page) - 1);
}

static enum MHD_Result answer_metrics(struct exporter *exporter,
				      struct MHD_Connection *connection)
{
	struct export_page *page = &exporter->page;
	char text[128];
	const int err = export_page_write(page);

	if (!err)
		return answer(connection, MHD_HTTP_OK, EXPOSITION_CONTENT_TYPE, page->text,
			      page->len);
	snprintf(text, sizeof(text), "The metrics cannot be told: %s\n", strerror(-err));
	return answer_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, text);
}

/* The first call comes with the header alone; what else a request brings is dropped. */
static enum MHD_Result handle(void *arg, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *body,
			      size_t *body_len, void **request)
{
	static int seen;

	if (!*request) {
		*request = &seen;
		return MHD_YES;
	}
	if (*body_len) {
		*body_len = 0;
		return MHD_YES;
	}
	if (strcmp(method, MHD_HTTP_METHOD_GET) && strcmp(method, MHD_HTTP_METHOD_HEAD))
		return answer_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
				   "Only GET and HEAD.\n");
	if (!strcmp(url, "/metrics"))
		return answer_metrics(arg, connection);
	if (!strcmp(url, "/"))
		return answer_root(connection);
	return answer_text(connection, MHD_HTTP_NOT_FOUND, "Not found. See /metrics.\n");
}

/* ---- the daemon ---- */

static void note_connection(void *arg, struct MHD_Connection *connection, void **context,
			    enum MHD_ConnectionNotificationCode what)
{
	struct exporter *exporter = arg;
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	if (!info)
		return;
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		export_crowd_come(&exporter->crowd, info->connect_fd);
	else
		export_crowd_go(&exporter->crowd, info->connect_fd);
}

static int start(struct exporter *exporter, int fd)
{
	exporter->http = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, handle, exporter,
					  MHD_OPTION_LISTEN_SOCKET, fd,
					  MHD_OPTION_CONNECTION_LIMIT, EXPORT_CROWD_MAX,
					  MHD_OPTION_NOTIFY_CONNECTION, note_connection, exporter,
					  MHD_OPTION_CONNECTION_TIMEOUT, TIMEOUT_S,
					  MHD_OPTION_END);
	if (exporter->http)
		return CMD_OK;
	cmd_error("cannot serve HTTP");
	close(fd);
	return CMD_FAILED;
}

int exporter_open(struct exporter **exporterp, struct engine *engine, const char *listen)
{
	struct exporter *exporter = calloc(1, sizeof(*exporter));
	int fd, status;

	*exporterp = NULL;
	if (!exporter)
		return cmd_no_memory();
	exporter->page.engine = engine;
	fd = export_listen(listen, exporter->url);
	status = fd < 0 ? -fd : exporter_set_top(exporter, EXPORTER_TOP);
	if (!status)
		status = start(exporter, fd);
	else if (fd >= 0)
		close(fd);
	if (status) {
		export_page_free(&exporter->page);
		free(exporter);
		return status;
	}
	strcat(exporter->url, "/metrics");
	engine_set_event(engine, export_page_event, &exporter->page);
	*exporterp = exporter;
	return CMD_OK;
}

void exporter_close(struct exporter *exporter)
{
	if (!exporter)
		return;
	engine_set_event(exporter->page.engine, NULL, NULL);
	MHD_stop_daemon(exporter->http);
	export_page_free(&exporter->page);
	free(exporter);
}

int exporter_set_top(struct exporter *exporter, unsigned int top)
{
	return export_page_set_top(&exporter->page, top) ? cmd_no_memory() : CMD_OK;
}

void exporter_set_delivery(struct exporter *exporter, const struct delivery *delivery)
{
	exporter->page.delivery = delivery;
}

const char *exporter_url(const struct exporter *exporter)
{
	return exporter->url;
}

int exporter_fd(const struct exporter *exporter)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(exporter->http, MHD_DAEMON_INFO_EPOLL_FD);

	return info->epoll_fd;
}

/* It looks once at each connection that is ready: what it has left, it says with a
 * timeout of 0, and not by its descriptor. */
void exporter_turn(struct exporter *exporter)
{
	MHD_UNSIGNED_LONG_LONG timeout;
	int turns = 0;

	do {
		MHD_run(exporter->http);
	} while (++turns < MAX_TURNS && MHD_get_timeout(exporter->http, &timeout) == MHD_YES &&
		 !timeout);
}

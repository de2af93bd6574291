// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd.h"
#include "name.h"
#include "text.h"

int cmd_output_close(int status)
{
	bool failed = ferror(stdout);

	errno = 0;
	if (fclose(stdout) || failed) {
		if (errno)
			cmd_error("cannot write the output: %s",
				  strerror(errno));
		else
			cmd_error("cannot write the output");
		return status == CMD_OK ? CMD_FAILED : status;
	}
	return status;
}

unsigned int cmd_columns_at(int fd)
{
	const char *env = getenv("COLUMNS");
	struct winsize size;
	uint64_t n;

	if (!isatty(fd))
		return 0;
	if (env && cmd_number(env, 65535, &n) && n)
		return n;
	if (ioctl(fd, TIOCGWINSZ, &size) || !size.ws_col)
		return 80;
	return size.ws_col;
}

unsigned int cmd_columns(void)
{
	return cmd_columns_at(STDOUT_FILENO);
}

bool cmd_use_color_at(int when, int fd)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

	if (when)
		return when > 0;
	return isatty(fd) && !(no && *no) && term && strcmp(term, "dumb");
}

bool cmd_use_color(int when)
{
	return cmd_use_color_at(when, STDOUT_FILENO);
}

bool cmd_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

unsigned int cmd_safe(FILE *out, const char *text, size_t len)
{
	unsigned int flags = cmd_utf8() ? KIN_TEXT_UTF8 : 0;
	char safe[KIN_TEXT_MAX(256)];
	uint32_t width, all = 0;
	size_t some;

	for (; len; text += some, len -= some) {
		some = len < 256 ? len : 256;
		/* not in the middle of a character */
		while (some < len && some > 252 && (text[some] & 0xc0) == 0x80)
			some--;
		fwrite(safe, 1,
		       kin_text_put(safe, text, some, flags, UINT32_MAX,
				    &width),
		       out);
		all += width;
	}
	return all;
}

static void json_strings(struct kin_json *json, const char *key,
			 const struct kin_value *value, char separator)
{
	const char *at = value->s, *end = value->s + value->len, *stop;
	bool more = value->len || separator == '\0';

	kin_json_array_line(json, key);
	while (more) {
		stop = memchr(at, separator, end - at);
		more = stop;
		if (!stop)
			stop = end;
		kin_json_bytes(json, NULL, at, stop - at);
		at = stop + 1;
	}
	kin_json_array_end(json);
}

static void json_numbers(struct kin_json *json, const char *key,
			 const struct kin_value *value)
{
	kin_json_array_line(json, key);
	for (uint32_t i = 0; i < value->len; i++)
		kin_json_u64(json, NULL, value->list[i]);
	kin_json_array_end(json);
}

/* What is one string in a table is one here, without the escapes for people. */
static void json_command(struct kin_json *json, const char *key,
			 const struct kin_value *value)
{
	char small[256] = "";
	char *line = small;
	size_t n = 0;

	if (value->len + 2 > sizeof(small))
		line = malloc(value->len + 2);
	if (!line) {
		kin_json_null(json, key);
		return;
	}
	if (value->bracket)
		line[n++] = '[';
	for (uint32_t i = 0; i < value->len; i++)
		line[n++] = value->s[i] ? value->s[i] : ' ';
	if (value->bracket)
		line[n++] = ']';
	kin_json_bytes(json, key, line, n);
	if (line != small)
		free(line);
}

void cmd_json_value(struct kin_json *json, const char *key, enum kin_type type,
		    const struct kin_value *value)
{
	char letter = value->u;

	if (!value->known) {
		kin_json_null(json, key);
		return;
	}
	switch (type) {
	case KIN_TYPE_INT:
	case KIN_TYPE_TIME:
		kin_json_i64(json, key, value->i);
		break;
	case KIN_TYPE_PERCENT:
	case KIN_TYPE_MILLI:
		kin_json_milli(json, key, value->u);
		break;
	case KIN_TYPE_STATE:
		kin_json_bytes(json, key, &letter, 1);
		break;
	case KIN_TYPE_STRING:
		kin_json_bytes(json, key, value->s, value->len);
		break;
	case KIN_TYPE_COMMAND:
		json_command(json, key, value);
		break;
	case KIN_TYPE_ARGS:
		json_strings(json, key, value, '\0');
		break;
	case KIN_TYPE_WORDS:
		json_strings(json, key, value, ',');
		break;
	case KIN_TYPE_LINES:
		json_strings(json, key, value, '\n');
		break;
	case KIN_TYPE_NUMBERS:
		json_numbers(json, key, value);
		break;
	default:
		kin_json_u64(json, key, value->u);
	}
}

void cmd_json_column(struct kin_json *json, const struct kin_column *col,
		     const struct kin_view *view, const struct kin_task *task)
{
	struct kin_value value;

	kin_column_get(col, view, task, &value);
	cmd_json_value(json, col->id, col->type, &value);
}

int cmd_view(struct kin *kin, uint32_t needs, struct kin_view *view)
{
	struct kin_host host;
	int err = kin_view_now(view);

	if (err) {
		cmd_error("cannot read the clock: %s", strerror(-err));
		return CMD_FAILED;
	}
	if (needs & KIN_NEED_HOST) {
		err = kin_host_get(kin, &host);
		if (err)
			return cmd_failed(kin, err,
					  "cannot read the host's summary");
		view->mem_total_bytes = host.mem_total_bytes;
	}
	if (needs & KIN_NEED_NAMES) {
		view->names = kin_names_new();
		if (!view->names)
			return cmd_no_memory();
	}
	return CMD_OK;
}

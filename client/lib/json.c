// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "format.h"
#include "json.h"
#include "text.h"

void kin_json_begin(struct kin_json *json, FILE *out)
{
	memset(json, 0, sizeof(*json));
	json->out = out;
}

/* Most texts are so short that the call would cost more than they do. */
static void put(struct kin_json *json, const char *text, size_t len)
{
	if (len > 16) {
		fwrite_unlocked(text, 1, len, json->out);
		return;
	}
	while (len--)
		putc_unlocked(*text++, json->out);
}

static void put_char(struct kin_json *json, char c)
{
	putc_unlocked(c, json->out);
}

static void new_line(struct kin_json *json)
{
	if (json->flat && json->depth >= json->flat) {
		if (json->comma)
			put_char(json, ' ');
		return;
	}
	put_char(json, '\n');
	for (unsigned int i = 0; i < json->depth; i++)
		put_char(json, '\t');
}

/* What stands in a string as it is: nearly all there ever is. */
static size_t plain_len(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && text[i] >= ' ' && text[i] < 0x7f &&
	       text[i] != '"' && text[i] != '\\')
		i++;
	return i;
}

static void put_string(struct kin_json *json, const char *text, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	uint32_t code;
	size_t bytes;

	put_char(json, '"');
	for (size_t i = 0; i < len; i += bytes) {
		unsigned char c = text[i];

		bytes = plain_len(text + i, len - i);
		if (bytes) {
			put(json, text + i, bytes);
			continue;
		}
		bytes = kin_text_utf8(text + i, len - i, &code);
		if (!bytes) {
			/* not text: \xNN, its backslash escaped */
			put(json, "\\\\x", 3);
			put_char(json, hex[c >> 4]);
			put_char(json, hex[c & 15]);
			bytes = 1;
		} else if (c == '"' || c == '\\') {
			put_char(json, '\\');
			put_char(json, c);
		} else if (kin_text_is_control(code)) {
			put(json, "\\u00", 4);
			put_char(json, hex[code >> 4]);
			put_char(json, hex[code & 15]);
		} else {
			put(json, text + i, bytes);
		}
	}
	put_char(json, '"');
}

static void start(struct kin_json *json, const char *key)
{
	if (json->comma)
		put_char(json, ',');
	if (json->depth)
		new_line(json);
	json->comma = true;
	if (key) {
		put_string(json, key, strlen(key));
		put(json, ": ", 2);
	}
}

static void json_open(struct kin_json *json, const char *key, char bracket,
		      bool line)
{
	start(json, key);
	put_char(json, bracket);
	json->depth++;
	json->comma = false;
	if (line && !json->flat)
		json->flat = json->depth;
}

static void json_close(struct kin_json *json, char bracket)
{
	bool empty = !json->comma;

	json->comma = false;
	json->depth--;
	if (!empty && (!json->flat || json->depth + 1 < json->flat))
		new_line(json);
	if (json->flat == json->depth + 1)
		json->flat = 0;
	put_char(json, bracket);
	json->comma = true;
}

void kin_json_object(struct kin_json *json, const char *key)
{
	json_open(json, key, '{', false);
}

void kin_json_object_line(struct kin_json *json, const char *key)
{
	json_open(json, key, '{', true);
}

void kin_json_object_end(struct kin_json *json)
{
	json_close(json, '}');
}

void kin_json_array(struct kin_json *json, const char *key)
{
	json_open(json, key, '[', false);
}

void kin_json_array_line(struct kin_json *json, const char *key)
{
	json_open(json, key, '[', true);
}

void kin_json_array_end(struct kin_json *json)
{
	json_close(json, ']');
}

void kin_json_null(struct kin_json *json, const char *key)
{
	start(json, key);
	put(json, "null", 4);
}

void kin_json_bool(struct kin_json *json, const char *key, bool value)
{
	start(json, key);
	put(json, value ? "true" : "false", value ? 4 : 5);
}

void kin_json_u64(struct kin_json *json, const char *key, uint64_t value)
{
	char text[KIN_FORMAT_MAX];

	start(json, key);
	put(json, text, kin_format_u64(text, value));
}

void kin_json_i64(struct kin_json *json, const char *key, int64_t value)
{
	char text[KIN_FORMAT_MAX];

	start(json, key);
	put(json, text, kin_format_i64(text, value));
}

void kin_json_known(struct kin_json *json, const char *key, uint64_t value)
{
	if (value == UINT64_MAX)
		kin_json_null(json, key);
	else
		kin_json_u64(json, key, value);
}

void kin_json_milli(struct kin_json *json, const char *key, uint64_t milli)
{
	char text[KIN_FORMAT_MAX];

	start(json, key);
	put(json, text, kin_format_milli(text, milli, 3));
}

void kin_json_smilli(struct kin_json *json, const char *key, int64_t milli)
{
	char text[KIN_FORMAT_MAX];

	start(json, key);
	if (milli < 0)
		put_char(json, '-');
	put(json, text, kin_format_milli(text, milli < 0 ? -(uint64_t)milli :
							   (uint64_t)milli, 3));
}

void kin_json_bytes(struct kin_json *json, const char *key, const char *value,
		    size_t len)
{
	start(json, key);
	put_string(json, value, len);
}

void kin_json_str(struct kin_json *json, const char *key, const char *value)
{
	kin_json_bytes(json, key, value, strlen(value));
}

void kin_json_end(struct kin_json *json)
{
	put_char(json, '\n');
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A JSON writer. Keys and values follow each other as they are called; commas,
 * new lines and indentation come by themselves. Strings may hold any bytes:
 * those that are not valid UTF-8 come out as \xNN in text. Write errors stay in
 * the stream, for ferror().
 */
#ifndef KIN_JSON_H
#define KIN_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct kin_json {
	FILE *out;
	unsigned int depth;
	unsigned int flat;	/* depth from which all is one line; 0: none */
	bool comma;		/* something stands before at this depth */
};

/* kin_json_begin - start; @out is the caller's */
void kin_json_begin(struct kin_json *json, FILE *out);

/* @key: the name inside an object; NULL inside an array and at the top. */
void kin_json_object(struct kin_json *json, const char *key);
/* the same, all on one line */
void kin_json_object_line(struct kin_json *json, const char *key);
void kin_json_object_end(struct kin_json *json);
void kin_json_array(struct kin_json *json, const char *key);
void kin_json_array_line(struct kin_json *json, const char *key);
void kin_json_array_end(struct kin_json *json);
void kin_json_null(struct kin_json *json, const char *key);
void kin_json_bool(struct kin_json *json, const char *key, bool value);
void kin_json_u64(struct kin_json *json, const char *key, uint64_t value);
void kin_json_i64(struct kin_json *json, const char *key, int64_t value);
/* thousandths, as a number with up to three decimals */
void kin_json_milli(struct kin_json *json, const char *key, uint64_t milli);
void kin_json_smilli(struct kin_json *json, const char *key, int64_t milli);
void kin_json_str(struct kin_json *json, const char *key, const char *value);
void kin_json_bytes(struct kin_json *json, const char *key, const char *value,
		    size_t len);

/* u64 that may be KIN_NONE64: null then */
void kin_json_known(struct kin_json *json, const char *key, uint64_t value);

/* kin_json_end - after the last value at the top: a new line */
void kin_json_end(struct kin_json *json);

#endif /* KIN_JSON_H */

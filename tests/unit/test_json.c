// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json.h"

static char *text;
static size_t text_len;

static struct kin_json begin(void)
{
	struct kin_json json;

	kin_json_begin(&json, open_memstream(&text, &text_len));
	assert_non_null(json.out);
	return json;
}

static void check(struct kin_json *json, const char *expected)
{
	fclose(json->out);
	assert_string_equal(text, expected);
	free(text);
}

static void test_nested(void **state)
{
	struct kin_json json = begin();

	kin_json_object(&json, NULL);
	kin_json_array(&json, "tasks");
	kin_json_object_line(&json, NULL);
	kin_json_u64(&json, "pid", 1);
	kin_json_array_line(&json, "list");
	kin_json_u64(&json, NULL, 1);
	kin_json_u64(&json, NULL, 2);
	kin_json_array_end(&json);
	kin_json_null(&json, "tty");
	kin_json_object_end(&json);
	kin_json_object_line(&json, NULL);
	kin_json_object_end(&json);
	kin_json_array_end(&json);
	kin_json_array(&json, "none");
	kin_json_array_end(&json);
	kin_json_bool(&json, "yes", true);
	kin_json_object_end(&json);
	kin_json_end(&json);
	check(&json, "{\n"
		     "\t\"tasks\": [\n"
		     "\t\t{\"pid\": 1, \"list\": [1, 2], \"tty\": null},\n"
		     "\t\t{}\n"
		     "\t],\n"
		     "\t\"none\": [],\n"
		     "\t\"yes\": true\n"
		     "}\n");
}

static void test_numbers(void **state)
{
	struct kin_json json = begin();

	kin_json_array_line(&json, NULL);
	kin_json_u64(&json, NULL, UINT64_MAX);
	kin_json_i64(&json, NULL, INT64_MIN);
	kin_json_known(&json, NULL, UINT64_MAX);
	kin_json_known(&json, NULL, 0);
	kin_json_milli(&json, NULL, 5);
	kin_json_milli(&json, NULL, 123456);
	kin_json_smilli(&json, NULL, -600);
	kin_json_smilli(&json, NULL, 0);
	kin_json_smilli(&json, NULL, 1500);
	kin_json_smilli(&json, NULL, INT64_MIN);
	kin_json_array_end(&json);
	check(&json, "[18446744073709551615, -9223372036854775808, null, 0, "
		     "0.005, 123.456, -0.600, 0.000, 1.500, -9223372036854775.808]");
}

static void test_strings(void **state)
{
	static const char hostile[] = "q\"b\\n\n\x1b\x7f\0end";
	struct kin_json json = begin();

	kin_json_array_line(&json, NULL);
	kin_json_str(&json, NULL, "");
	kin_json_bytes(&json, NULL, hostile, sizeof(hostile) - 1);
	/* valid UTF-8 stays, what is not becomes text */
	kin_json_str(&json, NULL, "\xc3\xa4\xe2\x80\xae");
	kin_json_str(&json, NULL, "\xc2\x9b" "31m"); /* as ESC [ */
	kin_json_str(&json, NULL, "a\xff\xc3");
	kin_json_str(&json, NULL, "\xed\xa0\x80");
	kin_json_array_end(&json);
	check(&json, "[\"\", \"q\\\"b\\\\n\\u000a\\u001b\\u007f\\u0000end\", "
		     "\"\xc3\xa4\xe2\x80\xae\", \"\\u009b31m\", \"a\\\\xff\\\\xc3\", "
		     "\"\\\\xed\\\\xa0\\\\x80\"]");
}

static void test_hostile_key(void **state)
{
	struct kin_json json = begin();

	kin_json_object_line(&json, NULL);
	kin_json_u64(&json, "a\"b", 1);
	kin_json_object_end(&json);
	check(&json, "{\"a\\\"b\": 1}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_hostile_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

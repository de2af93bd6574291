// SPDX-License-Identifier: GPL-2.0-or-later
/* Environments that come in parts of any length, and what is shown of them. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "env.h"
#include "output.h"

/* The string's own NUL is the one behind the last variable. */
#define BYTES(text) text, sizeof(text)

struct answer {
	const char *bytes;
	size_t len;
	size_t step;		/* bytes of a part */
	bool whole;
};

static int feed(struct env *env, const struct answer *answer)
{
	int status = CMD_OK;
	size_t len;

	for (size_t i = 0; i < answer->len && !status; i += len) {
		len = answer->len - i;
		if (len > answer->step)
			len = answer->step;
		status = env_part(answer->bytes + i, len, env);
	}
	return status ? status : env_end(env, answer->whole);
}

static void show(struct output *out, struct env *env,
		 const struct answer *answer)
{
	struct kin_json json;

	output_begin(out);
	env->json = &json;
	kin_json_begin(&json, stdout);
	if (env->form == ENV_JSON)
		kin_json_array(&json, NULL);
	assert_int_equal(feed(env, answer), CMD_OK);
	if (env->form == ENV_JSON)
		kin_json_array_end(&json);
	output_end(out);
}

/* Whatever the parts, the same comes out. */
static void check(enum env_form form, char *const *names, size_t n_names,
		  const char *bytes, size_t len, const char *expected)
{
	for (size_t step = 1; step <= len; step++) {
		struct env env = { .form = form, .names = names,
				   .n_names = n_names };
		struct output out;

		show(&out, &env, &(struct answer){ bytes, len, step, true });
		assert_int_equal(env.bytes, len);
		assert_output(&out, expected);
		env_free(&env);
	}
}

static void test_text(void **state)
{
	check(ENV_TEXT, NULL, 0, BYTES("A=1\0PATH=/bin:/sbin\0EMPTY="),
	      "A=1\nPATH=/bin:/sbin\nEMPTY=\n");
	/* twice, without '=', several '=' */
	check(ENV_TEXT, NULL, 0, BYTES("A=1\0A=2\0rubbish\0B=x=y"),
	      "A=1\nA=2\nrubbish\nB=x=y\n");
	/* empty strings are no variables */
	check(ENV_TEXT, NULL, 0, BYTES("\0\0A=1\0\0\0\0B=2\0\0"), "A=1\nB=2\n");
	/* the last one need not be ended */
	check(ENV_TEXT, NULL, 0, "A=1\0B=2", 7, "A=1\nB=2\n");
	check(ENV_TEXT, NULL, 0, "", 0, "");
}

static void test_text_is_safe(void **state)
{
	check(ENV_TEXT, NULL, 0, BYTES("A=1\n2\0B=\033[31m\0C=\xc3\xa4\xff"),
	      "A=1\\x0a2\nB=\\x1b[31m\nC=ä\\xff\n");
}

static void test_null(void **state)
{
	static const char bytes[] = "A=1\n\0\0\033\xff\0B=2";
	struct env env = { .form = ENV_NULL };
	struct output out;

	/* each byte, and none besides */
	show(&out, &env, &(struct answer){ bytes, sizeof(bytes) - 1, 4, true });
	assert_int_equal(out.len, sizeof(bytes) - 1);
	assert_memory_equal(out.text, bytes, sizeof(bytes) - 1);
	free(out.text);
	env_free(&env);
}

static void test_json(void **state)
{
	check(ENV_JSON, NULL, 0, BYTES("A=1\0A=2\0rubbish\0B=x=y\0=odd\0\0C=\""),
	      "[\n"
	      "\t{\"name\": \"A\", \"value\": \"1\"},\n"
	      "\t{\"name\": \"A\", \"value\": \"2\"},\n"
	      "\t{\"name\": \"rubbish\", \"value\": null},\n"
	      "\t{\"name\": \"B\", \"value\": \"x=y\"},\n"
	      "\t{\"name\": \"\", \"value\": \"odd\"},\n"
	      "\t{\"name\": \"C\", \"value\": \"\\\"\"}\n"
	      "]");
}

static char a[] = "A", path[] = "PATH", none[] = "NONE";

static void test_names(void **state)
{
	char *const names[] = { path, a };

	/* in the order of the names; twice is twice; a begin is not the name */
	check(ENV_TEXT, names, 2,
	      BYTES("A=1\0PATHS=no\0PAT=no\0PATH=/bin\0\0A=2\0A"),
	      "/bin\n1\n2\n");
	check(ENV_JSON, names, 2, BYTES("A=1\0PATH=/bin\0B=3"),
	      "[\n"
	      "\t{\"name\": \"PATH\", \"value\": \"/bin\"},\n"
	      "\t{\"name\": \"A\", \"value\": \"1\"}\n"
	      "]");
	/* an empty value is one */
	check(ENV_TEXT, names, 2, BYTES("A=\0PATH=x"), "x\n\n");
}

static void test_names_null(void **state)
{
	char *const names[] = { a };
	struct env env = { .form = ENV_NULL, .names = names, .n_names = 1 };
	struct output out;

	show(&out, &env, &(struct answer){ BYTES("B=2\0A=1\n\0C=3"), 3, true });
	assert_int_equal(out.len, 3);
	assert_memory_equal(out.text, "1\n", 3);
	free(out.text);
	env_free(&env);
}

/* What is missing is named, and nothing else is. */
static void test_missing(void **state)
{
	char *const names[] = { a, none };
	struct env env = { .names = names, .n_names = 2 };
	struct output out;

	show(&out, &env, &(struct answer){ BYTES("A="), 9, true });
	assert_output(&out, "\n");
	assert_int_equal(env_missing(&env, 1), CMD_FAILED);
	env.n_names = 1;
	assert_int_equal(env_missing(&env, 1), CMD_OK);
	env.n_names = 2;
	env_free(&env);
	/* not a single variable */
	env = (struct env){ .names = names, .n_names = 2 };
	assert_int_equal(env_missing(&env, 1), CMD_FAILED);
}

/* Half a variable would be another value. */
static void test_broken_off(void **state)
{
	static const char bytes[] = "A=1\0PATH=/bi";
	char *const names[] = { path };
	struct env env = { .form = ENV_TEXT };
	struct output out;

	show(&out, &env, &(struct answer){ bytes, sizeof(bytes) - 1, 5, false });
	assert_output(&out, "A=1\n");
	env_free(&env);
	env = (struct env){ .names = names, .n_names = 1 };
	show(&out, &env, &(struct answer){ bytes, sizeof(bytes) - 1, 5, false });
	assert_output(&out, "");
	assert_int_equal(env_missing(&env, 1), CMD_FAILED);
	env_free(&env);
}

/* A process may write there what it likes, without end. */
static void test_endless(void **state)
{
	static char block[1 << 20];
	struct env env = { .form = ENV_TEXT };
	int status = CMD_OK;

	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 65 && !status; i++)
		status = env_part(block, sizeof(block), &env);
	assert_int_equal(status, CMD_FAILED);
	assert_int_equal(env.bytes, 65 * sizeof(block));
	env_free(&env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_is_safe),
		cmocka_unit_test(test_null),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_names_null),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_broken_off),
		cmocka_unit_test(test_endless),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* kin fd: rows as a table, in blocks, sorted, and as JSON. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fd.h"
#include "fdout.h"
#include "fdrecord.h"
#include "output.h"

static void prepare(struct fdout *out, struct fd_options *options,
		    const char *columns, const char *sort)
{
	memset(out, 0, sizeof(*out));
	out->options = options;
	out->sort.set = &fd_columns;
	assert_int_equal(columns_parse_of(&fd_cmd, &fd_columns, &out->columns,
					  columns, ""),
			 CMD_OK);
	if (sort)
		assert_int_equal(sort_parse(&fd_cmd, &out->sort, sort), CMD_OK);
}

static void put(struct fdout *out, uint32_t fd, const char *name, uint64_t size)
{
	char text[64], path[64];
	struct fd_row row = { .name = text, .name_len = strlen(name) };
	struct made made;

	strcpy(text, name);
	strcpy(path, name);
	make_file(&made, path);
	made.fd.fd = fd;
	made.fd.size = size;
	row.rec = made.rec;
	assert_true(fdout_row(out, &row));
	/* what it pointed to is no more */
	memset(&made, 0xee, sizeof(made));
	memset(text, 'e', sizeof(text));
	memset(path, 'e', sizeof(path));
}

static void end(struct fdout *out, size_t denied)
{
	assert_true(fdout_end(out, denied));
	fdout_free(out);
}

static void test_table(void **state)
{
	struct fd_options options = { 0 };
	struct output output;
	struct fdout out;

	prepare(&out, &options, "pid,fd,type,size,name", NULL);
	output_begin(&output);
	put(&out, 3, "/x", 5000);
	put(&out, 12, "/a\x1b[2Jb", 0);
	end(&out, 0);
	output_end(&output);
	assert_output(&output, "PID FD  TYPE SIZE NAME\n"
			       " 10 3r  file 4.8K /x\n"
			       " 10 12r file    0 /a\\x1b[2Jb\n");
}

static void test_raw(void **state)
{
	struct fd_options options = { .raw = true, .no_headings = true };
	struct output output;
	struct fdout out;

	prepare(&out, &options, "size,name,local", NULL);
	output_begin(&output);
	put(&out, 3, "/a b", 5000);
	put(&out, 4, "/longer", 1);
	end(&out, 0);
	output_end(&output);
	assert_output(&output, "5000 /a\\x20b -\n1 /longer -\n");
}

/* Nothing to show is a table without rows. */
static void test_empty(void **state)
{
	struct fd_options options = { 0 };
	struct output output;
	struct fdout out;

	prepare(&out, &options, "pid,fd", NULL);
	output_begin(&output);
	end(&out, 0);
	output_end(&output);
	assert_output(&output, "PID FD\n");
}

/* Longer than a block: each row once, one line of headings, no column narrower
 * than it was. */
static void test_blocks(void **state)
{
	struct fd_options options = { 0 };
	struct output output;
	struct fdout out;
	uint32_t fd = 0;
	char *line;

	prepare(&out, &options, "fd,name", NULL);
	output_begin(&output);
	put(&out, 4000000000u, "/first", 0);
	for (uint32_t i = 1; i < 20000; i++)
		put(&out, i, "/x", 0);
	end(&out, 0);
	output_end(&output);
	line = strtok(output.text, "\n");
	assert_string_equal(line, "FD          NAME");
	assert_string_equal(strtok(NULL, "\n"), "4000000000r /first");
	while ((line = strtok(NULL, "\n"))) {
		char expected[32];

		snprintf(expected, sizeof(expected), "%ur", ++fd);
		assert_memory_equal(line, expected, strlen(expected));
		assert_string_equal(line + 12, "/x");
	}
	assert_int_equal(fd, 19999);
	free(output.text);
}

static void test_sorted(void **state)
{
	struct fd_options options = { .no_headings = true };
	struct output output;
	struct fdout out;

	prepare(&out, &options, "number,path,name", "-size,name");
	output_begin(&output);
	put(&out, 1, "/b", 7);
	put(&out, 2, "/none", KIN_NONE64);
	put(&out, 3, "/a", 7);
	put(&out, 4, "/large", 70);
	end(&out, 0);
	output_end(&output);
	assert_output(&output, "4 /large /large\n3 /a     /a\n"
			       "1 /b     /b\n2 /none  /none\n");
}

/* All that a row points to is copied. */
static void test_kept_socket(void **state)
{
	struct fd_options options = { .no_headings = true };
	struct fd_row row = { .name = "n", .name_len = 1 };
	struct output output;
	struct fdout out;
	struct made made;

	prepare(&out, &options, "pid,number,local,comm", "fd");
	output_begin(&output);
	make_socket(&made, AF_INET, SOCK_STREAM, 6, TCP_STATE_LISTEN);
	make_ends(&made, "10.0.0.1", 80, NULL, 0);
	made.rec.unix_name = "x";
	made.rec.unix_name_len = 1;
	row.rec = made.rec;
	assert_true(fdout_row(&out, &row));
	memset(&made, 0xee, sizeof(made));
	end(&out, 0);
	output_end(&output);
	assert_output(&output, "10 4 10.0.0.1:80 c10\n");
}

static void test_shared(void **state)
{
	const struct kin_fd_table table = { .pid = 20, .comm = "other",
					    .shared_pid = 10 };
	struct fd_options options = { .no_headings = true };
	struct output output;
	struct fdout out;

	prepare(&out, &options, "pid,fd,type,comm,name", NULL);
	output_begin(&output);
	put(&out, 3, "/x", 0);
	assert_true(fdout_shared(&out, &table));
	end(&out, 0);
	output_end(&output);
	assert_output(&output, "10 3r file c10   /x\n"
			       "20 -  -    other (descriptors shared with 10)\n");
}

/* ---- JSON ---- */

static void test_json_ends(void **state)
{
	const struct kin_fd_table table = { .pid = 20, .comm = "a\"b",
					    .shared_pid = 10 };
	struct fd_options options = { .json = true };
	struct output output;
	struct fdout out;

	prepare(&out, &options, "pid", NULL);
	output_begin(&output);
	assert_true(fdout_shared(&out, &table));
	end(&out, 2);
	output_end(&output);
	assert_output(&output,
		      "{\n\t\"descriptors\": [],\n\t\"shared\": [\n"
		      "\t\t{\"pid\": 20, \"comm\": \"a\\\"b\", \"shared_pid\": 10}\n"
		      "\t],\n\t\"num_denied\": 2,\n\t\"whole\": true\n}\n");
}

/* Cut short after a row it is a document, and says so; before the first, nothing. */
static void test_json_break(void **state)
{
	const char *const end = "\n\t],\n\t\"shared\": [],\n\t\"num_denied\": 2,\n\t\"whole\": false\n}\n";
	struct fd_options options = { .json = true };
	struct output output;
	struct fdout out;

	prepare(&out, &options, "pid", NULL);
	output_begin(&output);
	fdout_break(&out, 2);
	output_end(&output);
	assert_output(&output, "");
	output_begin(&output);
	put(&out, 3, "/x", 0);
	fdout_break(&out, 2);
	fdout_free(&out);
	output_end(&output);
	assert_true(output.len > strlen(end));
	assert_string_equal(output.text + output.len - strlen(end), end);
	free(output.text);
}

/* What one row's object has. */
static void check_json(const struct fd_row *row, const char *const *parts)
{
	struct kin_json json;
	size_t size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	kin_json_begin(&json, out);
	fd_row_json(&json, row);
	fclose(out);
	for (; *parts; parts++)
		if (!strstr(text, *parts))
			fail_msg("no %s in %s", *parts, text);
	free(text);
}

static void test_json_file(void **state)
{
	static const char *const parts[] = {
		"{\"pid\": 10, \"tgid\": 10, \"comm\": \"c10\"",
		"\"fd\": 3, \"place\": null, \"type\": \"file\", \"read\": true, \"write\": false",
		"\"deleted\": true", "\"size_bytes\": 5000", "\"pos_bytes\": null",
		"\"dev\": \"0:35\"", "\"rdev\": null", "\"flags\": [\"rdonly\"]",
		"\"path\": \"/a\\\\xff\"", "\"socket\": null", "\"peers\": null",
		"\"num_peers\": null}", NULL
	};
	struct fd_row row = { 0 };
	struct made made;

	make_file(&made, "/a\xff");
	made.fd.flags |= KIN_FD_DELETED;
	made.fd.size = 5000;
	made.fd.pos = KIN_NONE64;
	made.fd.dev = 35;
	row.rec = made.rec;
	check_json(&row, parts);
}

static void test_json_socket(void **state)
{
	static const char *const parts[] = {
		"\"socket\": {\"family\": \"inet6\", \"type\": \"stream\", \"protocol\": \"TCP\", \"state\": \"established\", \"local_address\": \"::1\", \"local_port\": 80, \"remote_address\": \"::2\", \"remote_port\": 4711, \"rx_queue_bytes\": 5, \"tx_queue_bytes\": null",
		NULL
	};
	static const char *const listens[] = {
		"\"state\": \"listen\", \"local_address\": \"::1\", \"local_port\": 80, \"remote_address\": null, \"remote_port\": null, \"waiting_connections\": 5, \"max_waiting_connections\": null",
		NULL
	};
	struct fd_row row = { 0 };
	struct made made;

	make_socket(&made, AF_INET6, SOCK_STREAM, 6, TCP_STATE_ESTABLISHED);
	make_ends(&made, "::1", 80, "::2", 4711);
	made.sock.rx_queue = 5;
	made.sock.tx_queue = KIN_NONE64;
	row.rec = made.rec;
	check_json(&row, parts);
	make_socket(&made, AF_INET6, SOCK_STREAM, 6, TCP_STATE_LISTEN);
	make_ends(&made, "::1", 80, NULL, 0);
	made.sock.rx_queue = 5;
	made.sock.tx_queue = KIN_NONE64;
	check_json(&row, listens);
}

static void test_json_peers(void **state)
{
	static const char *const few[] = {
		"\"peers\": [{\"pid\": 2, \"comm\": \"c2\", \"fd\": 5}], \"num_peers\": 1}",
		NULL
	};
	static const char *const many[] = { "\"pid\": 65, \"comm\": \"c65\", \"fd\": 5}], \"num_peers\": 1000}",
					    NULL };
	struct fd_peers peers = { 0 };
	struct fd_row row = { .peers = &peers };
	struct made made, own;

	make_pipe(&own, 1, 3, 50, KIN_FD_READ);
	row.rec = own.rec;
	make_pipe(&made, 2, 5, 50, KIN_FD_WRITE);
	assert_true(fd_peers_add(&peers, &made.rec));
	fd_peers_sort(&peers);
	check_json(&row, few);
	for (uint32_t pid = 3; pid < 1002; pid++) {
		make_pipe(&made, pid, 5, 50, KIN_FD_WRITE);
		assert_true(fd_peers_add(&peers, &made.rec));
	}
	fd_peers_sort(&peers);
	check_json(&row, many);
	fd_peers_free(&peers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_kept_socket),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_json_ends),
		cmocka_unit_test(test_json_break),
		cmocka_unit_test(test_json_file),
		cmocka_unit_test(test_json_socket),
		cmocka_unit_test(test_json_peers),
	};

	setlocale(LC_ALL, "C");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* kin fd: who has the other end; compared with looking through all, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fdrecord.h"

#define BOTH (KIN_FD_READ | KIN_FD_WRITE)

static void add_pipe(struct fd_peers *peers, uint32_t pid, uint32_t fd,
		     uint64_t ino, uint32_t flags)
{
	struct made made;

	make_pipe(&made, pid, fd, ino, flags);
	assert_true(fd_peers_add(peers, &made.rec));
}

static void check_pipe(const struct fd_peers *peers, uint32_t pid, uint32_t fd,
		       uint64_t ino, uint32_t flags, const char *expected)
{
	struct fd_others others;
	char text[FD_OTHERS_MAX];
	struct made made;
	size_t len;

	make_pipe(&made, pid, fd, ino, flags);
	others = fd_peers_of(peers, &made.rec);
	len = fd_others_text(text, &others);
	assert_string_equal(text, expected);
	assert_int_equal(len, strlen(expected));
}

static void test_pipe(void **state)
{
	struct fd_peers peers = { 0 };

	add_pipe(&peers, 1, 3, 50, KIN_FD_READ);
	add_pipe(&peers, 1, 4, 51, KIN_FD_WRITE);
	add_pipe(&peers, 2, 5, 50, KIN_FD_WRITE);
	fd_peers_sort(&peers);
	check_pipe(&peers, 1, 3, 50, KIN_FD_READ, "2/c2");
	check_pipe(&peers, 2, 5, 50, KIN_FD_WRITE, "1/c1");
	check_pipe(&peers, 1, 4, 51, KIN_FD_WRITE, "");
	check_pipe(&peers, 9, 9, 99, KIN_FD_READ, "");
	/* O_PATH: neither */
	check_pipe(&peers, 1, 3, 50, 0, "");
	fd_peers_free(&peers);
}

static void test_several(void **state)
{
	struct fd_peers peers = { 0 };

	add_pipe(&peers, 1, 0, 50, KIN_FD_WRITE);
	for (uint32_t pid = 2; pid < 5; pid++)
		for (uint32_t fd = 3; fd < 6; fd++)
			add_pipe(&peers, pid, fd, 50, KIN_FD_READ);
	fd_peers_sort(&peers);
	check_pipe(&peers, 1, 0, 50, KIN_FD_WRITE, "2/c2, 3/c3, 4/c4");
	fd_peers_free(&peers);
	for (uint32_t pid = 2; pid < 102; pid++)
		add_pipe(&peers, pid, 0, 50, KIN_FD_READ);
	fd_peers_sort(&peers);
	check_pipe(&peers, 1, 0, 50, KIN_FD_WRITE, "2/c2, 3/c3 and 98 more");
	fd_peers_free(&peers);
}

/* One descriptor for both ways is not its own other end; another process's is. */
static void test_both_ways(void **state)
{
	struct fd_peers peers = { 0 };

	add_pipe(&peers, 1, 0, 50, BOTH);
	fd_peers_sort(&peers);
	check_pipe(&peers, 1, 0, 50, BOTH, "");
	fd_peers_free(&peers);
	for (uint32_t pid = 1; pid < 4; pid++)
		add_pipe(&peers, pid, 0, 50, BOTH);
	fd_peers_sort(&peers);
	check_pipe(&peers, 1, 0, 50, BOTH, "2/c2, 3/c3");
	check_pipe(&peers, 2, 0, 50, BOTH, "1/c1, 3/c3");
	check_pipe(&peers, 3, 0, 50, BOTH, "1/c1, 2/c2");
	check_pipe(&peers, 2, 7, 50, KIN_FD_READ, "1/c1, 2/c2, 3/c3");
	/* it came after the index was made */
	check_pipe(&peers, 9, 0, 50, BOTH, "1/c1, 2/c2, 3/c3");
	fd_peers_free(&peers);
}

/* Both ends in one process are two descriptors: it talks to itself. */
static void test_oneself(void **state)
{
	struct fd_peers peers = { 0 };

	add_pipe(&peers, 1, 3, 50, KIN_FD_READ);
	add_pipe(&peers, 1, 4, 50, KIN_FD_WRITE);
	fd_peers_sort(&peers);
	check_pipe(&peers, 1, 3, 50, KIN_FD_READ, "1/c1");
	fd_peers_free(&peers);
}

/* The same number on another file system is another pipe. */
static void test_devices(void **state)
{
	struct fd_peers peers = { 0 };
	struct made made;

	make_pipe(&made, 1, 3, 50, KIN_FD_WRITE);
	made.fd.type = KIN_FD_FIFO;
	made.fd.dev = DEV_PIPES + 1;
	assert_true(fd_peers_add(&peers, &made.rec));
	fd_peers_sort(&peers);
	check_pipe(&peers, 2, 3, 50, KIN_FD_READ, "");
	fd_peers_free(&peers);
}

static void test_sockets(void **state)
{
	struct fd_peers peers = { 0 };
	struct fd_others others;
	char text[FD_OTHERS_MAX];
	struct made made;

	make_socket(&made, AF_UNIX, SOCK_STREAM, 0, TCP_STATE_ESTABLISHED);
	assert_true(fd_peers_add(&peers, &made.rec));
	make_file(&made, "/x");
	made.fd.ino = 700;
	assert_true(fd_peers_add(&peers, &made.rec));
	made.rec.fd = NULL;
	assert_true(fd_peers_add(&peers, &made.rec));
	fd_peers_sort(&peers);
	assert_int_equal(peers.n, 1);
	make_socket(&made, AF_UNIX, SOCK_STREAM, 0, TCP_STATE_ESTABLISHED);
	made.sock.peer_ino = 700;
	others = fd_peers_of(&peers, &made.rec);
	fd_others_text(text, &others);
	assert_string_equal(text, "10/c10");
	made.sock.peer_ino = 0;
	assert_int_equal(fd_peers_of(&peers, &made.rec).n, 0);
	made.sock.peer_ino = KIN_NONE64;
	assert_int_equal(fd_peers_of(&peers, &made.rec).n, 0);
	fd_peers_free(&peers);
	/* an empty one, and none */
	made.sock.peer_ino = 700;
	assert_int_equal(fd_peers_of(&peers, &made.rec).n, 0);
	assert_int_equal(fd_peers_of(NULL, &made.rec).n, 0);
}

/* ---- against looking through all of them ---- */

#define MANY 400
#define PIDS 12
#define PIPES 20

/* Whether the way of @a leads to @b. */
static bool opposite(const struct made *a, const struct made *b)
{
	uint32_t wanted = a->fd.flags & KIN_FD_READ ? KIN_FD_WRITE :
						      KIN_FD_READ;

	return a->fd.ino == b->fd.ino && (b->fd.flags & wanted) &&
	       ((a->fd.flags & BOTH) != BOTH || a->table.pid != b->table.pid);
}

static void check_one(const struct fd_peers *peers, const struct made *all,
		      const struct made *one)
{
	struct fd_others others = fd_peers_of(peers, &one->rec);
	size_t at = 0, n = 0;
	uint32_t last = 0;

	for (size_t i = 0; i < MANY; i++) {
		const struct fd_end *end;

		if (!opposite(one, &all[i]) || all[i].table.pid == last)
			continue;
		last = all[i].table.pid;
		end = fd_others_at(&others, &at);
		assert_non_null(end);
		assert_int_equal(peers->tasks[end->task].pid, last);
		assert_int_equal(end->fd, all[i].fd.fd);
		n++;
	}
	assert_null(fd_others_at(&others, &at));
	assert_int_equal(others.n, n);
}

static void test_random(void **state)
{
	static const uint32_t ways[] = { KIN_FD_READ, KIN_FD_WRITE, BOTH };
	static struct made all[MANY];

	for (unsigned int seed = 1; seed < 60; seed++) {
		struct fd_peers peers = { 0 };

		srand(seed);
		for (uint32_t i = 0; i < MANY; i++) {
			make_pipe(&all[i], 1 + i * PIDS / MANY, i,
				  rand() % PIPES, ways[rand() % 3]);
			assert_true(fd_peers_add(&peers, &all[i].rec));
		}
		fd_peers_sort(&peers);
		for (uint32_t i = 0; i < MANY; i++)
			check_one(&peers, all, &all[i]);
		fd_peers_free(&peers);
	}
}

/* A million copies of one pipe: looking up costs no more than a few steps. */
static void test_million(void **state)
{
	struct fd_peers peers = { 0 };

	for (uint32_t fd = 0; fd < 1000000; fd++)
		add_pipe(&peers, 1, fd, 50, fd & 1 ? KIN_FD_READ : KIN_FD_WRITE);
	fd_peers_sort(&peers);
	assert_int_equal(peers.n, 2);
	for (uint32_t fd = 0; fd < 1000000; fd++)
		check_pipe(&peers, 1, fd, 50, KIN_FD_READ, "1/c1");
	fd_peers_free(&peers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_oneself),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_sockets),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_million),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

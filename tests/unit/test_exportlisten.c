// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses to listen on: those that are one, and those that are none. */
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd.h"
#include "exportlisten.h"

static char url[EXPORT_URL_ROOM];
static char said[512];

/* export_listen(), and what it says on standard error. */
static int try(const char *text)
{
	FILE *file = tmpfile();
	const int err_fd = dup(STDERR_FILENO);
	int fd;

	assert_non_null(file);
	dup2(fileno(file), STDERR_FILENO);
	fd = export_listen(text, url);
	dup2(err_fd, STDERR_FILENO);
	close(err_fd);
	rewind(file);
	said[fread(said, 1, sizeof(said) - 1, file)] = '\0';
	fclose(file);
	return fd;
}

static void test_no_address(void **state)
{
	static const char *const texts[] = {
		"", ":", "9947", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
		"127.0.0.1:1x", "127.0.0.1: 1", "localhost:1", "::1:9947", "[::1]", "[::1]9947",
		"[::1:9947", "[]:1", "]:1", "256.0.0.1:1", "127.0.0.1:1:1",
		"0000000000000000000000000000000000000000000000000000000000000000000000000:1",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (try(texts[i]) != -CMD_USAGE)
			fail_msg("'%s' is taken for an address", texts[i]);
		assert_non_null(strstr(said, "is not an address and a port: 127.0.0.1:9947,"));
		assert_non_null(strstr(said, texts[i]));
	}
}

static bool listens(int fd)
{
	socklen_t len = sizeof(int);
	int yes = 0;

	return fd >= 0 && !getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &yes, &len) && yes;
}

static void test_chosen_port(void **state)
{
	const char *const start = "http://127.0.0.1:";
	int fd = try("127.0.0.1:0"), other;

	assert_true(listens(fd));
	assert_memory_equal(url, start, strlen(start));
	assert_true(atoi(url + strlen(start)) > 0);
	/* it is taken now */
	other = try(url + strlen("http://"));
	assert_int_equal(other, -CMD_FAILED);
	assert_non_null(strstr(said, "cannot listen on 127.0.0.1:"));
	assert_non_null(strstr(said, "Address already in use"));
	close(fd);
	fd = try(url + strlen("http://"));
	assert_true(listens(fd));
	close(fd);
}

static void test_all_addresses(void **state)
{
	int fd = try(":0");

	assert_true(listens(fd));
	assert_true(!strncmp(url, "http://[::]:", 12) || !strncmp(url, "http://0.0.0.0:", 15));
	close(fd);
}

/* Hosts may be set up so that IPv6 does not take IPv4: a network of its own is. (Last:
 * the test cannot leave it again.) */
static bool enter_strict_host(void)
{
	int fd;
	bool strict;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return false;
	fd = open("/proc/sys/net/ipv6/bindv6only", O_WRONLY | O_CLOEXEC);
	strict = fd >= 0 && write(fd, "1", 1) == 1;
	close(fd);
	return strict;
}

static void test_all_addresses_of_strict_host(void **state)
{
	socklen_t len = sizeof(int);
	int fd, only = 1;

	if (!enter_strict_host())
		skip();
	fd = try(":0");
	assert_true(listens(fd));
	assert_int_equal(getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, &len), 0);
	assert_int_equal(only, 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_chosen_port),
		cmocka_unit_test(test_all_addresses),
		cmocka_unit_test(test_all_addresses_of_strict_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* kin fd: filters, names, arguments, what --who finds. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "fdargs.h"
#include "fdrecord.h"
#include "fdsock.h"
#include "fdwho.h"

/* ---- filters ---- */

static bool path_passes(const char *prefix, const char *path)
{
	struct fd_filter filter = { .path = prefix };
	struct made made;

	make_file(&made, path);
	return fd_filter_passes(&filter, &made.rec);
}

static void test_path(void **state)
{
	assert_true(path_passes("/var/log", "/var/log"));
	assert_true(path_passes("/var/log", "/var/log/x"));
	assert_false(path_passes("/var/log", "/var/logs"));
	assert_false(path_passes("/var/log", "/var/lo"));
	assert_false(path_passes("/var/log", "/x/var/log"));
	assert_true(path_passes("/var/log/", "/var/log/x"));
	assert_true(path_passes("/var/log/", "/var/log"));
	assert_true(path_passes("/", "/var"));
	assert_true(path_passes("/", "/"));
	assert_false(path_passes("/", "[eventpoll]"));
	assert_false(path_passes("/", NULL));
}

static void test_path_of_unix(void **state)
{
	struct fd_filter filter = { .path = "/run" };
	struct made made;

	make_socket(&made, AF_UNIX, SOCK_STREAM, 0, TCP_STATE_LISTEN);
	assert_false(fd_filter_passes(&filter, &made.rec));
	made.rec.unix_name = "/run/x";
	made.rec.unix_name_len = 6;
	assert_true(fd_filter_passes(&filter, &made.rec));
	made.rec.unix_name = "\0/run";
	made.rec.unix_name_len = 5;
	assert_false(fd_filter_passes(&filter, &made.rec));
}

static void test_deleted(void **state)
{
	struct fd_filter filter = { .deleted = true };
	struct made made;

	make_file(&made, "/x");
	assert_false(fd_filter_passes(&filter, &made.rec));
	made.fd.flags |= KIN_FD_DELETED;
	assert_true(fd_filter_passes(&filter, &made.rec));
}

static bool end_passes(const struct fd_endpoint *at, uint32_t family,
		       const char *local, const char *remote)
{
	struct fd_filter filter = { .at = *at };
	struct made made;

	make_socket(&made, family, SOCK_STREAM, IPPROTO_TCP,
		    TCP_STATE_ESTABLISHED);
	make_ends(&made, local, 80, remote, 4711);
	return fd_filter_passes(&filter, &made.rec);
}

static void test_port(void **state)
{
	struct fd_endpoint at = { 0 };

	assert_int_equal(fdargs_port("80", &at), CMD_OK);
	assert_true(end_passes(&at, AF_INET, "10.0.0.1", "10.0.0.2"));
	assert_int_equal(fdargs_port("4711", &at), CMD_OK);
	assert_true(end_passes(&at, AF_INET6, "::1", "::2"));
	assert_int_equal(fdargs_port("81", &at), CMD_OK);
	assert_false(end_passes(&at, AF_INET, "10.0.0.1", "10.0.0.2"));
}

static void test_address(void **state)
{
	struct fd_endpoint at = { 0 };

	assert_int_equal(fdargs_address("10.0.0.2", &at), CMD_OK);
	assert_true(end_passes(&at, AF_INET, "10.0.0.1", "10.0.0.2"));
	assert_true(end_passes(&at, AF_INET6, "::ffff:10.0.0.2", "::2"));
	assert_false(end_passes(&at, AF_INET, "10.0.0.1", "10.0.0.3"));
	assert_false(end_passes(&at, AF_INET6, "::a00:2", "::2"));
	/* of one end both */
	at.has_port = true;
	at.port = 80;
	assert_false(end_passes(&at, AF_INET, "10.0.0.1", "10.0.0.2"));
	assert_true(end_passes(&at, AF_INET, "10.0.0.2", "10.0.0.1"));
}

/* Port ids of netlink are no ports. */
static void test_port_of_netlink(void **state)
{
	struct fd_filter filter = { .at = { .has_port = true, .port = 80 } };
	struct made made;

	make_socket(&made, AF_NETLINK, SOCK_RAW, 0, TCP_STATE_CLOSED);
	made.sock.local_port = 80;
	assert_false(fd_filter_passes(&filter, &made.rec));
	make_file(&made, "/x");
	assert_false(fd_filter_passes(&filter, &made.rec));
}

static void test_state(void **state)
{
	struct fd_filter filter = { 0 };
	struct made made;

	assert_int_equal(fdargs_states("listen,closed", &filter.states),
			 CMD_OK);
	make_socket(&made, AF_INET, SOCK_STREAM, 6, TCP_STATE_LISTEN);
	assert_true(fd_filter_passes(&filter, &made.rec));
	made.sock.state = TCP_STATE_ESTABLISHED;
	assert_false(fd_filter_passes(&filter, &made.rec));
	made.sock.state = 32 + TCP_STATE_LISTEN;
	assert_false(fd_filter_passes(&filter, &made.rec));
}

static bool ratio_passes(uint32_t percent, uint64_t open, uint64_t limit)
{
	const struct fd_filter filter = { .limit_percent = percent };
	const struct kin_fd_table table = { .open = open, .limit_soft = limit };

	return fd_filter_table(&filter, &table);
}

static void test_ratio(void **state)
{
	assert_true(ratio_passes(0, KIN_NONE64, KIN_NONE64));
	assert_true(ratio_passes(80, 80, 100));
	assert_false(ratio_passes(80, 79, 100));
	assert_true(ratio_passes(100, 200, 100));
	assert_false(ratio_passes(1, 1000000, KIN_NONE64));
	assert_false(ratio_passes(1, KIN_NONE64, 100));
	assert_true(ratio_passes(80, 4, 5));
	assert_false(ratio_passes(81, 4, 5));
}

/* ---- names ---- */

static void check_name_in(const struct made *made, uint32_t netns,
			  const char *expected)
{
	struct fd_row row = { .rec = made->rec, .netns = netns };
	char name[FD_NAME_MAX];
	size_t len = fd_row_name(name, &row);

	name[len] = '\0';
	assert_string_equal(name, expected);
}

static void check_name(const struct made *made, const char *expected)
{
	check_name_in(made, 0, expected);
}

static void check_inet(uint32_t family, uint32_t protocol, uint32_t state,
		       const char *local, const char *remote,
		       const char *expected)
{
	uint32_t type = protocol == IPPROTO_TCP ? SOCK_STREAM : SOCK_DGRAM;
	struct made made;

	make_socket(&made, family, type, protocol, state);
	make_ends(&made, local, 80, remote, 4711);
	check_name(&made, expected);
}

static void test_inet_names(void **state)
{
	check_inet(AF_INET, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "127.0.0.1",
		   "10.0.0.1", "TCP 127.0.0.1:80 -> 10.0.0.1:4711 (ESTABLISHED)");
	check_inet(AF_INET, IPPROTO_TCP, TCP_STATE_LISTEN, "0.0.0.0", NULL,
		   "TCP *:80 (LISTEN)");
	check_inet(AF_INET6, IPPROTO_TCP, TCP_STATE_LISTEN, "::", NULL,
		   "TCP [::]:80 (LISTEN)");
	check_inet(AF_INET6, IPPROTO_TCP, 8, "::1", "::1",
		   "TCP [::1]:80 -> [::1]:4711 (CLOSE-WAIT)");
	check_inet(AF_INET, IPPROTO_UDP, TCP_STATE_CLOSED, "0.0.0.0", NULL,
		   "UDP *:80");
	check_inet(AF_INET, IPPROTO_UDP, TCP_STATE_ESTABLISHED, "10.0.0.1",
		   "10.0.0.2", "UDP 10.0.0.1:80 -> 10.0.0.2:4711");
	check_inet(AF_INET, 250, 99, "10.0.0.1", NULL,
		   "IP protocol 250 10.0.0.1:80");
}

static void test_other_sockets(void **state)
{
	struct made made;

	make_socket(&made, AF_NETLINK, SOCK_RAW, 16, TCP_STATE_CLOSED);
	check_name(&made, "netlink GENERIC");
	made.sock.local_port = 4711;
	check_name(&made, "netlink GENERIC port 4711");
	make_socket(&made, AF_PACKET, SOCK_RAW, 3, TCP_STATE_CLOSED);
	check_name(&made, "packet ALL any interface");
	made.sock.ifindex = 2;
	check_name(&made, "packet ALL interface 2");
	/* the loopback interface has number 1 wherever there are names */
	made.sock.ifindex = 1;
	made.sock.netns = 4711;
	check_name_in(&made, 4712, "packet ALL interface 1");
	check_name_in(&made, 4711, "packet ALL lo");
	make_socket(&made, AF_VSOCK, SOCK_STREAM, 0, TCP_STATE_CLOSED);
	check_name(&made, "vsock stream");
	make_socket(&made, 4000, 77, 0, TCP_STATE_CLOSED);
	check_name(&made, "family 4000 type 77");
	made.rec.sock = NULL;
	check_name(&made, "socket:[700]");
}

static void test_unix_names(void **state)
{
	struct made made;

	make_socket(&made, AF_UNIX, SOCK_STREAM, 0, TCP_STATE_LISTEN);
	made.rec.unix_name = "/run/x";
	made.rec.unix_name_len = 6;
	check_name(&made, "unix stream /run/x (LISTEN)");
	make_socket(&made, AF_UNIX, SOCK_DGRAM, 0, TCP_STATE_CLOSED);
	made.rec.unix_name = "\0abstract";
	made.rec.unix_name_len = 9;
	check_name(&made, "unix dgram @abstract");
	make_socket(&made, AF_UNIX, SOCK_SEQPACKET, 0, TCP_STATE_ESTABLISHED);
	made.sock.peer_ino = 4711;
	check_name(&made, "unix seqpacket -> socket:[4711]");
}

static void test_path_names(void **state)
{
	struct made made;

	make_file(&made, "/x/y");
	check_name(&made, "/x/y");
	made.fd.flags |= KIN_FD_DELETED;
	check_name(&made, "/x/y (deleted)");
	make_file(&made, NULL);
	check_name(&made, "");
	made.fd.flags |= KIN_FD_PATH_LONG;
	check_name(&made, "(longer than a path may be)");
	make_pipe(&made, 1, 2, 4711, KIN_FD_READ);
	check_name(&made, "pipe:[4711]");
}

/* The longest that may come, and what the kernel would not send. */
static void test_long_name(void **state)
{
	static char path[100000];
	struct fd_row row = { 0 };
	char name[FD_NAME_MAX];
	struct made made;

	memset(path, 'x', sizeof(path) - 1);
	make_file(&made, path);
	made.fd.flags |= KIN_FD_DELETED;
	row.rec = made.rec;
	assert_true(fd_row_name(name, &row) <= FD_NAME_MAX);
	made.fd.type = KIN_FD_FIFO;
	assert_true(fd_row_name(name, &row) <= FD_NAME_MAX);
	make_socket(&made, AF_UNIX, UINT32_MAX, UINT32_MAX, UINT32_MAX);
	made.rec.unix_name = path;
	made.rec.unix_name_len = sizeof(path);
	made.sock.peer_ino = UINT64_MAX - 1;
	row.rec = made.rec;
	assert_true(fd_row_name(name, &row) <= FD_NAME_MAX);
}

/* ---- columns ---- */

static void check_column(const struct made *made, const char *id,
			 const char *expected)
{
	const struct kin_column *col =
		kin_column_find_in(&fd_columns, id, strlen(id));
	struct fd_row row = { .rec = made->rec };
	struct kin_value value;
	uint32_t width;
	char text[512];

	assert_non_null(col);
	kin_column_get_row(col, &row, &value);
	assert_true(kin_value_room(col->type, &value) < sizeof(text));
	text[kin_value_put(text, col->type, &value, KIN_STYLE_BASE, UINT32_MAX,
			   &width)] = '\0';
	assert_string_equal(text, expected);
}

static void test_columns(void **state)
{
	struct made made;

	make_file(&made, "/x");
	made.fd.open_flags = O_RDWR | O_APPEND | O_SYNC;
	made.fd.flags = KIN_FD_READ | KIN_FD_WRITE | KIN_FD_CLOEXEC;
	made.fd.dev = 0x12345678;
	made.fd.mode = S_IFREG | 04755;
	made.fd.size = 5000;
	made.fd.pos = KIN_NONE64;
	check_column(&made, "fd", "3u");
	check_column(&made, "flags", "rdwr,append,sync,cloexec");
	check_column(&made, "dev", "1110:74616");
	check_column(&made, "rdev", "-");
	check_column(&made, "perm", "4755");
	check_column(&made, "size", "5000");
	check_column(&made, "pos", "-");
	check_column(&made, "local", "-");
	check_column(&made, "user", "0");
	made.fd.flags = 0;
	check_column(&made, "fd", "3-");
	make_socket(&made, AF_INET6, SOCK_STREAM, 6, TCP_STATE_LISTEN);
	check_column(&made, "proto", "TCP");
	check_column(&made, "state", "LISTEN");
	check_column(&made, "local", "[::]:0");
	check_column(&made, "remote", "-");
}

/* Whatever comes fits into the room of a value. */
static void test_columns_fit(void **state)
{
	struct made made;

	memset(&made, 0xff, sizeof(made));
	memset(made.table.comm, 'x', sizeof(made.table.comm));
	made.rec = (struct kin_fd_record){ .table = &made.table,
					   .fd = &made.fd,
					   .sock = &made.sock };
	for (uint32_t family = 0; family < 64; family++) {
		struct fd_row row = { .rec = made.rec };
		struct kin_value value;

		made.sock.family = family;
		for (size_t c = 0; c < fd_columns.n; c++) {
			kin_column_get_row(&fd_columns.columns[c], &row, &value);
			if (value.known && value.s == value.scratch)
				assert_in_range(value.len, 1,
						sizeof(value.scratch) - 1);
		}
	}
}

/* ---- arguments ---- */

static void check_endpoint(const char *arg, bool good, uint32_t family,
			   uint32_t port)
{
	struct fd_endpoint at;

	assert_int_equal(fdargs_endpoint(arg, &at), good);
	if (good) {
		assert_int_equal(at.family, family);
		assert_int_equal(at.port, port);
	}
}

static void test_endpoint(void **state)
{
	check_endpoint(":80", true, 0, 80);
	check_endpoint("*:80", true, 0, 80);
	check_endpoint("10.0.0.1:80", true, AF_INET, 80);
	check_endpoint("[::1]:65535", true, AF_INET6, 65535);
	check_endpoint("::1", false, 0, 0);
	check_endpoint("::1:80", false, 0, 0);
	check_endpoint("[10.0.0.1]:80", false, 0, 0);
	check_endpoint("[]:80", false, 0, 0);
	check_endpoint("80", false, 0, 0);
	check_endpoint(":", false, 0, 0);
	check_endpoint(":65536", false, 0, 0);
	check_endpoint("host:80", false, 0, 0);
	check_endpoint("", false, 0, 0);
}

static void test_arguments(void **state)
{
	struct fd_endpoint at = { 0 };
	uint32_t bits = 0, percent = 0;
	const char *path = NULL;

	assert_int_equal(fdargs_types("file,io_uring", &bits), CMD_OK);
	assert_int_equal(bits, 1u << KIN_FD_FILE | 1u << KIN_FD_IO_URING);
	assert_int_equal(fdargs_percent("80", &percent), CMD_OK);
	assert_int_equal(percent, 80);
	assert_int_equal(fdargs_percent("5%", &percent), CMD_OK);
	assert_int_equal(percent, 5);
	assert_int_equal(fdargs_types("", &bits), CMD_USAGE);
	assert_int_equal(fdargs_types("file,", &bits), CMD_USAGE);
	assert_int_equal(fdargs_types("files", &bits), CMD_USAGE);
	assert_int_equal(fdargs_states("", &bits), CMD_USAGE);
	assert_int_equal(fdargs_states("LISTEN", &bits), CMD_USAGE);
	assert_int_equal(fdargs_percent("0", &percent), CMD_USAGE);
	assert_int_equal(fdargs_percent("101", &percent), CMD_USAGE);
	assert_int_equal(fdargs_percent("%", &percent), CMD_USAGE);
	assert_int_equal(fdargs_percent("00000000000080", &percent), CMD_USAGE);
	assert_int_equal(fdargs_port("65536", &at), CMD_USAGE);
	assert_int_equal(fdargs_port("-1", &at), CMD_USAGE);
	assert_int_equal(fdargs_address("1.2.3", &at), CMD_USAGE);
	assert_int_equal(fdargs_address("", &at), CMD_USAGE);
	assert_int_equal(fdargs_path("x", &path), CMD_USAGE);
	assert_int_equal(fdargs_path("", &path), CMD_USAGE);
	assert_int_equal(fdargs_path("/x", &path), CMD_OK);
}

/* ---- who ---- */

static bool serves(const char *arg, uint32_t family, const char *local,
		   uint32_t flags)
{
	struct fdwho who = { 0 };
	struct made made;

	fdwho_parse(&who, arg);
	assert_false(who.is_file);
	make_socket(&made, family, SOCK_STREAM, 6, TCP_STATE_LISTEN);
	make_ends(&made, local, 80, NULL, 0);
	made.sock.flags = flags;
	return fdwho_has(&who, &made.rec);
}

static void test_who_serves(void **state)
{
	assert_true(serves(":80", AF_INET, "10.0.0.1", 0));
	assert_true(serves("10.0.0.1:80", AF_INET, "10.0.0.1", 0));
	assert_false(serves("10.0.0.1:80", AF_INET, "10.0.0.2", 0));
	assert_false(serves("10.0.0.1:81", AF_INET, "10.0.0.1", 0));
	/* bound to any address */
	assert_true(serves("10.0.0.1:80", AF_INET, "0.0.0.0", 0));
	assert_true(serves("10.0.0.1:80", AF_INET6, "::", 0));
	assert_false(serves("10.0.0.1:80", AF_INET6, "::", KIN_SOCK_V6ONLY));
	assert_true(serves("[::1]:80", AF_INET6, "::", KIN_SOCK_V6ONLY));
	assert_false(serves("[::1]:80", AF_INET, "0.0.0.0", 0));
	assert_false(serves("10.0.0.1:81", AF_INET, "0.0.0.0", 0));
}

/* Any address of the other end is none at all: it is not connected. */
static void test_who_remote(void **state)
{
	struct fdwho who = { 0 };
	struct made made;

	fdwho_parse(&who, "10.0.0.2:4711");
	make_socket(&made, AF_INET, SOCK_STREAM, 6, TCP_STATE_ESTABLISHED);
	make_ends(&made, "10.0.0.1", 80, "10.0.0.2", 4711);
	assert_true(fdwho_has(&who, &made.rec));
	make_ends(&made, "10.0.0.1", 80, "0.0.0.0", 4711);
	assert_false(fdwho_has(&who, &made.rec));
}

/* Device and inode count, not the name. */
static void test_who_file(void **state)
{
	struct fdwho who = { 0 };
	struct made made;

	fdwho_parse(&who, "some/name");
	assert_true(who.is_file && !who.is_socket && !who.by_name);
	who.ino = 4711;
	who.dev = 35;
	make_file(&made, "/other/name");
	made.fd.ino = 4711;
	assert_false(fdwho_has(&who, &made.rec));
	made.fd.dev = 35;
	assert_true(fdwho_has(&who, &made.rec));
	made.fd.ino++;
	assert_false(fdwho_has(&who, &made.rec));
}

/* Of a path that does not answer nothing but the name is known. */
static void test_who_by_name(void **state)
{
	char path[] = "/stuck/x";
	struct fdwho who = { .arg = path,
			     .path = path,
			     .is_file = true,
			     .by_name = true };
	struct made made;

	assert_int_equal(fdwho_types(&who), KIN_FD_TYPES);
	make_file(&made, "/stuck/x");
	assert_true(fdwho_has(&who, &made.rec));
	made.fd.flags |= KIN_FD_DELETED;
	assert_false(fdwho_has(&who, &made.rec));
	make_file(&made, "/stuck/xy");
	assert_false(fdwho_has(&who, &made.rec));
	make_pipe(&made, 2, 5, 50, KIN_FD_WRITE);
	assert_false(fdwho_has(&who, &made.rec));
	make_socket(&made, AF_UNIX, SOCK_STREAM, 0, TCP_STATE_LISTEN);
	made.rec.unix_name = path;
	made.rec.unix_name_len = strlen(path);
	assert_true(fdwho_has(&who, &made.rec));
}

/* A file of ours, removed at the end. */
static void test_lookup(void **state)
{
	char path[] = "/tmp/kin-who.XXXXXX", open[64];
	const int fd = mkstemp(path);
	struct fdlookup lookup;
	struct stat ours, child;

	assert_true(fd >= 0);
	assert_int_equal(fdlookup_begin(&lookup, path), 0);
	snprintf(open, sizeof(open), "/proc/%d/fd/%d", lookup.pid, lookup.fd);
	assert_int_equal(stat(open, &child), 0);
	assert_int_equal(fstat(fd, &ours), 0);
	assert_int_equal(child.st_ino, ours.st_ino);
	assert_int_equal(child.st_dev, ours.st_dev);
	fdlookup_end(&lookup);
	assert_int_equal(kill(lookup.pid, 0), -1);
	assert_int_equal(errno, ESRCH);
	unlink(path);
	assert_int_equal(fdlookup_begin(&lookup, path), -ENOENT);
	assert_true(lookup.pid > 0);
	fdlookup_end(&lookup);
	close(fd);
}

/* Whoever reads what we print does not wait for the child. */
static void test_lookup_holds_nothing(void **state)
{
	struct fdlookup lookup;
	int ends[2];
	char byte;

	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	assert_int_equal(fdlookup_begin(&lookup, "/"), 0);
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	fdlookup_end(&lookup);
	close(ends[0]);
}

static void check_text(const char *path, const char *wanted)
{
	char *text = fdlookup_text(path);

	assert_non_null(text);
	assert_string_equal(text, wanted);
	free(text);
}

static void test_lookup_text(void **state)
{
	char *was = getcwd(NULL, 0);

	assert_non_null(was);
	check_text("/a/b", "/a/b");
	check_text("//a///b//", "/a/b");
	check_text("/./a/./b/.", "/a/b");
	check_text("/.a/..b/...", "/.a/..b/...");
	check_text("/a/../b", "/a/../b");
	check_text("/", "/");
	check_text("/.", "/");
	assert_int_equal(chdir("/usr"), 0);
	check_text("x", "/usr/x");
	check_text("./x", "/usr/x");
	check_text("", "/usr");
	assert_int_equal(chdir("/"), 0);
	check_text("x", "/x");
	assert_int_equal(chdir(was), 0);
	free(was);
}

static void test_who_places(void **state)
{
	char path[] = "/usr";
	struct fdwho who = { .path = path };
	struct fdplaces places = { .who = &who };
	const struct kin_base base = { .pid = 7, .tgid = 7, .comm = "x" };
	struct kin_record rec = { .base = &base,
				  .exe = "/usr",
				  .cwd = "/usr/bin",
				  .root = "/usr" };

	assert_true(fdplaces_add(&places, &rec));
	assert_int_equal(places.n, 2);
	assert_string_equal(places.list[0].name, "exe");
	assert_string_equal(places.list[1].name, "rtd");
	assert_int_equal(places.list[1].table.pid, 7);
	rec.deleted = KIN_GROUP_EXE | KIN_GROUP_ROOT;
	assert_true(fdplaces_add(&places, &rec));
	assert_int_equal(places.n, 2);
	fdplaces_free(&places);
}

/* What would be right is said of each mistake, and would be. */
static void test_who_mistakes(void **state)
{
	static const struct {
		const char *arg, *said;
	} mistakes[] = {
		{ "/not/there", "No such file or directory (a file that was removed: --deleted --path /not/there)\n" },
		{ "not-there", "--deleted --path with its whole path; a port: --who [ADDRESS]:PORT)\n" },
		{ "127.0.0.1", "a port: --who [ADDRESS]:PORT)\n" },
		{ ":99999", "neither a file nor [ADDRESS]:PORT: an address is a number" },
		{ "::1:80", "of IPv6 in brackets ([::1]:80)" },
		{ "localhost:80", "'localhost:80' is neither a file nor" },
		{ "not-there/x:1", "No such file or directory" },
	};
	FILE *real = stderr;

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		struct fdwho who = { 0 };
		char *said = NULL;
		size_t len;

		fdwho_parse(&who, mistakes[i].arg);
		assert_true(who.is_file);
		stderr = open_memstream(&said, &len);
		assert_non_null(stderr);
		assert_int_equal(fdwho_look(&who, NULL), CMD_USAGE);
		fclose(stderr);
		stderr = real;
		assert_non_null(strstr(said, mistakes[i].said));
		free(said);
		fdwho_free(&who);
	}
}

/* The messages that are expected would only hide one that is not. */
static int loud;

static int quiet(void **state)
{
	int null = open("/dev/null", O_WRONLY);

	fflush(stderr);
	loud = dup(STDERR_FILENO);
	if (null < 0 || loud < 0 || dup2(null, STDERR_FILENO) < 0)
		return -1;
	return close(null);
}

static int restore(void **state)
{
	fflush(stderr);
	return dup2(loud, STDERR_FILENO) < 0 || close(loud) ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_path_of_unix),
		cmocka_unit_test(test_deleted),
		cmocka_unit_test(test_port),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_port_of_netlink),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_ratio),
		cmocka_unit_test(test_inet_names),
		cmocka_unit_test(test_other_sockets),
		cmocka_unit_test(test_unix_names),
		cmocka_unit_test(test_path_names),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_columns_fit),
		cmocka_unit_test(test_endpoint),
		cmocka_unit_test_setup_teardown(test_arguments, quiet, restore),
		cmocka_unit_test(test_who_serves),
		cmocka_unit_test(test_who_remote),
		cmocka_unit_test(test_who_file),
		cmocka_unit_test(test_who_by_name),
		cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_lookup_holds_nothing),
		cmocka_unit_test(test_lookup_text),
		cmocka_unit_test(test_who_places),
		cmocka_unit_test(test_who_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reply-record DIR SCENE [COMMAND...]: run commands of kin (all) and write down
 * what the module says, as inputs of the fuzz targets:
 *   DIR/show/SCENE-COMMAND		a command's whole conversation
 *   DIR/tasks/SCENE-COMMAND-N		the answer to one of its requests: tasks,
 *   DIR/fds/SCENE-COMMAND-N		descriptors,
 *   DIR/events/SCENE-COMMAND-N		what comes to a subscription,
 *   DIR/facts/SCENE-COMMAND-N		or anything else
 *   DIR/mirror/SCENE-mirror		what a mirror asks and is told: "mirror"
 * Besides there are requests that the module refuses: "refused"; descriptors of who
 * asks, and its environment: "fds".
 */
#include <err.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libmnl/libmnl.h>

#include "cmd.h"
#include "reply-commands.h"
#include "reply-kernel.h"

#define EVENTS_ENOUGH 2 /* of reply-events.c */
#define MIRROR_READS  40
#define FACTS_ENV     4 /* of reply-facts.c */

static const char *dir, *scene, *name;
static FILE *whole;		/* the conversation; NULL: not wanted */
static FILE *answer;		/* to the request of now */
static int n_answers;
static struct nlmsghdr request;

static FILE *create(const char *target, const char *suffix, int first, int second)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, target);
	mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/%s/%s-%s%s", dir, target, scene, name,
		 suffix);
	file = fopen(path, "w");
	if (!file)
		err(1, "%s", path);
	putc(first, file);
	if (second >= 0)
		putc(second, file);
	return file;
}

/* ---- what goes out says what the answer is ---- */

static void start_answer(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const bool get = !(nlh->nlmsg_flags & NLM_F_DUMP);
	char suffix[16];
	int which = 0;

	snprintf(suffix, sizeof(suffix), "-%d", ++n_answers);
	if (nlh->nlmsg_type != GENL_ID_CTRL && genl->cmd == KIN_CMD_TASK_GET) {
		answer = create("tasks", suffix, get, -1);
		return;
	}
	if (nlh->nlmsg_type != GENL_ID_CTRL &&
	    genl->cmd == KIN_CMD_EVENTS_SUBSCRIBE) {
		answer = create("events", suffix, EVENTS_ENOUGH, -1);
		return;
	}
	if (nlh->nlmsg_type != GENL_ID_CTRL && genl->cmd == KIN_CMD_FD_GET) {
		answer = create("fds", suffix, 0, -1);
		return;
	}
	if (nlh->nlmsg_type != GENL_ID_CTRL)
		which = genl->cmd == KIN_CMD_ENV_GET ? FACTS_ENV :
						       genl->cmd - KIN_CMD_HOST_GET + 1;
	answer = create("facts", suffix, which, 16);
}

ssize_t __real_mnl_socket_sendto(const struct mnl_socket *nl, const void *req,
				 size_t size);
ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *req,
				 size_t size);
ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *req,
				 size_t size)
{
	request = *(const struct nlmsghdr *)req;
	if (answer)
		fclose(answer);
	start_answer(req);
	return __real_mnl_socket_sendto(nl, req, size);
}

/* ---- what comes in ---- */

/* The numbers of this run become those of every recording. */
static void normalize(void *buf, int len)
{
	struct nlmsghdr *nlh = buf;

	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_seq == request.nlmsg_seq)
			nlh->nlmsg_seq = REPLY_SEQ;
		if (nlh->nlmsg_type == request.nlmsg_type &&
		    request.nlmsg_type != GENL_ID_CTRL)
			nlh->nlmsg_type = REPLY_FAMILY;
		nlh->nlmsg_pid = 0;
	}
}

/* Paths of open files tell where all this lies, which concerns nobody. */
static void blot_place(char *bytes, size_t len)
{
	static char place[4096];
	char *at = bytes;

	if (!*place && !getcwd(place, sizeof(place)))
		err(1, "getcwd");
	while ((at = memmem(at, bytes + len - at, place, strlen(place)))) {
		memset(at + 1, 'x', strlen(place) - 1);
		at += strlen(place);
	}
}

static void write_down(FILE *file, const void *bytes, size_t len)
{
	const struct reply_header header = { len, REPLY_PLAIN };

	fwrite(&header, sizeof(header), 1, file);
	fwrite(bytes, len, 1, file);
}

ssize_t __real_recvmsg(int fd, struct msghdr *msg, int flags);
ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags);
ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags)
{
	ssize_t len = __real_recvmsg(fd, msg, flags);
	char *copy;

	if (len <= 0)
		return len;
	copy = malloc(len);
	if (!copy)
		err(1, "malloc");
	memcpy(copy, msg->msg_iov->iov_base, len);
	normalize(copy, len);
	blot_place(copy, len);
	write_down(answer, copy, len);
	if (whole && request.nlmsg_type != GENL_ID_CTRL)
		write_down(whole, copy, len);
	free(copy);
	return len;
}

/* ---- what is recorded ---- */

static void run_command(size_t i)
{
	const int utf8_80_columns = 1 + 2 * 80;

	name = reply_commands[i].name;
	whole = create("show", "", i, utf8_80_columns);
	if (!freopen("/dev/null", "w", stdout))
		err(1, "stdout");
	reply_command_run(&reply_commands[i]);
}

static int ignore(const struct kin_record *rec, void *arg)
{
	return 0;
}

/* Requests that the commands never make, and the module's words on them. */
static void run_refused(size_t unused)
{
	const struct kin_query queries[] = {
		{ .groups = 1u << 31 },
		{ .kinds = 8 },
		{ .scope = { .states = 1u << 30 } },
	};
	struct kin *kin;

	name = "refused";
	if (kin_open(&kin))
		return;
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		kin_dump(kin, &queries[i], ignore, NULL);
	kin_get(kin, 4000000, KIN_KIND_PROCESS, KIN_GROUPS, ignore, NULL);
	kin_get(kin, 1, 3, KIN_GROUPS, ignore, NULL);
	kin_get(kin, 0, KIN_KIND_THREAD, 1u << 20, ignore, NULL);
}

static int ignore_fd(const struct kin_fd_record *rec, void *arg)
{
	return 0;
}

static int ignore_env(const char *part, size_t len, void *arg)
{
	return 0;
}

/* What there is of its own, and more of it than fits into a message. */
static void run_fds(size_t unused)
{
	const uint32_t self = getpid();
	struct kin_fd_query query = {
		.scope = { .pids = &self, .n_pids = 1 }, .kinds = KIN_KINDS,
		.parts = KIN_FD_PARTS,
	};
	struct kin *kin;

	name = "fds";
	setenv("LONG", "a long word", 1);
	if (kin_open(&kin))
		return;
	socket(AF_UNIX, SOCK_STREAM, 0);
	socket(AF_INET, SOCK_STREAM, 0);
	kin_fd_dump(kin, &query, ignore_fd, NULL);
	kin_env_get(kin, self, ignore_env, NULL);
	while (dup(0) >= 0 && dup(0) < 600)
		;
	query.types = 1 << KIN_FD_CHR;
	kin_fd_dump(kin, &query, ignore_fd, NULL);
	query = (struct kin_fd_query){ .parts = KIN_FD_PART_COUNTS };
	kin_fd_dump(kin, &query, ignore_fd, NULL);
}

/* All in one conversation, as reply-mirror.c has it. */
static void run_mirror(size_t unused)
{
	const struct kin_mirror_options options = { .kinds = KIN_KINDS,
						    .keep_max = 8 };
	struct kin_mirror *m;

	name = "mirror";
	whole = create("mirror", "", MIRROR_READS, -1);
	if (kin_mirror_open(&m, &options))
		return;
	for (int i = 0; i < MIRROR_READS; i++)
		kin_mirror_read(m, 1000);
}

/* In a process of its own: a command may be run once in each. */
static void record(void (*run)(size_t i), size_t i)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		run(i);
		fflush(NULL);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "%s: ended with status %#x", name, status);
}

/* What waits for something to happen is to be named. */
static bool waits(const char *what)
{
	return !strncmp(what, "events", strlen("events")) || !strcmp(what, "mirror");
}

static bool wanted(int argc, char **argv, const char *what)
{
	for (int i = 3; i < argc; i++)
		if (!strcmp(argv[i], what))
			return true;
	return argc == 3 && !waits(what);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		errx(2, "usage: reply-record DIR SCENE [COMMAND...]");
	dir = argv[1];
	scene = argv[2];
	mkdir(dir, 0777);
	setlocale(LC_CTYPE, "C.UTF-8");
	for (size_t i = 0; i < n_reply_commands; i++)
		if (wanted(argc, argv, reply_commands[i].name))
			record(run_command, i);
	if (wanted(argc, argv, "mirror"))
		record(run_mirror, 0);
	if (wanted(argc, argv, "fds"))
		record(run_fds, 0);
	if (wanted(argc, argv, "refused"))
		record(run_refused, 0);
	return 0;
}

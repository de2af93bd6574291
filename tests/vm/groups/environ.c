// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../truth/proc.h"
#include "../truth/tap.h"
#include "groups.h"
#include "one.h"

#define PATIENCE   200
#define MANY	   15
#define LONG	   100000
#define TEXT_MAX   (4 << 20)

struct environment {
	char *text;
	size_t len;
	unsigned int parts;
	int to; /* whom to tell after the first part, or -1 */
	pid_t pid;
};

static void await_name(pid_t pid, const char *name)
{
	char path[64], comm[64] = "";

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	while (strcmp(comm, name)) {
		sched_yield();
		if (proc_file(path, comm, sizeof(comm)) < 0)
			tap_bail("%d is gone", pid);
		comm[strcspn(comm, "\n")] = '\0';
	}
}

static int add(const char *part, size_t len, void *arg)
{
	struct environment *env = arg;

	if (!env->parts++ && env->to >= 0) {
		if (write(env->to, "\n", 1) != 1)
			tap_bail("pipe");
		await_name(env->pid, "sleep");
	}
	if (env->len + len > TEXT_MAX)
		return -ENOSPC;
	memcpy(env->text + env->len, part, len);
	env->len += len;
	return 0;
}

/* A shell that waits for a line, and then becomes another program. */
static pid_t start(const char *const envp[], int *to)
{
	static const char *const argv[] = { "sh", "-c", "read line; exec sleep 1000", NULL };
	int in[2];
	pid_t pid;

	if (pipe(in))
		tap_bail("pipe");
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(in[0], STDIN_FILENO);
		closefrom(STDERR_FILENO + 1);
		execve("/bin/sh", (char *const *)argv, (char *const *)envp);
		_exit(127);
	}
	close(in[0]);
	*to = in[1];
	await_name(pid, "sh");
	one_await(pid, "S");
	return pid;
}

/* That it cannot be had now is an answer, but not for ever. Whoever is told by @to to
 * go on when something has come does so once. */
static int get(struct kin *kin, pid_t pid, int to, struct environment *env)
{
	static char text[TEXT_MAX];
	int err = -EBUSY, tries = PATIENCE;

	env->parts = 0;
	while (err == -EBUSY && (to < 0 || !env->parts) && tries--) {
		*env = (struct environment){ .text = text, .to = to, .pid = pid };
		err = kin_env_get(kin, pid, add, env);
	}
	if (PATIENCE - tries > 1)
		tap_note("environment: it took %d tries", PATIENCE - tries);
	return err;
}

static void check_same(struct kin *kin, const char *what, const char *const envp[], size_t at_least)
{
	static char wanted[TEXT_MAX];
	struct environment env;
	char path[64];
	long len;
	int to, err;
	pid_t pid = start(envp, &to);

	snprintf(path, sizeof(path), "/proc/%d/environ", pid);
	len = proc_file(path, wanted, sizeof(wanted));
	err = get(kin, pid, -1, &env);
	tap_ok(!err && len >= (long)at_least && (size_t)len == env.len &&
		       !memcmp(wanted, env.text, env.len),
	       "environment: %s: %zu bytes in %u parts, as in /proc (%ld bytes)", what, env.len,
	       env.parts, len);
	close(to);
	one_end(pid);
}

static const char *const *make_long(void)
{
	static const char *envp[MANY + 1];

	for (int i = 0; i < MANY; i++) {
		char *text = calloc(1, LONG + 1);

		memset(text, 'a' + i, LONG);
		memcpy(text, (char[]){ 'V', 'A' + i, '=' }, 3);
		envp[i] = text;
	}
	return envp;
}

static void check_exec(struct kin *kin, const char *const envp[])
{
	struct environment env;
	int to, err;
	const pid_t pid = start(envp, &to);

	err = get(kin, pid, to, &env);
	tap_ok(err == -ESTALE && env.parts && env.len < (size_t)MANY * LONG,
	       "environment: exec meanwhile: %s, after %zu bytes", kin_error(kin), env.len);
	close(to);
	one_end(pid);
}

static void check_none(struct kin *kin)
{
	struct environment env;
	pid_t pid = fork();
	siginfo_t info;
	int err;

	if (!pid)
		_exit(0);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	err = get(kin, pid, -1, &env);
	tap_ok(!err && !env.len, "environment: of a zombie: nothing");
	waitpid(pid, NULL, 0);
	err = get(kin, 2, -1, &env);
	tap_ok(!err && !env.len, "environment: of a kernel thread: nothing");
	err = get(kin, pid, -1, &env);
	tap_ok(err == -ESRCH, "environment: of nobody: %s", kin_error(kin));
}

void groups_check_environ(struct kin *kin)
{
	static const char *const none[] = { NULL };
	static const char *const few[] = { "ONE=1", "EMPTY=", "no equals sign", "BYTES=\xff\n\x01", NULL };
	const char *const *many = make_long();

	check_same(kin, "none", none, 0);
	check_same(kin, "a few", few, 30);
	check_same(kin, "more than a MiB", many, 1 << 20);
	check_exec(kin, many);
	check_none(kin);
	for (int i = 0; i < MANY; i++)
		free((char *)many[i]);
}

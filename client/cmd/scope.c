// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "cmd.h"

#define CGROUP_ROOT "/sys/fs/cgroup"
#define CGROUP2_MAGIC 0x63677270

/* The kernel takes so many values in one request, of all kinds together. */
static int room_for_one(const struct cmd *cmd, const struct cmd_scope *scope)
{
	size_t n = scope->n_pids + scope->n_tgids + scope->n_subtrees +
		   scope->n_uids + scope->n_cgroups;

	if (n < CMD_MAX_VALUES)
		return CMD_OK;
	return cmd_usage(cmd, "more than %d pids, users and cgroups at once",
			 CMD_MAX_VALUES);
}

static int append(const struct cmd *cmd, const struct cmd_scope *scope,
		  uint32_t **list, size_t *n, uint32_t value)
{
	uint32_t *more;
	int status = room_for_one(cmd, scope);

	if (status)
		return status;
	more = reallocarray(*list, *n + 1, sizeof(**list));
	if (!more)
		return cmd_no_memory();
	more[(*n)++] = value;
	*list = more;
	return CMD_OK;
}

static int parse_user(const struct cmd *cmd, const char *word, uint32_t *uid)
{
	struct passwd *pw;
	uint64_t n;

	/* POSIX: a name goes first, even one made of digits */
	pw = getpwnam(word);
	if (pw) {
		*uid = pw->pw_uid;
		return CMD_OK;
	}
	if (!cmd_number(word, UINT32_MAX - 1, &n))
		return cmd_usage(cmd, "unknown user '%s'", word);
	*uid = n;
	return CMD_OK;
}

typedef int parse_fn(const struct cmd *cmd, const char *word, uint32_t *value);

/* A list with commas; empty words are wrong, as any that is not a value. */
static int parse_list(const struct cmd *cmd, const struct cmd_scope *scope,
		      parse_fn *parse, const char *arg, uint32_t **list,
		      size_t *n)
{
	int status = CMD_OK;
	char word[256];
	uint32_t value;
	size_t len;

	for (;; arg += len + 1) {
		len = strcspn(arg, ",");
		snprintf(word, sizeof(word), "%.*s", (int)len, arg);
		status = parse(cmd, word, &value);
		if (!status)
			status = append(cmd, scope, list, n, value);
		if (status || !arg[len])
			return status;
	}
}

static int parse_states(const struct cmd *cmd, struct cmd_scope *scope,
			const char *arg)
{
	static const char letters[] = KIN_STATE_LETTERS;
	const char *at;

	if (!*arg)
		return cmd_usage(cmd, "no state letters given, of %s", letters);
	for (; *arg; arg++) {
		if (*arg == ',')
			continue;
		at = strchr(letters, *arg);
		if (!at)
			return cmd_usage(cmd,
					 "'%c' is not a state: one or more of %s",
					 *arg, letters);
		scope->states |= 1u << (at - letters);
	}
	return CMD_OK;
}

/* Where version 2 is mounted: alone, or beside version 1. */
static const char *cgroup_root(void)
{
	static const char *const roots[] = { CGROUP_ROOT,
					     CGROUP_ROOT "/unified" };
	struct statfs fs;

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (!statfs(roots[i], &fs) && fs.f_type == CGROUP2_MAGIC)
			return roots[i];
	return NULL;
}

/* A cgroup's id is the inode number of its directory. */
static int cgroup_id(const struct cmd *cmd, const char *path, uint64_t *id)
{
	const char *root = cgroup_root();
	struct stat st;
	char full[4096];

	if (!root)
		return cmd_usage(cmd,
				 "cannot look up cgroup '%s': no cgroup2 file system at %s; give its id instead",
				 path, CGROUP_ROOT);
	if (!strncmp(path, CGROUP_ROOT "/", strlen(CGROUP_ROOT) + 1))
		snprintf(full, sizeof(full), "%s", path);
	else
		snprintf(full, sizeof(full), "%s/%s", root,
			 path + strspn(path, "/"));
	if (stat(full, &st))
		return cmd_usage(cmd, "no cgroup '%s': %s: %s", path, full,
				 strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return cmd_usage(cmd, "%s is not a cgroup: no directory", full);
	*id = st.st_ino;
	return CMD_OK;
}

static int add_cgroup(const struct cmd *cmd, struct cmd_scope *scope,
		      const char *arg)
{
	uint64_t id, *more;
	int status = room_for_one(cmd, scope);

	if (!status && !cmd_number(arg, UINT64_MAX - 1, &id))
		status = cgroup_id(cmd, arg, &id);
	if (status)
		return status;
	more = reallocarray(scope->cgroups, scope->n_cgroups + 1,
			    sizeof(*more));
	if (!more)
		return cmd_no_memory();
	more[scope->n_cgroups++] = id;
	scope->cgroups = more;
	return CMD_OK;
}

int cmd_scope_option(const struct cmd *cmd, struct cmd_scope *scope, int key,
		     const char *arg)
{
	switch (key) {
	case CMD_KEY_PID:
		return parse_list(cmd, scope, cmd_pid, arg, &scope->pids,
				  &scope->n_pids);
	case CMD_KEY_TGID:
		return parse_list(cmd, scope, cmd_pid, arg, &scope->tgids,
				  &scope->n_tgids);
	case CMD_KEY_SUBTREE:
		return parse_list(cmd, scope, cmd_pid, arg, &scope->subtrees,
				  &scope->n_subtrees);
	case CMD_KEY_USER:
		return parse_list(cmd, scope, parse_user, arg, &scope->uids,
				  &scope->n_uids);
	case CMD_KEY_STATE:
		return parse_states(cmd, scope, arg);
	case CMD_KEY_CGROUP:
		return add_cgroup(cmd, scope, arg);
	default:
		if (scope->kernel && scope->kernel !=
					     (key == CMD_KEY_KERNEL ? 1 : -1))
			return cmd_usage(cmd,
					 "--kernel and --no-kernel exclude each other");
		scope->kernel = key == CMD_KEY_KERNEL ? 1 : -1;
		return CMD_OK;
	}
}

int cmd_scope_operands(const struct cmd *cmd, struct cmd_scope *scope, int argc,
		       char **argv)
{
	int status = CMD_OK;

	for (; optind < argc && !status; optind++)
		status = parse_list(cmd, scope, cmd_pid, argv[optind],
				    &scope->pids, &scope->n_pids);
	return status;
}

int cmd_scope_processes(const struct cmd *cmd, struct cmd_scope *scope,
			int argc, char **argv)
{
	int status = CMD_OK;

	for (; optind < argc && !status; optind++)
		status = parse_list(cmd, scope, cmd_pid, argv[optind],
				    &scope->tgids, &scope->n_tgids);
	return status;
}

void cmd_scope_query(const struct cmd_scope *scope, struct kin_scope *query)
{
	query->pids = scope->pids;
	query->n_pids = scope->n_pids;
	query->tgids = scope->tgids;
	query->n_tgids = scope->n_tgids;
	query->subtrees = scope->subtrees;
	query->n_subtrees = scope->n_subtrees;
	query->uids = scope->uids;
	query->n_uids = scope->n_uids;
	query->cgroups = scope->cgroups;
	query->n_cgroups = scope->n_cgroups;
	query->states = scope->states;
}

bool cmd_scope_passes(const struct cmd_scope *scope,
		      const struct kin_task *task)
{
	bool kernel = task->base.flags & KIN_TASK_KTHREAD;

	return !scope->kernel || kernel == (scope->kernel > 0);
}

static int ignore_record(const struct kin_record *rec, void *arg)
{
	return 0;
}

/* Not in the snapshot: gone, never there, or kept back by another filter. */
static int check_pid(struct kin *kin, uint32_t pid, uint32_t kind)
{
	int err = kin_get(kin, pid, kind, 0, ignore_record, NULL);

	if (err == -ESRCH)
		return cmd_no_pid(pid);
	return err < 0 ? cmd_failed(kin, err, "cannot look up a pid") : CMD_OK;
}

static int check_pids(struct kin *kin, const uint32_t *pids, size_t n,
		      uint32_t kind, const struct kin_snapshot *snap)
{
	int status = CMD_OK, one;

	for (size_t i = 0; i < n; i++) {
		if (kin_snapshot_find(snap, pids[i], kind))
			continue;
		one = check_pid(kin, pids[i], kind);
		if (one)
			status = one;
	}
	return status;
}

int cmd_scope_missing(struct kin *kin, const struct cmd_scope *scope,
		      uint32_t kinds, const struct kin_snapshot *snap)
{
	uint32_t kind = kinds & KIN_KIND_THREAD ? KIN_KIND_THREAD :
						  KIN_KIND_PROCESS;
	const int found[] = {
		check_pids(kin, scope->pids, scope->n_pids, kind, snap),
		check_pids(kin, scope->tgids, scope->n_tgids, KIN_KIND_PROCESS,
			   snap),
		check_pids(kin, scope->subtrees, scope->n_subtrees,
			   KIN_KIND_PROCESS, snap),
	};

	for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++)
		if (found[i])
			return found[i];
	return CMD_OK;
}

void cmd_scope_free(struct cmd_scope *scope)
{
	free(scope->pids);
	free(scope->tgids);
	free(scope->subtrees);
	free(scope->uids);
	free(scope->cgroups);
	memset(scope, 0, sizeof(*scope));
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "given.h"

/* ---- groups ---- */

bool tell_sched(const struct kin_record *rec, struct text *text)
{
	return rec->sched;
}

bool tell_mem(const struct kin_record *rec, struct text *text)
{
	return rec->mem;
}

bool tell_cmdline(const struct kin_record *rec, struct text *text)
{
	if (rec->cmdline)
		text_add(text, rec->cmdline, rec->cmdline_len);
	return rec->cmdline;
}

static bool tell_string(const char *string, struct text *text)
{
	if (string)
		text_printf(text, "%s", string);
	return string;
}

bool tell_cgroup(const struct kin_record *rec, struct text *text)
{
	return tell_string(rec->cgroup_path, text);
}

bool tell_files(const struct kin_record *rec, struct text *text)
{
	if (rec->files)
		text_printf(text, "%llu", (unsigned long long)rec->files->open);
	return rec->files;
}

bool tell_io(const struct kin_record *rec, struct text *text)
{
	const struct kin_io *io = rec->io;

	if (io)
		text_printf(
			text,
			"rchar: %llu\nwchar: %llu\nsyscr: %llu\nsyscw: %llu\n"
			"read_bytes: %llu\nwrite_bytes: %llu\n"
			"cancelled_write_bytes: %llu\n",
			(unsigned long long)io->rchar_bytes,
			(unsigned long long)io->wchar_bytes,
			(unsigned long long)io->syscr,
			(unsigned long long)io->syscw,
			(unsigned long long)io->read_bytes,
			(unsigned long long)io->write_bytes,
			(unsigned long long)io->cancelled_write_bytes);
	return io;
}

bool tell_exe(const struct kin_record *rec, struct text *text)
{
	return tell_string(rec->exe, text);
}

bool tell_cwd(const struct kin_record *rec, struct text *text)
{
	return tell_string(rec->cwd, text);
}

bool tell_root(const struct kin_record *rec, struct text *text)
{
	return tell_string(rec->root, text);
}

bool tell_ns(const struct kin_record *rec, struct text *text)
{
	const struct kin_ns *ns = rec->ns;

	if (ns)
		text_printf(text, "%u %u %u %u %u %u %u %u", ns->cgroup,
			    ns->ipc, ns->mnt, ns->net, ns->pid, ns->time,
			    ns->user, ns->uts);
	return ns;
}

static void tell_limit(uint64_t limit, struct text *text)
{
	if (limit == KIN_NONE64)
		text_printf(text, " unlimited");
	else
		text_printf(text, " %llu", (unsigned long long)limit);
}

bool tell_limits(const struct kin_record *rec, struct text *text)
{
	if (rec->n_limits <= RLIMIT_NOFILE)
		return false;
	tell_limit(rec->limits[RLIMIT_NOFILE].soft, text);
	tell_limit(rec->limits[RLIMIT_NOFILE].hard, text);
	return true;
}

bool tell_delay(const struct kin_record *rec, struct text *text)
{
	return rec->delay;
}

bool tell_wait(const struct kin_record *rec, struct text *text)
{
	return rec->wait;
}

bool tell_stack(const struct kin_record *rec, struct text *text)
{
	return rec->stack;
}

/* ---- what has a request of its own ---- */

struct fds {
	struct text *text;
	unsigned int tables;
	bool denied, told;
};

/* Paths of files; of all else the number alone. */
static int add_fd(const struct kin_fd_record *rec, void *arg)
{
	struct fds *fds = arg;

	fds->tables++;
	fds->denied |= rec->table->flags & KIN_FD_TABLE_DENIED;
	fds->told |= rec->fd || rec->counts || rec->table->open != KIN_NONE64;
	if (rec->fd)
		text_printf(fds->text, "%u %s\n", rec->fd->fd,
			    rec->path && rec->path[0] == '/' ? rec->path : "");
	return 0;
}

enum verdict ask_fds(struct kin *kin, pid_t pid, struct text *text)
{
	const uint32_t tgid = pid;
	const struct kin_fd_query query = {
		.scope = { .tgids = &tgid, .n_tgids = 1 },
		.parts = KIN_FD_PARTS,
	};
	struct fds fds = { .text = text };
	const int err = kin_fd_dump(kin, &query, add_fd, &fds);

	if (err)
		return verdict_of(kin, err);
	if (!fds.tables)
		return VERDICT_ABSENT;
	if (!fds.denied)
		return VERDICT_GIVEN;
	/* What is denied is not told all the same. */
	return fds.told ? VERDICT_FAILED : VERDICT_MARKED;
}

static int add_env(const char *part, size_t len, void *arg)
{
	text_add(arg, part, len);
	return 0;
}

enum verdict ask_env(struct kin *kin, pid_t pid, struct text *text)
{
	const int err = kin_env_get(kin, pid, add_env, text);

	if (err)
		return verdict_of(kin, err);
	return text->len ? VERDICT_GIVEN : VERDICT_ABSENT;
}

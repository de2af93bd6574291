// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "fdargs.h"
#include "fdsock.h"
#include "fdwho.h"

void fdwho_parse(struct fdwho *who, const char *arg)
{
	who->arg = arg;
	who->is_file = strchr(arg, '/') || !fdargs_endpoint(arg, &who->at);
}

void fdwho_free(struct fdwho *who)
{
	free(who->path);
	who->path = NULL;
}

uint32_t fdwho_types(const struct fdwho *who)
{
	const uint32_t socket = 1u << KIN_FD_SOCKET;

	if (who->by_name)
		return KIN_FD_TYPES;
	return who->is_file && !who->is_socket ? KIN_FD_TYPES & ~socket :
						 socket;
}

/* ---- what file it is ---- */

struct search {
	struct fdwho *who;
	uint32_t fd;
	bool found;
};

static int find(const struct kin_fd_record *rec, void *arg)
{
	struct search *search = arg;
	struct fdwho *who = search->who;

	if (search->found || !rec->fd || rec->fd->fd != search->fd)
		return 0;
	search->found = true;
	who->ino = rec->fd->ino;
	who->dev = rec->fd->dev;
	who->is_socket = S_ISSOCK(rec->fd->mode);
	who->path = rec->path ? strdup(rec->path) : fdlookup_text(who->arg);
	return who->path ? 0 : -ENOMEM;
}

static int ask(struct fdwho *who, struct kin *kin,
	       const struct fdlookup *lookup)
{
	const uint32_t pid = lookup->pid;
	const struct kin_fd_query query = {
		.scope = { .tgids = &pid, .n_tgids = 1 },
		.parts = KIN_FD_PART_LIST | KIN_FD_PART_PATH,
	};
	struct search search = { .who = who, .fd = lookup->fd };
	const int err = kin_fd_dump(kin, &query, find, &search);

	if (err)
		return cmd_failed(kin, err, "cannot read the descriptors");
	if (search.found)
		return CMD_OK;
	cmd_error("--who: %s: the module does not tell of it", who->arg);
	return CMD_FAILED;
}

static int no_answer(struct fdwho *who)
{
	who->by_name = true;
	who->path = fdlookup_text(who->arg);
	if (!who->path)
		return cmd_no_memory();
	cmd_error("%s does not answer: only descriptors that were opened by this name are found",
		  who->path);
	return CMD_OK;
}

static int no_file(const char *arg, int err)
{
	if (*arg == '/')
		return cmd_usage(&fd_cmd,
				 "--who: %s: %s (a file that was removed: --deleted --path %s)",
				 arg, strerror(err), arg);
	if (err == ENOENT && strchr(arg, ':') && !strchr(arg, '/'))
		return cmd_usage(&fd_cmd,
				 "--who: '%s' is neither a file nor [ADDRESS]:PORT: an address is a number, of IPv6 in brackets ([::1]:80), a port 65535 at most",
				 arg);
	return cmd_usage(&fd_cmd,
			 "--who: %s: %s (a file that was removed: --deleted --path with its whole path; a port: --who [ADDRESS]:PORT)",
			 arg, strerror(err));
}

static int no_child(int err)
{
	cmd_error("--who: cannot start a process: %s", strerror(err));
	return CMD_FAILED;
}

int fdwho_look(struct fdwho *who, struct kin *kin)
{
	struct fdlookup lookup;
	int err, status;

	if (!who->is_file)
		return CMD_OK;
	err = fdlookup_begin(&lookup, who->arg);
	if (!err)
		status = ask(who, kin, &lookup);
	else if (lookup.pid < 0)
		status = no_child(-err);
	else if (err == -ETIMEDOUT)
		status = no_answer(who);
	else
		status = no_file(who->arg, -err);
	fdlookup_end(&lookup);
	return status;
}

/* ---- who has it ---- */

/* A socket's own inode is another one; it was bound by the name it was given. */
static bool bound_to(const struct fdwho *who, const struct kin_fd_record *rec)
{
	size_t len = rec->unix_name_len;
	const char *name = rec->unix_name;

	return name && ((len == strlen(who->path) &&
			 !memcmp(name, who->path, len)) ||
			(len == strlen(who->arg) &&
			 !memcmp(name, who->arg, len)));
}

static bool opened_as(const struct fdwho *who, const struct kin_fd_record *rec)
{
	return rec->path && !(rec->fd->flags & KIN_FD_DELETED) &&
	       !strcmp(rec->path, who->path);
}

bool fdwho_has(const struct fdwho *who, const struct kin_fd_record *rec)
{
	if (who->by_name)
		return opened_as(who, rec) || bound_to(who, rec);
	if (who->is_file)
		return (rec->fd->ino == who->ino && rec->fd->dev == who->dev) ||
		       (who->is_socket && bound_to(who, rec));
	return rec->sock && (fdsock_serves(&who->at, rec->sock) ||
			     fdsock_is_at(&who->at, rec->sock, FDSOCK_REMOTE));
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The common text. Fields are listed by hand: the Python client takes them from
 * kin.yaml, so that one who is forgotten here is missed there.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "canon.h"
#include "kin.h"

struct field {
	const char *of, *name;
	size_t offset, size;
	bool is_signed, is_bytes;
};

#define AT(s, m) \
	offsetof(struct kin_##s, m), sizeof(((struct kin_##s *)0)->m)
#define NUMBER(s, m, n) \
	{ #s, n, AT(s, m), (__typeof__(((struct kin_##s *)0)->m))-1 < 1, false }
#define F(s, m) NUMBER(s, m, #m)
#define BYTES(s, m) { #s, #m, AT(s, m), false, true }
#define TIMES(s, m) \
	NUMBER(s, m.user_ns, #m "_user_ns"), \
	NUMBER(s, m.nice_ns, #m "_nice_ns"), \
	NUMBER(s, m.system_ns, #m "_system_ns"), \
	NUMBER(s, m.idle_ns, #m "_idle_ns"), \
	NUMBER(s, m.iowait_ns, #m "_iowait_ns"), \
	NUMBER(s, m.irq_ns, #m "_irq_ns"), \
	NUMBER(s, m.softirq_ns, #m "_softirq_ns"), \
	NUMBER(s, m.steal_ns, #m "_steal_ns"), \
	NUMBER(s, m.guest_ns, #m "_guest_ns"), \
	NUMBER(s, m.guest_nice_ns, #m "_guest_nice_ns")

static const struct field fields[] = {
	F(base, pid), F(base, tgid), F(base, ppid), F(base, pgid),
	F(base, sid), F(base, tracer_pid), F(base, flags),
	F(base, num_threads), F(base, start_boottime_ns), F(base, exec_id),
	F(base, uid), F(base, euid), F(base, suid), F(base, fsuid),
	F(base, gid), F(base, egid), F(base, sgid), F(base, fsgid),
	F(base, tty), F(base, exit_signal), F(base, state),
	BYTES(base, reserved), BYTES(base, comm),

	F(sched, utime_ns), F(sched, stime_ns), F(sched, cutime_ns),
	F(sched, cstime_ns), F(sched, runtime_ns), F(sched, run_delay_ns),
	F(sched, nvcsw), F(sched, nivcsw), F(sched, prio), F(sched, nice),
	F(sched, policy), F(sched, rt_priority), F(sched, cpu),
	F(sched, cpus_allowed),

	F(mem, vm_bytes), F(mem, rss_anon_bytes), F(mem, rss_file_bytes),
	F(mem, rss_shmem_bytes), F(mem, rss_peak_bytes), F(mem, swap_bytes),
	F(mem, pgtables_bytes), F(mem, min_flt), F(mem, maj_flt),
	F(mem, cmin_flt), F(mem, cmaj_flt), F(mem, oom_score_adj),

	TIMES(cpu, times), F(cpu, cpu),

	F(host, boottime_ns), F(host, load1_milli), F(host, load5_milli),
	F(host, load15_milli), TIMES(host, cpu), F(host, mem_total_bytes),
	F(host, mem_free_bytes), F(host, mem_available_bytes),
	F(host, mem_buffers_bytes), F(host, mem_shared_bytes),
	F(host, swap_total_bytes), F(host, swap_free_bytes), F(host, forks),
	F(host, last_pid), F(host, cpus_online), F(host, processes),
	F(host, threads), NUMBER(host, states[0], "states_running"),
	NUMBER(host, states[1], "states_sleeping"),
	NUMBER(host, states[2], "states_disk_sleep"),
	NUMBER(host, states[3], "states_stopped"),
	NUMBER(host, states[4], "states_traced"),
	NUMBER(host, states[5], "states_dead"),
	NUMBER(host, states[6], "states_zombie"),
	NUMBER(host, states[7], "states_parked"),
	NUMBER(host, states[8], "states_idle"),

	F(status, abi_version), F(status, hidepid), F(status, max_values),
	F(status, cmdline_max_bytes), F(status, dumps_started),
	F(status, dumps_done), F(status, gets), F(status, tasks_sent),
	F(status, tasks_hidden), F(status, requests_denied),
	F(status, requests_rejected), F(status, cmdlines_busy),
	F(status, events_sent), F(status, events_lost),
	F(status, subscribers), F(status, max_subscribers),
	F(status, probes), F(status, batch_ms), F(status, ring_kib),
	F(status, features), F(status, fds_sent), F(status, fds_lock_max_ns),

	F(files, open), F(files, table_size), F(files, limit_soft),
	F(files, limit_hard), F(files, users),

	F(io, rchar_bytes), F(io, wchar_bytes), F(io, syscr), F(io, syscw),
	F(io, read_bytes), F(io, write_bytes), F(io, cancelled_write_bytes),

	F(ns, cgroup), F(ns, ipc), F(ns, mnt), F(ns, net), F(ns, pid),
	F(ns, pid_for_children), F(ns, time), F(ns, time_for_children),
	F(ns, user), F(ns, uts),

	F(delay, blkio_ns), F(delay, blkio_count), F(delay, swapin_ns),
	F(delay, swapin_count), F(delay, freepages_ns),
	F(delay, freepages_count), F(delay, thrashing_ns),
	F(delay, thrashing_count), F(delay, compact_ns),
	F(delay, compact_count), F(delay, wpcopy_ns), F(delay, wpcopy_count),
	F(delay, irq_ns), F(delay, irq_count),

	F(wait, since_cpu_ns),

	F(fd_table, start_boottime_ns), F(fd_table, open),
	F(fd_table, table_size), F(fd_table, limit_soft),
	F(fd_table, limit_hard), F(fd_table, pid), F(fd_table, tgid),
	F(fd_table, uid), F(fd_table, flags), F(fd_table, users),
	F(fd_table, shared_pid), BYTES(fd_table, comm),

	F(fd, ino), F(fd, pos), F(fd, size), F(fd, fd), F(fd, type),
	F(fd, flags), F(fd, open_flags), F(fd, mode), F(fd, nlink), F(fd, dev),
	F(fd, rdev),

	F(sock, peer_ino), F(sock, rx_queue), F(sock, tx_queue),
	F(sock, netns), F(sock, family), F(sock, type), F(sock, protocol),
	F(sock, state), F(sock, flags), F(sock, ifindex), F(sock, local_port),
	F(sock, remote_port), BYTES(sock, local), BYTES(sock, remote),

	F(event, seq), F(event, boottime_ns), F(event, start_boottime_ns),
	F(event, cgroup_id), F(event, kind), F(event, flags), F(event, cpu),
	F(event, pid), F(event, tgid), F(event, ppid), F(event, uid),
	BYTES(event, comm),

	F(event_fork, clone_flags), F(event_fork, parent_start_boottime_ns),
	F(event_fork, creator_pid), F(event_fork, creator_tgid),
	F(event_fork, pgid), F(event_fork, sid), F(event_fork, exit_signal),

	F(event_exec, exec_id), F(event_exec, old_pid),
	BYTES(event_exec, old_comm),

	F(event_exit, utime_ns), F(event_exit, stime_ns),
	F(event_exit, runtime_ns), F(event_exit, min_flt),
	F(event_exit, maj_flt), F(event_exit, nvcsw), F(event_exit, nivcsw),
	F(event_exit, rss_peak_bytes), F(event_exit, rchar_bytes),
	F(event_exit, wchar_bytes), F(event_exit, read_bytes),
	F(event_exit, write_bytes), F(event_exit, status),
};

static void put_name(const char *name)
{
	for (; *name; name++)
		putchar(*name == '_' ? '-' : *name);
}

static void put_hex(const void *data, size_t len)
{
	const unsigned char *byte = data;

	while (len--)
		printf("%02x", *byte++);
}

static void put_number(const void *data, size_t len, bool is_signed)
{
	uint64_t v = 0;

	/* Little endian; whoever needs another machine tests there. */
	memcpy(&v, data, len);
	if (is_signed)
		printf("%lld", (long long)(v << (64 - 8 * len)) >> (64 - 8 * len));
	else
		printf("%llu", (unsigned long long)v);
}

/* As an attribute of that name. */
static void put_struct(const char *name, const char *of, const void *data,
		       size_t len)
{
	const struct field *f;

	if (!data) {
		printf(" %s=-", name);
		return;
	}
	for (f = fields; f < fields + sizeof(fields) / sizeof(*f); f++) {
		if (strcmp(f->of, of) || f->offset + f->size > len)
			continue;
		printf(" %s.", name);
		put_name(f->name);
		putchar('=');
		if (f->is_bytes)
			put_hex((const char *)data + f->offset, f->size);
		else
			put_number((const char *)data + f->offset, f->size,
				   f->is_signed);
	}
}

void canon_struct(const char *name, const void *data, size_t len)
{
	put_struct(name, name, data, len);
}

static void put_bytes(const char *name, const struct canon_part *part)
{
	printf(" %s=", name);
	if (part->data)
		put_hex(part->data, part->len);
	else
		putchar('-');
}

static void put_scalar(const char *name, const struct canon_part *part)
{
	printf(" %s=", name);
	if (part->data)
		put_number(part->data, part->len, false);
	else
		putchar('-');
}

/* Numbers of @size bytes each. */
static void put_list(const char *name, const struct canon_part *part, size_t size)
{
	const char *data = part->data;

	printf(" %s=%s", name, data ? "" : "-");
	for (size_t at = 0; data && at + size <= part->len; at += size) {
		if (at)
			putchar(',');
		put_number(data + at, size, false);
	}
}

static void put_private(const struct canon_task *task)
{
	canon_struct("files", task->files.data, task->files.len);
	canon_struct("io", task->io.data, task->io.len);
	put_bytes("exe", &task->exe);
	put_bytes("cwd", &task->cwd);
	put_bytes("root", &task->root);
	canon_struct("ns", task->ns.data, task->ns.len);
	put_list("limits", &task->limits, sizeof(uint64_t));
	canon_struct("delay", task->delay.data, task->delay.len);
	canon_struct("wait", task->wait.data, task->wait.len);
	put_bytes("stack", &task->stack);
	put_scalar("denied", &task->denied);
	put_scalar("deleted", &task->deleted);
}

void canon_task(const struct canon_task *task)
{
	printf("task");
	canon_struct("base", task->base.data, task->base.len);
	canon_struct("sched", task->sched.data, task->sched.len);
	canon_struct("mem", task->mem.data, task->mem.len);
	put_list("nspids", &task->nspids, sizeof(uint32_t));
	put_bytes("cmdline", &task->cmdline);
	put_scalar("cgroup-id", &task->cgroup_id);
	put_bytes("cgroup-path", &task->cgroup_path);
	put_scalar("busy", &task->busy);
	put_scalar("cut", &task->cut);
	put_private(task);
	putchar('\n');
}

void canon_table(const void *base, size_t len)
{
	const struct kin_fd_table *table = base;
	struct kin_fd_table whole;

	if (len < sizeof(*table))
		errx(1, "a table of %zu bytes", len);
	if (table->flags & KIN_FD_TABLE_CONTINUED)
		return;
	whole = *table;
	whole.flags &= ~KIN_FD_TABLE_MORE;
	printf("table");
	put_struct("base", "fd_table", &whole, sizeof(whole));
	putchar('\n');
}

void canon_counts(const void *counts, size_t len)
{
	printf("counts");
	put_list("counts", &(struct canon_part){ counts, len }, sizeof(uint32_t));
	putchar('\n');
}

void canon_fd(const struct canon_fd *fd)
{
	printf("fd");
	put_struct("base", "fd", fd->base.data, fd->base.len);
	put_bytes("path", &fd->path);
	canon_struct("sock", fd->sock.data, fd->sock.len);
	put_bytes("unix", &fd->unix_name);
	putchar('\n');
}

void canon_env(const void *part, size_t len)
{
	printf("env");
	put_bytes("env", &(struct canon_part){ part, len });
	putchar('\n');
}

void canon_event(const struct canon_event *event)
{
	printf("event");
	put_struct("base", "event", event->base.data, event->base.len);
	put_struct("fork", "event_fork", event->fork.data, event->fork.len);
	put_struct("exec", "event_exec", event->exec.data, event->exec.len);
	put_struct("exit", "event_exit", event->exit.data, event->exit.len);
	put_bytes("filename", &event->filename);
	putchar('\n');
}

void canon_ready(void)
{
	puts("ready");
	fflush(stdout);
}

struct canon_request canon_parse(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	struct canon_request r = { .what = CANON_STATUS };

	if (!strcmp(what, "tasks") && argc == 4) {
		r.what = CANON_TASKS;
		r.groups = strtoul(argv[2], NULL, 0);
		r.kinds = strtoul(argv[3], NULL, 0);
	} else if (!strcmp(what, "get") && argc == 5) {
		r.what = CANON_GET;
		r.pid = strtoul(argv[2], NULL, 0);
		r.kinds = strtoul(argv[3], NULL, 0);
		r.groups = strtoul(argv[4], NULL, 0);
	} else if (!strcmp(what, "events") && argc == 4) {
		r.what = CANON_EVENTS;
		r.subtree = strtoul(argv[2], NULL, 0);
		r.events = strtoul(argv[3], NULL, 0);
	} else if (!strcmp(what, "fds") && argc == 4) {
		r.what = CANON_FDS;
		r.parts = strtoul(argv[2], NULL, 0);
		r.pid = strtoul(argv[3], NULL, 0);
	} else if (!strcmp(what, "env") && argc == 3) {
		r.what = CANON_ENV;
		r.pid = strtoul(argv[2], NULL, 0);
	} else if (!strcmp(what, "host") && argc == 2) {
		r.what = CANON_HOST;
	} else if (!strcmp(what, "cpus") && argc == 2) {
		r.what = CANON_CPUS;
	} else if (strcmp(what, "status") || argc != 2) {
		errx(2, "usage: %s tasks GROUPS KINDS | get PID KIND GROUPS | host | cpus | status | events SUBTREE COUNT | fds PARTS PID | env PID",
		     argv[0]);
	}
	return r;
}

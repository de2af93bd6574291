// SPDX-License-Identifier: GPL-2.0
/*
 * The rival in the kernel: a BPF iterator over the descriptors of a process that
 * writes number, inode and path of each.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "record.h"

SEC("iter/task_file")
int write_fd(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct bench_fd record;
	long len;

	if (!file)
		return 0;
	len = bpf_d_path(&file->f_path, record.path, sizeof(record.path));
	if (len < 0 || len > BENCH_FD_PATH)
		return 0;
	record.fd = ctx->fd;
	record.len = len;
	record.ino = file->f_inode->i_ino;
	bpf_seq_write(ctx->meta->seq, &record, BENCH_FD_HEAD + len);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";

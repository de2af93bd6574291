/* SPDX-License-Identifier: GPL-2.0 */
/* The host's summary. */
#ifndef KIN_HOST_H
#define KIN_HOST_H

struct kin_cpu;
struct kin_host;
struct kin_view;

int kin_host_read(struct kin_host *host, const struct kin_view *view);
void kin_host_read_cpu(struct kin_cpu *cpu, int nr);

#endif

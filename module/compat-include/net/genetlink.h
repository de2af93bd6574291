/* SPDX-License-Identifier: GPL-2.0 */
#include_next <net/genetlink.h>
#ifndef KIN_COMPAT_GENETLINK_H
#define KIN_COMPAT_GENETLINK_H

/* The older struct has the member that is used, attrs, as well. */
#ifdef KIN_NO_GENL_INFO_DUMP
#define genl_info_dump(cb) genl_dumpit_info(cb)
#endif

/* Older kernels have no commands that are less strict. */
#ifdef KIN_NO_RESV_START_OP
#define KIN_RESV_START_OP(cmd)
#else
#define KIN_RESV_START_OP(cmd) .resv_start_op = (cmd),
#endif

#endif

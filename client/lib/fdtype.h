/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIN_FDTYPE_H
#define KIN_FDTYPE_H

/* The types of descriptors by name, in the order of enum kin_fd_type, ended by NULL. */
extern const char *const kin_fd_type_names[];

#endif /* KIN_FDTYPE_H */

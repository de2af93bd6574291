/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module itself: loaded, removed. KIN_MODULE names its file. */
#ifndef TRUTH_MODULE_H
#define TRUTH_MODULE_H

/* With parameters as insmod(8) takes them, "" for none; 0 or -errno. */
int module_load(const char *parameters);

/* 0 or -errno; -EWOULDBLOCK: it is in use. Does not wait. */
int module_unload(void);

#endif /* TRUTH_MODULE_H */

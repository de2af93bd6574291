/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module's parameter hidepid. */
#ifndef TRUTH_HIDEPID_H
#define TRUTH_HIDEPID_H

/* Set it, for whoever asks from now on; 0 or -errno. */
int hidepid_set(const char *mode);

#endif /* TRUTH_HIDEPID_H */

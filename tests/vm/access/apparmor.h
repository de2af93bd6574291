/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A profile of AppArmor that allows everything but ptrace. */
#ifndef ACCESS_APPARMOR_H
#define ACCESS_APPARMOR_H

/* Load the profile; returns NULL, or why that cannot be. */
const char *apparmor_load(void);

/* Confine this process by it. Ends it if that fails. */
void apparmor_confine(void);

#endif /* ACCESS_APPARMOR_H */

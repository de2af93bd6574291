/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The protocol read a second time, without haste: what module/uapi/kin.h says of
 * a reply, attribute by attribute. What the library makes of the same bytes must
 * be the same.
 */
#ifndef REPLY_REFERENCE_H
#define REPLY_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

#include "libkin.h"

/* reference_says - start over; bytes as for kernel_says() */
void reference_says(const uint8_t *data, size_t size);

/* reference_check - abort unless @rec is the record that comes next */
void reference_check(const struct kin_record *rec);

/* reference_end - abort if the library, which returned @err, missed a record:
 * all were to be handed out */
void reference_end(int err);

/* The same for what a subscription is told: reference_check_event() each time,
 * reference_end_events() when there is no more. */
void reference_check_event(const struct kin_event_record *rec);
void reference_end_events(void);

/* The same for tables of descriptors. */
void reference_check_fd(const struct kin_fd_record *rec);
void reference_end_fds(int err);

#endif

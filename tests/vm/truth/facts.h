/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the factory knows of its members, against what kin says of them. */
#ifndef TRUTH_FACTS_H
#define TRUTH_FACTS_H

#include "family.h"
#include "libkin.h"

/* One result for each role. */
void facts_check(const struct family *family, const struct kin_snapshot *snap);

#endif /* TRUTH_FACTS_H */

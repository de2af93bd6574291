#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What may go wrong around kin alert; see there.
exec tests/vm/alerts/failures

# SPDX-License-Identifier: GPL-2.0-or-later
# client/guard/ruleset.c
# a receiver of a name that is there already is not freed
s/^\treceiver_free(receiver);$//

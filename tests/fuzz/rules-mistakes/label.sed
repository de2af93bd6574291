# SPDX-License-Identifier: GPL-2.0-or-later
# client/guard/ruleread.c
# the name of a second label is freed twice
s/free(rule->cause);/free(rule->cause); if (rule->n_labels > 1) free(rule->labels[1].name);/

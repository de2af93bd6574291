# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/kinship.c
# Whoever goes away is still counted.
s/add(nodes, node->parent, &nothing, &branch);/(void)branch, (void)nothing;/

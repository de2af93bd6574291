# SPDX-License-Identifier: GPL-2.0-or-later
# client/guard/sourceplace.c
# lines of messages are counted from 3
s/unsigned int line = 1;/unsigned int line = 3;/

# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/json.c
# Control characters go into JSON as they are.
s/kin_text_is_control(code)/code == 0x7f/

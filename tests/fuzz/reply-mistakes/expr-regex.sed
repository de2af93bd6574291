# SPDX-License-Identifier: GPL-2.0-or-later
# client/lib/exprregex.c
# Regular expressions need not be freed.
s/whole->regexes = regex;/;/

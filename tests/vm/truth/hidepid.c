// SPDX-License-Identifier: GPL-2.0-or-later
#include "hidepid.h"
#include "parameter.h"

int hidepid_set(const char *mode)
{
	return parameter_set("hidepid", mode);
}

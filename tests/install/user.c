// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a user of the installed library writes: asks the module for its version.
 * Ends with 0, or 5 if the module is not loaded, as the command kin does.
 */
#include <errno.h>
#include <stdio.h>

#include <kin/libkin.h>

int main(void)
{
	struct kin_status status;
	char version[64];
	struct kin *kin;
	int err = kin_open(&kin);

	if (!err)
		err = kin_status_get(kin, &status, version, sizeof(version));
	if (!err)
		printf("module %s\n", version);
	else
		printf("error: %s\n", kin ? kin_error(kin) : "out of memory");
	kin_close(kin);
	return err == -ENOENT ? 5 : err ? 1 : 0;
}

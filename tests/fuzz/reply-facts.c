// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: the answers that are no tasks: the family's number, the host, its
 * CPUs, the module's status, an environment.
 *
 * Input: a byte that says which question is asked, one that is the room for the
 * module's version, then the datagrams.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "libkin.h"
#include "reply-kernel.h"

static void must(bool good)
{
	if (!good)
		abort();
}

static volatile unsigned char sink;

static void touch(const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sink ^= ((const unsigned char *)bytes)[i];
}

static int read_cpu(const struct kin_cpu *cpu, void *arg)
{
	touch(cpu, sizeof(*cpu));
	return cpu->cpu == 55 ? 55 : 0;
}

/* A struct is left all unknown until an answer says more. */
static int ask_host(struct kin *kin)
{
	struct kin_host host;
	int err = kin_host_get(kin, &host);

	touch(&host, sizeof(host));
	return err;
}

/* Whatever comes, the version is a string within its room. */
static int ask_status(struct kin *kin, size_t room)
{
	struct kin_status status;
	char *version = room ? malloc(room) : NULL;
	int err = kin_status_get(kin, &status, version, room);

	touch(&status, sizeof(status));
	must(!version || strlen(version) < room);
	free(version);
	return err;
}

static int read_env(const char *part, size_t len, void *arg)
{
	touch(part, len);
	return len == 55 ? 55 : 0;
}

static int ask(struct kin *kin, uint8_t which, uint8_t room)
{
	if (which % 8 == 4)
		return kin_env_get(kin, 1, read_env, NULL);
	switch (which % 4) {
	case 1:
		return ask_host(kin);
	case 2:
		return kin_cpu_dump(kin, read_cpu, NULL);
	case 3:
		return ask_status(kin, room);
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kin *kin;
	int err;

	if (size < 2)
		return 0;
	kernel_says(data + 2, size - 2, data[0] % 8);
	err = kin_open(&kin);
	if (!err)
		err = ask(kin, data[0], data[1]);
	must(err <= 0 || err == 55);
	must(strlen(kin_error(kin)) || err >= 0);
	kin_close(kin);
	return 0;
}

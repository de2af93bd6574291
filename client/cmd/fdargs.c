// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "fdargs.h"
#include "fdsock.h"
#include "fdtype.h"

/* A list of words with commas, as bits by their place in @words. */
static int take_words(const char *option, const char *arg,
		      const char *const *words, uint32_t *bits)
{
	char word[64];
	size_t len;
	int index, status;

	for (;; arg += len + 1) {
		len = strcspn(arg, ",");
		snprintf(word, sizeof(word), "%.*s", (int)len, arg);
		if (!*word)
			return cmd_usage(&fd_cmd,
					 "--%s: an empty word in the list",
					 option);
		status = cmd_word(&fd_cmd, option, word, words, &index);
		if (status)
			return status;
		*bits |= 1u << index;
		if (!arg[len])
			return CMD_OK;
	}
}

int fdargs_types(const char *arg, uint32_t *types)
{
	return take_words("type", arg, kin_fd_type_names, types);
}

int fdargs_states(const char *arg, uint32_t *states)
{
	return take_words("socket-state", arg, fdsock_states, states);
}

int fdargs_path(const char *arg, const char **path)
{
	if (*arg != '/')
		return cmd_usage(&fd_cmd,
				 "--path: '%s' is not a whole path, which begins with /",
				 arg);
	*path = arg;
	return CMD_OK;
}

static bool port_of(const char *arg, struct fd_endpoint *at)
{
	uint64_t n;

	if (!cmd_number(arg, 65535, &n))
		return false;
	at->port = n;
	at->has_port = true;
	return true;
}

int fdargs_port(const char *arg, struct fd_endpoint *at)
{
	if (port_of(arg, at))
		return CMD_OK;
	return cmd_usage(&fd_cmd,
			 "--port: '%s' is not a port: a number from 0 to 65535",
			 arg);
}

static bool address_of(const char *arg, struct fd_endpoint *at)
{
	if (inet_pton(AF_INET, arg, at->address) == 1)
		at->family = AF_INET;
	else if (inet_pton(AF_INET6, arg, at->address) == 1)
		at->family = AF_INET6;
	else
		return false;
	return true;
}

int fdargs_address(const char *arg, struct fd_endpoint *at)
{
	if (address_of(arg, at))
		return CMD_OK;
	return cmd_usage(&fd_cmd,
			 "--address: '%s' is not an address, as 127.0.0.1 or ::1",
			 arg);
}

int fdargs_percent(const char *arg, uint32_t *percent)
{
	size_t len = strlen(arg);
	char digits[8] = "";
	uint64_t n;

	if (len && arg[len - 1] == '%')
		len--;
	if (len < sizeof(digits))
		memcpy(digits, arg, len);
	if (!cmd_number(digits, 100, &n) || !n)
		return cmd_usage(&fd_cmd,
				 "--limit-ratio: '%s' is not a percentage from 1 to 100",
				 arg);
	*percent = n;
	return CMD_OK;
}

bool fdargs_endpoint(const char *arg, struct fd_endpoint *at)
{
	const char *colon = strrchr(arg, ':');
	char address[INET6_ADDRSTRLEN];
	bool brackets = false;
	size_t len;

	memset(at, 0, sizeof(*at));
	if (!colon || !port_of(colon + 1, at))
		return false;
	len = colon - arg;
	if (!len || (len == 1 && *arg == '*'))
		return true;
	if (len >= 2 && *arg == '[' && colon[-1] == ']') {
		brackets = true;
		arg++;
		len -= 2;
	}
	if (len >= sizeof(address))
		return false;
	memcpy(address, arg, len);
	address[len] = '\0';
	return address_of(address, at) &&
	       brackets == (at->family == AF_INET6);
}

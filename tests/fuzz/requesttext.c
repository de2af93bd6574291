// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Programs in words, a line a step, an empty line behind the last:
 *
 *   open SOCKET BYTES        with a receive buffer of BYTES in the kernel
 *   send SOCKET MESSAGE [+ MESSAGE]...   in one datagram
 *   read SOCKET BYTES        one datagram, into a buffer of BYTES
 *   close SOCKET
 *   live NUMBER              get a name, and a child that ends: events
 *
 *   MESSAGE    COMMAND FLAGS [type=N] [version=N] [reserved=N] [grows=N]
 *              [ATTRIBUTE]...
 *   ATTRIBUTE  NAME:VALUE[/LENGTH][*TIMES]; VALUE is bytes in hex, as they lie
 *              in memory, or @N: the pid of member N
 *
 * A name may be a number. A line that starts with # is a remark.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "request.h"

static const char *const acts[N_ACTS] = { "open", "send", "read", "close",
					  "live" };

/* ---- to words ---- */

struct text {
	char *to;
	size_t room, len;
};

static void put(struct text *text, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void put(struct text *text, const char *fmt, ...)
{
	const size_t room = text->len < text->room ? text->room - text->len : 0;
	va_list args;

	va_start(args, fmt);
	text->len += vsnprintf(room ? text->to + text->len : NULL, room, fmt, args);
	va_end(args);
}

static void put_attribute(struct text *text, const struct attribute *attribute)
{
	const struct spec_attribute *spec = spec_attributes;

	while (spec->name && spec->type != attribute->type)
		spec++;
	if (spec->name)
		put(text, " %s:", spec->name);
	else
		put(text, " %#x:", attribute->type);
	if (attribute->member >= 0)
		put(text, "@%d", attribute->member);
	for (int i = 0; attribute->member < 0 && i < attribute->len; i++)
		put(text, "%02x", attribute->data[i]);
	if (attribute->claims >= 0)
		put(text, "/%d", attribute->claims);
	if (attribute->repeat != 1)
		put(text, "*%d", attribute->repeat);
}

static void put_message(struct text *text, const struct message *message)
{
	const struct spec_command *spec = spec_commands;

	while (spec->name && spec->cmd != message->cmd)
		spec++;
	if (spec->name)
		put(text, " %s", spec->name);
	else
		put(text, " %d", message->cmd);
	put(text, " %#x", message->flags);
	if (message->type != THE_FAMILY)
		put(text, " type=%d", message->type);
	if (message->version != spec_version)
		put(text, " version=%d", message->version);
	if (message->reserved)
		put(text, " reserved=%d", message->reserved);
	if (message->grows)
		put(text, " grows=%d", message->grows);
	for (int i = 0; i < message->n; i++)
		put_attribute(text, &message->attributes[i]);
}

int program_print(const struct program *program, char *to, size_t room)
{
	struct text text = { .to = to, .room = room };

	for (int i = 0; i < program->n; i++) {
		const struct step *step = &program->steps[i];

		put(&text, "%s %d", acts[step->act], step->socket);
		if (step->act == ACT_OPEN || step->act == ACT_READ)
			put(&text, " %u", step->size);
		for (int m = 0; step->act == ACT_SEND && m < step->n; m++) {
			put(&text, m ? " +" : "");
			put_message(&text, &step->messages[m]);
		}
		put(&text, "\n");
	}
	put(&text, "\n");
	return text.len < room ? (int)text.len : -1;
}

/* ---- from words ---- */

/* All return NULL, or what is wrong. */
static const char *get_number(const char *word, long min, long max, long *number)
{
	char *end;

	*number = strtol(word, &end, 0);
	return end == word || *end || *number < min || *number > max ?
		       "a number is missing, or out of range" : NULL;
}

static const char *get_value(struct attribute *attribute, char *word)
{
	const char *wrong;
	unsigned int byte;
	long member;

	if (*word == '@') {
		wrong = get_number(word + 1, 0, MEMBERS - 1, &member);
		attribute->member = member;
		return wrong;
	}
	for (; *word; word += 2) {
		if (attribute->len == MAX_DATA || sscanf(word, "%2x", &byte) != 1 || !word[1])
			return "a value is no bytes in hex, or too long";
		attribute->data[attribute->len++] = byte;
	}
	return NULL;
}

/* Cuts "...C<number>" off a word; @number stays as it is if it is not there. */
static const char *cut_number(char *word, char c, long max, long *number)
{
	char *at = strchr(word, c);

	if (!at)
		return NULL;
	*at = '\0';
	return get_number(at + 1, 0, max, number);
}

static const char *get_attribute(struct attribute *attribute, char *word)
{
	const struct spec_attribute *spec = spec_attributes;
	char *value = strchr(word, ':');
	long repeat = 1, claims = -1, type;
	const char *wrong;

	if (!value)
		return "an attribute without a value";
	*value++ = '\0';
	wrong = cut_number(value, '*', MAX_REPEAT, &repeat) ?:
		cut_number(value, '/', 65535, &claims);
	while (spec->name && strcmp(spec->name, word))
		spec++;
	type = spec->type;
	if (!wrong && !spec->name && get_number(word, 0, 65535, &type))
		wrong = "an attribute that the spec does not know";
	*attribute = (struct attribute){ .type = type, .claims = claims,
					 .repeat = repeat, .member = -1 };
	return wrong ?: get_value(attribute, value);
}

static const char *get_option(struct message *message, const char *word)
{
	const char *value = strchr(word, '=') + 1, *wrong;
	long number;

	wrong = get_number(value, -MAX_DATAGRAM, MAX_DATAGRAM, &number);
	if (!strncmp(word, "type=", 5))
		message->type = number;
	else if (!strncmp(word, "version=", 8))
		message->version = number;
	else if (!strncmp(word, "reserved=", 9))
		message->reserved = number;
	else if (!strncmp(word, "grows=", 6))
		message->grows = number;
	else
		wrong = "an option unknown: type, version, reserved and grows there are";
	return wrong;
}

static const char *get_message(struct message *message, const char *command,
			       const char *flags)
{
	const struct spec_command *spec = spec_commands;
	long number = 0, bits = 0;

	*message = (struct message){ .type = THE_FAMILY, .version = spec_version };
	while (spec->name && strcmp(spec->name, command))
		spec++;
	number = spec->cmd;
	if (!spec->name && get_number(command, 0, 255, &number))
		return "a command that the spec does not know";
	message->cmd = number;
	if (!flags || get_number(flags, 0, 65535, &bits))
		return "flags are missing behind a command";
	message->flags = bits;
	return NULL;
}

static const char *get_messages(struct step *step, char **state)
{
	struct message *message = NULL;
	const char *wrong = NULL;
	char *word;

	while (!wrong && (word = strtok_r(NULL, " \n", state))) {
		if (!strcmp(word, "+")) {
			message = NULL;
		} else if (!message) {
			if (step->n == MAX_MESSAGES)
				return "too many messages in one datagram";
			message = &step->messages[step->n++];
			wrong = get_message(message, word, strtok_r(NULL, " \n", state));
		} else if (strchr(word, '=')) {
			wrong = get_option(message, word);
		} else if (message->n == MAX_ATTRIBUTES) {
			wrong = "too many attributes in one message";
		} else {
			wrong = get_attribute(&message->attributes[message->n++], word);
		}
	}
	return wrong;
}

static const char *get_step(struct step *step, char *line)
{
	const char *wrong, *word;
	long number = 0;
	char *state;

	memset(step, 0, sizeof(*step));
	word = strtok_r(line, " \n", &state) ?: "";
	while (step->act < N_ACTS && strcmp(acts[step->act], word))
		step->act++;
	if (step->act == N_ACTS)
		return "a step is open, send, read, close or live";
	word = strtok_r(NULL, " \n", &state);
	wrong = get_number(word ?: "", 0, MAX_SOCKETS - 1, &number);
	step->socket = number;
	if (wrong || step->act == ACT_CLOSE || step->act == ACT_LIVE)
		return wrong;
	if (step->act == ACT_SEND)
		return get_messages(step, &state);
	word = strtok_r(NULL, " \n", &state);
	wrong = get_number(word ?: "", 0, 1 << 20, &number);
	step->size = number;
	return wrong;
}

int program_read(struct program *program, FILE *file, const char *name,
		 unsigned int *line)
{
	const char *wrong = NULL;
	char text[MAX_TEXT];

	program->n = 0;
	while (!wrong && fgets(text, sizeof(text), file)) {
		++*line;
		if (*text == '#')
			continue;
		if (*text == '\n' && program->n)
			return 1;
		if (*text == '\n')
			continue;
		if (program->n == MAX_STEPS)
			wrong = "too many steps in one program";
		else
			wrong = get_step(&program->steps[program->n++], text);
	}
	if (!wrong)
		return program->n > 0;
	fprintf(stderr, "%s:%u: %s\n", name, *line, wrong);
	return -1;
}

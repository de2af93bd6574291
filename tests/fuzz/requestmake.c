// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs by chance: mostly as the spec has it, and wrong in a place or two. */
#include <linux/netlink.h>
#include <string.h>

#include "request.h"

/* ---- dice: xorshift64*; the same seed gives the same throws ---- */

void dice_seed(struct dice *dice, uint64_t seed, uint64_t stream)
{
	dice->state = (seed + 1) * 0x9e3779b97f4a7c15u ^
		      (stream + 1) * 0xbf58476d1ce4e5b9u;
	dice->state |= !dice->state;
	for (int i = 0; i < 8; i++)
		dice_roll(dice, 2);
}

uint32_t dice_roll(struct dice *dice, uint32_t sides)
{
	dice->state ^= dice->state >> 12;
	dice->state ^= dice->state << 25;
	dice->state ^= dice->state >> 27;
	return (dice->state * 0x2545f4914f6cdd1du >> 32) % sides;
}

/* ---- attributes ---- */

static const struct spec_attribute *any_attribute(struct dice *dice)
{
	unsigned int n = 0;

	while (spec_attributes[n].name)
		n++;
	return &spec_attributes[dice_roll(dice, n)];
}

/* One that the command takes, if it takes any. */
static const struct spec_attribute *
fitting_attribute(const struct message *message, struct dice *dice)
{
	const bool dump = (message->flags & NLM_F_DUMP) == NLM_F_DUMP;
	const struct spec_command *spec = spec_commands;
	const struct spec_attribute *attribute;
	uint32_t set;

	while (spec->name && spec->cmd != message->cmd)
		spec++;
	set = !spec->name ? 0 : dump ? spec->dump_attributes : spec->do_attributes;
	do
		attribute = any_attribute(dice);
	while (set && !(set >> attribute->type & 1));
	return attribute;
}

static uint64_t good_value(const struct spec_attribute *spec, struct dice *dice)
{
	if (spec->mask)
		return dice_roll(dice, 2) ? dice_roll(dice, spec->mask + 1) & spec->mask :
					    spec->mask;
	/* Small numbers are what there is most of. */
	return spec->min + dice_roll(dice, 1u << dice_roll(dice, 11));
}

/* At the edges of what is allowed, and of what a number can be. */
static uint64_t edge_value(const struct spec_attribute *spec, struct dice *dice)
{
	const uint64_t values[] = {
		0, 1, ~0ull, 1ull << 31, 1ull << 32, 0x7fffffff, 4194304, 32768,
		spec->min, spec->min - 1ull, spec->mask, spec->mask + 1ull,
		1ull << dice_roll(dice, 64), (1ull << dice_roll(dice, 64)) - 1,
		dice_roll(dice, 0xffffffff),
	};

	return values[dice_roll(dice, sizeof(values) / sizeof(*values))];
}

/* What must not be 0 is the number of a task. */
static bool names_task(const struct spec_attribute *spec)
{
	return spec->min == 1 && spec->size == sizeof(uint32_t);
}

/* A name that somebody here has, or any; a bad one is too long, or has no end. */
static void make_string(struct attribute *attribute,
			const struct spec_attribute *spec, bool good,
			struct dice *dice)
{
	static const char *const names[] = { "request", "live", "dead", "exe", "" };
	const char *name = names[dice_roll(dice, sizeof(names) / sizeof(*names))];

	memset(attribute->data, 0, sizeof(attribute->data));
	memcpy(attribute->data, name, strlen(name));
	attribute->len = strlen(name) + 1;
	if (*name)
		return;
	attribute->len = 1 + dice_roll(dice, good ? spec->longest : MAX_DATA);
	memset(attribute->data, 'a' + dice_roll(dice, 26), attribute->len - good);
}

static void make_value(struct attribute *attribute,
		       const struct spec_attribute *spec, bool good,
		       struct dice *dice)
{
	const uint64_t value = good ? good_value(spec, dice) : edge_value(spec, dice);

	attribute->member = -1;
	if (spec->longest) {
		make_string(attribute, spec, good, dice);
		return;
	}
	memcpy(attribute->data, &value, sizeof(value));
	attribute->len = spec->size || (spec->flag && good) ?
				 spec->size : dice_roll(dice, MAX_DATA + 1);
	if (names_task(spec) && dice_roll(dice, 2))
		attribute->member = dice_roll(dice, MEMBERS);
}

static uint16_t some_repeat(const struct spec_attribute *spec, bool good,
			    struct dice *dice)
{
	if (dice_roll(dice, 20) || (good && !spec->multi))
		return 1;
	if (dice_roll(dice, 3))
		return 2 + dice_roll(dice, 600);
	return good ? spec_max_values : spec_max_values - 8 + dice_roll(dice, 16);
}

static void spoil(struct attribute *attribute, struct dice *dice)
{
	switch (dice_roll(dice, 6)) {
	case 0:
		attribute->len = dice_roll(dice, MAX_DATA + 1);
		break;
	case 1:
		attribute->type ^= dice_roll(dice, 2) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
		break;
	case 2:
		attribute->type = dice_roll(dice, 2) ? dice_roll(dice, 32) :
						       dice_roll(dice, 65536);
		break;
	case 3:
		attribute->claims = dice_roll(dice, 24);
		break;
	case 4:
		attribute->claims = dice_roll(dice, 65536);
		break;
	default:
		attribute->member = -1;
		attribute->data[dice_roll(dice, MAX_DATA)] ^= 1 << dice_roll(dice, 8);
	}
}

static void make_attribute(struct attribute *attribute,
			   const struct message *message, bool good,
			   struct dice *dice)
{
	const struct spec_attribute *spec = good || dice_roll(dice, 4) ?
						    fitting_attribute(message, dice) :
						    any_attribute(dice);

	*attribute = (struct attribute){ .type = spec->type, .claims = -1 };
	make_value(attribute, spec, good || dice_roll(dice, 3), dice);
	attribute->repeat = some_repeat(spec, good, dice);
	if (!good && !dice_roll(dice, 3))
		spoil(attribute, dice);
}

/* ---- messages ---- */

static void add_attribute(struct message *message, bool good, struct dice *dice)
{
	if (message->n < MAX_ATTRIBUTES)
		make_attribute(&message->attributes[message->n++], message, good,
			       dice);
}

/* Mostly one that takes attributes: there is more to it. */
static const struct spec_command *any_command(struct dice *dice)
{
	const struct spec_command *spec;
	unsigned int n = 0;

	while (spec_commands[n].name)
		n++;
	do
		spec = &spec_commands[dice_roll(dice, n)];
	while (!spec->do_attributes && !spec->dump_attributes && dice_roll(dice, 4));
	return spec;
}

static void make_message(struct message *message, struct dice *dice)
{
	const struct spec_command *spec = any_command(dice);
	const bool good = dice_roll(dice, 8) != 0;
	unsigned int n;

	*message = (struct message){
		.type = THE_FAMILY, .cmd = spec->cmd, .version = spec_version,
		.flags = NLM_F_REQUEST | (dice_roll(dice, 2) ? NLM_F_ACK : 0),
	};
	if (spec->dumps && (!spec->does || dice_roll(dice, 3)))
		message->flags |= NLM_F_DUMP;
	if (message->flags & NLM_F_DUMP ? !spec->dump_attributes && good :
					  !spec->do_attributes && good)
		return;
	for (n = dice_roll(dice, 5); n; n--)
		add_attribute(message, good, dice);
}

static void spoil_message(struct message *message, struct dice *dice)
{
	switch (dice_roll(dice, 7)) {
	case 0:
		message->cmd = dice_roll(dice, dice_roll(dice, 2) ? 12 : 256);
		break;
	case 1:
		message->flags ^= 1 << dice_roll(dice, 16);
		break;
	case 2:
		message->flags ^= NLM_F_DUMP;
		break;
	case 3:
		message->version = dice_roll(dice, 256);
		break;
	case 4:
		message->reserved = dice_roll(dice, 3);
		break;
	case 5:
		message->grows = (int)dice_roll(dice, 64) - 32;
		break;
	default:
		/* The control types and what is no family; not the others'. */
		message->type = dice_roll(dice, 2) ? dice_roll(dice, NLMSG_MIN_TYPE) :
						     THE_FAMILY - 1;
	}
}

static void change_message(struct message *message, struct dice *dice)
{
	const unsigned int n = message->n;
	struct attribute *attribute;

	if (!n || !dice_roll(dice, 3)) {
		if (dice_roll(dice, 3))
			add_attribute(message, dice_roll(dice, 2), dice);
		else
			spoil_message(message, dice);
		return;
	}
	attribute = &message->attributes[dice_roll(dice, n)];
	switch (dice_roll(dice, 4)) {
	case 0:
		spoil(attribute, dice);
		break;
	case 1:
		make_attribute(attribute, message, true, dice);
		break;
	case 2:
		*attribute = message->attributes[--message->n];
		break;
	default:
		attribute->repeat = 1 + dice_roll(dice, 4 << dice_roll(dice, 11)) % MAX_REPEAT;
	}
}

/* ---- programs ---- */

static void make_step(struct step *step, struct dice *dice)
{
	const unsigned int what = dice_roll(dice, 11);

	/* Mostly the same one, for what only comes of one request after another. */
	*step = (struct step){
		.socket = dice_roll(dice, 3) ? 0 : dice_roll(dice, MAX_SOCKETS),
	};
	step->act = what < 7 ? ACT_SEND : what < 8 ? ACT_READ :
		    what < 9 ? ACT_CLOSE : what < 10 ? ACT_OPEN : ACT_LIVE;
	step->size = dice_roll(dice, 3) ? 1u << dice_roll(dice, 18) :
					  dice_roll(dice, 65536);
	if (step->act != ACT_SEND)
		return;
	step->n = dice_roll(dice, 4) ? 1 : 1 + dice_roll(dice, MAX_MESSAGES);
	for (int i = 0; i < step->n; i++)
		make_message(&step->messages[i], dice);
}

static void insert_step(struct program *program, const struct step *step,
			unsigned int at)
{
	if (program->n == MAX_STEPS)
		return;
	memmove(&program->steps[at + 1], &program->steps[at],
		(program->n++ - at) * sizeof(*step));
	program->steps[at] = *step;
}

static void remove_step(struct program *program, unsigned int at)
{
	if (program->n == 1)
		return;
	memmove(&program->steps[at], &program->steps[at + 1],
		(--program->n - at) * sizeof(*program->steps));
}

/* Go away with an answer, or half of a dump, unread. */
static void abandon(struct program *program, unsigned int at)
{
	const struct step step = { .act = ACT_CLOSE,
				   .socket = program->steps[at].socket };

	insert_step(program, &step, at + 1);
}

void program_make(struct program *program, struct dice *dice)
{
	program->n = 1 + dice_roll(dice, 4);
	for (int i = 0; i < program->n; i++)
		make_step(&program->steps[i], dice);
	if (!dice_roll(dice, 4))
		abandon(program, program->n - 1);
}

void program_change(struct program *program, const struct program *other,
		    struct dice *dice)
{
	int times = 1 + dice_roll(dice, 3);
	struct step *step, new;

	while (times--) {
		const unsigned int at = dice_roll(dice, program->n);

		step = &program->steps[at];
		switch (dice_roll(dice, 8)) {
		case 0:
			make_step(&new, dice);
			insert_step(program, &new, at);
			break;
		case 1:
			insert_step(program, &other->steps[dice_roll(dice, other->n)], at);
			break;
		case 2:
			remove_step(program, at);
			break;
		case 3:
			abandon(program, at);
			break;
		default:
			if (step->act == ACT_SEND && step->n)
				change_message(&step->messages[dice_roll(dice, step->n)], dice);
			else
				make_step(step, dice);
		}
	}
}

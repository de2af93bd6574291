/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to the module that nobody in his right mind would send. A program is
 * a few steps with a few sockets; it is made at random out of what the spec
 * allows and of what it does not, run, and kept if it reached code of the module
 * that no program had reached before.
 */
#ifndef FUZZ_REQUEST_H
#define FUZZ_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- what the spec says (made by request-spec) ---- */

struct spec_attribute {
	const char *name;
	uint16_t type;
	uint8_t size; /* of its number; 0: it is none */
	uint8_t longest; /* string, its NUL included; 0: it is none */
	bool flag; /* its being there says all */
	uint32_t min, mask; /* 0: any */
	bool multi;
};

struct spec_command {
	const char *name;
	uint8_t cmd;
	bool does, dumps;
	bool replies; /* what it does is answered by more than an acknowledgement */
	uint32_t do_attributes, dump_attributes; /* bit n: type n may be there */
};

extern const char spec_family[];
extern const uint8_t spec_version;
extern const unsigned int spec_max_values;
extern const struct spec_attribute spec_attributes[]; /* ended by no name */
extern const struct spec_command spec_commands[];

/* ---- programs ---- */

#define MEMBERS	       11 /* processes that are there to be asked for */
#define MAX_DATA       20
#define MAX_ATTRIBUTES 10
#define MAX_MESSAGES   3 /* in one datagram */
#define MAX_STEPS      8
#define MAX_SOCKETS    3
#define MAX_REPEAT     6000
#define MAX_DATAGRAM   131072
#define MAX_TEXT       4096 /* of a program in words */

struct attribute {
	uint16_t type; /* with its flags */
	int32_t claims; /* its length, as it says; -1: as it is */
	uint16_t repeat; /* there that many times, one after the other */
	int8_t member; /* holds this one's pid; -1: the data */
	uint8_t len;
	uint8_t data[MAX_DATA];
};

#define THE_FAMILY 0xffff /* as a message's type */

struct message {
	uint16_t type, flags, reserved;
	uint8_t cmd, version;
	int32_t grows; /* what its length says too much */
	uint8_t n;
	struct attribute attributes[MAX_ATTRIBUTES];
};

enum act { ACT_OPEN, ACT_SEND, ACT_READ, ACT_CLOSE, ACT_LIVE, N_ACTS };

struct step {
	uint8_t act, socket, n;
	uint32_t size; /* of a receive buffer, in the kernel or here */
	struct message messages[MAX_MESSAGES];
};

struct program {
	uint8_t n;
	struct step steps[MAX_STEPS];
};

/* ---- words (requesttext.c) ---- */

/* Writes a line a step; returns bytes, or -1 if there is no room. */
int program_print(const struct program *program, char *to, size_t room);

/* Reads one, up to an empty line. Returns 1, 0 at the end of the file, or -1 and
 * says on standard error what is wrong with @line. */
int program_read(struct program *program, FILE *file, const char *name,
		 unsigned int *line);

/* ---- dice (requestmake.c) ---- */

struct dice {
	uint64_t state;
};

void dice_seed(struct dice *dice, uint64_t seed, uint64_t stream);
uint32_t dice_roll(struct dice *dice, uint32_t sides); /* 0 to sides - 1 */

void program_make(struct program *program, struct dice *dice);

/* Change something here and there; @other gives a part of itself. */
void program_change(struct program *program, const struct program *other,
		    struct dice *dice);

/* ---- bytes (requestbytes.c) ---- */

/* The datagram of a step; the messages are numbered from @seq. Returns bytes. */
size_t step_bytes(const struct step *step, const uint32_t *members,
		  uint16_t family, uint32_t seq, char *to);

/* A message as the kernel will find it there. */
struct found {
	uint32_t seq, len;
	uint16_t type, flags;
	uint8_t cmd;
};

/* Returns how many, @room at most. */
size_t datagram_walk(const char *from, size_t len, struct found *found,
		     size_t room);

/* ---- the processes to be asked for (requestfamily.c) ---- */

/* Makes them; they end with who makes them. */
void family_make(uint32_t members[MEMBERS]);

/* Events of all kinds that whoever asks can make: another name, a thread, and a
 * child that ends with this status. */
void family_live(int status);

/* What a member does that has started this program again. */
void family_member(char **argv) __attribute__((noreturn));

/* ---- the code that was reached (requestcover.c) ---- */

/* Where the compiler put points, a line each: section, offset, line. Returns how
 * many; 0: none are known. */
unsigned int cover_load(const char *path);

/* Open, while there is the right to; false: no KCOV here. */
bool cover_open(void);

/* What this task does from now on counts. */
void cover_start(void);
void cover_clear(void);

/* Returns how many points nobody had reached before. */
unsigned int cover_take(void);

/* How much of the module's own text was reached; prints the lines that were not. */
struct cover {
	unsigned int points, points_reached, lines, lines_reached;
};

void cover_count(struct cover *cover);

/* ---- running (requestrun.c) ---- */

struct tally {
	unsigned long programs, requests, replies, records, events;
	unsigned long errors[256]; /* by number; [0]: acknowledged or ended well */
	unsigned long lost; /* programs with a socket that overflowed */
};

#define MAX_SENTENCES 64
#define SENTENCE_MAX  96

/* What all that run share. */
struct shared {
	struct tally tally;
	bool locked; /* what follows, while a sentence is added */
	char sentences[MAX_SENTENCES][SENTENCE_MAX];
	unsigned int n_sentences, n_wrong;
	char wrong[8][256]; /* the first things that must not be */
};

extern struct shared *shared;

/* Note something that must not be. */
void run_wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Start; @alone: nobody else asks the module, so that its counters are exact.
 * False: no module. */
bool run_start(const uint32_t *members, bool alone);

/* Returns whether it brought a sentence that is new. */
bool run_program(const struct program *program);

#endif /* FUZZ_REQUEST_H */

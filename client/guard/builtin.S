/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules that are built in, as strings: declared in rule.h. */
	.macro	text name, file
	.globl	\name
	.type	\name, %object
\name:
	.incbin	"\file"
	.byte	0
	.size	\name, . - \name
	.endm

	.section .rodata
	text	rules_default, "rules/default.yaml"
	text	rules_doctor, "rules/doctor.yaml"

	.section .note.GNU-stack, "", %progbits

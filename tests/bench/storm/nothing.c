// SPDX-License-Identifier: GPL-2.0-or-later
/* nothing: a program that does nothing, without a library to get ready. */
void _start(void);

void _start(void)
{
	asm volatile("mov $60, %%eax\n\t" /* exit */
		     "xor %%edi, %%edi\n\t"
		     "syscall"
		     :
		     :
		     : "rax", "rdi", "rcx", "r11", "memory");
}

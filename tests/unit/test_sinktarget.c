// SPDX-License-Identifier: GPL-2.0-or-later
/* Who may get a signal: a process that is still the one that was meant, and no other. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "target.h"

/* What the kernel would tell; the rest of all processes are there, too. */
static struct kin_base told[8];
static size_t n_told;
static int look_error;
static char why[200];
static pid_t child;

static int look(uint32_t pid, struct kin_base *base, void *arg)
{
	assert_ptr_equal(arg, told);
	if (look_error)
		return look_error;
	for (size_t i = 0; i < n_told; i++) {
		if (told[i].pid != pid)
			continue;
		*base = told[i];
		return 0;
	}
	return -ESRCH;
}

static void tell(uint32_t pid, uint32_t ppid, uint64_t start)
{
	told[n_told++] = (struct kin_base){ .pid = pid, .tgid = pid, .ppid = ppid,
					    .start_boottime_ns = start };
}

static int open_target(uint32_t pid, uint64_t start)
{
	const struct target target = { pid, start };

	return target_open(&target, look, told, why, sizeof(why));
}

/* A child to signal; this process, its parent, and what that came from. */
static int begin(void **state)
{
	n_told = look_error = 0;
	child = fork();
	if (!child) {
		pause();
		_exit(1);
	}
	tell(child, getpid(), 1000);
	tell(getpid(), getppid(), 900);
	tell(getppid(), 1, 800);
	tell(1, 0, 1);
	return 0;
}

static int end(void **state)
{
	kill(child, SIGKILL);
	return waitpid(child, NULL, 0) == child ? 0 : -1;
}

static void assert_refused(int fd, int err, const char *text)
{
	assert_int_equal(fd, err);
	assert_string_equal(why, text);
}

static void test_right_one(void **state)
{
	siginfo_t info;
	int fd = open_target(child, 1000);

	assert_true(fd >= 0);
	assert_int_equal(syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0), 0);
	close(fd);
	assert_int_equal(waitid(P_PID, child, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(info.si_status, SIGTERM);
}

static void test_reused(void **state)
{
	assert_refused(open_target(child, 1001), -ESRCH, "it has ended already");
	assert_refused(open_target(child, 999), -ESRCH, "it has ended already");
}

static void test_ended(void **state)
{
	n_told = 0;
	assert_refused(open_target(child, 1000), -ESRCH, "it has ended already");
	assert_refused(open_target(0x7ffffff0, 1000), -ESRCH, "it has ended already");
}

static void test_never(void **state)
{
	assert_refused(open_target(0, 0), -EPERM, "the alert is of no process");
	assert_refused(open_target(1, 1), -EPERM, "it is pid 1");
	assert_refused(open_target(getpid(), 900), -EPERM, "it is kin itself");
	told[0].flags = KIN_TASK_KTHREAD;
	assert_refused(open_target(child, 1000), -EPERM, "it is a kernel thread");
}

static void test_ancestors(void **state)
{
	if (getppid() == 1) {
		print_message("# skipped: run by pid 1\n");
		skip();
	}
	assert_refused(open_target(getppid(), 800), -EPERM,
		       "kin itself descends from it, or may");
	/* further up: the child is put between */
	told[2].ppid = child;
	told[0].ppid = 1;
	assert_refused(open_target(child, 1000), -EPERM,
		       "kin itself descends from it, or may");
}

/* Who its ancestors are is not known: nobody gets one. */
static void test_unknown_ancestors(void **state)
{
	n_told = 2;
	assert_refused(open_target(child, 1000), -EPERM,
		       "kin itself descends from it, or may");
	/* in a circle, which cannot be */
	n_told = 4;
	told[3].ppid = getpid();
	assert_refused(open_target(child, 1000), -EPERM,
		       "kin itself descends from it, or may");
}

static void test_unknown(void **state)
{
	look_error = -ENODEV;
	assert_refused(open_target(child, 1000), -ENODEV,
		       "it is not known who it is now: No such device");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_right_one), TEST(test_reused),	    TEST(test_ended),
		TEST(test_never),     TEST(test_ancestors),	    TEST(test_unknown_ancestors),
		TEST(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

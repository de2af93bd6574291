#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What nobody has on this kernel is what docs/kernels.md says, no more and no
# less. What was found is kept in build/matrix/KERNEL.absent.
set -u

docs=docs/kernels.md
title='## What is unknown where'
results=0

result() {
	results=$((results + 1))
	echo "$1ok $results - $2"
}

# The name that tests/vm/kernel has for it.
kernel_name() {
	local release
	release=$(uname -r)
	[[ $release =~ ^([0-9]+\.[0-9]+)\..*-amd64$ ]] || return
	echo "${BASH_REMATCH[1]}$([ ! -e /sys/kernel/realtime ] || echo -rt)"
}

# The documented names that hold for kernel $1.
told() {
	awk -F' *[|] *' -v title="$title" -v kernel="$1" '
		/^## / { within = $0 == title }
		within && $2 ~ /^`.*`$/ && (", " $3 ",") ~ (", (all|" kernel "),") {
			print substr($2, 2, length($2) - 2)
		}' $docs | sort
}

# Somebody in a pid namespace below, so that there are numbers to be told. (Its
# parent blocks SIGTERM.)
nested() {
	unshare --pid --fork --kill-child sleep 1000 >/dev/null 2>&1 &
	until pgrep -P $! >/dev/null; do sleep 0.1; done
}

compare() {
	local kernel=$1 name
	while read -r name; do
		result 'not ' "$name is unknown, and $docs does not say so"
	done < <(comm -23 "$found" <(told "$kernel"))
	while read -r name; do
		result 'not ' "$name is known, but unknown by $docs"
	done < <(comm -13 "$found" <(told "$kernel"))
	while read -r name; do
		result '' "$name is unknown, as $docs says"
	done < <(comm -12 "$found" <(told "$kernel"))
}

kernel=$(kernel_name)
if [ -z "$kernel" ]; then
	echo "ok 1 - $docs # SKIP it tells of Debian's kernels only, not of $(uname -r)"
	echo 1..1
	exit
fi
# Somebody in state D, as long as its child has not called exec. (They share their
# stack: the parent is killed first, and never goes on.)
uninterruptible() {
	perl -e 'syscall(58); sleep 1000' >/dev/null 2>&1 & # vfork()
	until [ "$(ps -o state= -p $!)" = D ]; do sleep 0.1; done
}

# Of tasks that are created from now on. (Older kernels always do it.)
account_delays() {
	! [ -e /proc/sys/kernel/task_delayacct ] || echo 1 >/proc/sys/kernel/task_delayacct
}

mkdir -p build/matrix
found=build/matrix/$kernel.absent
account_delays
nested
within=$!
uninterruptible
said=$(tests/vm/absent) || said=''
child=$(pgrep -P $!)
kill -KILL $! "$within"
kill -KILL "$child"
wait 2>/dev/null
grep -v -e '^#' -e '^$' <<<"$said" | sort >"$found"
looked=$(sed -n 's/^# looked at \([0-9]*\) .*/\1/p' <<<"$said")
if [ "${looked:-0}" -gt 250 ]; then
	result '' "all $looked numbers and attributes were looked at"
else
	result 'not ' "${looked:-no} numbers and attributes were looked at"
fi
if grep -q "^| $kernel |" $docs; then
	result '' "$docs tells of $kernel"
else
	result 'not ' "$docs tells of $kernel"
fi
compare "$kernel"
echo 1..$results

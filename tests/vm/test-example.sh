#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The example program that docs/mirror.md shows does what it says: it tells how
# processes ended, whose children they were, and what it says of the module's end.
set -u

watch=build/examples/crash-watch
tmp=$(mktemp -d)
results=0 failures=0

# result STATUS NAME: 0 is good, as everywhere in the shell.
result() {
	results=$((results + 1))
	if [ "$1" = 0 ]; then
		echo "ok $results - $2"
	else
		echo "not ok $results - $2"
		sed 's/^/# /' "$tmp/out" "$tmp/err" | head -n 20
		failures=$((failures + 1))
	fi
}

# A line of this form comes, as long as the program is there to print it.
says() {
	until grep -qE "$1" "$tmp/out"; do
		kill -0 "$pid" 2>/dev/null || return 1
	done
}

"$watch" >"$tmp/out" 2>"$tmp/err" &
pid=$!
says '^watching [0-9]+ processes$'
result $? "watches"

bash -c 'exit 0' &
good=$!
bash -c 'exit 7'
says "^status 7 after [0-9]+\.[0-9]{3} s: bash\([0-9]+\) < .*\($$\) < .*\(1\)$"
result $? "a status, the family up to the first process"

(bash -c 'kill -SEGV $$'; :) 2>/dev/null
says '^Segmentation fault( \(core dumped\))? after [0-9.]+ s: bash\([0-9]+\) < '
result $? "a signal"

bash -c 'printf "\033[31m\n" >/proc/$$/comm; exit 9'
says '^status 9 after [0-9.]+ s: \?\[31m\?*\([0-9]+\) < '
result $? "a name that is a command to the terminal"

wait "$good"
! grep -qF "($good)" "$tmp/out"
result $? "nothing of who ended well"

rmmod kin
wait "$pid"
[ $? = 1 ] && grep -qx 'crash-watch: the kernel module kin was unloaded' "$tmp/err"
result $? "ends with the module, and says so"
insmod "$KIN_MODULE"
result $? "the module is loaded again"

rm -rf "$tmp"
echo "1..$results"
[ "$failures" = 0 ]

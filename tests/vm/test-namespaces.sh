#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# True, seen from other places: the comparison of test-truth, run inside of
# namespaces, and outside while a family lives inside. One result a place; what
# test-truth says of it goes along as remarks.
set -u

results=0

result() {
	results=$((results + 1))
	echo "$1ok $results - $2"
}

# Every result of test-truth must be good, and it must get to its plan.
seen_from() {
	local place=$1 output plan good
	shift
	output=$("$@" build/tests/test-truth --tasks-only --sleepers 30 2>&1)
	plan=$(sed -n 's/^1\.\.//p' <<<"$output")
	good=$(grep -c '^ok' <<<"$output")
	grep -E '^(not ok|# (compared|retried)|Bail)' <<<"$output" | sed 's/^/# /'
	if [ "${plan:-0}" -gt 90 ] && [ "$good" = "$plan" ]; then
		result '' "$place: $good results"
	else
		result 'not ' "$place: $good good results of ${plan:-?}"
	fi
}

# A cgroup namespace begins where its first process is.
in_cgroup() {
	mkdir -p /sys/fs/cgroup/kin-box/inner
	echo 0 >/sys/fs/cgroup/kin-box/inner/cgroup.procs
	exec env TRUTH_CGROUP_ROOT=/sys/fs/cgroup/kin-box/inner "$@"
}

container=(unshare --user --map-root-user --pid --fork --mount-proc
	--net --ipc --uts --mount)
seen_from "a pid namespace" unshare --pid --fork --mount-proc
seen_from "a pid namespace in another" \
	unshare --pid --fork --mount-proc unshare --pid --fork --mount-proc
seen_from "a user namespace" unshare --user --map-root-user
seen_from "a user namespace in which nobody is mapped" unshare --user
seen_from "a time namespace" unshare --time --boottime 1000000 --fork
seen_from "a network namespace" unshare --net
(in_cgroup true)
seen_from "a cgroup namespace" in_cgroup unshare --user --cgroup
seen_from "a container" "${container[@]}"

# A family inside, the reader outside.
coproc family { "${container[@]}" build/tests/factory --all; }
while read -r line; do
	[[ $line != ready* ]] || break
done <&"${family[0]}"
seen_from "outside, of a container" env
input=${family[1]}
exec {input}>&-
# shellcheck disable=SC2154 # set by coproc
wait "$family_PID"
echo "1..$results"

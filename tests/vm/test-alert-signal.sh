#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Rules that send a signal: to the process that they name, and never to pid 1, a kernel
# thread, kin itself or what kin descends from.
set -u

kin=build/kin
tmp=$(mktemp -d)
export LC_ALL=C
# shellcheck source=tests/install/tap
. tests/install/tap
keeper='' bystander=''
# shellcheck disable=SC2086,SC2154 # those that are there; said is of tap
trap 'kill $keeper $bystander 2>/dev/null; rm -rf "$tmp" "$said"' EXIT

# await SECONDS COMMAND...: until it succeeds
await() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >"$said" 2>&1; do
		[ $SECONDS -lt $end ] || return
		sleep 0.1
	done
}

rule() {
	printf '  - { name: %s, expr: %s, summary: "{comm}", receivers: %s }\n' "$1" "'$2'" "$3"
}

write_rules() {
	printf 'interval: 1s\nreceivers:\n'
	printf '  - { name: stop, signal: { signal: TERM } }\n'
	printf '  - { name: file, json: { path: %s/told } }\n' "$tmp"
	printf 'rules:\n'
	rule victim 'comm == "victim"' '[stop]'
	rule bystander 'comm == "bystander"' '[file]'
	rule first 'pid == 1' '[stop]'
	rule kthread 'comm == "kthreadd"' '[stop]'
	rule self 'comm == "kin-guard"' '[stop]'
	rule keeper 'comm == "keeper"' '[stop]'
}

# The daemon, below a shell that the rules would end.
start() {
	write_rules >"$tmp/rules.yaml"
	cp "$(command -v sleep)" "$tmp/victim"
	cp "$(command -v sleep)" "$tmp/bystander"
	cp "$(command -v bash)" "$tmp/keeper"
	"$tmp/bystander" 1000 &
	bystander=$!
	"$tmp/keeper" -c "$kin alert --quiet -f '$tmp/rules.yaml' 2>'$tmp/err'; :" &
	keeper=$!
}

# refused PID RULE WHY: it says so
refused() {
	await 60 grep -qF "no SIGTERM was sent to pid $1 ($2): $3" "$tmp/err"
}

pid_of() {
	$kin ps -o pid,comm --raw | awk -v comm="$1" '$2 == comm { print $1; exit }'
}

lives() {
	[ "$($kin ps -o comm --raw "$1" | tail -n 1)" = "$2" ]
}

# bystander_told: by the other receiver; the daemon's complaints are what was said if not
bystander_told() {
	cat "$tmp/err"
	grep -q '"rule": "bystander"' "$tmp/told"
}

# status_of PID WANTED: how a child of ours ended
status_of() {
	local status=0
	wait "$1" || status=$?
	echo "status $status"
	[ "$status" = "$2" ]
}

start
check "kin alert is there, a rule of another receiver fires" await 60 bystander_told
guard=$(pid_of kin-guard)
"$tmp/victim" 1000 &
victim=$!
check "the victim ends by SIGTERM" status_of $victim 143
check "it says who got it, and why" await 10 grep -qF "receiver 'stop': sent SIGTERM to pid $victim: victim" "$tmp/err"
check "refused: pid 1" refused 1 first "it is pid 1"
check "refused: a kernel thread" refused 2 kthread "it is a kernel thread"
check "refused: kin itself" refused "$guard" self "it is kin itself"
check "refused: what kin descends from" refused "$keeper" keeper "kin itself descends from it, or may"
check "the bystander lives" lives "$bystander" bystander
check "the keeper lives" lives "$keeper" keeper
check "kin lives" lives "$guard" kin-guard
"$tmp/victim" 1000 &
victim=$!
check "the next victim ends, too" status_of $victim 143
check "two signals were sent in all" test "$(grep -c 'sent SIGTERM to' "$tmp/err")" = 2
kill "$guard"
plan

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kin doctor: a healthy host is one line; of each illness (see labs/) the right finding
# is the first, with the right culprit, its numbers and its family.
#
# shellcheck disable=SC2016 # what stands in single quotes is jq's
set -u

kin=build/kin
tmp=$(mktemp -d)
export LC_ALL=C.UTF-8
# shellcheck source=tests/install/tap
. tests/install/tap

patience=60

# await COMMAND...: until it succeeds
await() {
	local end=$((SECONDS + patience))
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return
		sleep 0.05
	done
}

# ---- who is ill ---------------------------------------------------------------------

# fall_ill LAB [ARGUMENT]...: its pid is $ill, that of the one it says is ill $culprit
fall_ill() {
	coproc lab { exec "build/labs/$1" "${@:2}"; }
	# shellcheck disable=SC2154 # coproc sets it
	ill=$lab_PID
	read -r culprit _ <&"${lab[0]}"
}

cure() {
	local in=${lab[1]} pid=$ill
	exec {in}>&-
	wait "$pid"
}

zombies_are() {
	[ "$("$kin" ps --raw --no-headings -o pid --state Z | wc -l)" = "$1" ]
}

# ---- what the doctor says -----------------------------------------------------------

# visit NAME [ARGUMENT]...: of all that begin before they_are_over, the report is
# $tmp/NAME, the status in $tmp/NAME.status
visit() {
	local name=$1
	shift
	{
		timeout $patience "$kin" doctor --time 10s "$@" >"$tmp/$name" 2>"$tmp/$name.err" </dev/null
		echo $? >"$tmp/$name.status"
	} &
	visits+=($!)
}

they_are_over() {
	wait "${visits[@]}"
	visits=()
}

# ended NAME STATUS WHAT
ended() {
	cat "$tmp/$1.err" "$tmp/$1" >"$said"
	[ "$(cat "$tmp/$1.status")" = "$2" ]
	result $? "$3: status $(cat "$tmp/$1.status")"
}

# report NAME FILTER WHAT: jq's filter must be true of the report; $f is the first finding
report() {
	local status=0
	jq -e --argjson culprit "${culprit:-0}" --argjson shell $$ \
		--argjson stack "${stack:-null}" \
		'.findings[0] as $f | '"$2" "$tmp/$1" >"$said" 2>&1 || status=$?
	[ $status = 0 ] || jq -c '.findings' "$tmp/$1" >>"$said" 2>&1
	result $status "$3"
}

# first RULE WHAT: the first finding of $tmp/json is this one, of the culprit
first() {
	ended json 10 "$2: something is found"
	report json '$f.rule == "'"$1"'" and $f.subject.pid == $culprit' \
		"$2: the first finding is $1, of process $culprit"
	report json '$f.subject.family | contains("(\($shell)) / ")' "$2: with its family"
	report json '[.findings[] | select(.subject.pid != $culprit)] == []' \
		"$2: there is nothing else"
}

# ---- healthy ------------------------------------------------------------------------

check_healthy() {
	local line='^Healthy: looked for 10 s at [0-9]+ processes, nothing found\.$'
	visit text
	visit json --json
	visit self $$
	they_are_over
	ended text 0 "a healthy host"
	[ "$(wc -l <"$tmp/text")" = 1 ] && grep -qE "$line" "$tmp/text"
	result $? "it is one line: $(head -n1 "$tmp/text")"
	ended json 0 "a healthy host, as JSON"
	report json '.findings == [] and .process == null and .lost == 0' "nothing found"
	report json '.host.cpus > 0 and .host.mem_total > 0 and .processes > 1' "the host is told of"
	ended self 0 "a healthy process"
	grep -qE 'memory: RSS [0-9.]+[KM] ' "$tmp/self" && grep -q "descriptors: [0-9]* open of" "$tmp/self"
	result $? "its vital signs are there"
}

check_refused() {
	refuse 'from 10s to 30s' "--time: too short" "$kin" doctor --time 5s
	refuse 'from 10s to 30s' "--time: too long" "$kin" doctor --time 1m
	refuse 'not a pid' "a word is no pid" "$kin" doctor nobody
	refuse "'2' is too much" "one process at a time" "$kin" doctor 1 2
	refuse 'no such pid: 4000000' "nobody has this pid" "$kin" doctor 4000000
	refuse 'capability|permission' "without privilege" \
		setpriv --reuid 65534 --clear-groups "$kin" doctor
	"$kin" doctor 4000000 2>"$said"
	[ $? = 3 ]
	result $? "status 3 for a pid that nobody has"
	printf 'rules:\n  - name: bad\n    expr: rrs > 1\n' >"$tmp/bad.yaml"
	refuse "bad.yaml:3:.*rss" "bad rules" "$kin" doctor --rules "$tmp/bad.yaml"
}

# ---- ill ------------------------------------------------------------------------------

check_leak() {
	fall_ill leak 20 600
	visit json --json
	visit text
	they_are_over
	first memory-gone-soon "a leak of memory"
	report json '[.findings[].rule] == ["memory-gone-soon", "memory-leak"]' "it is one patient, with two findings"
	report json '$f.evidence | .rss_more_bytes / .span_ns * 1e9 | . > 4e6 and . < 30e6' \
		"how fast it grows"
	report json '$f.evidence.memory_out_in_ns / 1e9 | . > 20 and . < 300' "when memory will be used up"
	report json '.host | .grown_most[0].pid == $culprit and (.most_rss | map(.rss_bytes) | . == (sort | reverse))' \
		"the host's list of those that grow, and of the largest"
	cp "$tmp/text" "$said"
	grep -qE "^ 1\. CRITICAL: leak\($culprit\)$" "$tmp/text" &&
		grep -qE "^   Who .*/ leak\($culprit\)$" "$tmp/text" &&
		grep -qE "memory: RSS [0-9.]+M .*, \+[0-9.]+M/s" "$tmp/text" &&
		grep -qE "^   Next +kin " "$tmp/text" && grep -q "^             kill $culprit$" "$tmp/text"
	result $? "as text"
	cure
}

check_descriptors() {
	fall_ill fdleak
	visit json --json
	they_are_over
	first fd-leak "a leak of descriptors"
	report json '$f.evidence | .open_more_by_type | keys == ["file"]' "what grows are files"
	report json '$f.evidence | .open_more > 50 and .files_limit == 1024' "how many, and of how many"
	report json '$f.evidence.files_limit_in_ns > 1e9' "when the limit is reached"
	cure
}

check_zombies() {
	local sound full
	fall_ill zombies 1500
	await zombies_are 1500
	sleep 1000 &
	sound=$!
	visit json --json
	visit other --json $sound
	visit parent $$
	timeout $patience "$kin" doctor --time 10s >/dev/full 2>"$said"
	full=$?
	they_are_over
	kill $sound
	wait $sound
	first zombie-flood "1500 zombies"
	report json '$f.evidence | .zombies == 1500 and .zombies_old == 1500' "all are counted"
	report json '$f.value == 1500' "so are they by the rule"
	ended other 0 "another process is healthy"
	ended parent 10 "its parent is not"
	grep -q "zombies($culprit)" "$tmp/parent"
	result $? "because of its child"
	[ $full = 1 ]
	result $? "a report that cannot be written is a failure: status $full"
	cure
}

check_runaway() {
	fall_ill runaway
	visit json --json
	they_are_over
	first runaway "a runaway"
	report json '$f.evidence | .cpu_ns / .span_ns > 0.8' "it has a CPU"
	report json '.host.most_cpu[0].pid == $culprit' "nobody has more"
	cure
}

check_stuck() {
	local stack
	fall_ill stuck
	await grep -q '^State:	D' "/proc/$culprit/status"
	visit json --json
	they_are_over
	first stuck "state D"
	stack=$("$kin" show --json "$culprit" | jq -c '.processes[0].stack')
	report json '$f.evidence | .state == "D" and .since_cpu_ns > 9e9 and .stack == $stack' \
		"for how long, and where in the kernel"
	cure
}

check_crashes() {
	fall_ill crashloop
	visit json --json
	they_are_over
	ended json 10 "a crash loop: something is found"
	report json '$f.rule == "crash-loop" and $f.subject.by == "exe"' "the first finding is crash-loop"
	report json '$f.summary | endswith(": \($f.value) times")' "how often it failed by the end"
	report json '$f.who | contains("(\($shell)) / ")' "who starts it again"
	report json '$f.events[0] | .what == "failed" and .times > 4' "how it ended, and how often"
	cure
}

# Who started it, each time, is gone with it, but descends from who is asked about.
check_grandchildren() {
	local shell sound
	cp /bin/false "$tmp/crasher"
	while :; do bash -c "$tmp/crasher; :"; sleep 0.2; done &
	shell=$!
	sleep 1000 &
	sound=$!
	visit json --json $shell
	visit other $sound
	they_are_over
	ended json 10 "a supervisor of shells whose programs crash: something is found"
	report json '$f.rule == "crash-loop" and ($f.subject.key | endswith("/crasher"))' \
		"it is the program"
	report json '$f.events[0] | .what == "failed" and .times == 1' "of which each has another parent"
	ended other 0 "another process has nothing to do with it"
	kill $shell $sound
	wait $shell $sound 2>/dev/null
}

visits=()
check_healthy
check_refused
check_leak
check_descriptors
check_zombies
check_runaway
check_stuck
check_crashes
check_grandchildren
rm -rf "$tmp"
plan

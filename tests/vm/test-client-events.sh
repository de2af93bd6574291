#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kin events, from outside: shows what a workload that is known did, as text and
# as JSON, no less and no more; takes its filters, its ends and its refusals as
# documented; tells what it lost; bears hostile names and readers that go away.
set -u

kin=build/kin
tmp=$(mktemp -d)
parameters=/sys/module/kin/parameters
results=0 failures=0

# result STATUS NAME: 0 is good, as everywhere in the shell.
result() {
	results=$((results + 1))
	if [ "$1" = 0 ]; then
		echo "ok $results - $2"
	else
		echo "not ok $results - $2"
		failures=$((failures + 1))
	fi
}

skip() {
	results=$((results + 1))
	echo "ok $results # SKIP $1"
}

remark() {
	head -n "${2:-8}" "$1" | cut -c1-300 | sed 's/^/# /'
}

# ---- a subscriber and a workload -----------------------------------------------

subscribers() {
	"$kin" status --json | sed -n 's/.*"subscribers": \([0-9]*\).*/\1/p'
}

# start ARGUMENT...: watch in the background; it has subscribed.
start() {
	"$kin" events "$@" >"$tmp/out" 2>"$tmp/err" &
	events=$!
	until [ "$(subscribers)" = 1 ]; do
		kill -0 "$events" 2>/dev/null || return 1
	done
}

# Waits for its end; the status is in $stopped.
ended() {
	wait "$events"
	stopped=$?
	until [ "$(subscribers)" = 0 ]; do :; done
}

stop() {
	kill -TERM "$events"
	ended
}

# A shell that waits to be let go; what it does then is in $tmp/work.
rm -f "$tmp/go"
mkfifo "$tmp/go"
chmod 755 "$tmp"
hold() {
	cat >"$tmp/work"
	(cd "$tmp" && exec sh -c 'read -r _ <go; . ./work' workload) \
		>/dev/null 2>&1 &
	root=$!
}

let_go() {
	echo >"$tmp/go"
	wait "$root"
}

# work ARGUMENT...: watch a workload (standard input) from its birth to its end
work() {
	hold
	start "$@" --subtree "$root"
	let_go
	stop
}

lines() {
	grep -cE "$1" "$tmp/out"
}

# has N PATTERN: so many lines are like that
has() {
	local n
	n=$(lines "$2")
	[ "$n" = "$1" ]
	result $? "$1: $2"
	[ "$n" = "$1" ] || { echo "# but $n of these:"; remark "$tmp/out" 40; }
}

# ---- what it shows ----------------------------------------------------------------

known_work() {
	cat <<-'END'
	/bin/true
	/bin/false
	sh -c 'exit 3'
	sh -c 'exec ./nothing'
	: >plain; sh -c 'exec ./plain'
	sh -c 'kill -TERM $$'
	ulimit -c unlimited; sh -c 'kill -SEGV $$'
	sh -c 'exit 130'
	exit 7
	END
}

check_text() {
	work --summary < <(known_work)
	result "$stopped" "SIGTERM ends it with status $stopped"
	head -n1 "$tmp/out" | grep -qE '^TIME +PID EVENT +COMM +WHAT HAPPENED$'
	result $? "headings first"
	has 8 "^[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{6} +$root fork   sh +-> [0-9]+\$"
	has 1 'exec   true +/bin/true, was sh$'
	has 1 'exec   false +/bin/false, was sh$'
	has 2 'exit   [a-z]+ +exit (0|1); lived [0-9.]+[mu]?s, CPU [0-9.]+[mun]?s, peak RSS [0-9.]+[KM]$'
	has 1 'exit 3; '
	has 1 'exit 127: command not found, as shells say; '
	has 1 'exit 126: command cannot be executed, as shells say; '
	has 1 'exit 143: killed by SIGTERM; '
	has 1 'exit 139: killed by SIGSEGV, core dumped; '
	has 1 'exit 130: a command killed by SIGINT, as shells say; '
	has 1 " $root exit   sh +exit 7; "
	[ "$(wc -l <"$tmp/out")" = $((1 + 8 + 8 + 9)) ]
	result $? "no line but headings, 8 forks, 8 execs, 9 exits"
	! grep -q $'\e' "$tmp/out"
	result $? "no colours in a file"
	grep -qE '^25 events in [^,]+, [0-9.]+ a second, 0 lost$' "$tmp/err" &&
		grep -qx 'fork 8, exec 8, exit 9, comm 0, oom 0, cgroup 0' "$tmp/err" &&
		grep -q 'status other than 0: 8$' "$tmp/err" &&
		[ "$(grep -c lived "$tmp/err")" = 5 ]
	result $? "the summary on standard error: $(head -n1 "$tmp/err")"
}

# The children of $root, as the events of each tell; what is wrong with them.
children() {
	/usr/bin/python3 - "$tmp/out" "$root" <<-'END'
	import json, sys
	events = [json.loads(line) for line in open(sys.argv[1], encoding='utf-8')]
	root = int(sys.argv[2])
	for n, event in enumerate(events, 1):
	    if event['seq'] != n:
	        print('seq', event['seq'], 'is event', n)
	    if event['time_ns'] - event['boottime_ns'] < 1600000000 * 10**9:
	        print('time', event['time_ns'])
	if any(a['boottime_ns'] > b['boottime_ns'] for a, b in zip(events, events[1:])):
	    print('not in the order of time')
	for child in [e['pid'] for e in events if e['event'] == 'fork']:
	    its = [e for e in events if e['pid'] == child]
	    if [e['event'] for e in its] != ['fork', 'exec', 'exit']:
	        print('pid', child, [e['event'] for e in its])
	        continue
	    fork, exec, exit = its
	    if not fork['creator_tgid'] == fork['ppid'] == root:
	        print('whose child is', fork)
	    if len({e['start_boottime_ns'] for e in its}) != 1:
	        print('start differs:', its)
	    if exit['life_ns'] != exit['boottime_ns'] - fork['start_boottime_ns']:
	        print('life', exit)
	    if exit['runtime_ns'] <= 0 or exit['rss_peak_bytes'] < 4096:
	        print('used', exit)
	    print(exec['filename'], exec['old_comm'], exec['comm'], exit['exit_code'],
	          exit['signal_name'], exit['core_dumped'], exit['oom_kill'])
	END
}

check_json() {
	local sh
	sh=$(command -v sh)
	work --json < <(known_work)
	result "$stopped" "SIGTERM ends it with status $stopped, as JSON, too"
	children >"$tmp/children" 2>&1
	diff - "$tmp/children" >"$tmp/differs" <<-END
	/bin/true sh true 0 None False False
	/bin/false sh false 1 None False False
	$sh sh sh 3 None False False
	$sh sh sh 127 None False False
	$sh sh sh 126 None False False
	$sh sh sh None SIGTERM False False
	$sh sh sh None SIGSEGV True False
	$sh sh sh 130 None False False
	END
	result $? "each child once, in order, with its program and its end"
	remark "$tmp/differs" 20
	[ ! -s "$tmp/err" ]
	result $? "no summary unless asked for"
	work --json --summary <<<'/bin/true'
	/usr/bin/python3 - "$tmp/out" 2>"$tmp/differs" <<-'END'
	import json, sys
	s = [json.loads(line) for line in open(sys.argv[1], encoding='utf-8')][-1]
	assert s['event'] == 'summary' and s['lost'] == s['failed'] == 0
	assert s['fork'] == s['exec'] == 1 and s['exit'] == 2 and s['events'] == 4
	assert len(s['shortest_lives']) == 2
	END
	result $? "--summary makes it the last object"
	remark "$tmp/differs"
}

check_threads() {
	# one thread more, joined
	local work='/usr/bin/python3 -c "
	import threading
	thread = threading.Thread(target=int)
	thread.start()
	thread.join()"'
	work <<<"${work//$'\n\t'/$'\n'}"
	has 1 ' fork '
	has 1 'exit   python3 +exit 0'
	work -T <<<"${work//$'\n\t'/$'\n'}"
	has 1 ' fork   python3 +-> [0-9]+ \(thread\)$'
	has 1 ' exit   python3 +thread of [0-9]+, exit 0; '
}

check_hostile() {
	local name=$'a\nb \e[31m\xff"x'
	cp /bin/true "$tmp/$name"
	printf './%s\n' "'$name'" >"$tmp/hostile"
	work <"$tmp/hostile"
	[ "$(wc -l <"$tmp/out")" = 5 ] && ! LC_ALL=C grep -qP '[\x00-\x09\x0b-\x1f\x7f-\xff]' "$tmp/out"
	result $? "a hostile name is a line of plain text"
	# shellcheck disable=SC1003 # no quote is escaped
	has 1 'exec .* \./a\\x0ab\\x20\\x1b\[31m\\xff\\x22x, was sh$'
	work --json <"$tmp/hostile"
	/usr/bin/python3 - "$tmp/out" 2>"$tmp/err" <<-'END'
	import json, sys
	names = [json.loads(line).get('filename') for line in open(sys.argv[1], 'rb')]
	assert names.count('./a\nb \x1b[31m\\xff"x') == 1, names
	END
	result $? "and a line of JSON"
	remark "$tmp/err"
}

# ---- filters ------------------------------------------------------------------------

check_filters() {
	work --no-headings --event exec < <(known_work)
	has 8 ' exec '
	[ "$(wc -l <"$tmp/out")" = 8 ]
	result $? "--event exec: nothing else"
	work --no-headings --failed < <(known_work)
	[ "$(wc -l <"$tmp/out")" = 8 ] && [ "$(lines ' exit ')" = 8 ] &&
		[ "$(lines 'exit 0')" = 0 ]
	result $? "--failed: 8 of 9 exits"
	work --no-headings --event fork,exit --failed < <(known_work)
	[ "$(wc -l <"$tmp/out")" = 16 ]
	result $? "--failed --event fork,exit: the forks, too"
	work --no-headings --comm true,nosuchname < <(known_work)
	has 1 ' exec   true '
	has 1 ' exit   true '
	[ "$(wc -l <"$tmp/out")" = 2 ]
	result $? "--comm true: nothing else"
	work --no-headings --user 5000,5001 <<<'
	setpriv --reuid 5001 /bin/true; /bin/true'
	has 1 ' exec   true '
	has 1 ' exit   true '
	hold < <(known_work)
	start --no-headings --pid "$root"
	let_go
	stop
	[ "$(wc -l <"$tmp/out")" = 1 ] && [ "$(lines " $root exit ")" = 1 ]
	result $? "--pid: the process, and not its children"
	hold < <(known_work)
	start --no-headings "$root"
	let_go
	stop
	[ "$(wc -l <"$tmp/out")" = 25 ]
	result $? "an operand is a subtree"
}

check_cgroups() {
	local group=/sys/fs/cgroup/kin-events
	if ! grep -q '^[^ ]* /sys/fs/cgroup cgroup2 ' /proc/mounts || ! mkdir "$group"; then
		skip "no cgroup2 at /sys/fs/cgroup"
		return
	fi
	work --cgroup kin-events --event cgroup,exec <<<"
	sh -c 'echo \$\$ >$group/cgroup.procs; exec /bin/true'; /bin/false"
	has 1 " cgroup sh +-> cgroup $(stat -c %i "$group")\$"
	has 1 ' exec   true '
	has 0 ' exec   false '
	if grep -qw memory /sys/fs/cgroup/cgroup.controllers &&
		echo +memory >/sys/fs/cgroup/cgroup.subtree_control &&
		echo 20M >"$group/memory.max"; then
		work <<<"sh -c 'echo \$\$ >$group/cgroup.procs
			exec /usr/bin/python3 -c \"bytearray(100 << 20)\"'"
		has 1 ' oom    python3 +chosen by the OOM killer; RSS: anonymous [0-9.]+M, '
		has 1 ' exit   python3 +exit 137: killed by SIGKILL \(OOM kill\); '
	else
		skip "no memory controller for the OOM killer"
	fi
	rmdir "$group"
}

# ---- how it ends --------------------------------------------------------------------

check_ends() {
	hold < <(known_work)
	start --no-headings --subtree "$root" --count 3
	let_go
	ended
	[ "$stopped" = 0 ] && [ "$(wc -l <"$tmp/out")" = 3 ]
	result $? "--count 3: $(wc -l <"$tmp/out") events, status $stopped"
	sleep infinity &
	"$kin" events --subtree $! --duration 50ms >"$tmp/out" 2>"$tmp/err"
	stopped=$?
	[ "$stopped" = 0 ] && grep -q '^0 events in 50.0ms' "$tmp/err"
	result $? "--duration 50ms: status $stopped, $(head -n1 "$tmp/err")"
	kill $! && wait $! 2>/dev/null
}

# What happens after the end is not shown, even to one who comes late to read it:
# the reader is stopped before its end, on a slow machine at the second try.
check_late() {
	local seconds
	for seconds in 2 20; do
		hold <<<'/bin/true'
		start --no-headings --subtree "$root" --duration "$seconds" &&
			kill -STOP "$events" && break
		let_go
		ended
	done
	sleep "$seconds"
	let_go
	kill -CONT "$events"
	ended
	[ "$stopped" = 0 ] && [ ! -s "$tmp/out" ]
	result $? "--duration $seconds: status $stopped, $(lines .) events of later"
}

# What happened before the signal is shown, though it was on its way.
check_interrupt() {
	local i
	rm "$tmp/out"
	env --default-signal=INT "$kin" events --event exit >"$tmp/out" 2>"$tmp/err" &
	events=$!
	until [ -s "$tmp/out" ]; do :; done
	for ((i = 0; i < 50; i++)); do /bin/true; done
	kill -INT "$events"
	ended
	[ "$stopped" = 0 ] && [ "$(lines ' exit   true ')" = 50 ]
	result $? "an interrupt: status $stopped, $(lines ' exit   true ') of 50 ends"
	grep -q ' lost$' "$tmp/err"
	result $? "and the summary: $(head -n1 "$tmp/err")"
}

# Pipes: quick for the next one, and quiet when it goes.
check_pipes() {
	(while :; do /bin/true; done) &
	local busy=$!
	timeout 60 "$kin" events --subtree "$busy" 2>"$tmp/err" | head -n2 >"$tmp/out"
	[ "${PIPESTATUS[0]}" = 141 ] && [ ! -s "$tmp/err" ]
	result $? "kin events | head ends by SIGPIPE, quietly"
	remark "$tmp/err"
	timeout 60 "$kin" events --json --subtree "$busy" 2>"$tmp/err" |
		grep -m1 '"fork"' >"$tmp/out"
	[ "${PIPESTATUS[0]}" = 141 ] && [ -s "$tmp/out" ]
	result $? "kin events | grep -m1 has its line at once"
	"$kin" events --subtree "$busy" >/dev/full 2>"$tmp/err"
	[ $? = 1 ] && grep -q 'cannot write' "$tmp/err"
	result $? "1: kin events >/dev/full: $(head -n1 "$tmp/err")"
	kill "$busy"
	wait "$busy" 2>/dev/null
	sleep infinity &
	timeout 60 "$kin" events --json --subtree $! 2>"$tmp/err" | :
	[ "${PIPESTATUS[0]}" = 141 ]
	result $? "it ends when its reader does, though nothing happens"
	kill $! && wait $! 2>/dev/null
	until [ "$(subscribers)" = 0 ]; do :; done
}

check_unloaded() {
	if [ ! -e "${KIN_MODULE-}" ]; then
		result 1 "KIN_MODULE names no file"
		return
	fi
	start --event exit
	rmmod kin
	wait "$events"
	stopped=$?
	[ "$stopped" = 5 ] && grep -q 'module was unloaded' "$tmp/err" &&
		grep -q ' lost$' "$tmp/err"
	result $? "5: unloaded while it watches: $(grep kin: "$tmp/err")"
	status 5 'not loaded' "$kin" events
	insmod "$KIN_MODULE"
}

# ---- what was lost --------------------------------------------------------------------

# A reader that is stopped while 600 processes live and die, in the least memory.
check_loss() {
	local kib
	kib=$(cat $parameters/ring_kib)
	echo 16 >$parameters/ring_kib
	hold <<-'END'
	i=0
	while [ $i -lt 600 ]; do (:); i=$((i + 1)); done
	END
	start --json --event fork,exit --subtree "$root"
	kill -STOP "$events"
	let_go
	kill -CONT "$events"
	stop
	echo "$kib" >$parameters/ring_kib
	/usr/bin/python3 - "$tmp/out" >"$tmp/err" <<-'END'
	import json, sys
	seq = lost = shown = 0
	for line in open(sys.argv[1], encoding='utf-8'):
	    event = json.loads(line)
	    if event['event'] == 'lost':
	        lost += event['lost']
	        seq += event['lost']
	        continue
	    shown += 1
	    seq += 1
	    if event['seq'] != seq:
	        sys.exit(f"event {event['seq']} where {seq} is next")
	print(f'{shown} shown, {lost} told lost, of 1201')
	sys.exit(shown + lost != 1201 or not lost or not shown)
	END
	result $? "$(cat "$tmp/err")"
}

# ---- refusals -------------------------------------------------------------------------

# status WANTED WORDS COMMAND...: words on standard error
status() {
	local wanted=$1 words=$2 got
	shift 2
	timeout 60 "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	[ "$got" = "$wanted" ] && grep -qE "$words" "$tmp/err"
	result $? "$wanted: ${*/#$kin/kin}: $(head -n1 "$tmp/err" | cut -c1-140)"
	[ "$got" = "$wanted" ] || echo "# status $got"
}

check_refusals() {
	local nobody=(setpriv --reuid 5000 --regid 5000 --clear-groups
		--bounding-set -all)
	status 4 'permission denied: .*CAP_SYS_PTRACE' "${nobody[@]}" "$kin" events
	status 3 'no such pid: 4000000' "$kin" events 4000000
	status 3 'no such pid: 4000000' "$kin" events --pid 4000000
	status 2 "unknown word 'frok'; did you mean 'fork'" "$kin" events --event frok
	status 2 'systemd-journald.*systemd-journal' "$kin" events --comm systemd-journald
	status 2 "'5x' is not a time.*1\.5s" "$kin" events --duration 5x
	status 2 'number of events' "$kin" events --count 0
	status 2 'exits' "$kin" events --failed --event fork
	status 2 'option' "$kin" events --state R
	[ "$(subscribers)" = 0 ]
	result $? "and nothing subscribed"
}

check_text
check_json
check_threads
check_hostile
check_filters
check_cgroups
check_ends
check_late
check_interrupt
check_pipes
check_loss
check_refusals
check_unloaded
rm -rf "$tmp"
echo "1..$results"
[ "$failures" = 0 ]

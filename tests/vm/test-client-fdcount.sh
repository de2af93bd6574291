#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kin fd --count and --watch, from outside: numbers equal what processes know of
# themselves and what /proc tells; what grows is told once, completely, of whom and
# of which type; ends, gaps and statuses.
# Arguments: only these checks, of those named at the end.
#
# shellcheck disable=SC2016 # what stands in single quotes is jq's
set -u

kin=build/kin
tmp=$(mktemp -d)
export LC_ALL=C
# shellcheck source=tests/install/tap
. tests/install/tap

# ---- a process that knows what it has -------------------------------------------------

hoard_start() {
	coproc hoard { exec tests/vm/fd-hoard 2>/dev/null; }
	hoard_input=${hoard[1]}
	read -r pid <&"${hoard[0]}"
}

# hoard COMMAND...: it obeys; how many descriptors it has is in $open
hoard() {
	echo "$*" >&"${hoard[1]}"
	read -r open <&"${hoard[0]}"
}

hoard_end() {
	exec {hoard_input}>&-
	# shellcheck disable=SC2154 # set by coproc
	wait "$hoard_PID" 2>/dev/null
}

# await SECONDS COMMAND...: until it succeeds
await() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return
		sleep 0.05
	done
}

# ---- counts -------------------------------------------------------------------------

# row FILTER: of the hoard's row, as JSON; it must be true.
row() {
	"$kin" fd --count --by-type --json "$pid" | tee "$said" |
		jq -e --argjson open "$open" ".tables[0] | $1" >/dev/null
}

# result_of NAME FILTER
row_is() {
	row "$2"
	result $? "$1"
}

check_numbers() {
	hoard_start
	hoard file 20
	hoard socket 300
	hoard pipe 15
	row_is "as many as it has itself: $open" '.open == $open'
	hoard close 30
	row_is "and after it closed some: $open" '.open == $open'
	row_is "of each type" '.types.socket == 300 and .types.file == 20 + (.open - 323)'
	row_is "the sum of the types is all" '.open == ([.types[]] | add)'
	row_is "the room is FDSize" ".table_size == $(awk '/FDSize/ { print $2 }' "/proc/$pid/status")"
	hoard limit 1000
	row_is "its limits, and how near it is" \
		'.limit_soft == 1000 and .limit_hard == 65536 and .use_percent == .open / 10'
	hoard threads 3
	row_is "4 tasks use the table" '.users == 4 and .shared_pid == null'
	hoard_end
}

# Whoever has memory of his own, as /proc tells: no kernel threads, no zombies.
with_table() {
	awk '/^Pid:/ { pid = $2 } /^VmSize:/ { print pid }' /proc/[0-9]*/status 2>/dev/null | sort
}

# Of those that neither come nor go, nor open anything meanwhile.
check_everybody() {
	local id
	with_table >"$tmp/before"
	"$kin" fd --count --json >"$tmp/json"
	with_table >"$tmp/after"
	jq -r '.tables[].pid' "$tmp/json" | sort >"$tmp/told"
	comm -12 "$tmp/before" "$tmp/after" | comm -23 - "$tmp/told" >"$said"
	[ -s "$tmp/before" ] && [ ! -s "$said" ]
	result $? "nobody is missing of $(wc -l <"$tmp/before")"
	comm -12 "$tmp/before" "$tmp/after" | while read -r id; do
		[ "$id" != $$ ] || continue
		jq -c ".tables[] | select(.pid == $id) | [.pid, .open]" "$tmp/json"
		# shellcheck disable=SC2012 # numbers
		echo "[$id,$(ls "/proc/$id/fd" | wc -l)]" >&3
	done >"$tmp/kin" 3>"$tmp/proc"
	[ -s "$tmp/kin" ] && diff "$tmp/kin" "$tmp/proc" >"$said"
	result $? "$(wc -l <"$tmp/kin") have as many as /proc lists"
}

check_order() {
	hoard_start
	hoard limit 1000
	hoard file $((950 - open))
	"$kin" fd --count >"$said"
	sed -n 2p "$said" | grep -qE "^ *$pid .* 950 +1000 +95\.0 "
	result $? "who is nearest to its limit is first"
	check "the others follow" jq -e \
		'[.tables[] | .use_percent // 0] | . == (sort | reverse)' <("$kin" fd --count --json)
	hoard limit 64
	"$kin" fd --count --raw --no-headings --limit-ratio 90 >"$said"
	[ "$(cut -d' ' -f1,4-6 "$said")" = "$pid 950 64 1484.375" ]
	result $? "a limit that was lowered is passed; --limit-ratio shows no other"
	hoard_end
}

# Somebody in the same pid namespace, whose user namespace is not below the caller's.
check_denied() {
	local container inner other
	mkfifo "$tmp/go"
	unshare -Urpf sh -c "read x <'$tmp/go'
		'$kin' fd --count --json >'$tmp/json' 2>'$tmp/err'
		'$kin' fd --watch 100ms --samples 1 >'$tmp/lines' 2>&1" &
	container=$!
	await 60 pgrep -P "$container"
	inner=$(pgrep -P "$container")
	nsenter -t "$inner" -p -- sleep infinity &
	other=$!
	# the shell need not say that it is killed with the pid namespace
	disown $other
	await 60 pgrep -P $other -x sleep
	echo >"$tmp/go"
	wait "$container"
	cat "$tmp/json" "$tmp/err" >"$said"
	jq -e '.num_denied == 1 and (.tables | length > 0 and all(.comm != "sleep"))' \
		"$tmp/json" >/dev/null && grep -q '^kin: 1 process not shown: ' "$tmp/err"
	result $? "who is denied is counted and told of"
	cp "$tmp/lines" "$said"
	grep -q '^kin: 1 process not shown: ' "$tmp/lines" && grep -q ', 1 denied$' "$tmp/lines"
	result $? "by the watch, too"
}

# status WANTED WORDS COMMAND...: how it ends; words on standard error
status() {
	local wanted=$1 words=$2 got
	shift 2
	timeout 60 "$@" >/dev/null 2>"$said" </dev/null
	got=$?
	[ "$got" = "$wanted" ] && grep -qE -- "$words" "$said"
	result $? "$got: ${*/#$kin/kin}: $(head -n1 "$said" | cut -c1-100)"
}

check_statuses() {
	local view
	for view in --count '--watch 1'; do
		# shellcheck disable=SC2086 # words
		status 3 'no such pid: 4000000' "$kin" fd $view 4000000
		# shellcheck disable=SC2086
		status 4 'CAP_SYS_PTRACE' setpriv --reuid 5000 --clear-groups "$kin" fd $view
		# shellcheck disable=SC2086
		status 2 'path' "$kin" fd $view --path /tmp
		# shellcheck disable=SC2086
		status 0 'kthreadd.*no descriptors' "$kin" fd $view 2
	done
	status 2 'time' "$kin" fd --watch soon
	status 2 'time' "$kin" fd --watch 0
	status 2 'samples' "$kin" fd --watch 1 --samples 0
	status 2 'samples' "$kin" fd --samples 3
	status 2 'exclude' "$kin" fd --count --watch 1
	status 2 'json' "$kin" fd --watch 1 --raw
}

# ---- the watch ------------------------------------------------------------------------

# watch ARGUMENT...: in the background, objects in $tmp/out; returns when the first
# sample, which the others are compared with, has been taken
watch() {
	: >"$tmp/out"
	env --default-signal=INT "$kin" fd --json --watch "$@" >"$tmp/out" 2>"$tmp/err" &
	watcher=$!
	await 60 grep -q '"record": "begin"' "$tmp/out"
}

# told FILTER: an object in $tmp/out for which it is true
told() {
	jq -s -e --argjson pid "$pid" "any(.[]; select(.pid == \$pid) | $1)" "$tmp/out"
}

# tells NAME FILTER: sooner or later
tells() {
	await 60 told "$2"
	result $? "$1" || tail -n3 "$tmp/out"
}

# ended [SIGNAL]: the status is in $got, the summary in $tmp/summary
ended() {
	[ $# = 0 ] || kill -"$1" "$watcher"
	wait "$watcher"
	got=$?
	tail -n1 "$tmp/out" | tee "$said" >"$tmp/summary"
}

summary() {
	jq -e --argjson pid "$pid" "$1" "$tmp/summary"
}

check_growth() {
	hoard_start
	watch 100ms "$pid"
	hoard socket 70
	tells "70 sockets more" '.types_in_all == {socket: 70} and .grew_in_all == 70'
	hoard file 30
	tells "30 files more" '.types_in_all == {socket: 70, file: 30}'
	hoard close 50
	tells "50 fewer" '.grew < 0 and .grew_in_all == 50'
	ended TERM
	[ "$got" = 0 ]
	result $? "SIGTERM ends it with status $got"
	jq -s -e 'map(select(.record == "growth")) | (map(.grew) | add) == last.grew_in_all' \
		"$tmp/out" >/dev/null
	result $? "the intervals together are all that it grew"
	check "the summary has it" summary '.record == "summary" and .processes == 1 and
		(.grew_most | length == 1 and .[0].pid == $pid and .[0].grew_in_all == 50)'
	hoard_end
}

check_leak() {
	hoard_start
	hoard limit 8000
	watch 500ms
	hoard leak
	tells "a leak is steady after 5 intervals" '.steadily'
	jq -s -e --argjson pid "$pid" 'map(select(.pid == $pid)) |
		(map(.steadily) | index(true)) >= 4' "$tmp/out" >"$said"
	result $? "and not before"
	# from the first sample of five intervals to the last
	jq -s -e --argjson pid "$pid" 'map(select(.pid == $pid)) | . as $all |
		(map(.steadily) | index(true)) as $i | $all[$i] as $now |
		($all[$i - 4] | .boottime_ns - .interval_ns) as $from_ns |
		($all[$i - 4] | .open - .grew) as $from |
		($now.limit_soft - $now.open) * ($now.boottime_ns - $from_ns) /
			($now.open - $from) / $now.limit_in_ns | . > 0.999 and . < 1.001' \
		"$tmp/out" >"$said"
	result $? "its limit is as far as these intervals say"
	hoard close 0
	tells "when it stops, it is not steady any more" '.grew == 0 and (.steadily | not)'
	ended INT
	check "SIGINT ends it with a summary; it has grown most" \
		summary '.grew_most[0].pid == $pid'
	[ "$got" = 0 ]
	result $? "and status $got"
	hoard_end
}

# A process that was not there at first; its end.
check_new() {
	watch 100ms
	hoard_start
	hoard socket 5
	# so that its first sample is behind it
	hoard leak
	tells "who is new grows, too" '.grew > 0'
	hoard close 5
	local all
	hoard_end
	tells "and its end is told, with what it had grown" '.record == "ended" and .grew_in_all > 0'
	all=$(jq -s --argjson pid "$pid" 'map(select(.pid == $pid)) | last.grew_in_all' "$tmp/out")
	ended TERM
	check "the summary has it: $all" summary ".new > 0 and .ended > 0 and
		any(.grew_most[]; .pid == \$pid and .ended and .grew_in_all == $all)"
}

check_types() {
	hoard_start
	watch 100ms --type socket,pipe "$pid"
	hoard file 9
	hoard pipe 1
	tells "only types that were asked for" '.grew_in_all == 2 and .types_in_all == {pipe: 2}'
	hoard socket 1
	tells "each of them" '.types_in_all == {pipe: 2, socket: 1}'
	ended TERM
	hoard_end
}

# As many intervals as asked for, at the moments that were planned.
check_schedule() {
	hoard_start
	hoard leak
	watch 300ms --samples 6 "$pid"
	ended
	[ "$got" = 0 ]
	result $? "6 intervals, then it ends: $got"
	check "the summary says so, too" summary '.intervals == 6'
	check "none came early" summary '.duration_ns >= 6 * 300000000'
	hoard close 0
	hoard_end
}

check_lines() {
	hoard_start
	"$kin" fd --watch 100ms "$pid" >"$tmp/lines" 2>"$tmp/err" &
	watcher=$!
	await 60 grep -q '^TIME .* PID COMMAND ' "$tmp/lines"
	hoard socket 12
	await 60 grep -q '+12 socket$' "$tmp/lines"
	kill "$watcher"
	wait "$watcher"
	cp "$tmp/lines" "$said"
	# a sample may come while it opens them: then the intervals together are all
	awk -v pid="$pid" '$2 == pid && $3 == "fd-hoard" { sum += $5 } END { exit sum != 12 }' \
		"$tmp/lines" &&
		grep -qE "^[0-9:]{8}\.[0-9]{6} +$pid fd-hoard +$open +\+[0-9]+ +\+12 .* \+12 socket\$" "$tmp/lines"
	result $? "a line tells who grew, and of which type"
	grep -qE "^[0-9]+ intervals? within .*; 1 process, 0 new, 0 ended, 0 denied\$" "$tmp/lines" &&
		tail -n1 "$tmp/lines" | grep -qE "^ *$pid fd-hoard +$open +\+12 .* \+12 socket\$"
	result $? "and so does the summary"
	hoard_end
}

# Nobody reads any more, though nothing is written.
check_reader() {
	mkfifo "$tmp/fifo"
	"$kin" fd --watch 1h >"$tmp/fifo" &
	watcher=$!
	head -n1 "$tmp/fifo" >/dev/null
	wait "$watcher"
	got=$?
	[ "$got" = 141 ]
	result $? "it ends when its reader does: status $got"
}

check_terminal() {
	while read -r line; do
		case $line in
		ok\ *) result 0 "a terminal: ${line#ok }" ;;
		not\ ok\ *) result 1 "a terminal: ${line#not ok }" ;;
		*) echo "$line" ;;
		esac
	done < <(tests/vm/fdwatch-terminal || echo "not ok ended early")
}

check_unloaded() {
	hoard_start
	watch 100ms "$pid"
	hoard file 1
	tells "who grew" '.grew == 1'
	rmmod kin
	ended
	[ "$got" = 5 ] && grep -q 'not loaded' "$tmp/err"
	result $? "the module goes meanwhile: status $got, $(head -n1 "$tmp/err" | cut -c1-80)"
	check "what was seen until then is summed up" summary '.grew_most[0].grew_in_all == 1'
	"$kin" fd --count 2>"$said"
	[ $? = 5 ]
	result $? "without the module there are no counts"
	insmod "$KIN_MODULE"
	hoard_end
}

[ $# -gt 0 ] || set -- numbers everybody order denied statuses growth leak new types schedule lines \
	reader terminal unloaded
for name; do
	"check_$name"
done
rm -rf "$tmp"
plan

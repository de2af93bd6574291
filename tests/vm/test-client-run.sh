#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kin run: a family of known size is told completely; the command sees the world
# as if kin were not there; it ends as the command does, whatever happens to kin.
# Arguments: only these checks, of those named at the end.
#
# shellcheck disable=SC2016 # what stands in single quotes is jq's, or another shell's
set -u

kin=build/kin
tmp=$(mktemp -d)
# shellcheck source=tests/install/tap
. tests/install/tap

# query FILTER: of the report in $tmp/json, $p are its processes; it must be true.
query() {
	jq -e ".processes as \$p | $1" "$tmp/json"
}

# run_json COMMAND...: the report in $tmp/json, kin's status in $got
run_json() {
	"$kin" run --json -o "$tmp/json" -- "$@" >"$said" 2>&1 </dev/null
	got=$?
}

# ended WANTED NAME
ended() {
	[ "$got" = "$1" ]
	result $? "$2: status $got"
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

nobody_subscribes() {
	"$kin" status --json | grep -q '"subscribers": 0,'
}

# ---- a family of known size -----------------------------------------------------

check_household() {
	"$kin" run -T --json -o "$tmp/json" build/tests/household "$tmp/log" >"$said" 2>&1
	got=$?
	ended 5 "household"
	relay tests/vm/household-match "$tmp/log" "$tmp/json"
}

# Names and statuses of a shell's family, from the top.
shape() {
	jq -r '.processes[] | "-" * .depth + .comm, .status' "$tmp/json" | xargs
}

check_shell() {
	local name=$1 wanted=$2
	shift 2
	run_json "$@"
	shape >"$said"
	[ "$(cat "$said")" = "$wanted" ]
	result $? "$name: $wanted"
}

check_shells() {
	check_shell "a pipeline" "sh 0 -cat 0 -head 0 -wc 0" \
		sh -c 'cat /etc/passwd | head -n1 | wc -l; :'
	check_shell "a subshell" "sh 0 -sh 768" sh -c '(exit 3); :'
	check_shell "execs one after the other" "sleep 0" \
		env nice sh -c 'exec env sleep 0'
	check "each file that it executed is told" query \
		'$p[0].execs | map(sub(".*/"; "")) == ["env", "nice", "sh", "env", "sleep"]'
}

# Nothing is told before a second has gone by: long after the command has ended.
check_late() {
	local batch=/sys/module/kin/parameters/batch_ms old
	old=$(cat $batch)
	await 60 nobody_subscribes
	echo 1000 >$batch
	check_shell "events that come late" "sh 256 -cat 0 -head 0" \
		sh -c 'cat /etc/passwd | head -n1; exit 1'
	check "they are all there" query '.complete and $p[0].runtime_ns > 0'
	await 60 nobody_subscribes
	echo "$old" >$batch
}

# ---- text -------------------------------------------------------------------------

# What the lines of a report say that is the same each time.
lines() {
	sed '1,2d' "$tmp/text" | awk '{ $2 = $3 = $4 = ""; print }' |
		sed -E 's/\([0-9]+\)//; s/ +/ /g'
}

check_text() {
	local columns='^ *[0-9]+ +[0-9.]+[mun]?s +[0-9.]+[mun]?s +[0-9.]+[KM] [^ ]'
	"$kin" run --ascii -o "$tmp/text" sh -c \
		'sh -c "kill -9 \$\$"; sleep 0; sleep 0; exit 3' 2>/dev/null
	cp "$tmp/text" "$said"
	diff - <(lines) <<-'END' >>"$said"
	1 sh exit 3
	1 |- sh exit 137: killed by SIGKILL
	2 `- 2*[sleep]
	END
	result $? "text: the tree, folded, and how each ended"
	[ "$(sed '1,2d' "$tmp/text" | grep -cE "$columns")" = 3 ]
	result $? "text: life, CPU time and memory have their units"
	head -n1 "$tmp/text" >"$said"
	grep -qE '^4 processes, 4 execs, 2 failed; wall [0-9.]+[mu]?s, CPU [0-9.]+[mu]?s, largest peak RSS [0-9.]+[KM] \([a-z]+\)$' "$said"
	result $? "text: $(cat "$said")"
	"$kin" run -c --ascii -o "$tmp/text" sh -c 'sleep 0; sleep 0; :'
	cp "$tmp/text" "$said"
	[ "$(grep -cE ' [|`]- sleep\([0-9]+\)$' "$said")" = 2 ]
	result $? "text: --no-fold, one by one, with pids"
	"$kin" run sh -c 'echo out; echo err >&2' >"$tmp/out" 2>"$said"
	[ "$(cat "$tmp/out")" = out ] && [ "$(head -n1 "$said")" = err ] &&
		grep -q '^1 process, ' "$said"
	result $? "the report goes to standard error, after the command's own"
}

# shellcheck disable=SC1003 # a backslash
hostile_names=($'a\nb' $'\e[31mred' $'\xff\xfe bad' $'\xc2\x9b31m' $'\xe2\x80\xaertl' '%s%n' '"q"\\')

check_hostile() {
	local name each
	each=(bash -c 'for f in "$@"; do "$f"; done' bash "${hostile_names[@]/#/$tmp/}")
	for name in "${hostile_names[@]}"; do
		ln -s /bin/true "$tmp/$name"
	done
	run_json "${each[@]}"
	check "hostile names: valid JSON, each of them in it" query \
		'($p | length) == '$((${#hostile_names[@]} + 1))' and $p[1].comm == "a\nb" and
		$p[3].comm == "\\xff\\xfe bad" and
		all($p[1:][]; .comm as $c | .execs[0] | endswith("/" + $c))'
	"$kin" run -o "$said" "${each[@]}"
	! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]' "$said" &&
		[ "$(wc -l <"$said")" = $((${#hostile_names[@]} + 3)) ]
	result $? "hostile names: no byte in the text that should not be"
}

# ---- statuses -------------------------------------------------------------------

# status WANTED WORDS COMMAND...: words in what is said; none: nothing is
status() {
	local wanted=$1 words=$2
	shift 2
	"$kin" run -o "$tmp/text" "$@" >"$said" 2>&1 </dev/null
	got=$?
	if [ "$words" ]; then
		[ "$got" = "$wanted" ] && grep -qE "$words" "$said"
	else
		[ "$got" = "$wanted" ] && [ ! -s "$said" ]
	fi
	result $? "$wanted: kin run $*: $(head -n1 "$said")"
}

check_statuses() {
	status 0 '' true
	status 3 '' -- sh -c 'exit 3'
	status 255 '' sh -c 'exit 255'
	status 143 '' sh -c 'kill -TERM $$'
	status 137 '' sh -c 'kill -KILL $$'
	status 127 "cannot run '/nonexistent': No such file" /nonexistent
	status 127 "cannot run 'no-such-command'" no-such-command -x
	status 126 "cannot run '/etc/passwd': Permission denied" /etc/passwd
	status 126 "cannot run '/': Permission denied" /
	status 2 'no command' -T
	status 2 "unknown option '--thread'|ambiguous|--threads" --thraeds true
	status 2 'exclude' -U -A true
	status 2 "word 'sometimes'" --color sometimes true
}

# refused WANTED WORDS RUNNER...: the command is not run then
refused() {
	local wanted=$1 words=$2
	shift 2
	rm -f "$tmp/was-run"
	"$@" "$kin" run -- touch "$tmp/was-run" >"$said" 2>&1
	got=$?
	[ "$got" = "$wanted" ] && grep -qE "$words" "$said" && [ ! -e "$tmp/was-run" ]
	result $? "$wanted, and the command was not run: $(head -n1 "$said" | cut -c1-100)"
}

check_refused() {
	chmod 777 "$tmp"
	refused 4 'permission denied' setpriv --reuid 5000 --regid 5000 --clear-groups
	rmmod kin
	refused 5 'not loaded' env
	insmod "$KIN_MODULE"
	rm -f "$tmp/was-run"
	"$kin" run -o /nonexistent/file touch "$tmp/was-run" >"$said" 2>&1
	got=$?
	[ "$got" = 1 ] && grep -q '/nonexistent/file: No such file' "$said" &&
		[ ! -e "$tmp/was-run" ]
	result $? "1: a report that cannot be written: $(head -n1 "$said")"
	"$kin" run -o /dev/full true >"$said" 2>&1
	got=$?
	ended 1 "the report cannot be written: $(head -n1 "$said")"
	"$kin" run -o /dev/full sh -c 'exit 3' >"$said" 2>&1
	got=$?
	ended 3 "nor then, but the command had failed: $(head -n1 "$said")"
	{ "$kin" run sh -c 'exit 3'; echo $? >"$tmp/status"; } 2>&1 | true
	got=$(cat "$tmp/status")
	ended 3 "nobody reads the report"
}

# ---- what the command sees --------------------------------------------------------

# seen COMMAND...: with and without kin, and what differs
seen() {
	"$@" >"$tmp/bare" 2>&1
	"$kin" run -o "$tmp/text" -- "$@" >"$tmp/under" 2>&1
	diff "$tmp/bare" "$tmp/under" >"$said"
}

check_world() {
	local signals=(grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status)
	seen "${signals[@]}"
	result $? "the command has the signals that kin was given"
	(trap '' PIPE CHLD INT TERM; seen "${signals[@]}")
	result $? "it has them also if they are ignored"
	seen sh -c 'ls /proc/$$/fd'
	result $? "it has the descriptors that kin was given"
	"$kin" run -o "$tmp/text" sh -c "ls /proc/\$\$/fd >'$tmp/under'" <&- 2>&-
	sh -c "ls /proc/\$\$/fd >'$tmp/bare'" <&- 2>&-
	diff "$tmp/bare" "$tmp/under" >"$said"
	result $? "it has them also if some are closed: $(xargs <"$tmp/under")"
	"$kin" run -o "$tmp/text" true <&- >&- 2>&-
	got=$?
	ended 0 "all three are closed"
	cp "$tmp/text" "$said"
	grep -q '^1 process, 1 exec, 0 failed' "$said"
	result $? "the report is where it should be then"
	[ "$(echo in | "$kin" run -o "$tmp/text" cat)" = in ]
	result $? "it reads kin's standard input"
	[ "$("$kin" run -o "$tmp/text" ls -d -l / 2>&1)" = "$(ls -d -l /)" ]
	result $? "what stands behind its name is for the command"
}

# ---- signals ----------------------------------------------------------------------

# start ARGUMENT...: kin run in the background, until its command is at work. (There,
# shells ignore SIGINT and SIGQUIT.)
start() {
	rm -f "$tmp/fifo" "$tmp/ready"
	mkfifo "$tmp/fifo"
	env --default-signal=INT,QUIT "$kin" run "$@" >"$said" 2>&1 &
	runner=$!
	await 60 [ -e "$tmp/ready" ]
}

finish() {
	wait "$runner"
	got=$?
}

check_signals() {
	local sig
	for sig in TERM HUP; do
		start -o "$tmp/text" bash -c "trap 'exit 9' $sig; >'$tmp/ready'; read <>'$tmp/fifo'"
		kill -"$sig" "$runner"
		finish
		ended 9 "SIG$sig is passed on"
	done
	for sig in INT QUIT; do
		start -o "$tmp/text" bash -c ">'$tmp/ready'; read <'$tmp/fifo'; exit 8"
		kill -"$sig" "$runner"
		echo >"$tmp/fifo"
		finish
		ended 8 "SIG$sig is left to the command"
	done
}

# ---- who stays ----------------------------------------------------------------------

# Whoever was its parent has ended.
adopted() {
	[ "$(sed -n 's/^PPid:\t//p' "/proc/$1/status")" = "$runner" ]
}

check_stays() {
	mkfifo "$tmp/stay"
	run_json sh -c "sh -c 'read x; exit 4' <>'$tmp/stay' >/dev/null 2>&1 & echo \$! >'$tmp/pid'"
	ended 0 "a command that leaves somebody behind"
	check "he is still running" query '($p | length) == 2 and $p[1].fate == "running" and
		$p[1].status == null and $p[1].life_ns == null and
		.summary.running == 1 and .complete'
	kill "$(cat "$tmp/pid")"
	result $? "so he is"

	start --wait-all --json -o "$tmp/json" sh -c \
		"(sh -c \"read x; exit 4\" <'$tmp/stay' &); >'$tmp/ready'; exit 2"
	echo >"$tmp/stay"
	finish
	ended 2 "--wait-all: the command's status"
	check "--wait-all: the last one's end" query '($p | length) == 3 and
		$p[2].exit_code == 4 and $p[0].exit_code == 2 and .summary.running == 0'
	check "--wait-all: until then it takes" query \
		'.summary.wall_ns > $p[0].life_ns and .summary.wall_ns + $p[0].start_boottime_ns ==
		($p | map(.life_ns + .start_boottime_ns) | max)'

	start --wait-all --json -o "$tmp/json" sh -c \
		"sh -c 'echo \$\$; >$tmp/ready; read x' <>'$tmp/stay' >'$tmp/pid' & exit 2"
	await 60 adopted "$(cat "$tmp/pid")"
	kill -TERM "$runner"
	finish
	ended 2 "--wait-all: a signal after the command's end ends the waiting"
	check "--wait-all: who stays is still running" query '$p[1].fate == "running"'
	kill "$(cat "$tmp/pid")"
}

# ---- what goes wrong meanwhile --------------------------------------------------------

# So many, of all since it was loaded, are on the socket.
sent() {
	[ "$("$kin" status --json | jq .module.events_sent)" -ge "$1" ]
}

check_unloaded() {
	local all
	for all in '' --wait-all; do
		rmmod kin
		insmod "$KIN_MODULE"
		# shellcheck disable=SC2086 # one word or none
		start $all -o "$tmp/text" sh -c \
			"sleep 1000 & >'$tmp/ready'; read x <'$tmp/fifo'; kill \$!; wait; exit 6"
		# births and execs
		await 60 sent 4
		rmmod kin
		result $? "the module goes while kin run $all waits"
		echo >"$tmp/fifo"
		finish
		ended 6 "the command ran on"
		cp "$tmp/text" "$said"
		grep -q '^the kernel module was unloaded: ' "$said" &&
			grep -qE ' sh\([0-9]+\) exit 6$' "$said" &&
			grep -qE ' (sh|sleep)\([0-9]+\) end not known$' "$said"
		result $? "the report says so, how the command ended, and of whom it does not know"
		insmod "$KIN_MODULE"
	done
}

# A ring for some hundred events, and a reader that is stopped.
check_lost() {
	local ring=/sys/module/kin/parameters/ring_kib old
	old=$(cat $ring)
	await 60 nobody_subscribes
	echo 16 >$ring
	start --json -o "$tmp/json" sh -c \
		">'$tmp/ready'; read x <'$tmp/fifo'; build/tests/household '$tmp/log2'; exit 6"
	kill -STOP "$runner"
	echo >"$tmp/fifo"
	await 60 grep -q '^cpu' "$tmp/log2"
	kill -CONT "$runner"
	finish
	echo "$old" >$ring
	ended 6 "events were lost"
	check "the report says so" query '.lost > 0 and (.complete | not)'
	check "and knows how the command ended" query \
		'.exit_code == 6 and $p[0].exit_code == 6'
	check "nobody is told to run who has ended" query 'all($p[]; .fate != "running")'
}

[ $# -gt 0 ] || set -- household shells late text hostile statuses refused world signals stays \
	unloaded lost
for name; do
	"check_$name"
done
rm -rf "$tmp"
plan

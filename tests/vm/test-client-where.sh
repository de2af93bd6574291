#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# --where, from outside: kin ps, tree, fd and events show what jq picks from all that
# they know, no less and no more; the kernel sends only what may pass; mistakes are
# pointed at; what cannot be known is told.
# Arguments: only these checks, of those named at the end.
#
# shellcheck disable=SC2016 # what stands in single quotes is for kin, or jq
set -u

kin=build/kin
tmp=$(mktemp -d)
export LC_ALL=C
# shellcheck source=tests/install/tap
. tests/install/tap

# ---- a family that is known -----------------------------------------------------------

family_start() {
	coproc family { exec build/tests/factory "$@" 2>/dev/null; }
	sed '/^ready/q' <&"${family[0]}" >"$tmp/members"
	family_input=${family[1]}
	root=$(sed -n 's/^factory pid=//p' "$tmp/members")
}

family_end() {
	exec {family_input}>&-
	# shellcheck disable=SC2154 # set by coproc
	wait "$family_PID"
}

# pid_of ROLE: of the first such member
pid_of() {
	sed -n "s/.* pid=\([0-9]*\) role=$1 .*/\1/p" "$tmp/members" | head -n1
}

# same NAME: what kin showed, and what jq picked; not nothing, unless that is said.
same() {
	sort "$tmp/shown" >"$tmp/shown.sorted"
	sort "$tmp/picked" | diff - "$tmp/shown.sorted" >"$said"
	result $? "$1: $(wc -l <"$tmp/picked") rows"
}

# ---- kin ps ----------------------------------------------------------------------------

# quiet COMMAND...: it succeeds, says nothing; what it shows is in $tmp/shown
quiet() {
	"$@" >"$tmp/shown" 2>"$said" && [ ! -s "$said" ]
}

# picks MANY EXPRESSION: what jq has picked is in $tmp/picked. MANY is how many there
# have to be: a number, none, or some, which is not all.
picks() {
	quiet "$kin" ps --raw --no-headings -o pid --subtree "$root" --where "$2"
	result $? "kin ps --where '$2'"
	same "as jq picks them"
	case $1 in
	some) [ -s "$tmp/picked" ] && [ "$(wc -l <"$tmp/picked")" -lt "$all" ] ;;
	none) [ ! -s "$tmp/picked" ] ;;
	*) [ "$(wc -l <"$tmp/picked")" = "$1" ] ;;
	esac
	result $? "these are $1"
}

# A table: how many, the expression, jq's filter. (What is null is less than all to
# jq, and to kin nothing. jq takes its time to start: once for all.)
check_ps() {
	local many expression filter all line=0
	family_start --zombies 7 --stopped --tree 2x2 --threads 4 --setuid --fds 300 --memory 16 \
		--nice 7 --renamed 'a "b" \c' --rt
	"$kin" ps --json -o all --subtree "$root" >"$tmp/all"
	all=$(jq '.tasks | length' "$tmp/all")
	table >"$tmp/table"
	jq -r --argjson root "$root" "$(sed 's/^[^;]*;[^;]*;\(.*\)$/([.tasks[] | select(\1).pid] | @tsv)/; $!s/$/,/' "$tmp/table")" \
		"$tmp/all" >"$tmp/tsv"
	[ "$(wc -l <"$tmp/tsv")" = "$(wc -l <"$tmp/table")" ]
	result $? "jq picks from $all rows, $(wc -l <"$tmp/table") times"
	while IFS=';' read -r many expression filter; do
		line=$((line + 1))
		sed -n "${line}p" "$tmp/tsv" | tr '\t' '\n' | sed '/^$/d' >"$tmp/picked"
		picks "${many// /}" "$(sed 's/^ *//; s/ *$//; s/@ROOT@/'"$root"'/' <<<"$expression")"
	done <"$tmp/table"
	family_end
}

table() {
	cat <<-'END'
	7    ; state == "Z"                          ; .state == "Z"
	some ; state in ("T", "Z")                   ; .state == "T" or .state == "Z"
	some ; not (state == "S")                    ; .state != "S"
	1    ; pid == @ROOT@                         ; .pid == $root
	some ; ppid == @ROOT@ && state != "Z"        ; .ppid == $root and .state != "Z"
	some ; rss > 1MiB                            ; .rss != null and .rss > 1048576
	some ; not rss > 1MiB                        ; .rss != null and .rss <= 1048576
	some ; rss_anon < 10% * vsz                  ; .rss != null and .rss_anon < 0.1 * .vsz
	1    ; fds > 100                             ; .open != null and .open > 100
	some ; open >= 300 or nice == 7              ; (.open != null and .open >= 300) or .nice == 7
	some ; fds > 0.001% * fd_limit and fds < 100%*fd_limit ; .open != null and .open > 0.00001 * .files_limit and .open < .files_limit
	1    ; files_pct > 0.02%                     ; .files_pct != null and .files_pct > 0.02
	some ; threads > 4                           ; .threads > 4
	some ; uid != 0                              ; .uid != 0
	some ; user != "root"                        ; .user != "root"
	some ; user == "root" && uid == euid || nice > 0 ; .user == "root" and .uid == .euid or .nice > 0
	some ; state == "T" || uid != euid           ; .state == "T" or .uid != .euid
	1    ; comm == "a \"b\" \\c"                 ; .comm == "a \"b\" \\c"
	1    ; comm =~ "^[a-e]"                      ; .comm | test("^[a-e]")
	some ; comm !~ "^fact"                       ; .comm | test("^fact") | not
	some ; command =~ "--zombies"                ; .command | test("--zombies")
	some ; policy in ("SCHED_FIFO", "SCHED_RR")  ; .policy == "SCHED_FIFO" or .policy == "SCHED_RR"
	none ; cputime > 1h                          ; .cputime > 3600e9
	some ; etime > 0s && rtprio > 0              ; .rtprio > 0
	none ; pid == 4000000                        ; .pid == 4000000
	some ; parent.pid == @ROOT@                  ; .ppid == $root
	some ; ancestor pid == @ROOT@                ; .pid != $root
	some ; descendant_of(@ROOT@) && nice != 0    ; .nice != null and .nice != 0
	END
}

# Also with what the options filter, sorted, as JSON, of threads.
check_options() {
	local pid
	family_start --zombies 3 --stopped --threads 4
	pid=$(pid_of threads)
	"$kin" ps -T --json -o pid,tgid --where 'pid != tgid' "$pid" >"$said"
	jq -e --argjson pid "$pid" '.tasks | length == 4 and all(.tgid == $pid and .pid != $pid)' "$said" >/dev/null
	result $? "threads, of one process"
	"$kin" ps --raw --no-headings -o state --subtree "$root" --where 'state in ("Z", "T")' -s state >"$said"
	[ "$(tr -d '\n' <"$said")" = TZZZ ]
	result $? "sorted: $(tr -d '\n' <"$said")"
	"$kin" ps --raw --no-headings -o state --subtree "$root" --state T --where 'state in ("Z", "T")' >"$said"
	[ "$(tr -d '\n' <"$said")" = T ]
	result $? "an option of the same kind must pass as well: $(tr -d '\n' <"$said")"
	quiet "$kin" ps "$root" --where 'state == "Z"' --no-headings && [ ! -s "$tmp/shown" ]
	result $? "a pid that is there, and does not pass, is no mistake"
	family_end
}

# ---- the kernel sends less ---------------------------------------------------------------

sent() {
	"$kin" status --json | jq '.module.tasks_sent // .tasks_sent'
}

# sends MANY ARGUMENT...: kin ps with these makes the kernel send so many records
sends() {
	local many=$1 before
	shift
	before=$(sent)
	"$kin" ps --raw --no-headings -o pid "$@" >"$tmp/shown"
	echo "sent: $(($(sent) - before)), wanted: $many" >"$said"
	[ $(($(sent) - before)) = "$many" ]
	result $? "$many records for kin ps ${*/#$root/ROOT}"
}

check_pushed() {
	local all
	family_start --sleepers 50 --zombies 7 --setuid
	all=$("$kin" ps --raw --no-headings --subtree "$root" | wc -l)
	sends "$all" --subtree "$root"
	sends 7 --where "descendant_of($root) && state == \"Z\""
	[ "$(wc -l <"$tmp/shown")" = 7 ]
	result $? "and all are shown"
	sends "$all" --where "descendant_of($root) && comm =~ \"^f\""
	sends 1 --where "pid == $root && rss > 0"
	# one of both suffices: nothing can be left out before it is looked at
	sends "$all" --where "descendant_of($root) && (state == \"Z\" || pid == 1)"
	sends "$all" --subtree "$root" --where 'rss > 1000T'
	"$kin" ps --subtree "$root" --where 'state == "Z"' --explain >"$said"
	grep -qi 'kernel' "$said" && ! grep -q "$root" "$said"
	result $? "--explain tells what the kernel filters, and shows no rows"
	family_end
}

# ---- kin tree ------------------------------------------------------------------------------

check_tree() {
	local careless
	family_start --zombies 3 --sleepers 5 --tree 2x2
	careless=$("$kin" ps --raw --no-headings -o ppid --subtree "$root" --where 'state == "Z"' | sort -u)
	"$kin" tree --json "$root" --where 'state == "Z"' >"$said"
	jq -e --argjson root "$root" --argjson careless "$careless" \
		'[.processes[] | select(.state != "Z").pid] | sort == ([$root, $careless] | unique)' "$said" >/dev/null
	result $? "those that pass, and who is above them in the branch"
	[ "$(jq '[.processes[] | select(.state == "Z")] | length' "$said")" = 3 ]
	result $? "all three pass"
	"$kin" tree --json -s "$root" --where 'state == "Z"' >"$said"
	jq -e --argjson self $$ 'any(.processes[]; .pid == 1) and any(.processes[]; .pid == $self)' "$said" >/dev/null
	result $? "with --parents up to the first process"
	quiet "$kin" tree "$root" --where 'pid == 1' && [ ! -s "$tmp/shown" ]
	result $? "nobody passes: nothing is shown"
	refuse '--follow.*--where' "--follow does not take it" "$kin" tree --follow --where 'pid == 1'
	family_end
}

# ---- kin fd ----------------------------------------------------------------------------------

check_fd() {
	family_start --fds 300
	"$kin" fd --json --subtree "$root" >"$tmp/all"
	descriptors 'type == "pipe"' '.type == "pipe"'
	descriptors 'number >= 3 && number < 10' '.fd >= 3 and .fd < 10'
	descriptors 'path =~ "^/dev/" or size > 1K' '(.path != null and (.path | test("^/dev/"))) or (.size_bytes != null and .size_bytes > 1024)'
	descriptors 'flags has "cloexec"' '.cloexec'
	"$kin" fd --count --json --subtree "$root" --where 'open > 100 && open > 0.001% * limit' >"$said"
	jq -e --slurpfile all <("$kin" fd --count --json --subtree "$root") \
		'.tables == [$all[0].tables[] | select(.open > 100)] and (.tables | length == 1)' "$said" >/dev/null
	result $? "--count: the table that has more than 100"
	"$kin" fd --count --raw --no-headings --subtree "$root" --where 'chr > 2' >"$tmp/shown"
	"$kin" fd --count --by-type --json --subtree "$root" | jq '.tables[] | select(.types.chr > 2).pid' >"$tmp/picked"
	cut -d' ' -f1 "$tmp/shown" >"$said"
	mv "$said" "$tmp/shown"
	same "--count: how many there are of a type, which is not shown"
	refuse '--watch.*--where' "--watch does not take it" "$kin" fd --watch 1 --where 'open > 1'
	family_end
}

# descriptors EXPRESSION FILTER
descriptors() {
	"$kin" fd --raw --no-headings -o pid,number --subtree "$root" --where "$1" >"$tmp/shown" 2>"$said"
	jq -r ".descriptors[] | select($2) | \"\(.pid) \(.fd)\"" "$tmp/all" >"$tmp/picked"
	[ -s "$tmp/picked" ] && [ "$(wc -l <"$tmp/picked")" -lt "$(jq '.descriptors | length' "$tmp/all")" ]
	result $? "kin fd --where '$1' picks some"
	same "as jq picks them"
}

# ---- kin events ------------------------------------------------------------------------------

subscribers() {
	"$kin" status --json | sed -n 's/.*"subscribers": \([0-9]*\).*/\1/p'
}

# watch FILE ARGUMENT...: in the background; it has subscribed
watch() {
	local file=$1 many
	shift
	many=$(subscribers)
	"$kin" events --json "$@" >"$file" 2>"$tmp/err" &
	watchers+=($!)
	until [ "$(subscribers)" = $((many + 1)) ]; do
		kill -0 $! 2>/dev/null || return 1
	done
}

# The same events by two readers: one has them all, jq picks; the other has --where.
check_events() {
	local expression=() filter=() i
	mkfifo "$tmp/go"
	sh -c 'read -r _ <"$1/go"; for i in 1 2 3; do (exit $i); sh -c "kill -9 \$\$"; ls / >/dev/null; done' \
		workload "$tmp" >/dev/null 2>&1 &
	root=$!
	watchers=()
	while IFS='|' read -r one two; do
		expression+=("$one") filter+=("$two")
	done <<-'END'
	event == "exit" && status == 2|.event == "exit" and .exit_code == 2
	status != 0|.event == "exit" and .status != 0
	signal == 9 or event == "exec"|.signal == 9 or .event == "exec"
	event in ("fork", "exec") and comm == "ls"|(.event == "fork" or .event == "exec") and .comm == "ls"
	filename =~ "/ls$"|.event == "exec" and (.filename // "" | test("/ls$"))
	creator == @ROOT@|.event == "fork" and .creator_tgid == $root
	code >= 1 && code <= 2|.exit_code != null and .exit_code >= 1 and .exit_code <= 2
	END
	watch "$tmp/all" --subtree "$root"
	for ((i = 0; i < ${#expression[@]}; i++)); do
		watch "$tmp/events.$i" --subtree "$root" --where "${expression[i]/@ROOT@/$root}"
	done
	echo >"$tmp/go"
	wait "$root"
	rm "$tmp/go"
	kill -TERM "${watchers[@]}"
	wait "${watchers[@]}"
	result $? "all readers have ended well"
	for ((i = 0; i < ${#expression[@]}; i++)); do
		jq -c --argjson root "$root" "select(${filter[i]}) | [.event, .pid, .boottime_ns]" "$tmp/all" >"$tmp/picked"
		jq -c '[.event, .pid, .boottime_ns]' "$tmp/events.$i" >"$tmp/shown"
		[ -s "$tmp/picked" ] && [ "$(wc -l <"$tmp/picked")" -lt "$(wc -l <"$tmp/all")" ]
		result $? "kin events --where '${expression[i]}' picks some"
		same "as jq picks them"
	done
}

# ---- mistakes --------------------------------------------------------------------------------

# points COMMAND EXPRESSION MARK WORDS: status 2, the text with the mark below, and words
points() {
	local status
	"$kin" "$1" --where "$2" >"$tmp/shown" 2>"$said" </dev/null
	status=$?
	[ $status = 2 ] && [ ! -s "$tmp/shown" ] && grep -qxF -- "$2" <(sed 's/^ *//' "$said") &&
		grep -qE -- "^ *$3\$" "$said" && grep -qE -- "^kin: --where: .*$4" "$said"
	result $? "$status: kin $1 --where '$2': $(grep '^kin: ' "$said" | cut -c1-100)"
}

check_mistakes() {
	points ps 'rrss > 5' '\^~~~' 'rss'
	points ps 'rss > 5 &&' '\^' '.'
	points ps 'state == "Q"' '\^~~' 'state'
	points ps 'comm =~ "("' '.*\^.*' '.'
	points ps 'rss > 5s' '.*\^.*' 'size|duration'
	points tree 'nosuch == 1' '\^~~~~~' 'unknown'
	points fd 'rss > 1' '\^~~' 'unknown'
	points events 'rss_peek > 1' '\^~~~~~~~' 'rss_peak'
	points ps 'rate(cputime) > 1' '.*\^.*' '.'
	refuse 'given twice' "twice" "$kin" ps --where 'pid > 1' --where 'pid > 2'
	refuse '--explain is for --where' "--explain alone" "$kin" ps --explain
}

# ---- what cannot be known ---------------------------------------------------------------------

# Somebody in the same pid namespace, whose user namespace is not below the caller's.
check_denied() {
	local container inner other
	mkfifo "$tmp/go"
	unshare -Urpf sh -c "read x <'$tmp/go'
		'$kin' ps --json -o pid,comm --where 'open >= 0' >'$tmp/json' 2>'$tmp/err'" &
	container=$!
	until inner=$(pgrep -P "$container"); do :; done
	nsenter -t "$inner" -p -- sleep infinity &
	other=$!
	disown $other
	until pgrep -P $other -x sleep >/dev/null; do :; done
	echo >"$tmp/go"
	wait "$container"
	cat "$tmp/json" "$tmp/err" >"$said"
	jq -e '.tasks | length > 0 and all(.comm != "sleep")' "$tmp/json" >/dev/null &&
		grep -q '^kin: 1 left out: .*denied' "$tmp/err"
	result $? "who is denied is left out, and told: $(cut -c1-80 "$tmp/err")"
	rm "$tmp/go"
}

# Of the first look there is nothing to compare with.
check_host() {
	local total
	total=$("$kin" status --json | jq '.host.mem_total_bytes')
	"$kin" ps --where "host.mem_total == $total && pid == 1" --raw --no-headings -o pid >"$said"
	[ "$(cat "$said")" = 1 ]
	result $? "columns of the host"
	"$kin" ps --where "host.cpu >= 0%" --raw --no-headings -o pid >"$tmp/shown" 2>"$said"
	[ ! -s "$tmp/shown" ] && grep -q 'host.cpu is not known' "$said"
	result $? "what is not known of it is told"
}

[ $# -gt 0 ] || set -- ps options pushed tree fd events mistakes denied host
for name; do
	"check_$name"
done
rm -rf "$tmp"
plan

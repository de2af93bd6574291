#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The command kin, from outside: opens nothing in /proc, ends with the statuses
# that it documents, and bears large, deep and hostile families.
set -u

kin=build/kin
tmp=$(mktemp -d)
results=0 failures=0 members=''

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

remark() {
	head -n "${2:-5}" "$1" | cut -c1-300 | sed 's/^/# /'
}

family_start() {
	coproc family { build/tests/factory "$@"; }
	members=$tmp/members
	sed '/^ready/q' <&"${family[0]}" >"$members"
	family_input=${family[1]}
}

family_end() {
	exec {family_input}>&-
	# shellcheck disable=SC2154 # set by coproc
	wait "$family_PID"
}

# pid_of ROLE [FACT]: of the first such member
pid_of() {
	grep " role=$1 .*${2-}" "$members" | sed -n 's/.* pid=\([0-9]*\) .*/\1/p' | head -n1
}

# ---- /proc ------------------------------------------------------------------

# Names of files in system calls, and of the descriptors that they make.
opens_proc() {
	strace -f -y -qq -e trace=file,fchdir -o "$tmp/trace" -- "$@" \
		>/dev/null 2>"$tmp/err" </dev/null
	grep -E '[<"]/proc[/">]' "$tmp/trace" >"$tmp/proc"
}

check_proc() {
	opens_proc cat /proc/self/stat
	result $? "the checker notices a program that opens /proc/self/stat"
	opens_proc sh -c 'cd / && cat proc/self/stat'
	result $? "and one that goes there on foot"
	opens_proc ps
	result $? "and ps"
	local words
	while read -r words; do
		# shellcheck disable=SC2086 # words, not a word
		! opens_proc "$kin" $words
		result $? "kin $words opens nothing in /proc"
		remark "$tmp/proc"
		grep -q sendto "$tmp/trace" || strace_needs_socket "$words"
	done <<-END
	ps
	ps -T -o all
	ps --json --user root --state S
	tree
	tree -T -a -u -p --sums
	tree --json 1
	show 1
	show --json $$
	env 1
	env --json 1 PATH
	status
	status --json
	help
	END
}

# A command that fails at once opens nothing, too: it must have worked.
strace_needs_socket() {
	# shellcheck disable=SC2086 # words, not a word
	"$kin" $1 >"$tmp/out" 2>"$tmp/err"
	result $? "kin $1 works ($(wc -l <"$tmp/out") lines)"
	remark "$tmp/err"
}

# ---- exit statuses ----------------------------------------------------------

# status WANTED WORDS COMMAND...: words on standard error; none: it is silent
status() {
	local wanted=$1 words=$2 got
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	if [ "$words" ]; then
		[ "$got" = "$wanted" ] && grep -qiE "$words" "$tmp/err"
	else
		[ "$got" = "$wanted" ] && [ ! -s "$tmp/err" ]
	fi
	result $? "$wanted: ${*/#$kin/kin}: $(head -n1 "$tmp/err" | cut -c1-100)"
	[ "$got" = "$wanted" ] || echo "# status $got"
}

check_statuses() {
	local sub
	for sub in ps tree show env; do
		status 3 'no such pid.*4000000' "$kin" "$sub" 4000000
		status 2 'option|try' "$kin" "$sub" --no-such-option
		status 2 'pid|number' "$kin" "$sub" twelve
	done
	status 2 rss "$kin" ps -o pid,rs
	status 2 'column' "$kin" ps -o zzzzzzzz
	status 2 'column' "$kin" ps -s nosuchcolumn
	status 2 'command' "$kin" nosuchcommand
	status 2 'show' "$kin" shwo
	status 2 . "$kin"
	status 2 'state' "$kin" ps --state Q
	for sub in ps tree show env status; do
		status 0 '' "$kin" "$sub" --help
		[ -s "$tmp/out" ]
		result $? "its help is on standard output"
	done
}

check_output() {
	local sub
	for sub in 'ps -T' tree status 'show 1' 'env 1' help 'ps --json' 'tree --json'; do
		# shellcheck disable=SC2086 # words, not a word
		"$kin" $sub >/dev/full 2>"$tmp/err"
		[ $? = 1 ] && [ -s "$tmp/err" ]
		result $? "1: kin $sub >/dev/full: $(head -n1 "$tmp/err")"
	done
	for sub in 'ps -T -o all' 'tree -p' 'ps --json'; do
		# shellcheck disable=SC2086 # words, not a word
		{ "$kin" $sub 2>"$tmp/err"; echo $? >"$tmp/status"; } | head -n1 >/dev/null
		[ ! -s "$tmp/err" ]
		result $? "kin $sub | head -n1 is quiet (status $(cat "$tmp/status"))"
		remark "$tmp/err"
	done
}

check_denied() {
	echo 2 >/sys/module/kin/parameters/hidepid
	local as=(setpriv --reuid 5000 --regid 5000 --clear-groups)
	status 4 'hidepid' "${as[@]}" "$kin" ps
	status 4 'hidepid' "${as[@]}" "$kin" tree
	status 4 'hidepid' "${as[@]}" "$kin" show 1
	echo 0 >/sys/module/kin/parameters/hidepid
	status 0 '' "${as[@]}" "$kin" ps
}

check_not_loaded() {
	if [ ! -e "${KIN_MODULE-}" ]; then
		result 1 "KIN_MODULE names no file"
		return
	fi
	rmmod kin
	status 5 'not loaded' "$kin" ps
	status 5 'not loaded' "$kin" tree
	status 5 'not loaded' "$kin" show 1
	status 5 'not loaded' "$kin" env 1
	status 5 'not loaded' "$kin" status
	status 0 '' "$kin" ps --help
	insmod "$KIN_MODULE"
	status 0 '' "$kin" ps
}

# ---- large families -----------------------------------------------------------

# within SECONDS COMMAND...: its output in $tmp/out
within() {
	local limit=$1 start=$SECONDS
	shift
	timeout "$limit" "$@" >"$tmp/out" 2>"$tmp/err"
	result $? "${*/#$kin/kin}: $((SECONDS - start)) s, at most $limit"
	remark "$tmp/err"
}

counted() {
	local n
	n=$(grep -o "$2" "$tmp/out" | wc -l)
	[ "$n" = "$1" ]
	result $? "it shows $n of $1"
}

check_wide() {
	family_start --light-sleepers 10000
	local root
	root=$(sed -n 's/^factory pid=//p' "$members")
	within 60 "$kin" tree -p "$root"
	counted 10001 'factory('
	within 60 "$kin" tree "$root"
	counted 1 '10000\*\[factory\]'
	within 60 "$kin" tree
	counted 1 '10000\*\[factory\]'
	within 60 "$kin" tree --json "$root"
	counted 10001 '"pid":'
	within 60 "$kin" ps --subtree "$root" --no-headings -o pid
	counted 10001 '[0-9][0-9]*'
	within 60 "$kin" show "$root"
	within 60 "$kin" show "$(pid_of sleeper)"
	family_end
}

check_deep() {
	family_start --chain 5000
	local root
	root=$(pid_of chain 'generation=1 ')
	within 60 "$kin" tree -p "$root"
	counted 5000 'factory('
	within 60 "$kin" tree "$root"
	within 60 "$kin" tree
	within 60 "$kin" tree --sums "$root"
	within 60 "$kin" tree --json "$root"
	counted 5000 '"pid":'
	within 60 "$kin" ps --subtree "$root" --no-headings -o pid
	counted 5000 '[0-9][0-9]*'
	within 60 "$kin" show "$(pid_of chain 'generation=5000 ')"
	family_end
}

# ---- hostile names --------------------------------------------------------------

# No control character but newline, in Latin 1 or Unicode, and none that turns
# the direction of writing.
is_clean() {
	! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' "$tmp/out"
}

is_utf8() {
	iconv -f UTF-8 -t UTF-16 "$tmp/out" >/dev/null 2>&1
}

clean() {
	"$kin" "$@" >"$tmp/out" 2>"$tmp/err"
	is_clean && is_utf8 && [ ! -s "$tmp/err" ]
	result $? "kin $* ($LC_ALL) prints no byte that should not be printed"
}

is_json() {
	"$kin" "$@" >"$tmp/out" 2>"$tmp/err"
	python3 -c 'import json, sys; json.load(sys.stdin)' <"$tmp/out" 2>"$tmp/err"
	result $? "kin $* is JSON"
	remark "$tmp/err"
}

hostile_names=($'a\nb' $'\e[31mred' $'\e]0;title\a' $'\xff\xfe bad' $'\xc2\x9b31m'
	$'\xe2\x80\xaertl' $'tab\tback\b' ' ' '  lead' $'\\n' '"quote"' $'\x7f'
	"wide 漢字漢" $'cut \xe6\xbc' "(paren) S 1" "[kthread]" '%s%n')

check_hostile() {
	local arguments=() name root
	for name in "${hostile_names[@]}"; do
		arguments+=(--renamed "$name")
	done
	family_start "${arguments[@]}" --cmdlines
	root=$(sed -n 's/^factory pid=//p' "$members")
	for LC_ALL in C C.UTF-8; do
		export LC_ALL
		clean ps --subtree "$root"
		clean ps --subtree "$root" -o pid,comm,args
		clean ps --subtree "$root" --raw -o all
		clean tree -p "$root"
		clean tree -a -c "$root"
		clean tree -c "$root"
		clean show "$(pid_of renamed)"
		is_json ps --json -o all --subtree "$root"
		is_json tree --json "$root"
		is_json show --json "$root"
	done
	unset LC_ALL
	"$kin" ps --subtree "$root" --raw --no-headings -o pid,comm,args,state >"$tmp/out"
	[ "$(wc -l <"$tmp/out")" = "$((1 + $(grep -c ^member "$members")))" ]
	result $? "a line a process: $(wc -l <"$tmp/out")"
	! grep -vqE '^[0-9]+ [^ ]+ [^ ]+ [A-Za-z]$' "$tmp/out"
	result $? "raw output has as many words in each line"
	family_end
}

check_proc
check_statuses
check_output
check_denied
check_not_loaded
check_hostile
check_wide
check_deep
rm -rf "$tmp"
echo "1..$results"
[ "$failures" = 0 ]

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kin tree --follow, from outside: the lines and objects of a family that is known,
# in the right order, no less and no more; scopes, losses and ends; and what a
# terminal shows (follow-terminal).
set -u

kin=build/kin
tmp=$(mktemp -d)
parameters=/sys/module/kin/parameters
results=0 failures=0
export LC_ALL=C

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
	head -n "${2:-12}" "$1" | cut -c1-300 | sed 's/^/# /'
}

# ---- a follower and a family -------------------------------------------------------

subscribers() {
	"$kin" status --json | sed -n 's/.*"subscribers": \([0-9]*\).*/\1/p'
}

# start ARGUMENT...: follow in the background; the first tree is printed.
start() {
	: >"$tmp/out"
	"$kin" tree --follow "$@" >"$tmp/out" 2>"$tmp/err" &
	follower=$!
	until [ -s "$tmp/out" ]; do
		kill -0 "$follower" 2>/dev/null || return 1
	done
}

# Waits for its end; the status is in $stopped.
ended() {
	wait "$follower"
	stopped=$?
	until [ "$(subscribers)" = 0 ]; do :; done
}

stop() {
	kill -TERM "$follower"
	ended
}

# until_line PATTERN: it is there, or the follower is not
until_line() {
	until grep -qE "$1" "$tmp/out"; do
		kill -0 "$follower" 2>/dev/null || return 1
	done
}

family_start() {
	coproc family { exec "${@:-env}" tests/vm/follow-family; }
	read -r root <&"${family[0]}"
	step=${family[1]}
}

# To its end, the next step when what must come before it has been told.
family_play() {
	echo >&"$step"
	until_line "$1"
	echo >&"$step"
	until_line 'exit.* 3[,:]'
	echo >&"$step"
	read -r forker daemon <&"${family[0]}"
	# shellcheck disable=SC2154 # set by coproc
	wait "$family_PID"
}

# What was told of the family, times and pids by what they are.
story() {
	sed -nE "s/^[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{6} (.) .*[^-]--reaper\($root\)/\1 reaper(R)/p" \
		"$tmp/out" | sed -E "s/\($forker\)/(F)/g; s/\($daemon\)/(D)/g; s/\($root\)/(R)/g
		s/lived [0-9.]+[mun]?s$/lived so long/; s/\{reaper\}\([0-9]+\)/{reaper}(T)/"
}

# tells NAME: what the family did (standard input), and nothing else
tells() {
	story >"$tmp/story"
	diff - "$tmp/story" >"$tmp/differs"
	result $? "$1"
	remark "$tmp/differs" 30
}

# ---- lines -------------------------------------------------------------------------

# What happens before the signal comes after it: it is waited for.
check_lines() {
	local batch
	batch=$(cat $parameters/batch_ms)
	echo 200 >$parameters/batch_ms
	family_start
	start -p "$root"
	family_play 'parent was'
	stop
	echo "$batch" >$parameters/batch_ms
	result "$stopped" "SIGTERM ends it with status $stopped"
	[ "$(head -n1 "$tmp/out")" = "reaper($root)" ]
	result $? "the tree is first: $(head -n1 "$tmp/out")"
	tells "each change of the family once, in order" <<-'END'
	+ reaper(R)--reaper(F)
	~ reaper(R)--forker(F): was reaper
	+ reaper(R)--forker(F)--forker(D)
	- reaper(R)--forker(F): exit 0, lived so long
	~ reaper(R)--forker(D): parent was forker(F), now reaper(R)
	~ reaper(R)--daemon(D): was forker
	~ reaper(R)--sh(D): exec /bin/sh, was daemon
	- reaper(R)--sh(D): exit 3, lived so long
	- reaper(R): exit 7, lived so long
	END
	[ "$(wc -l <"$tmp/out")" = 10 ] && [ ! -s "$tmp/err" ]
	result $? "and of nobody else: $(wc -l <"$tmp/out") lines"
}

check_threads() {
	family_start
	start -pT "$root"
	family_play 'parent was'
	stop
	story | grep -A1 '{' >"$tmp/story"
	diff - "$tmp/story" >"$tmp/differs" <<-'END'
	+ reaper(R)--{reaper}(T)
	- reaper(R)--{reaper}(T): exit 0, lived so long
	- reaper(R): exit 7, lived so long
	END
	result $? "a thread comes and goes"
	remark "$tmp/differs"
}

check_json() {
	family_start
	start --json "$root"
	family_play '"change": "parent"'
	stop
	/usr/bin/python3 - "$tmp/out" "$root" "$forker" "$daemon" >"$tmp/story" 2>&1 <<-'END'
	import json, sys
	objects = [json.loads(line) for line in open(sys.argv[1], encoding='utf-8')]
	root, forker, daemon = (int(pid) for pid in sys.argv[2:])
	names = {root: 'R', forker: 'F', daemon: 'D'}
	keys = ['filename', 'old_comm', 'old_ppid', 'exit_code', 'thread']
	for o in objects:
	    if o['change'] != 'present' and root not in [o['pid'], *o['ancestors']]:
	        print('not of the family:', o)
	    told = [names.get(v, v) for v in (o.get(k) for k in keys) if v is not None]
	    print(o['change'], names[o['pid']], names.get(o['ppid']), o['comm'], *told)
	changes = objects[1:]
	assert all(a['boottime_ns'] <= b['boottime_ns'] for a, b in zip(changes, changes[1:]))
	born = {o['pid']: o for o in changes if o['change'] == 'born'}
	for o in changes:
	    if o['change'] == 'ended' and o['pid'] in born:
	        assert o['life_ns'] == o['boottime_ns'] - born[o['pid']]['start_boottime_ns']
	        assert o['runtime_ns'] > 0 and o['rss_peak_bytes'] >= 4096
	END
	diff - "$tmp/story" >"$tmp/differs" <<-'END'
	present R None reaper
	born F R reaper False
	comm F R forker reaper False
	born D F forker False
	ended F R forker 0 False
	parent D R forker F False
	comm D R daemon forker False
	exec D R sh /bin/sh daemon False
	ended D R sh 3 False
	ended R None reaper 7 False
	END
	result $? "the same as JSON, an object a line"
	remark "$tmp/differs" 30
}

# ---- scopes ------------------------------------------------------------------------

check_users() {
	chmod 755 "$tmp"
	family_start setpriv --reuid 5001
	start -u --user 5001
	family_play 'parent was'
	/bin/true
	stop
	grep -q 'reaper(5001)$' "$tmp/out" && grep -q -- '--reaper([0-9]*,5001)' "$tmp/out"
	result $? "--user: that user's, with --users by name"
	! grep -vE '^[^ ]*reaper\(5001\)|(reaper|forker|daemon|sh|python3)\([0-9]+(,5001)?\)' "$tmp/out" >"$tmp/others"
	result $? "and nobody else's"
	remark "$tmp/others"
}

check_cgroups() {
	local group=/sys/fs/cgroup/kin-follow member
	if ! grep -q '^[^ ]* /sys/fs/cgroup cgroup2 ' /proc/mounts || ! mkdir "$group" "$group/below"; then
		skip "no cgroup2 at /sys/fs/cgroup"
		return
	fi
	sleep infinity &
	member=$!
	echo "$member" >"$group/cgroup.procs"
	start --cgroup kin-follow
	sh -c "echo \$\$ >$group/below/cgroup.procs; /bin/true; echo \$\$ >/sys/fs/cgroup/cgroup.procs; /bin/false"
	kill "$member" && wait "$member" 2>/dev/null
	stop
	head -n1 "$tmp/out" | grep -qx sleep
	result $? "--cgroup: its tree first"
	sed 1d "$tmp/out" | sed -E 's/^[^ ]* (.) .*--([a-z]+\()/\1 \2/; s/\([0-9]+\)/()/; s/cgroup [0-9]+/cgroup N/; s/lived .*/lived/' >"$tmp/story"
	diff - "$tmp/story" >"$tmp/differs" <<-'END'
	~ sh(): cgroup N; shown from now on
	+ sh()
	~ true(): exec /bin/true, was sh
	- true(): exit 0, lived
	~ sh(): cgroup N; not shown any more
	- sleep(): exit 143: killed by SIGTERM, lived
	END
	result $? "who comes and goes, below it, too"
	remark "$tmp/differs" 20
	rmdir "$group/below" "$group"
}

# ---- losses ------------------------------------------------------------------------

storm() {
	for _ in {1..600}; do (:); done
}

# The smallest ring. What a follower that is stopped does not take fills its socket
# first, then what comes next goes over the ring, more than once.
check_loss() {
	local before during kib
	kib=$(cat $parameters/ring_kib)
	echo 16 >$parameters/ring_kib
	sleep infinity &
	before=$!
	start
	kill -STOP "$follower"
	storm
	kill "$before" && wait "$before" 2>/dev/null
	sleep infinity &
	during=$!
	storm
	kill -CONT "$follower"
	until_line 'tree read anew'
	until_line "\($before\): no more"
	kill "$during" && wait "$during" 2>/dev/null
	stop
	grep -qE '^[^ ]* ! [0-9]+ events? lost$' "$tmp/out" &&
		grep -qE '^[^ ]* ! [0-9]+ events? lost, tree read anew$' "$tmp/out"
	result $? "a loss is told, and that the tree was read anew: $(grep -c ' ! ' "$tmp/out")"
	grep -E "\(($before|$during)\)" "$tmp/out" >"$tmp/story"
	grep -qE "^[^ ]* - .*--sleep\($before\): no more: its end was lost$" "$tmp/story"
	result $? "who has ended meanwhile"
	remark "$tmp/story"
	[ "$(grep -cE "^[^ ]* \+ .*\($during\)$" "$tmp/out")" = 1 ] &&
		grep -qE "^[^ ]* - .*--sleep\($during\): exit 143: killed by SIGTERM, lived" "$tmp/out"
	result $? "who was born meanwhile, once, and how it ended later"
	echo "$kib" >$parameters/ring_kib
}

# ---- ends --------------------------------------------------------------------------

check_ends() {
	start --count 3 $$
	/bin/true
	ended
	[ "$stopped" = 0 ] && [ "$(grep -cE '^[0-9:.]{15} [-+~] ' "$tmp/out")" = 3 ]
	result $? "--count 3: three changes, status $stopped"
	start --duration 50ms --no-kernel
	ended
	result "$stopped" "--duration 50ms: status $stopped"
	start
	rmmod kin
	ended_without_module
	[ "$stopped" = 5 ] && grep -q unloaded "$tmp/err"
	result $? "unloaded in the middle: status $stopped: $(cat "$tmp/err")"
	insmod "$KIN_MODULE"
}

ended_without_module() {
	wait "$follower"
	stopped=$?
}

# status WANTED WORDS ARGUMENT...: words on standard error
status() {
	local wanted=$1 words=$2 got
	shift 2
	"${as[@]}" "$kin" tree "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	[ "$got" = "$wanted" ] && grep -qE "$words" "$tmp/err"
	result $? "$wanted: kin tree $*: $(head -n1 "$tmp/err" | cut -c1-100)"
}

check_statuses() {
	local as=(env)
	status 3 'no such pid: 4000000' -f 4000000
	status 3 'no such pid: 4000000' -f -H 4000000 --duration 1ms
	status 2 'need --follow' --count 3
	status 2 'need --follow' --interval 1
	status 2 'need --follow' --duration 1
	status 2 "'0' is not" -f --count 0
	status 2 "'1x' is not a time" -f --interval 1x
	status 2 'less than 10ms' -f --interval 9ms
	as=(setpriv --reuid 5000 --regid 5000 --clear-groups)
	status 4 CAP_SYS_PTRACE -f
	as=(env)
	rmmod kin
	status 5 'not loaded' -f
	insmod "$KIN_MODULE"
	"$kin" tree --follow >/dev/full 2>"$tmp/err"
	[ $? = 1 ] && [ -s "$tmp/err" ]
	result $? "1: kin tree --follow >/dev/full: $(head -n1 "$tmp/err")"
}

# A reader that goes away ends it, also if nothing happens any more.
check_reader() {
	local quiet
	sleep infinity &
	quiet=$!
	{ timeout 60 "$kin" tree --follow "$quiet" 2>"$tmp/err"; echo $? >"$tmp/status"; } | head -n1 >/dev/null
	grep -qx 141 "$tmp/status" && [ ! -s "$tmp/err" ]
	result $? "its reader goes away: status $(cat "$tmp/status")"
	kill "$quiet" && wait "$quiet" 2>/dev/null
}

# ---- a terminal --------------------------------------------------------------------

check_terminal() {
	local good text
	while read -r good text; do
		case $good in
		ok) result 0 "$text" ;;
		not) result 1 "${text#ok }" ;;
		*) echo "$good $text" ;;
		esac
	done < <(tests/vm/follow-terminal "$KIN_MODULE" || echo "not ok ended early")
}

check_lines
check_threads
check_json
check_users
check_cgroups
check_loss
check_ends
check_statuses
check_reader
check_terminal
rm -rf "$tmp"
echo "1..$results"
[ "$failures" = 0 ]

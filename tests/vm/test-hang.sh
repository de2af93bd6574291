#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Never hangs: no command waits for another process. Two processes that others wait
# for: one whose mmap_lock is held for writing (by the module tests/vm/stuck), and
# one that is stuck on a file system whose server has stopped (tests/vm/hang). While
# they are so, ps and others hang, and each command of kin ends and tells the rest.
#
# Nothing is timed: what is stuck stays so until all of kin's commands have ended. A
# command that does not end is killed by a watchdog, and has failed.
set -u

kin=build/kin
patience=60
# How long the lock is held if nobody comes to release it.
held_most=$((10 * patience))
tmp=$(mktemp -d)
# shellcheck source=tests/install/tap
. tests/install/tap

# await COMMAND...: until it succeeds
await() {
	local end=$((SECONDS + patience))
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return
		sleep 0.05
	done
}

state_is() {
	[ "$(timeout $patience "$kin" ps --raw --no-headings -o state "$2")" = "$1" ]
}

# answer PATTERN NAME COMMAND...: kin must end well, and say that.
answer() {
	local pattern=$1 name=$2
	shift 2
	check "$name" says "$pattern" timeout -k 5 $patience "$kin" "$@"
}

# ---- others, in the background ---------------------------------------------------

declare -A rivals

# rival NAME COMMAND...: what it prints is $tmp/NAME.
rival() {
	local name=$1
	shift
	"$@" >"$tmp/$name" 2>/dev/null </dev/null &
	rivals[$name]=$!
}

# Those that have not ended yet.
hanging() {
	local name
	for name in "${!rivals[@]}"; do
		! kill -0 "${rivals[$name]}" 2>/dev/null || echo "$name"
	done | sort | xargs
}

ended() {
	local name
	for name in "${!rivals[@]}"; do
		kill -0 "${rivals[$name]}" 2>/dev/null || echo "$name"
	done | sort | xargs
}

# still NAME WHAT: it hangs, and not because it has just begun.
still() {
	hanging >"$said"
	[[ " $(hanging) " == *" $1 "* ]]
	result $? "$2"
}

remark() {
	echo "# of others, at the end of that: hang: $(hanging); have ended: $(ended)"
}

forget_rivals() {
	wait "${rivals[@]}" 2>/dev/null
	rivals=()
}

# ---- a lock that is held -----------------------------------------------------------

lock_is_held() {
	grep -q Y /sys/module/stuck/parameters/held
}

# A process with one variable in its environment.
start_victim() {
	env -i MARK=here sleep 1000 &
	victim=$!
	await grep -qx sleep "/proc/$victim/comm"
}

start_rivals_of_lock() {
	rival cat cat "/proc/$victim/cmdline"
	rival ps ps -ef
	rival environ cat "/proc/$victim/environ"
	rival maps cat "/proc/$victim/maps"
	rival lsof lsof -n -P -p "$victim"
	rival lsfd lsfd -p "$victim"
}

hang_in_lock() {
	await state_is D "${rivals[cat]}"
	result $? "cat /proc/PID/cmdline hangs, in state D, says kin"
	await state_is D "${rivals[ps]}"
	result $? "ps -ef hangs, in state D, says kin"
}

ask_about_lock() {
	local busy='"busy": \[[^]]*"cmdline"'
	answer "^ *$victim .*\[sleep\] \(busy\)" "kin ps: its command line is busy" \
		ps -o pid,ppid,user,state,rss,command
	answer "$busy" "kin ps --json, all columns" ps --json -o all "$victim"
	answer "^ *$victim " "kin ps --threads" ps -T "$victim"
	answer 'sleep' "kin tree" tree
	answer '\[sleep\] \(busy\)' "kin tree with command lines" tree -a
	answer 'busy: its memory is in use' "kin show" show "$victim"
	answer "$busy" "kin show --json" show --json "$victim"
	answer '^' "kin fd, of all" fd
	answer '/dev/null' "kin fd, of it" fd "$victim"
	answer "^ *$victim " "kin fd --count" fd --count "$victim"
	answer '' "kin fd --watch" fd --watch 0.1 --samples 2
	answer '' "kin events" events --duration 200ms
	answer '' "kin run" run true
	answer '' "kin status" status
}

# Its environment lies behind the lock: an error, but at once.
refuse_environment() {
	refuse "$2" "$1" timeout -k 5 $patience "$kin" env "$victim"
}

check_lock() {
	start_victim
	check "the mmap_lock of a process is held" \
		insmod "$KIN_STUCK" pid="$victim" seconds=$held_most
	[ -d /sys/module/stuck ] || return
	start_rivals_of_lock
	hang_in_lock
	ask_about_lock
	refuse_environment "kin env: busy" 'without waiting'
	still cat "cat hangs still"
	still ps "ps hangs still"
	check "the lock is held still" lock_is_held
	remark
	rmmod stuck
	forget_rivals
	check "released, cat tells the command line" grep -qa '^sleep' "$tmp/cat"
	answer "^ *$victim .*sleep 1000" "and so does kin" ps -o pid,command
	answer '^MARK=here$' "and the environment" env "$victim"
	kill "$victim"
	wait "$victim" 2>/dev/null
}

# ---- a file system that has stopped ------------------------------------------------

start_stopping() {
	dir=$tmp/stops
	mkdir "$dir"
	build/tests/hang/server "$dir" build/tests/hang/victim >"$tmp/server" &
	server=$!
	await grep -q mounted "$tmp/server"
	"$dir/program" "$dir" >"$tmp/victim" 2>&1 &
	await grep -q . "$tmp/victim"
	victim=$(cat "$tmp/victim")
	await state_is T "$server"
	result $? "a process is stuck in read(2) and in a page fault, the server has stopped"
}

start_rivals_of_stop() {
	rival stat stat -L "/proc/$victim/fd/10"
	rival ps ps -ef
	rival lsof lsof -n -P -p "$victim"
	rival lsfd lsfd -p "$victim"
}

# The path is on the file system that has stopped: nobody can look it up. Who reads
# what kin prints ($(...)) does not wait either.
ask_who() {
	answer "never does not answer: only .* by this name" "kin fd --who: a file that nobody can look up" \
		fd --who "$dir/never"
	answer "^ *$victim .* 10u .*$dir/never" "kin fd --who: the process that has it open, by name" \
		fd --who "$dir//./never"
	answer "^ *$victim .* cwd .*$dir/dir" "kin fd --who: the one that is in a directory" \
		fd --who "$dir/dir/"
	refuse 'nobody has .*/none open' "kin fd --who: nobody, but it ends" \
		timeout -k 5 $patience "$kin" fd --who "$dir/none"
}

# One who has asked this server, and gets no answer, cannot even be killed. What kin
# leaves behind so must not hold its output open: cat would wait for that.
ask_mute() {
	local left
	kill -CONT "$server"
	# shellcheck disable=SC2016 # they are the other shell's
	check "kin fd --who: a look-up that cannot be killed is left, with nothing open" \
		says 'nobody has .*/mute open' timeout -k 5 $patience \
		bash -c '"$1" fd --who "$2" 2>&1 | cat; [ "${PIPESTATUS[0]}" = 1 ]' - "$kin" "$dir/mute"
	left=$(pgrep -x kin) && left=$("$kin" ps --raw --no-headings -o pid,comm,state "$left")
	echo "# left behind: ${left:-nobody}"
}

ask_about_stop() {
	answer "^ *$victim .*program" "kin ps: its command line" ps -o pid,state,command
	answer "$dir/program" "kin ps, all columns: its program" ps --json -o all "$victim"
	answer "$dir/dir" "kin ps, all columns: its directory" ps --json -o all "$victim"
	answer "^ *$victim .* program" "kin ps --threads" ps -T "$victim"
	answer 'program' "kin tree" tree -a
	answer "$dir/program" "kin show: its program" show "$victim"
	answer "$dir/never" "kin fd: the file that it cannot read" fd "$victim"
	answer "$dir/dir" "kin fd: a directory" fd "$victim"
	answer "$dir/never" "kin fd, of all" fd
	answer "$dir/never" "kin fd --path" fd --path "$dir"
	ask_who
	answer "^ *$victim .* 7 " "kin fd --count: 7 of them" fd --count "$victim"
	answer '' "kin fd --watch" fd --watch 0.1 --samples 2
	answer "PATH=" "kin env" env "$victim"
	answer '' "kin events" events --duration 200ms
	answer '' "kin run" run true
}

check_stop() {
	start_stopping
	start_rivals_of_stop
	# The server does not answer any more: what has begun will not end.
	await grep -qx stat "/proc/${rivals[stat]}/comm"
	ask_about_stop
	still stat "stat hangs still"
	state_is T "$server"
	result $? "the server has not gone on"
	remark
	ask_mute
	# With the server all that waits for it ends.
	kill -KILL "$server"
	wait "$server" 2>/dev/null
	forget_rivals
	wait
	# (A look-up that was left behind may be about to end.)
	await umount "$dir"
}

check_lock
if [ -e /dev/fuse ] || modprobe -q fuse; then
	check_stop
else
	echo "ok $((results += 1)) - a file system that has stopped # SKIP no FUSE in this kernel"
fi
rm -rf "$tmp"
plan

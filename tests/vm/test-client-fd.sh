#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kin fd, from outside: shows what processes hold that is known beforehand; its
# filters, --who and other ends find that and nothing else; JSON says the same and
# is valid; gaps, mistakes and missing privilege are told.
# Arguments: only these checks, of those named at the end.
#
# shellcheck disable=SC2016 # what stands in single quotes is jq's
set -u

kin=build/kin
tmp=$(mktemp -d)
top=$tmp/top
export LC_ALL=C
# shellcheck source=tests/install/tap
. tests/install/tap

# ---- processes that hold what is known ------------------------------------------------

declare -A fact

holder_start() {
	local name value
	mkdir "$top"
	coproc holder { exec tests/vm/fd-holder "$top" 2>"$tmp/holder.err"; }
	holder_input=${holder[1]}
	while IFS='=' read -r name value && [ "$name" != ready ]; do
		fact[$name]=$value
	done <&"${holder[0]}"
	pid=${fact[pid]}
	[ "$name" = ready ]
}

holder_end() {
	exec {holder_input}>&-
	# shellcheck disable=SC2154 # set by coproc
	wait "$holder_PID"
}

# fd ARGUMENT...: numbers of the holder's descriptors, in a line, in $got
fd() {
	got=$("$kin" fd --raw --no-headings -o number "$@" "$pid" 2>"$said" | xargs)
}

# finds NAME WANTED ARGUMENT...: just these of its descriptors
finds() {
	local name=$1 wanted=$2
	shift 2
	fd "$@"
	[ "$got" = "$wanted" ]
	result $? "$name: $wanted"
	[ "$got" = "$wanted" ] || echo "# got: $got"
}

# named DESCRIPTOR: what its row says of it
named() {
	"$kin" fd --raw --no-headings -o number,name "$pid" | sed -n "s/^$1 //p"
}

# names WHAT DESCRIPTOR PATTERN
names() {
	named "$2" >"$said"
	grep -qxE -- "$3" "$said"
	result $? "$1 is named"
}

# ends STATUS NAME ARGUMENT...: of kin fd; what it says is in $said
ends() {
	local wanted=$1 name=$2 status=0
	shift 2
	"$kin" fd "$@" >"$said" 2>&1 </dev/null || status=$?
	[ "$status" = "$wanted" ]
	result $? "$name: status $status"
}

# saying PATTERN: of the last one
saying() {
	grep -qE -- "$1" "$said"
	result $? "... and it says why: $1"
}

# ---- all of them ------------------------------------------------------------------------

check_all() {
	local wanted
	wanted=$(printf '%s\n' /proc/"$pid"/fd/* | sed 's/.*\///' | sort -n | xargs)
	finds "all descriptors that /proc lists" "$wanted"
	wanted=$(find /proc/"$pid"/fd -printf '%l\n' | grep -c '^/')
	[ "$("$kin" fd --json "$pid" | jq '[.descriptors[] | select(.path // "" | startswith("/"))] | length')" = "$wanted" ]
	result $? "as many paths as /proc tells: $wanted"
}

check_names() {
	names "a file" "${fact[log]}" "$top/log/x"
	names "a removed file" "${fact[gone]}" "$top/gone\\\\x20\\(deleted\\)"
	names "a name to be afraid of" "${fact[odd]}" "$top/a\\\\x0a\\\\x1b\[2J\\\\x22\\\\x5c"
	names "a listening socket" "${fact[tcp]}" \
		"TCP\\\\x20127.0.0.1:${fact[tcp_port]}\\\\x20\(LISTEN\)"
	names "one at any address" "${fact[any]}" \
		"TCP\\\\x20\*:${fact[any_port]}\\\\x20\(LISTEN\)"
	names "a connected one" "${fact[accepted]}" \
		"TCP\\\\x20127.0.0.1:${fact[tcp_port]}\\\\x20->\\\\x20127.0.0.1:[0-9]+\\\\x20\(ESTABLISHED\)"
	names "UDP over IPv6" "${fact[udp]}" "UDP\\\\x20\[::1\]:${fact[udp_port]}"
	names "a unix socket" "${fact[unix]}" "unix\\\\x20stream\\\\x20$top/socket\\\\x20\(LISTEN\)"
	names "an abstract one" "${fact[abstract]}" "unix\\\\x20dgram\\\\x20@kin-test-abstract"
}

check_columns() {
	local row
	row=$("$kin" fd --raw --no-headings -o number,fd,type,ino,size,pos,flags,perm,nlink "$pid" |
		grep "^${fact[logs]} ")
	[ "$row" = "${fact[logs]} ${fact[logs]}w file $(stat -c '%i %s' "$top/logs/x") 0 wronly,append,cloexec $(stat -c '0%a %h' "$top/logs/x")" ]
	result $? "columns of a file: $row"
	"$kin" fd --list-columns >"$said" && [ "$(wc -l <"$said")" = "$(("$("$kin" fd --list-columns --raw | wc -l)" + 1))" ]
	result $? "--list-columns lists as many with and without --raw"
	"$kin" fd -o all "$pid" >"$said"
	result $? "-o all"
	[ "$("$kin" fd --raw --no-headings -o number -s -number "$pid" | xargs)" = "$("$kin" fd --raw --no-headings -o number "$pid" | tac | xargs)" ]
	result $? "--sort -number turns the order around"
}

# ---- filters ----------------------------------------------------------------------------

check_filters() {
	finds "--path takes whole components" "${fact[log]}" --path "$top/log"
	finds "--path of one file" "${fact[logs]}" --path "$top/logs/x"
	finds "--deleted" "${fact[gone]}" --deleted --path "$top"
	finds "--port of a listener and its connection" \
		"$(printf '%s\n' "${fact[tcp]}" "${fact[accepted]}" | sort -n | xargs)" --port "${fact[tcp_port]}"
	finds "--address" "${fact[udp]}" --address ::1
	finds "--address and --port" "${fact[any]}" --address 0.0.0.0 --port "${fact[any_port]}"
	finds "--socket-state and --type" "$(printf '%s\n' "${fact[tcp]}" "${fact[any]}" "${fact[unix]}" | sort -n | xargs)" \
		--socket-state listen --type socket
	finds "pipes have no path" "" --type pipe --path /
	finds "a filter that nothing passes" "" --port 1
	finds "--limit-ratio below its share" "" --limit-ratio 100
}

# ---- other ends -------------------------------------------------------------------------

check_peers() {
	names "the other end of a pipe" "${fact[pipe]}" ".*\\\\x20->\\\\x20${fact[reader]}/reader"
	names "of a pair of sockets" "${fact[pair]}" ".*\\\\x20->\\\\x20${fact[reader]}/reader"
	names "of a unix socket" "${fact[unix_accepted]}" ".*\\\\x20->\\\\x20${fact[client]}/client"
	"$kin" fd --raw --no-headings -o pid,name --type pipe "${fact[reader]}" >"$said"
	grep -qE -- "->\\\\x20$pid/fd-holder" "$said"
	result $? "seen from the reader: the writer"
	"$kin" fd --no-peers --type pipe "$pid" >"$said"
	! grep -q -- '->' "$said"
	result $? "--no-peers looks for none"
}

# ---- who --------------------------------------------------------------------------------

# who WANTED ARGUMENT: pid and FD of each, in a line
who() {
	local wanted=$1 got
	got=$("$kin" fd --raw --no-headings -o pid,fd --who "$2" 2>"$said" | sort | xargs)
	[ "$got" = "$wanted" ]
	result $? "--who ${2#"$top"}: $wanted"
	[ "$got" = "$wanted" ] || echo "# got: $got"
}

pairs() {
	printf '%s %s\n' "$@" | sort | xargs
}

# Where the reader has the pipe.
reader_end() {
	find "/proc/${fact[reader]}/fd" -printf '%f %l\n' |
		grep -F " $(readlink "/proc/$pid/fd/${fact[pipe]}")" | cut -d' ' -f1
}

# The thread with its own table is no process, and not asked for.
check_who() {
	local both
	both=$(pairs "$pid" "${fact[log]}r" "$pid" "${fact[opath]}-" \
		"${fact[sharer]}" -)
	who "$both" "$top/log/x"
	who "$both" "$top/second"
	ln -s top/log/x "$tmp/link"
	who "$both" "$tmp/link"
	mkdir "$tmp/bound"
	if mount --bind "$top/log" "$tmp/bound" 2>"$said"; then
		who "$both" "$tmp/bound/x"
		umount "$tmp/bound"
	else
		result 0 "a bind mount # SKIP there is none to be had here"
	fi
	who "$(pairs "$pid" "${fact[pipe]}w" "${fact[reader]}" "$(reader_end)r" "${fact[sharer]}" -)" "/proc/$pid/fd/${fact[pipe]}"
	who "$(pairs "${fact[walker]}" cwd)" "$top/dir"
	who "$(pairs "$pid" "${fact[unix]}u" "$pid" "${fact[unix_accepted]}u" "${fact[sharer]}" -)" "$top/socket"
	who "$(pairs "$pid" "${fact[any]}u" "${fact[sharer]}" -)" ":${fact[any_port]}"
	who "$(pairs "$pid" "${fact[any]}u" "${fact[sharer]}" -)" "127.0.0.1:${fact[any_port]}"
	who "$(pairs "$pid" "${fact[udp]}u" "${fact[sharer]}" -)" "[::1]:${fact[udp_port]}"
	"$kin" fd --raw --no-headings -o pid --who "127.0.0.1:${fact[tcp_port]}" | sort -un | xargs >"$said"
	[ "$(cat "$said")" = "$(printf '%s\n' "$pid" "${fact[client]}" "${fact[sharer]}" | sort -n | xargs)" ]
	result $? "--who ADDRESS:PORT: who listens, who is connected"
	"$kin" fd --raw --no-headings -o pid,fd --who "$(readlink -f /proc/"$pid"/exe)" >"$said"
	grep -qx "$pid exe" "$said"
	result $? "--who of its program"
	: >"$top/nobody"
	ends 1 "--who of a directory, among files" --who "$top/dir" --type file
	ends 0 "among directories" --who "$top/dir" --type dir
	ends 1 "--who of a directory, among what was removed" --who "$top/dir" --deleted
	ends 1 "--who of what nobody has" --who "$top/nobody"
	saying 'nobody has .*/nobody open'
	ends 1 "--who of what others have than --where is true of" --who "$top/log/x" --where 'not (pid > 0)'
	saying 'nobody for whom --where is true has .*/log/x open'
	ends 1 "--who of a port that nobody has" --who 127.0.0.1:1
	saying 'nobody listens at 127.0.0.1:1 or is connected there'
	ends 2 "--who of a file that is not there" --who "$top/not-there"
	saying 'No such file'
}

# ---- shared tables, threads -------------------------------------------------------------

check_shared() {
	"$kin" fd "$pid" "${fact[sharer]}" >"$said"
	grep -qE "^ *${fact[sharer]} .*\(descriptors shared with $pid\)" "$said"
	result $? "a table of two processes is shown once, the other is told"
	[ "$(grep -cE "^ *${fact[sharer]} " "$said")" = 1 ]
	result $? "in one row"
	"$kin" fd --deleted --path /nowhere "$pid" "${fact[sharer]}" >"$said"
	! grep -q shared "$said"
	result $? "where nothing of it passes, nothing is said"
	"$kin" fd --where "not (pid != $pid)" "$pid" "${fact[sharer]}" >"$said"
	grep -q " $top/" "$said" && ! grep -q shared "$said"
	result $? "nor of whom --where is false"
	"$kin" fd --where 'type == "file"' "$pid" "${fact[sharer]}" >"$said"
	grep -q "shared with $pid" "$said"
	result $? "what it asks about descriptors is true of who shares, too"
	"$kin" fd --json "$pid" "${fact[sharer]}" |
		jq -e --argjson a "$pid" --argjson b "${fact[sharer]}" \
			'.shared == [{pid: $b, comm: .shared[0].comm, shared_pid: $a}]' >"$said"
	result $? "JSON says so, too"
	"$kin" fd --raw --no-headings -o pid,number -T --path "$top/loner" "$pid" >"$said"
	[ "$(cat "$said")" = "${fact[loner]} ${fact[loner_fd]}" ]
	result $? "--threads: a thread's own table"
	"$kin" fd --path "$top/loner" >"$said"
	[ "$(wc -l <"$said")" = 1 ]
	result $? "without it there is none"
}

# ---- JSON -------------------------------------------------------------------------------

# query FILTER NAME: of the holder's descriptors; it must be true.
query() {
	jq -e --argjson pid "$pid" --arg top "$top" \
		"[.descriptors[] | select(.pid == \$pid)] | $1" "$tmp/json" >"$said" 2>&1
	result $? "JSON: $2"
}

# of DESCRIPTOR FILTER NAME
of() {
	query "(.[] | select(.fd == ${fact[$1]})) | $2" "$3"
}

check_json() {
	"$kin" fd --json >"$tmp/json" 2>"$tmp/err"
	result $? "kin fd --json"
	/usr/bin/python3 -c 'import json, sys; json.load(open(sys.argv[1], encoding="utf-8"))' "$tmp/json" 2>"$said"
	result $? "is valid for a strict reader"
	jq -e '.whole == true' "$tmp/json" >"$said"
	result $? "says that it is whole"
	of gone '.deleted and .path == $top + "/gone" and .type == "file" and .size_bytes == 5000' "a removed file"
	of odd '.path == $top + "/a\n\u001b[2J\"\\"' "a name to be afraid of is whole"
	of bytes '.path == $top + "/\\xff\\xfe"' "bytes that are no text"
	of logs '.flags == ["wronly", "append", "cloexec"] and .write and (.read | not) and .cloexec' "flags"
	of tcp ".socket.state == \"listen\" and .socket.local_port == ${fact[tcp_port]} and .socket.max_waiting_connections == 7" "a listener"
	of accepted '.socket.remote_address == "127.0.0.1" and .socket.rx_queue_bytes == 0' "a connection"
	of abstract '.socket.unix_name == "\u0000kin-test-abstract"' "an abstract name is whole"
	of pipe ".peers == [{pid: ${fact[reader]}, comm: \"reader\", fd: .peers[0].fd}] and .num_peers == 1" "other ends"
	jq -e ".descriptors[] | select(.pid == ${fact[walker]}) | .comm == \"walk\\\"er\\n\"" "$tmp/json" >"$said"
	result $? "JSON: a process's name to be afraid of"
}

# ---- mistakes, gaps, privilege ----------------------------------------------------------

check_mistakes() {
	ends 2 "an unknown type" --type fil
	saying "did you mean 'file'"
	ends 2 "an unknown state" --socket-state lissten
	saying "did you mean 'listen'"
	ends 2 "a port out of range" --port 65536
	saying 'a number from 0 to 65535'
	ends 2 "no address" --address 1.2.3
	saying 'as 127.0.0.1 or ::1'
	ends 2 "a path that is not whole" --path etc
	saying 'begins with /'
	ends 2 "no percentage" --limit-ratio 0
	saying 'from 1 to 100'
	ends 2 "an unknown column" -o pidd
	saying "did you mean 'pid'"
	ends 2 "an unknown column to sort by" -s sizee
	saying "did you mean 'size'"
	ends 2 "JSON with columns" --json -o pid
	saying 'does not take --columns'
	ends 2 "counting with a filter of descriptors" --count --port 80
	saying '--count counts whole tables'
	ends 2 "a port among files" --who :80 --type file
	saying '--who :80 is not of these types'
	ends 2 "no pid" x
	saying 'is not a pid'
}

check_gaps() {
	ends 3 "a pid that nobody has" 4194304
	saying 'no such pid: 4194304'
	ends 0 "a kernel thread" 2
	saying '2 \(kthreadd\) has no descriptors: it is a kernel thread'
}

unprivileged() {
	setpriv --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace "$kin" fd "$@"
}

check_privilege() {
	local status=0
	unprivileged >"$tmp/out" 2>"$said" || status=$?
	[ "$status" = 4 ] && [ ! -s "$tmp/out" ]
	result $? "without CAP_SYS_PTRACE: status $status, and nothing on the output"
	saying 'CAP_SYS_PTRACE over the owner of the pid namespace$'
	status=0
	unprivileged --json --no-peers >"$tmp/out" 2>"$said" || status=$?
	[ "$status" = 4 ] && [ ! -s "$tmp/out" ]
	result $? "nor half of a JSON"
	status=0
	setpriv --reuid=65534 --clear-groups "$kin" fd >"$tmp/out" 2>"$said" || status=$?
	[ "$status" = 4 ]
	result $? "as nobody: status $status"
	saying 'CAP_SYS_PTRACE over the owner of the pid namespace; try as root$'
}

# A process of the host that has come into a container's pid namespace is not for
# the container's root.
check_denied() {
	local inner
	if ! unshare --user --map-root-user true 2>"$said"; then
		result 0 "denied tables # SKIP no user namespace to be had: $(head -n1 "$said")"
		return
	fi
	mkfifo "$tmp/never"
	unshare --user --map-root-user --pid --fork cat "$tmp/never" 2>/dev/null &
	local outer=$!
	until inner=$(pgrep -x -P "$outer" cat); do
		kill -0 "$outer" || break
	done
	nsenter --pid=/proc/"$inner"/ns/pid cat "$tmp/never" &
	local entered=$!
	until pgrep -x -P "$entered" cat >/dev/null; do
		kill -0 "$entered" || break
	done
	nsenter --user=/proc/"$inner"/ns/user --pid=/proc/"$inner"/ns/pid \
		"$kin" fd --raw --no-headings -o pid,comm >"$tmp/out" 2>"$said"
	result $? "root of a container, where a process of the host is"
	[ "$(awk '{ print $2 }' "$tmp/out" | sort -u | xargs)" = "cat kin" ] &&
		[ "$(awk '$2 == "cat" { print $1 }' "$tmp/out" | sort -u)" = 1 ]
	result $? "sees its own only"
	saying '^kin: 1 process not shown: it takes CAP_SYS_PTRACE over its user namespace'
	nsenter --user=/proc/"$inner"/ns/user --pid=/proc/"$inner"/ns/pid \
		"$kin" fd --json 2>/dev/null | jq -e '.num_denied == 1' >"$said" 2>&1
	result $? "JSON says how many"
	kill -KILL "$inner"
	wait "$outer" "$entered" 2>/dev/null
}

ip link set lo up 2>/dev/null
holder_start
result $? "processes that hold what is known"
for part in "${@:-all names columns filters peers who shared json mistakes gaps privilege denied}"; do
	for one in $part; do
		"check_$one"
	done
done
holder_end
result $? "they end"
rm -rf "$tmp"
plan

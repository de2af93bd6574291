#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kin env, kin show and the private columns of kin ps, from outside: what they show
# equals what /proc shows; what they cannot have they name, with the reason.
# Arguments: only these checks, of those named at the end.
set -u

kin=$PWD/build/kin
tmp=$(mktemp -d)
export LC_ALL=C.UTF-8
# shellcheck source=tests/install/tap
. tests/install/tap
nobody=(setpriv --reuid 5000 --regid 5000 --clear-groups)
private='CAP_SYS_PTRACE over the owner of the pid namespace'

# status WANTED WORDS COMMAND...: words on standard error; none: it is silent
status() {
	local wanted=$1 words=$2 got
	shift 2
	"$@" >"$tmp/out" 2>"$said" </dev/null
	got=$?
	if [ "$words" ]; then
		[ "$got" = "$wanted" ] && grep -qE "$words" "$said"
	else
		[ "$got" = "$wanted" ] && [ ! -s "$said" ]
	fi
	result $? "$wanted: ${*/#$kin/kin}: $(head -n1 "$said" | cut -c1-100)"
	[ "$got" = "$wanted" ] || echo "# status $got"
}

# same NAME GOT WANTED
same() {
	[ "$2" = "$3" ]
	result $? "$1"
	[ "$2" = "$3" ] || printf '# got    %s\n# wanted %s\n' "${2:0:300}" "${3:0:300}"
}

# shows PATTERN, shows_not PATTERN: a line of what the last command printed
shows() {
	grep -qE -- "$1" "$tmp/out"
	result $? "it shows ${2:-$1}"
}

shows_not() {
	! grep -qE -- "$1" "$tmp/out"
	result $? "it does not show ${2:-$1}"
}

# hold COMMAND...: it says "ready" and stays until release; its pid is $held
hold() {
	coproc holder { exec "$@"; }
	# shellcheck disable=SC2154 # set by coproc
	held=$holder_PID
	sed '/^ready/q' <&"${holder[0]}" >"$tmp/members"
	holder_input=${holder[1]}
}

release() {
	exec {holder_input}>&-
	wait "$held" 2>/dev/null
}

# stay COMMAND...: a shell that stays; COMMAND... starts it where it is to be
stay() {
	hold "$@" bash -c 'echo ready; read -r _'
}

# ---- kin env ------------------------------------------------------------------

check_environment() {
	hold tests/vm/odd-environment
	status 0 '' "$kin" env --null "$held"
	cmp "$tmp/out" "/proc/$held/environ" >"$said" 2>&1
	result $? "all $(wc -c <"$tmp/out") bytes are those of /proc/PID/environ"
	status 0 '' "$kin" env "$held"
	same "a line for each variable" "$(wc -l <"$tmp/out")" \
		"$(tr '\0' '\1' <"/proc/$held/environ" | tr '\n' ' ' | tr '\1' '\n' | grep -c .)"
	shows '^LINES=a\\x0ab$' "a line end as \\x0a"
	shows '^BYTES=\\x1b\[31m\\xff$' "bytes that no terminal should see"
	status 0 '' "$kin" env --json "$held"
	same "JSON has each of them, in order" \
		"$(jq -r '[.variables[] | .name] | join(",")' "$tmp/out")" \
		"FIRST,TWICE,TWICE,no equals sign,LINES,BYTES,EMPTY,EQUALS,$(printf 'LONG%d,' 0 1 2 3 4 5 6 7 8 9)LAST"
	same "what is no variable has no value, what is empty an empty one" \
		"$(jq -c '[.variables[3].value, .variables[6].value, .variables[7].value, .whole, .pid]' "$tmp/out")" \
		"[null,\"\",\"=x=\",true,$held]"
	check_names
	release
}

check_names() {
	status 0 '' "$kin" env "$held" LAST TWICE EMPTY
	same "values in the order of the names" "$(tr '\n' , <"$tmp/out")" "end,one,two,,"
	status 1 "process $held has no variable 'NONE'" "$kin" env "$held" FIRST NONE
	same "what is set is shown all the same" "$(cat "$tmp/out")" 1
	status 1 "no variable 'FIRS'" "$kin" env "$held" FIRS
	status 0 '' "$kin" env -0 "$held" LINES
	same "raw, with a NUL" "$(od -An -c "$tmp/out" | tr -d ' ')" 'a\nb\0'
	status 2 'name of a variable' "$kin" env "$held" A=B
	status 2 'exclude each other' "$kin" env --json --null "$held"
}

# Pages in the middle have to be made again: kin does not wait, and says so.
check_hole() {
	hold tests/vm/odd-environment --hole
	status 1 "not whole: [0-9]+ bytes came" "$kin" env "$held"
	shows '^FIRST=1$' "what came before"
	shows_not '^LAST=end$' "what stands behind"
	same "each variable is whole" "$(grep '^LONG' "$tmp/out" | awk '{ print length }' | sort -u)" 100006
	status 1 'not whole' "$kin" env --json "$held"
	same "JSON says so, too" "$(jq .whole "$tmp/out")" false
	status 1 'not whole' "$kin" env --null "$held"
	# reading it for /proc makes the pages again
	cmp "$tmp/out" "/proc/$held/environ" 2>&1 | grep -q "EOF on $tmp/out"
	result $? "the bytes that came are the first $(wc -c <"$tmp/out")"
	cat "/proc/$held/environ" >/dev/null
	status 0 '' "$kin" env "$held" LAST
	release
}

check_no_environment() {
	status 0 '' "$kin" env 2
	same "a kernel thread has none" "$(wc -c <"$tmp/out")" 0
	status 3 'no such pid: 4000000' "$kin" env 4000000
	hold build/tests/factory --threads 1
	local thread
	thread=$("$kin" ps -T --raw --no-headings -o pid,tgid --subtree "$held" |
		awk '$1 != $2 { print $1; exit }')
	status 3 "no such process: $thread is a thread, of process [0-9]+" "$kin" env "$thread"
	release
	status 2 'which process' "$kin" env
	status 2 'not a pid' "$kin" env PATH
	stay env -i
	status 0 '' "$kin" env --json "$held"
	same "an empty one is a whole one" "$(jq -c '[(.variables | length), .whole]' "$tmp/out")" '[0,true]'
	status 4 "denied.*$private" "${nobody[@]}" "$kin" env "$held"
	release
}

# ---- kin show -----------------------------------------------------------------

# json FILTER: of the first process that the last command showed
json() {
	jq -c ".processes[0] | $1" "$tmp/out"
}

# As prlimit shows them.
limits_shown() {
	jq -r '.processes[0].limits | to_entries[] |
		"\(.key | ascii_upcase | sub("_(S|US|BYTES)$"; "")) \(.value.soft) \(.value.hard)"' \
		"$tmp/out" | sort
}

check_show() {
	stay prlimit --nofile=100:200 --cpu=unlimited:unlimited --rttime=70000:80000 --
	status 0 '' "$kin" show --json "$held"
	same "its open descriptors" "$(json .open)" "$(find "/proc/$held/fd" -mindepth 1 | wc -l)"
	same "its limit of them, three times" \
		"$(json '[.files_limit, .files_hard, .limits.nofile.soft, .limits.nofile.hard]')" \
		'[100,200,100,200]'
	same "limits with units" "$(json '.limits.rttime_us, .limits.cpu_s' | xargs)" \
		'{soft:70000,hard:80000} {soft:unlimited,hard:unlimited}'
	same "all limits" "$(limits_shown)" \
		"$(prlimit --raw --noheadings -o RESOURCE,SOFT,HARD -p "$held" | sort)"
	same "what it has read and written" \
		"$(json '[.rchar,.wchar,.syscr,.syscw,.read_bytes,.write_bytes,.cancelled_write_bytes]')" \
		"[$(awk '{ print $2 }' "/proc/$held/io" | paste -sd,)]"
	same "its program and directories" "$(json '[.exe,.cwd,.root,.deleted]')" \
		"[\"$(readlink "/proc/$held/exe")\",\"$PWD\",\"/\",[]]"
	same "all its namespaces are ours" "$(json .namespaces_not_yours)" '[]'
	status 0 '' "$kin" show "$held"
	shows '^  nofile +100 +200 descriptors ' "the limit, with its unit"
	shows_not 'not yours' "a foreign namespace"
	shows '^  exe   /' "what it runs"
	shows_not CAP_SYS_PTRACE "a lack of privilege"
	release
}

# Inode numbers, in the order of the columns.
namespaces_of() {
	local name
	for name in cgroup ipc mnt net pid pid_for_children time time_for_children user uts; do
		readlink "/proc/$1/ns/$name" | tr -dc '0-9\n'
	done | paste -sd,
}

check_namespaces() {
	stay unshare --net --uts
	status 0 '' "$kin" show --json "$held"
	same "the numbers of its namespaces" \
		"$(json '[.cgroupns,.ipcns,.mntns,.netns,.pidns,.pidns_children,.timens,.timens_children,.userns,.utsns]')" \
		"[$(namespaces_of "$held")]"
	same "which of them are foreign" "$(json .namespaces_not_yours)" '["netns","utsns"]'
	status 0 '' "$kin" show "$held"
	shows '^  netns +[0-9]+ \(not yours\) '
	shows '^  userns +[0-9]+ +[^(]' "one that is ours without a mark"
	release
}

check_deleted() {
	mkdir "$tmp/dir"
	cp /bin/bash "$tmp/shell"
	(cd "$tmp/dir" && exec bash -c 'echo $$; exec ../shell -c "read -r _"') <"$tmp/go" >"$tmp/pid" &
	exec {go}>"$tmp/go"
	until [ -s "$tmp/pid" ] && [ "$(readlink "/proc/$(cat "$tmp/pid")/exe")" = "$tmp/shell" ]; do :; done
	rm "$tmp/shell"
	rmdir "$tmp/dir"
	status 0 '' "$kin" show "$(cat "$tmp/pid")"
	shows "^  exe   $tmp/shell \\(deleted\\)\$" "that its program was removed"
	shows "^  cwd   $tmp/dir \\(deleted\\)\$" "and its directory"
	shows '^  root  /$' "but not its root"
	status 0 '' "$kin" ps --raw --no-headings -o exe,cwd,root,deleted "$(cat "$tmp/pid")"
	same "raw, the paths are exact" "$(cat "$tmp/out")" "$tmp/shell $tmp/dir / exe,cwd"
	exec {go}>&-
	wait
}

# ---- what a kernel may lack ------------------------------------------------------

# at_least VERSION: this kernel
at_least() {
	printf '%s\n' "$1" "$(uname -r)" | sort -V -C
}

check_stack() {
	hold build/tests/factory --dstate
	local pid
	pid=$("$kin" ps --raw --no-headings -o pid --state D --subtree "$held" | head -n1)
	status 0 '' "$kin" show "$pid"
	shows '^  since_cpu +.* \(in D at most so long\)' "how long it is off the CPU"
	if at_least 6.12; then
		shows '^Kernel stack$' "its kernel stack"
		shows '^  [a-z_0-9.]+\+0x[0-9a-f]+/0x[0-9a-f]+$' "a frame of it"
		status 0 '' "$kin" show --json "$pid"
		same "the frames of /proc/PID/stack" "$(json '.stack | join(" ")' | tr -d \")" \
			"$(sed 's/^\[<0>\] //' "/proc/$pid/stack" | paste -sd' ')"
		status 0 '' "$kin" ps --no-headings -o stack "$pid"
		shows '^[a-z_0-9.]+\+0x[0-9a-f]+/0x[0-9a-f]+ [a-z_]' "the frames side by side"
	else
		shows '^  kernel stack: not on this kernel' "why there is no kernel stack"
		shows_not '^Kernel stack$' "a kernel stack"
	fi
	same "status says the same" "$("$kin" status --json | jq .module.features.stack)" \
		"$(at_least 6.12 && echo true || echo false)"
	release
}

# Accounting is for those that start while it is on.
check_delays() {
	local switch=/proc/sys/kernel/task_delayacct
	same "this kernel can account delays" \
		"$("$kin" status --json | jq .module.features.delay)" true
	if [ -e $switch ]; then
		status 0 '' "$kin" show 1
		shows '^  delays: not accounted when it started: sysctl kernel.task_delayacct=1' \
			"why there are no delays"
		shows_not '^  delay_blkio ' "delays"
		echo 1 >$switch
	fi
	stay env
	status 0 '' "$kin" show "$held"
	shows '^  delay_blkio +[0-9.]+[a-z]+ \([0-9]+ times\) ' "delays, and how often"
	[ ! -e $switch ] || echo 0 >$switch
	release
}

# ---- without privilege ---------------------------------------------------------

check_unprivileged() {
	stay env
	status 0 '' "${nobody[@]}" "$kin" show "$held"
	same "it says once what it takes" "$(grep -c "$private" "$tmp/out")" 1
	shows '^  open descriptors, .*namespaces.*: ' "what it could not have"
	shows '^  nofile ' "limits, which are for everybody"
	shows_not '^  (open|rchar|netns|since_cpu|exe) +[0-9/]' "anything private"
	status 0 '' "${nobody[@]}" "$kin" show --json "$held"
	same "in JSON it is null, with the reason" \
		"$(json '[.open, .rchar, .exe, .netns, .namespaces_not_yours, (.not_shown | length)]')" \
		'[null,null,null,null,null,1]'
	for column in open files_pct rchar exe cwd root netns since_cpu delay_blkio stack; do
		status 4 "denied.*$private" "${nobody[@]}" "$kin" ps -o "pid,$column" "$held"
	done
	status 4 "denied.*$private" "${nobody[@]}" "$kin" ps -s open
	status 0 '' "${nobody[@]}" "$kin" ps "$held"
	release
}

in_container() {
	nsenter -t "$inside" -U -p -m --preserve-credentials "$@"
}

# Root of a container sees what is private of its own, but not of who came in from
# outside.
check_container() {
	local visitor
	stay unshare --user --map-root-user --pid --fork --mount-proc
	inside=$(pgrep -P "$held")
	nsenter -t "$inside" -p sh -c 'echo ready; read -r _' <"$tmp/go" >"$tmp/visitor" &
	exec {go}>"$tmp/go"
	until [ -s "$tmp/visitor" ]; do :; done
	status 0 'private columns of 1 are denied' \
		in_container "$kin" ps --no-headings -o pid,open,exe,denied
	shows '^ *1 +[0-9]+ +/' "its own"
	shows '^ *[0-9]+ denied +denied +files,exe$' "that the visitor's are denied"
	visitor=$(awk '/denied/ { print $1 }' "$tmp/out")
	status 0 'denied' in_container "$kin" ps --json -o pid,open "$visitor"
	same "null in JSON" "$(jq -c '[.tasks[].open]' "$tmp/out")" '[null]'
	status 0 '' in_container "$kin" show "$visitor"
	shows '^  open descriptors, .*: .*CAP_SYS_PTRACE' "the reason"
	status 0 '' in_container "$kin" show 1
	shows '^  open +[0-9]+ ' "its own descriptors"
	status 4 denied in_container "$kin" env "$visitor"
	status 0 '' in_container "$kin" env 1
	exec {go}>&-
	release
	wait
}

# ---- kin status --------------------------------------------------------------

module_says() {
	"$kin" status --json | jq ".module.$1"
}

check_status() {
	local before after
	before=$(module_says fds_sent)
	status 0 '' "$kin" fd "$$"
	after=$(module_says fds_sent)
	# those at the other ends of its pipes, too
	[ "$after" -ge "$((before + $(wc -l <"$tmp/out") - 1))" ] && [ "$after" -gt "$before" ]
	result $? "the module counts descriptors that it sends: $((after - before))"
	[[ $(module_says fds_lock_max_ns) =~ ^[0-9]+$ ]]
	result $? "and how long it locked a table: $(module_says fds_lock_max_ns) ns at most"
	status 0 '' "$kin" status
	shows '^  kernel has  events, (no )?kernel stacks, delay accounting$'
	shows "^  sent +$after descriptors\$"
	shows '^  lock +[0-9.]+[num]s at most'
}

mkfifo "$tmp/go"
chmod 755 "$tmp"
checks=(environment hole no_environment show namespaces deleted stack delays
	unprivileged container status)
[ $# = 0 ] || checks=("$@")
for check in "${checks[@]}"; do
	"check_$check"
done
rm -rf "$tmp"
plan

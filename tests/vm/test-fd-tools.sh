#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Side by side with the tools of the field, and with /proc: the descriptors of the zoo,
# and of programs as they are: a shell, python's web server and a ssh server, with
# connections open.  What differs is explained by a rule in tests/vm/fd/TOOL.py.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 1
web=8080 ssh=2222
n=0 failed=0
scratch=$(mktemp -d)

tap() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		failed=$((failed + 1))
		echo "not ok $n - $2"
	fi
}

# Pid of a child, and a word that its file holds when it is ready.
await() {
	until grep -qs "$2" "$1"; do
		kill -0 "$3" 2>/dev/null || { echo "Bail out! no $2 in $1: $(tail -n 3 "$1")"; exit 1; }
		sleep 0.05
	done
}

await_port() {
	until [ "$(ss -ltnH "sport = $1")" ]; do
		kill -0 "$2" 2>/dev/null || { echo "Bail out! nobody listens at $1"; exit 1; }
		sleep 0.05
	done
}

start_zoo() {
	mkfifo "$scratch/gate"
	build/tests/zoo "$scratch/zoo" <"$scratch/gate" >"$scratch/zoo.said" &
	zoo=$!
	exec {gate}>"$scratch/gate"
	await "$scratch/zoo.said" '^ready' "$zoo"
}

# One connection that has said nothing, one that has been answered and is kept.
start_web() {
	/usr/bin/python3 -m http.server "$web" --bind 127.0.0.1 --protocol HTTP/1.1 \
		--directory tests >"$scratch/web.said" 2>&1 &
	server=$!
	await_port "$web" "$server"
	# shellcheck disable=SC2034 # it is enough that it is open
	exec {silent}<>"/dev/tcp/127.0.0.1/$web"
	exec {kept}<>"/dev/tcp/127.0.0.1/$web"
	printf 'GET /build.mk HTTP/1.1\r\nHost: here\r\n\r\n' >&"$kept"
	read -r -u "$kept" -t 20 answer
	tap "$?" "python's web server answers: ${answer%%$'\r'}"
}

start_ssh() {
	dropbearkey -t ed25519 -f "$scratch/key" >/dev/null 2>&1
	dropbear -F -E -r "$scratch/key" -p "127.0.0.1:$ssh" -P "$scratch/ssh.pid" \
		2>"$scratch/ssh.said" &
	daemon=$!
	await_port "$ssh" "$daemon"
	exec {talk}<>"/dev/tcp/127.0.0.1/$ssh"
	read -r -u "$talk" -t 20 answer
	tap "$?" "the ssh server answers: ${answer%%$'\r'}"
}

# Results of another, as part of these.
join() {
	local status=0
	"$@" >"$scratch/said" || status=$?
	grep '^#' "$scratch/said"
	while read -r line; do
		[[ $line == ok* ]]
		tap "$?" "${line#* - }"
	done < <(grep -E '^(not )?ok ' "$scratch/said")
	[ "$(grep -cE '^(not )?ok ' "$scratch/said")" != 0 ] ||
		tap 1 "$1 ended with status $status and no result"
}

ip link set lo up
start_web
start_ssh
# The last: nobody else may hold its gate open.
start_zoo
for tool in ss lsfd lsof; do
	join "/usr/bin/python3" "tests/vm/fd/$tool.py"
done
join build/tests/test-fd --system
kill "$daemon" "$server"
exec {gate}>&-
wait
rm -rf "$scratch"
echo "1..$n"
[ "$failed" = 0 ]

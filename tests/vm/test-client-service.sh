#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kin alert as the service runs it: another user, with no capability but the one that the
# unit names.
set -u

kin=build/kin
tmp=$(mktemp -d)
chmod 755 "$tmp"
export LC_ALL=C
# shellcheck source=tests/install/tap
. tests/install/tap
# shellcheck disable=SC2154 # of tap
trap 'rm -rf "$tmp" "$said"' EXIT

# The unit is the list: what it allows, and no more.
granted() {
	sed -n "s/^$1=//p" systemd/kin-alert.service
}

# as_service CAPABILITY COMMAND...
as_service() {
	local caps=-all${1:+,+$1}
	shift
	setpriv --reuid 1000 --regid 1000 --clear-groups --no-new-privs --inh-caps="$caps" \
		--ambient-caps="$caps" --bounding-set="$caps" "$@"
}

told() {
	as_service "$1" "$kin" alert -f "$tmp/rules.yaml" -i 200ms --duration 3s --json \
		--state "$tmp/state/alerts.json" --spool "$tmp/state/spool" >"$tmp/out" 2>"$tmp/err"
}

summary() {
	jq -r 'select(.news == "firing") | .summary' "$tmp/out"
}

sleep 1000 &
sleeper=$!
mkdir "$tmp/state"
chown 1000 "$tmp/state"
cat >"$tmp/rules.yaml" <<-END
	rules:
	  - name: sleeper
	    expr: pid == $sleeper
	    summary: "{comm} {fds} {exe}"
END
capability=$(granted AmbientCapabilities)
capability=${capability,,}
capability=${capability#cap_}

check "the unit grants one capability" test "$capability" = sys_ptrace
check "and no other can be had" test "$(granted CapabilityBoundingSet)" = CAP_SYS_PTRACE
check "a stop does not end the commands of receivers" test "$(granted KillMode)" = mixed
check "with it alone, kin alert watches" told "$capability"
check "it knows what is private to another user" test \
	"$(summary)" = "sleep $(find /proc/$sleeper/fd -mindepth 1 | wc -l) $(readlink /proc/$sleeper/exe)"
check "its state is written" test -s "$tmp/state/alerts.json"
told ''
check "without it, permission is denied" test $? = 4
check "and it says what it takes" grep -q CAP_SYS_PTRACE "$tmp/err"
kill $sleeper
plan

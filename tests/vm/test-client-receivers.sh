#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kin alert and those who listen to it: Debian's Prometheus scrapes it and its rules
# fire; Debian's Alertmanager receives, groups and resolves, and loses nothing while it
# is away; the journal's fields read back. All on loopback.
# Arguments: only these checks, of those named at the end.
set -u

kin=build/kin
kit=tests/vm/receivers
PATH=$PWD/build/receivers:$PATH
tmp=$(mktemp -d)
metrics=http://127.0.0.1:9947/metrics
manager=http://127.0.0.1:9093
prometheus=http://127.0.0.1:9090
export LC_ALL=C
# shellcheck source=tests/install/tap
. tests/install/tap

# await SECONDS COMMAND...: until it succeeds
await() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >"$said" 2>&1; do
		[ $SECONDS -lt $end ] || return
		sleep 0.1
	done
}

get() {
	curl -sf --max-time 10 "$@"
}

# metric SERIES CONDITION: its value, as awk compares it: metric kin_up '== 1'. (In the
# environment a backslash is what it is.)
metric() {
	get $metrics >"$tmp/page" &&
		series=$1 awk "index(\$0, ENVIRON[\"series\"] \" \") == 1 { found = 1; exit !(\$NF $2) }
			END { if (!found) exit 1 }" "$tmp/page"
}

# managed FILTER: of all alerts that Alertmanager has
managed() {
	get $manager/api/v2/alerts | jq -e "$1"
}

# told FILTER: of all notifications that Alertmanager sent, as a list
told() {
	jq -s -e "$1" "$tmp/told"
}

# promised QUERY FILTER: what Prometheus answers, a list of series
promised() {
	get "$prometheus/api/v1/query" --data-urlencode "query=$1" | jq -e ".data.result | $2"
}

# ---- who runs -----------------------------------------------------------------------

running=()

start() {
	"$@" >"$tmp/${1##*/}.log" 2>&1 &
	running+=($!)
}

stop_all() {
	kill "${running[@]}" 2>/dev/null
	wait
}

start_journal() {
	[ ! -S /run/systemd/journal/socket ] || return 0
	mkdir -p /run/systemd/journal
	start /lib/systemd/systemd-journald
	await 60 test -S /run/systemd/journal/socket
}

start_manager() {
	prometheus-alertmanager --config.file=$kit/alertmanager.yml --storage.path="$tmp/am" \
		--web.listen-address=127.0.0.1:9093 --cluster.listen-address= \
		>>"$tmp/manager.log" 2>&1 &
	manager_pid=$!
	await 120 get $manager/-/ready
}

start_kin() {
	start $kin alert --rules $kit/kin-rules.yml --listen 127.0.0.1:9947 --spool "$tmp/spool"
	kin_pid=$!
	await 60 metric kin_up '== 1'
}

start_prometheus() {
	start prometheus --config.file=$kit/prometheus.yml --storage.tsdb.path="$tmp/prometheus" \
		--web.listen-address=127.0.0.1:9090
	await 120 get $prometheus/-/ready
}

# culprit NAME: a process that calls itself so; its number is in $culprit
culprit() {
	[ -e "$tmp/$1" ] || cp "$(command -v sleep)" "$tmp/$1"
	"$tmp/$1" 10000 &
	culprit=$!
}

end_culprit() {
	kill "$1"
	wait "$1" 2>/dev/null
}

# ---- what is shipped ------------------------------------------------------------------

# routed RECEIVERS LABEL...: contrib/alertmanager sends an alert with these labels to them
routed() {
	amtool config routes test --config.file=contrib/alertmanager/alertmanager.yml \
		--verify.receivers="$1" "${@:2}"
}

check_examples() {
	check "promtool takes contrib/prometheus" promtool check config contrib/prometheus/prometheus.yml
	check "its rules fire of series that are bad, and of no others" \
		promtool test rules $kit/kin-alerts-test.yml
	check "amtool takes contrib/alertmanager" \
		amtool check-config contrib/alertmanager/alertmanager.yml
	check "it pages of what is critical, and tells the others, too" routed page,ops severity=critical
	check "of what is worth a warning, these" routed ops severity=warning
	check "of what is not, nobody" routed nobody severity=info
	check "the dashboard is JSON, with panels" \
		jq -e '[.panels[] | select(.targets)] | length > 20' contrib/grafana/kin.json
}

# ---- the exposition -------------------------------------------------------------------

# Names of metrics in queries: PromQL's own words have no kin_ before them.
names_in() {
	grep -oE '\b(kin|process)_[a-z0-9_]+' "$@" | sort -u
}

exported() {
	get $metrics | sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' | sort -u
}

check_exposition() {
	get $metrics >"$tmp/page" && promtool check metrics <"$tmp/page" >"$said" 2>&1
	result $? "promtool accepts the exposition, and has no advice"
	get -D "$tmp/head" -o "$said" $metrics
	grep -qi '^content-type: text/plain; version=0.0.4' "$tmp/head"
	result $? "its type is that of format 0.0.4"
	culprit culprit
	await 60 metric 'kin_alerts{rule="culprit",severity="critical",state="firing"}' '== 1'
	exported >"$tmp/exported"
	jq -r '.. | .expr? // empty' contrib/grafana/kin.json >"$tmp/queries"
	names_in "$tmp/queries" >"$tmp/shown"
	comm -23 "$tmp/shown" "$tmp/exported" >"$said"
	[ -s "$tmp/shown" ] && [ ! -s "$said" ]
	result $? "each of the $(wc -l <"$tmp/shown") metrics of the dashboard is exported"
	comm -13 "$tmp/shown" "$tmp/exported" |
		grep -vE '^(kin_build_info|kin_module_info|kin_sample_interval_seconds|kin_host_guest_cpu_seconds_total|process_(open_fds|max_fds|start_time_seconds))$' >"$said"
	[ -s "$tmp/exported" ] && [ ! -s "$said" ]
	result $? "what is exported is on the dashboard"
	sed -n 's/^ *expr: *//p; /expr: >/,/^$/p' contrib/prometheus/kin-alerts.yml >"$tmp/queries"
	names_in "$tmp/queries" >"$tmp/used"
	comm -23 "$tmp/used" "$tmp/exported" >"$said"
	[ "$(wc -l <"$tmp/used")" -ge 14 ] && [ ! -s "$said" ]
	result $? "each metric of the example rules is exported"
	end_culprit $culprit
}

# What somebody calls himself breaks no page.
check_names() {
	local odd=$tmp/odd
	culprit $'a"b\\c\nd\xff'
	await 60 metric 'kin_comm_processes{comm="a\"b\\c\\x0ad\\xff"}' '== 1'
	result $? "a name with quotes, a new line and no UTF-8"
	get $metrics >"$odd" && promtool check metrics <"$odd" >"$said" 2>&1
	result $? "promtool accepts that, too"
	end_culprit $culprit
}

check_refusals() {
	[ "$(curl -s -o "$said" -w '%{http_code}' http://127.0.0.1:9947/nothing)" = 404 ]
	result $? "404 for what is not there"
	[ "$(curl -s -o "$said" -w '%{http_code}' -d x $metrics)" = 405 ]
	result $? "405 for POST"
	refuse 'cannot listen on 127.0.0.1:9947: Address already in use' "an address in use is told" \
		$kin export --duration 5s
	refuse "'localhost:1' is not an address and a port" "so is what is no address" \
		$kin export --duration 5s --listen localhost:1
	refuse "'0' is not a number of groups, 1 to 1000" "so is what is no number of groups" \
		$kin export --duration 5s --top 0
}

# Whoever connects, and says nothing, does not keep others out.
check_crowded() {
	local fds=() fd
	for _ in {1..40}; do
		exec {fd}<>/dev/tcp/127.0.0.1/9947
		fds+=("$fd")
	done
	get $metrics >"$said"
	result $? "40 are connected, and it still answers"
	read -r -t 5 -u "${fds[0]}"
	[ $? = 1 ]
	result $? "who came first is cut off"
	for fd in "${fds[@]}"; do exec {fd}>&-; done
}

# ---- CPU time, to the nanosecond -------------------------------------------------------

# How much of SERIES grew between two pages.
grown() {
	awk -v series="$1" 'index($1, series) == 1 { sum[FILENAME] += $2 }
		END { printf "%.9f\n", sum[ARGV[2]] - sum[ARGV[1]] }' "$tmp/before" "$tmp/after"
}

# burnt N: so many ends were told
burnt() {
	[ "$(jq -s 'map(select(.comm == "burner")) | length' "$tmp/events")" = "$1" ]
}

# Many that end between two scrapes: what the kernel charged to them, exit by exit, is
# in the counter.
check_cpu() {
	local want got
	cp "$(command -v bash)" "$tmp/burner"
	get $metrics >"$tmp/before"
	$kin events --event exit --json >"$tmp/events" &
	local events=$!
	await 30 metric kin_module_subscribers '== 2'
	# shellcheck disable=SC2016 # for the one that burns
	for _ in {1..20}; do "$tmp/burner" -c 'for ((i = 0; i < 3000; i++)); do :; done'; done
	await 30 burnt 20
	kill $events
	wait $events 2>/dev/null
	metric kin_up '== 1'
	get $metrics >"$tmp/after"
	want=$(jq -s 'map(select(.comm == "burner") | .runtime_ns) | add / 1e9' "$tmp/events")
	got=$(grown 'kin_comm_cpu_seconds_total{comm="burner"}')
	echo "events told $want s, the counter grew by $got s" >"$said"
	awk -v a="$want" -v b="$got" 'BEGIN { exit !(a > 0 && (a - b) ^ 2 < 1e-16) }'
	result $? "the CPU time of 20 short-lived processes, to the nanosecond: $got s"
}

# Sums hold over each kind of group.
check_sums() {
	local label
	get $metrics >"$tmp/page"
	for label in comm cgroup user; do
		awk -v name="kin_${label}_processes" 'index($1, name "{") == 1 { sum += $2 }
			$1 == "kin_host_processes" { all = $2 }
			END { print sum, all; exit !(sum && (sum - all) ^ 2 <= 9) }' "$tmp/page" >"$said"
		result $? "processes by $label add up to all: $(cat "$said")"
	done
}

# ---- Prometheus -----------------------------------------------------------------------

check_prometheus() {
	start_prometheus
	await 60 promised 'up{job="kin"}' '.[0].value[1] == "1"'
	result $? "Prometheus scrapes it"
	await 60 promised 'kin_host_cpus' ".[0].value[1] == \"$(nproc)\""
	result $? "and has what it tells"
	culprit culprit
	await 60 promised 'ALERTS{alertname="CulpritSeen", alertstate="firing"}' 'length == 1'
	result $? "a rule of Prometheus fires of a process of that name"
	await 60 promised 'ALERTS{alertname="KinAlertFires", alertstate="firing"}' 'length == 1'
	result $? "and one of an alert of kin"
	end_culprit $culprit
	await 60 promised 'ALERTS{alertstate="firing"}' 'length == 0'
	result $? "both end with it"
	await 120 promised 'sum(rate(kin_comm_cpu_seconds_total[30s]))' '.[0].value[1] | tonumber > 0'
	result $? "rates can be had of the groups' CPU time"
}

# ---- Alertmanager ---------------------------------------------------------------------

is_of() {
	echo ".labels.alertname == \"culprit\" and .labels.pid == \"$1\""
}

check_manager() {
	local one two
	: >"$tmp/told"
	culprit culprit
	one=$culprit
	culprit culprit
	two=$culprit
	await 60 managed "map(select($(is_of "$one") or $(is_of "$two"))) | length == 2"
	result $? "Alertmanager has both alerts"
	managed ".[] | select($(is_of "$one")) | .labels | .severity == \"critical\" and
		.team == \"ops\" and .comm == \"culprit\" and .instance == \"$(uname -n)\"" >"$said"
	result $? "their labels say who and where"
	managed ".[] | select($(is_of "$one")) | .annotations.summary == \"culprit($one) is here\"" >"$said"
	result $? "and the summary, what"
	get $manager/api/v2/alerts/groups | jq -e \
		'map(select(.labels.alertname == "culprit")) | length == 1 and (.[0].alerts | length == 2)' >"$said"
	result $? "they are one group"
	await 60 told "any(.[]; .status == \"firing\" and (.alerts | length) == 2)"
	result $? "and one notification"
	end_culprit "$one"
	await 60 told "any(.[].alerts[]; .status == \"resolved\" and $(is_of "$one"))"
	result $? "one ends: it is resolved"
	told "any(.[].alerts[]; .status == \"resolved\" and $(is_of "$two"))" >"$said"
	[ $? = 1 ] && managed "any(.[]; $(is_of "$two"))" >"$said"
	result $? "the other fires still"
	end_culprit "$two"
	await 60 managed "any(.[]; .labels.alertname == \"culprit\") | not"
	result $? "and then none does"
}

a_minute_since() {
	[ $((SECONDS - $1)) -ge 60 ]
}

# It forgets what was told when it ends, but for what it told itself.
check_away() {
	local ended stays third away=$SECONDS dropped crowd=()
	dropped='kin_receiver_dropped_total{receiver="manager"}'
	: >"$tmp/told"
	culprit culprit
	ended=$culprit
	await 60 told "any(.[].alerts[]; .status == \"firing\" and $(is_of "$ended"))"
	result $? "an alert fires while Alertmanager is there"
	kill $manager_pid
	wait $manager_pid
	end_culprit "$ended"
	culprit culprit
	stays=$culprit
	for _ in 1 2 3; do
		culprit crowd
		crowd+=("$culprit")
	done
	await 60 metric 'kin_receiver_away{receiver="manager"}' '== 1'
	result $? "it is away, and kin knows"
	await 60 metric 'kin_receiver_queued{receiver="manager"}' '>= 3'
	result $? "what happens meanwhile waits: one end, two new alerts"
	culprit culprit
	third=$culprit
	await 60 metric 'kin_receiver_queued{receiver="manager"}' '>= 4'
	end_culprit "$third"
	await 240 a_minute_since $away
	metric 'kin_receiver_away{receiver="manager"}' '== 1' && metric "$dropped" '== 0'
	result $? "after a minute nothing was dropped, and it is still away"
	start_manager
	await 180 metric 'kin_receiver_queued{receiver="manager"}' '== 0'
	result $? "back again, it gets all of it"
	await 60 managed "any(.[]; $(is_of "$stays")) and any(.[]; .labels.alertname == \"crowd\")"
	result $? "it has what began while it was away"
	await 60 told "any(.[].alerts[]; .status == \"resolved\" and $(is_of "$ended"))"
	result $? "and tells what ended"
	metric "$dropped" '== 0'
	result $? "nothing was lost"
	managed "any(.[]; $(is_of "$third")) | not" >"$said"
	result $? "what began and ended meanwhile does not fire"
	end_culprit "$stays"
	for culprit in "${crowd[@]}"; do end_culprit "$culprit"; done
}

# ---- the journal ------------------------------------------------------------------------

# entries MATCH...: of this boot's journal, as JSON
entries() {
	journalctl --no-pager -q -b -o json "$@"
}

check_journal() {
	culprit culprit
	await 60 eval "entries KIN_RULE=culprit KIN_PID=$culprit | grep -q ."
	result $? "the journal has an entry"
	entries KIN_RULE=culprit "KIN_PID=$culprit" >"$said"
	jq -e "select(.KIN_NEWS == \"firing\") | .KIN_COMM == \"culprit\" and .KIN_SEVERITY == \"critical\" and
		.KIN_STATE == \"firing\" and .PRIORITY == \"2\" and .SYSLOG_IDENTIFIER == \"kin\" and
		.KIN_SUMMARY == \"culprit($culprit) is here\" and .KIN_LABEL_TEAM == \"ops\" and
		(.KIN_FAMILY | endswith(\"culprit($culprit)\")) and
		(.MESSAGE | contains(\"culprit($culprit) is here\"))" <"$said" >/dev/null
	result $? "its fields read back as they were told"
	local id
	id=$(jq -r .MESSAGE_ID "$said")
	entries "MESSAGE_ID=$id" KIN_PID="$culprit" | grep -q .
	result $? "it is found by its message id"
	end_culprit $culprit
	await 60 eval "entries KIN_RULE=culprit KIN_PID=$culprit KIN_STATE=resolved | grep -q ."
	result $? "and one that it is resolved"
}

# ---- kin export alone -----------------------------------------------------------------

exports_at() {
	export_at=$(sed -n 's/^Serving //p' "$tmp/export")
	[ "$export_at" ] && get "$export_at" >"$tmp/page"
}

check_export() {
	"$kin" export --listen '[::1]:0' --top 2 --rules $kit/kin-rules.yml >"$tmp/export" &
	local pid=$!
	await 60 exports_at
	result $? "kin export, on an address of IPv6 and a port of the kernel's choice: $export_at"
	[ "$(grep -c '^kin_comm_processes{' "$tmp/page")" -le 5 ] &&
		[ "$(grep -c '^kin_fds_open{' "$tmp/page")" -le 2 ]
	result $? "two groups by each measure, and the others"
	grep -q '^kin_alerts{rule="never",severity="info",state="firing"} 0$' "$tmp/page"
	result $? "each rule has its series, also while it is true of nobody"
	kill -TERM $pid
	wait $pid
	result $? "SIGTERM ends it, with status 0"
}

# Without the module nothing is told of tasks, rather than what was.
check_unloaded() {
	local before
	get $metrics >"$tmp/page"
	before=$(awk '$1 == "kin_events_total{kind=\"exit\"}" { print $2 }' "$tmp/page")
	rmmod kin
	await 60 metric kin_up '== 0'
	! grep -qE '^kin_(host|comm|cgroup|user|fds|module)_' "$tmp/page" &&
		grep -q '^kin_alerts{' "$tmp/page" && promtool check metrics <"$tmp/page" >"$said" 2>&1
	result $? "the module is unloaded: kin_up is 0, and no number of a task is told"
	insmod "$KIN_MODULE"
	await 60 metric kin_up '== 1'
	result $? "loaded again: kin_up is 1"
	metric 'kin_events_total{kind="exit"}' ">= $before"
	result $? "the counters go on"
}

ip link set lo up
checks=(examples exposition names refusals crowded cpu sums prometheus manager away journal export
	unloaded)
start_journal
"$kit/recorder" 9094 "$tmp/told" &
running+=($!)
start_manager
if start_kin; then
	for name in "${@:-${checks[@]}}"; do
		"check_$name"
	done
	kill "$kin_pid"
	wait "$kin_pid" 2>"$said"
	result $? "kin alert ends with status 0"
else
	cp "$tmp/kin.log" "$said"
	result 1 "kin alert serves its metrics"
fi
running+=("$manager_pid")
stop_all
rm -rf "$tmp"
plan

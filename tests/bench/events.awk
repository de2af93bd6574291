# SPDX-License-Identifier: GPL-2.0-or-later
#
# What events prints: as a table (table=1), as rows for bench.tsv (tsv=1), or, given
# budgets, only what is wrong with it.
#
# What a cycle takes more is what those cost who look on. Divided by the events of
# a cycle it is what an event costs, all readers together.

function of_event(name, who) {
	return more[name, who] * cycles[name, who] / events[name, who]
}

# Each has its own, measured between its rounds.
function mean_bare(name,    i, sum) {
	for (i = 1; i <= n_ways[name]; i++)
		sum += bare[name, way[name, i]]
	return sum / n_ways[name]
}

function show(name,    i, who) {
	print name ": instructions of a cycle, all readers included"
	printf "  %-14s %12s %12s %12s %12s %10s %8s\n", "who looks on", "a cycle", "without", "more", "each event", "told lost", "spread"
	for (i = 1; i <= n_ways[name]; i++) {
		who = way[name, i]
		printf "  %-14s %12s %12s %12s", who, grouped(each[name, who]), grouped(bare[name, who]), grouped(more[name, who])
		printf " %12s", events[name, who] && !lost[name, who] ? grouped(of_event(name, who)) : "-"
		printf " %10s %6.2f %%\n", grouped(lost[name, who]), 100 * spread[name, who]
	}
	print ""
}

function rows(name,    i, who, n) {
	who = way[name, 1]
	printf "%s\tbare\t%d\t%.0f\t%.1f\n", name, cycles[name, who], mean_bare(name) * cycles[name, who], mean_bare(name)
	for (i = 1; i <= n_ways[name]; i++) {
		who = way[name, i]
		n = cycles[name, who]
		printf "%s\t%s\t%d\t%.0f\t%.1f\n", name, who, n, each[name, who] * n, each[name, who]
		printf "%s more\t%s\t%d\t%.0f\t%.1f\n", name, who, n, more[name, who] * n, more[name, who]
		n = events[name, who]
		if (n && !lost[name, who])
			printf "%s event\t%s\t%d\t%.0f\t%.1f\n", name, who, n, of_event(name, who) * n, of_event(name, who)
	}
}

function check(name,    most) {
	most = chance * mean_bare(name)
	if ((name, "kin 0") in more && (more[name, "kin 0"] > most || -more[name, "kin 0"] > most))
		printf "%s: nobody reads kin's events, and a cycle takes %.0f more, not 0 (repeatable to %.0f)\n", name, more[name, "kin 0"], most
	if (!((name, "kin 1") in more))
		return
	if (of_event(name, "kin 1") > event)
		printf "%s: kin takes %.0f instructions an event, the budget is %d\n", name, of_event(name, "kin 1"), event
	if ((name, "kin stopped") in more && more[name, "kin stopped"] > more[name, "kin 1"] + most)
		printf "%s: a reader that does not read costs %.0f a cycle, one that does %.0f\n", name, more[name, "kin stopped"], more[name, "kin 1"]
}

!($1 in n_ways) {
	names[++n_names] = $1
}
{
	way[$1, ++n_ways[$1]] = $2
	cycles[$1, $2] = $3
	each[$1, $2] = $5
	events[$1, $2] = $6
	spread[$1, $2] = $7
	bare[$1, $2] = $8
	more[$1, $2] = $9
	lost[$1, $2] = $10
}
END {
	for (i = 1; i <= n_names; i++) {
		if (table)
			show(names[i])
		else if (tsv)
			rows(names[i])
		else
			check(names[i])
	}
}

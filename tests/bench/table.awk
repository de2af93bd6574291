# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tables of what bench prints: a row for each contender, a column for each size.

function heading(goal) {
	if (goal == "numbers")
		return "20 numbers of each process: instructions for each process"
	if (goal == "base")
		return "kin's group base only: instructions for each process"
	if (goal == "threads")
		return "kin, processes and threads, base+sched+mem: instructions for each record"
	if (goal == "rows")
		return "A whole program, 14 columns: instructions for each row"
	return goal ": instructions for each record"
}

function show(goal,    i, j, c, last, first) {
	print heading(goal)
	printf "  %-14s", "tasks"
	for (j = 1; j <= n_sizes; j++)
		printf " %12s", grouped(sizes[j])
	last = sizes[n_sizes]
	printf " %16s %8s %8s\n", "a pass", "x kin", "spread"
	for (i = 1; i <= n_contenders[goal]; i++) {
		c = contender[goal, i]
		if (i == 1)
			first = each[goal, c, last]
		printf "  %-14s", c
		for (j = 1; j <= n_sizes; j++)
			printf " %12s", grouped(each[goal, c, sizes[j]])
		printf " %16s %8.1f %6.2f %%\n", grouped(pass[goal, c, last]), each[goal, c, last] / first, 100 * spread[goal, c]
	}
	print ""
}

!($3 in size_seen) {
	size_seen[$3] = 1
	sizes[++n_sizes] = $3
}
!($1 in n_contenders) {
	goals[++n_goals] = $1
}
!(($1, $2) in spread) {
	contender[$1, ++n_contenders[$1]] = $2
	spread[$1, $2] = 0
}
{
	pass[$1, $2, $3] = $4
	each[$1, $2, $3] = $5
	if ($7 > spread[$1, $2])
		spread[$1, $2] = $7
}
END {
	for (g = 1; g <= n_goals; g++)
		show(goals[g])
}

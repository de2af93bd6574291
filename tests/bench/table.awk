# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tables of what bench and files print: a row for each contender, a column for each
# size: so many tasks, or so many of what. What a pass takes, and how many times that
# of kin, are of the largest size that a contender was tried with.

function heading(goal) {
	if (goal == "numbers")
		return "20 numbers of each process: instructions for each process"
	if (goal == "base")
		return "kin's group base only: instructions for each process"
	if (goal == "threads")
		return "kin, processes and threads, base+sched+mem: instructions for each record"
	if (goal == "rows")
		return "A whole program, 14 columns: instructions for each row"
	if (goal == "where")
		return "The same where no process is shown: instructions for each process"
	if (goal == "path")
		return "Number and path of each descriptor of a process: instructions for each descriptor"
	if (goal == "count")
		return "How many descriptors a process has: instructions in all"
	if (goal == "types")
		return "How many of each type a process has: instructions for each descriptor"
	if (goal == "fd rows")
		return "A whole program that shows the descriptors of a process: instructions for each row"
	if (goal == "lock")
		return "The longest time that a table was locked: instructions in all"
	return goal ": instructions for each record"
}

# Of what does not grow with the size, a share of it says nothing.
function value(goal, c, size) {
	return goal == "count" || goal == "lock" ? pass[goal, c, size] : each[goal, c, size]
}

function cell(goal, c, size) {
	return (goal, c, size) in pass ? grouped(value(goal, c, size)) : "-"
}

function largest(goal, c,    j) {
	for (j = n_sizes; j && !((goal, c, sizes[j]) in pass); j--);
	return sizes[j]
}

# Of what the first one takes, which is kin.
function times(goal, c, size,    first) {
	first = each[goal, contender[goal, 1], size]
	return first ? each[goal, c, size] / first : 1
}

function show(goal,    i, j, c, last) {
	print heading(goal)
	printf "  %-15s", what ? what : "tasks"
	for (j = 1; j <= n_sizes; j++)
		printf " %12s", grouped(sizes[j])
	printf " %16s %8s %8s\n", "a pass", "x kin", "spread"
	for (i = 1; i <= n_contenders[goal]; i++) {
		c = contender[goal, i]
		last = largest(goal, c)
		printf "  %-15s", c
		for (j = 1; j <= n_sizes; j++)
			printf " %12s", cell(goal, c, sizes[j])
		printf " %16s", grouped(pass[goal, c, last])
		printf " %8.1f %6.2f %%\n", times(goal, c, last), 100 * spread[goal, c]
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

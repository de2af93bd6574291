# SPDX-License-Identifier: GPL-2.0-or-later
"""Results, as TAP."""

results = failures = 0


def result(good, what, why=''):
    """One result; why it failed goes below it."""
    global results, failures
    results += 1
    failures += not good
    print(f'{"ok" if good else "not ok"} {results} - {what}', flush=True)
    if not good:
        for line in str(why).splitlines():
            print(f'#   {line}', flush=True)
    return good


def finish():
    """The plan; the program's exit status."""
    print(f'1..{results}', flush=True)
    return 1 if failures else 0

# SPDX-License-Identifier: GPL-2.0-or-later
"""The illnesses, and what kin alert must say of each by its default rules."""
from dataclasses import dataclass, field

DISK = '/dev/nullb0'
LOWERED_PID_MAX = 4096


@dataclass
class Scenario:
    name: str
    rule: str
    within: float               # seconds from its beginning until the rule fires
    resolved: float             # from the cure until it is resolved
    arguments: tuple = ()       # of the lab of that name
    # Whom the alert must name: "pid", what the lab prints; "lab", the lab itself;
    # or a key ({exe} is the lab's file, {lab} its pid); "" is the host
    culprit: str = 'pid'
    stays: float = 30           # how long it is ill after that
    # Other rules that are true, too, and why
    companions: dict = field(default_factory=dict)
    sysctl: tuple = ()          # name, value: while it is ill


LOAD = 'what runs or wants to is what a load average counts'
MANY = 'hundreds that compute, for one CPU'
ENDS = 'whoever is killed runs once more: thousands at a time'
FORKS = 'it takes the pids by forking, at once'

SCENARIOS = [
    Scenario('runaway', 'runaway', 90, 60, stays=15),
    Scenario('leak', 'memory-leak', 180, 300),
    Scenario('zombies', 'zombie-flood', 30, 30),
    Scenario('fdleak', 'fd-leak', 90, 180, stays=15),
    Scenario('threadleak', 'thread-explosion', 60, 60),
    Scenario('forkbomb', 'fork-bomb', 30, 120, culprit='/kin-lab-{lab}', stays=15,
             companions={'load': LOAD, 'cpu-contention': MANY}),
    Scenario('crashloop', 'crash-loop', 90, 240, culprit='{exe}'),
    Scenario('oom', 'oom-kill', 10, 360, culprit='oom'),
    Scenario('stuck', 'stuck', 60, 30),
    Scenario('contention', 'cpu-contention', 120, 120, culprit='', stays=15),
    Scenario('iowait', 'io-wait', 90, 90, (DISK,), culprit=''),
    Scenario('pidfill', 'pids', 30, 60, culprit='', companions={'fork-bomb': FORKS, 'load': ENDS},
             sysctl=('kernel/pid_max', LOWERED_PID_MAX)),
    Scenario('storm', 'short-lived', 120, 120, stays=15),
]

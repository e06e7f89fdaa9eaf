"""Questions to the autoscaler's controller, at random and always the same, and what ours answers."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalogue.model.scaling import Autoscaler, Measure, Pace, Prefer, Step, Targets
from catalogue.model.time import Duration
from catalogue.scaling import API
from components.render.autoscaling import hpa_spec
from ops.simulate.controller import Controller, Reading, Requested, wishes
from ops.simulate.report import ENGINES

COUNT = 2_000
RECORDED = Path(__file__).with_name("decisions.json")
"""What Kubernetes' own controller answers."""

Answer = Sequence[int]
"""Pods by processor, by memory, by each one's load, by the load of all, and within the pace. -1: no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a controller knows when it decides."""

    current: int
    targets: Targets
    requested: Requested
    total: int
    pods: Sequence[Reading]
    wanted: int
    wished: Sequence[tuple[int, int]]
    """How many seconds ago, and how many pods."""

    changed: Sequence[tuple[int, int]]
    autoscaler: Autoscaler


def questions() -> Sequence[Question]:
    """All of them."""
    return [_question(random.Random(seed)) for seed in range(COUNT)]  # noqa: S311 no secret hangs on it


def _question(dice: random.Random) -> Question:
    count = dice.randint(1, 12)
    # Near the targets most is decided by roundings.
    busy = dice.choice([0.2, 0.6, 0.9, 1.0, 1.1, 1.5, 4.0])
    cpu, memory, load = dice.randint(50, 900), dice.randint(1_000, 9_000), dice.randint(1, 900)
    percent = dice.choice([50, 70, 80, 100, 120])
    pods = [
        Reading(
            pending=dice.random() < 0.1,
            warm=dice.random() < 0.8,
            cpu=_near(dice, cpu * percent / 100 * busy),
            memory=_near(dice, memory * percent / 100 * busy),
            load=_near(dice, load * 1_000 * busy),
        )
        for _ in range(count)
    ]
    least = dice.randint(1, 5)
    return Question(
        current=dice.choice([count, count, count + 1]),
        targets=Targets(
            least=least,
            most=least + dice.randint(0, 30),
            cpu_percent=percent,
            memory_percent=percent,
            load=load,
        ),
        requested=Requested(cpu=cpu, memory=memory),
        total=int(load * 1_000 * count * busy),
        pods=pods,
        wanted=dice.randint(1, 40),
        # None on the edge of a window, where two clocks may disagree.
        wished=[(dice.randrange(7, 700, 10), dice.randint(1, 40)) for _ in range(dice.randint(0, 6))],
        changed=[(dice.randrange(7, 200, 10), dice.choice([-3, -2, -1, 1, 2, 5])) for _ in range(dice.randint(0, 5))],
        autoscaler=API if dice.random() < 0.5 else _other(dice),
    )


def _near(dice: random.Random, value: float) -> int | None:
    return None if dice.random() < 0.15 else int(value * dice.uniform(0.9, 1.1))


def _other(dice: random.Random) -> Autoscaler:
    def pace() -> Pace:
        steps = tuple(
            Step(
                measure=dice.choice(list(Measure)),
                value=dice.randint(1, 120),
                period=Duration(dice.choice([15, 60, 90])),
            )
            for _ in range(dice.randint(1, 3))
        )
        return Pace(steps=steps, prefer=dice.choice(list(Prefer)), settle=Duration(dice.choice([0, 60, 300])))

    return Autoscaler(name=API.name, service=API.service, load=API.load, up=pace(), down=pace())


def ours(asked: Question) -> Answer:
    """What the simulation's controller answers."""
    by = {
        engine: wishes(
            asked.current, asked.pods, asked.total, targets=asked.targets, requested=asked.requested, engine=engine
        )
        for engine in ENGINES
    }
    controller = Controller(
        autoscaler=asked.autoscaler,
        targets=asked.targets,
        wishes=[(-age, pods) for age, pods in asked.wished],
        changes=[(-age, pods) for age, pods in asked.changed],
    )
    said = [*by["hpa"], by["keda"][-1]]
    return [*(-1 if wish is None else wish for wish in said), controller.decide(0, asked.current, asked.wanted)]


def wire(asked: Question) -> dict[str, Any]:
    """The question as the real controller is asked it."""
    return {
        "Current": asked.current,
        "Least": asked.targets.least,
        "Most": asked.targets.most,
        "CpuPercent": asked.targets.cpu_percent,
        "MemoryPercent": asked.targets.memory_percent,
        "CpuRequest": asked.requested.cpu,
        "MemoryRequest": asked.requested.memory,
        "LoadTarget": (asked.targets.load or 0) * 1_000,
        "Total": asked.total,
        "Pods": [
            {"Pending": pod.pending, "Warm": pod.warm, "Cpu": pod.cpu, "Memory": pod.memory, "Load": pod.load}
            for pod in asked.pods
        ],
        "Wanted": asked.wanted,
        "Wishes": [{"Age": age, "Value": pods} for age, pods in asked.wished],
        "Ups": [{"Age": age, "Value": pods} for age, pods in asked.changed if pods > 0],
        "Downs": [{"Age": age, "Value": -pods} for age, pods in asked.changed if pods < 0],
        "Behavior": hpa_spec(asked.autoscaler, asked.targets)["behavior"],
    }

"""More requests bring more pods, and fewer take them away again, as the plan's object says and not faster."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.live.scaling.loop import PACE, Loop, loop, planned

_BEHAVIOR = planned("horizontalpodautoscaler-openpolicy-api")["spec"]["behavior"]


@pytest.fixture(scope="module")
def made() -> Iterator[Loop]:
    with loop() as started:
        yield started


def test_the_whole_loop(made: Loop) -> None:
    # The fewest, although nobody asks for anything: and probes, which are nine times as many, count for nothing.
    assert made.replicas() == 3
    made.load.rate = 2_400
    assert made.watch(lambda count: count != 3, seconds=10)[-1][1] == 3

    # Twelve thousand requests a second want twelve pods of a thousand each. A tenth more or less is let pass.
    made.load.rate = 12_000
    grown = made.watch(lambda count: count >= 11, seconds=60)
    assert grown[-1][1] in (11, 12)
    for (_, before), (_, after) in pairwise(grown):
        assert before < after <= max(2 * before, before + 4)
    most = made.watch(lambda count: count > 13, seconds=5)[-1][1]
    assert most in (11, 12, 13)
    conditions = {each["type"]: each["status"] for each in made.autoscaler()["status"]["conditions"]}
    assert (conditions["AbleToScale"], conditions["ScalingActive"]) == ("True", "True")

    # Nobody is left. The highest wish of five minutes counts, and then a tenth goes in a minute, counted down.
    made.load.rate = 100
    shrunk = made.watch(lambda count: count <= 8, seconds=90)
    down = _BEHAVIOR["scaleDown"]
    assert shrunk[1][0] >= down["stabilizationWindowSeconds"] / PACE * 0.9
    assert shrunk[-1][1] == 8
    # Whatever it was, a minute later nine tenths of that are left. A step may come a second late, and the next not.
    minute = down["policies"][0]["periodSeconds"] / PACE - 1
    for number, (began, _) in enumerate(shrunk[1:], start=1):
        (_, before), within = shrunk[number - 1], [count for at, count in shrunk if began <= at < began + minute]
        assert min(within) >= before * 9 // 10


def test_processors_bring_pods_as_requests_do(made: Loop) -> None:
    before = made.replicas()
    # Of the 500m that each asks for, 70% are meant.
    made.load.cpu = "700m"
    assert made.watch(lambda count: count > before, seconds=60)[-1][1] > before

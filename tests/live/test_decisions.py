"""The recorded decisions are still those of the controller's own code."""

import json

from tests.live.decisions import real
from tests.support.decisions import RECORDED, ours, questions


def test_the_real_controller_decides_as_recorded_and_as_the_simulation() -> None:
    answers = real()
    assert answers == json.loads(RECORDED.read_text(encoding="utf-8")), "python -m tests.live.decisions"
    assert answers == [list(ours(question)) for question in questions()]

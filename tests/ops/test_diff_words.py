"""How a comparison reads: short and open first, exact where it is long, and never longer than a comment can be."""

import json

import pytest
from rich.console import Console

from ops.diff.machine import machine
from ops.diff.markdown import LIMIT, markdown
from ops.diff.model import Change, Comparison, Difference, Kind, Section
from ops.diff.screen import show
from ops.diff.words import difference, headline


def made(changes: int = 1, *, warnings: tuple[str, ...] = (), text: str = "below") -> Comparison:
    each = Difference(label="threshold", old="above", new=text)
    listed = tuple(
        Change(name=f"Alert{number:04}", kind=Kind.CHANGED, differences=(each,)) for number in range(changes)
    )
    sections = (Section(title="Alerts", changes=listed),) if changes else ()
    documents = ("resources.json",) if changes else ()
    return Comparison(stack="prod", base="main (0123456)", warnings=warnings, sections=sections, documents=documents)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("above 10 %", "above 5 %", "it above 10 % → above 5 %"),
        (None, "5m", "it 5m is new"),
        ("5m", None, "it 5m is gone"),
        ("", "5m", "it nothing → 5m"),
        (("a", "b"), ("b", "c"), "it: + c, − a"),
        (("a", "b"), ("b", "a"), "it: in another order, b, a"),
        (None, ("a",), "it: + a"),
        ("a\n  b", "a c", "it a b → a c"),
    ],
)
def test_a_difference_in_words(old: str | None, new: str | None, told: str) -> None:
    assert difference(Difference(label="it", old=old, new=new)) == told


def test_of_long_texts_the_place_is_shown_at_which_they_differ() -> None:
    old, new = ("x" * 300 + middle + "y" * 300 for middle in ("OLD", "NEW"))
    told = difference(Difference(label="expression", old=old, new=new))
    assert told == f"expression …{'x' * 30}OLD{'y' * 30}… → …{'x' * 30}NEW{'y' * 30}…"


def test_nothing_is_said_to_change_where_nothing_does() -> None:
    assert headline(made(0)) == "nothing changes"
    assert markdown(made(0)).startswith("### prod: nothing changes\n")
    assert "<details>" not in markdown(made(0))


def test_a_comment_opens_with_a_summary_and_folds_the_details() -> None:
    text = markdown(made(5, warnings=("Prometheus is deleted",)))
    summary, _, details = text.partition("<details>")
    assert summary.startswith("### prod: alerts: 5 changed\n")
    assert "> [!WARNING]" in summary
    assert "> - Prometheus is deleted" in summary
    assert "Alert0002: threshold above → below; and 2 more" in summary
    assert details.count("threshold above → below") == 5
    assert text.count("<details>") == text.count("</details>") == 2


def test_a_comment_is_cut_at_a_section_and_says_so() -> None:
    text = markdown(made(2000))
    assert len(text) < LIMIT + 1000
    assert "Did not fit: Alerts. `make diff STACK=prod` shows everything" in text
    assert text.count("<details>") == text.count("</details>") == 1


def test_what_is_at_stake_comes_first_and_is_cut_too() -> None:
    text = markdown(made(2000, warnings=tuple(f"volume {number} is deleted" for number in range(2000))))
    assert len(text) < LIMIT + 1000
    shown = text.count("> - volume ")
    assert 2000 > shown > 1000
    assert f"Did not fit: warnings ({2000 - shown}), " in text


def test_a_text_cannot_mark_up_the_comment_or_call_anybody() -> None:
    text = markdown(made(text="</details> *all* @everyone #1"))
    assert "\\</details\\> \\*all\\*" in text
    assert "@everyone" not in text
    assert "#1" not in text
    assert "me@example.org" in markdown(made(text="me@example.org"))


def test_machines_get_everything() -> None:
    told = json.loads(machine(made(3)))
    assert told["differs"] is True
    assert [each["name"] for each in told["sections"][0]["changes"]] == ["Alert0000", "Alert0001", "Alert0002"]
    assert told["sections"][0]["changes"][0] == {
        "name": "Alert0000",
        "kind": "changed",
        "differences": [{"label": "threshold", "old": "above", "new": "below"}],
    }


def test_colours_are_for_terminals_alone(capsys: pytest.CaptureFixture[str]) -> None:
    show(made(warnings=("it is lost",)), "screen", Console(force_terminal=True, color_system="standard"))
    coloured = capsys.readouterr().out
    assert "\x1b[33m  ~ Alert0000" in coloured
    assert "\x1b[31mit is lost" in coloured
    show(made(), "screen", Console())
    assert "\x1b" not in capsys.readouterr().out

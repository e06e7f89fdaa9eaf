"""What a program said is recalled for the same input, and for no other."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.support.recalled import contents, recalled


class Program:
    """It says what it reads, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = list[Path]()

    def ask(self, folders: Sequence[Path]) -> Mapping[Path, str]:
        self.asked += folders
        return {folder: (folder / "file").read_text(encoding="utf-8") for folder in folders}


def asked(name: str, folders: Sequence[Path], program: Program) -> Mapping[Path, str]:
    return recalled(name, {folder: contents(folder) for folder in folders}, program.ask)


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sequence[Path]:
    monkeypatch.setattr("tests.support.recalled._folder", lambda: tmp_path)
    monkeypatch.delenv("CI", raising=False)
    made = [tmp_path / name for name in ("first", "second")]
    for folder in made:
        folder.mkdir()
        (folder / "file").write_text(folder.name, encoding="utf-8")
    return made


def test_it_is_asked_for_what_has_changed_alone(folders: Sequence[Path]) -> None:
    program = Program()
    said = asked("promtool", folders, program)
    assert asked("promtool", folders, program) == said == dict(zip(folders, ("first", "second"), strict=True))
    assert program.asked == folders
    (folders[1] / "file").write_text("other", encoding="utf-8")
    assert asked("promtool", folders, program)[folders[1]] == "other"
    assert program.asked == [*folders, folders[1]]


def test_a_file_more_or_of_another_name_is_another_question(folders: Sequence[Path]) -> None:
    program = Program()
    asked("promtool", folders[:1], program)
    (folders[0] / "more").touch()
    asked("promtool", folders[:1], program)
    (folders[0] / "more").rename(folders[0] / "most")
    asked("promtool", folders[:1], program)
    asked("amtool", folders[:1], program)
    assert program.asked == [folders[0]] * 4


def test_on_ci_nothing_is_recalled(folders: Sequence[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program()
    asked("promtool", folders, program)
    monkeypatch.setenv("CI", "true")
    asked("promtool", folders, program)
    assert program.asked == [*folders, *folders]

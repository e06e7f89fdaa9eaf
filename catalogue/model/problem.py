"""A mistake in what a person wrote: where it is, what is wrong, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal or warning. `remedy` is a sentence or a command to copy."""

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f"; {self.remedy}" if self.remedy else "")


def nearest(name: str, names: Iterable[str]) -> str:
    """`did you mean X?` for the name most like it, or what there is to choose from."""
    known = sorted(names)
    folded = {each.casefold(): each for each in reversed(known)}
    if close := get_close_matches(name.casefold(), folded, n=1, cutoff=0.6):
        return f"did you mean {folded[close[0]]}?"
    return f"known are {', '.join(known)}" if known else "none is known"


def listed(problems: Iterable[Problem]) -> str:
    """The problems for a person: each with its place, and an arrow before its remedy."""
    lines = list[str]()
    for problem in problems:
        lines += [f"  {problem.where}", f"    {problem.what}"]
        lines += [f"    → {problem.remedy}"] if problem.remedy else []
    return "\n".join(map(_printable, lines))


def _printable(line: str) -> str:
    # A key may hold what would clear the screen.
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in line)

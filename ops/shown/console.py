"""Where commands write, and what their exit says."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
"""Exit statuses that every command has."""

_PIPE_WIDTH = 1_000
"""A pipe has no width, and cutting lines would lose what a script looks for."""


def consoles() -> "tuple[Console, Console]":
    """For errors, and for what was asked."""
    # `--help` needs none.
    from rich.console import Console

    errors, screen = Console(stderr=True, highlight=False, emoji=False), Console(highlight=False, emoji=False)
    if not screen.is_terminal:
        screen.width = _PIPE_WIDTH
    return errors, screen


def tell(errors: "Console", text: str) -> None:
    """Says what is wrong: whole lines, for a script looks for them, and nothing in them is markup."""
    errors.print(text, style="red", soft_wrap=True, markup=False)

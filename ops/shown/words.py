"""What others wrote, made fit to be shown: on a terminal it could move the cursor, on a page end a cell."""

_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>|"})


def printable(text: str) -> str:
    """On one line, without anything that a terminal obeys."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def cell(text: str) -> str:
    """In a table of Markdown, as it is."""
    # An @ before a name would tell whoever has it.
    return plain(printable(text)).replace("@", "@\N{ZERO WIDTH SPACE}")


def plain(text: str) -> str:
    """In Markdown, with nothing that is a sign of it."""
    return text.translate(_SPECIAL)


def cut(text: str, longest: int) -> str:
    """No longer than that."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def count(number: int, noun: str) -> str:
    """`1 trace`, `2 traces`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"

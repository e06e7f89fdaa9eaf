"""Arguments that several commands have."""

import argparse

STATUS = "exit status: 0 done, 1 refused, 2 wrong usage"
_DIGITS = 32
"""Of a trace's number, as OpenTelemetry has it."""


class Help(argparse.HelpFormatter):
    """Wraps sentences, and leaves lines as they are where there are several."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text.rstrip() if "\n" in text else super()._fill_text(text, width, indent)


def forms(parser: argparse.ArgumentParser) -> None:
    """How the result is written."""
    group = parser.add_mutually_exclusive_group()
    choices = ["screen", "markdown", "json"]
    group.add_argument("--format", choices=choices, default="screen", help="(default: screen)")
    group.add_argument("--json", dest="format", action="store_const", const="json", help="the same as --format json")


def trace_number(text: str) -> str:
    """A trace's number, in full."""
    if not text or len(text) > _DIGITS or set(text.lower()) - set("0123456789abcdef"):
        raise argparse.ArgumentTypeError(f"{text!r} is no trace id: up to {_DIGITS} hexadecimal digits")
    return text.lower().zfill(_DIGITS)

"""What people read of an alert: `{label}` and `{value:percentage}` within plain sentences."""

from collections.abc import Mapping
from string import Formatter

# How a value is shown in an alert's texts, as Prometheus' template functions.
SHOWN = {
    "percentage": "{{ $value | humanizePercentage }}",
    "duration": "{{ $value | humanizeDuration }}",
    "number": "{{ $value | humanize }}",
    "count": '{{ $value | printf "%.0f" }}',
    "bytes": "{{ $value | humanize1024 }}B",
}


def placeholders(text: str) -> list[tuple[str, str]]:
    """The `{label}` and `{value:percentage}` in a text, as (name, format)."""
    return [(name, shown or "") for _, name, shown, _ in Formatter().parse(text) if name is not None]


def template(text: str, static: Mapping[str, str]) -> str:
    """The text as Prometheus' template: `{service}` becomes `{{ $labels.service }}`.

    `static` are the labels that the rule sets. Templates do not see those, so their values are written in.
    """
    out = ""
    for literal, name, shown, _ in Formatter().parse(text):
        out += literal
        if name == "value":
            out += SHOWN[shown or ""]
        elif name is not None:
            out += static.get(name, f"{{{{ $labels.{name} }}}}")
    return out

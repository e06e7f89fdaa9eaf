"""Pages of README and docs, of which parts are written by programs."""

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def between(text: str, name: str, part: str) -> str:
    """The text with what stands between `<!-- name -->` and `<!-- /name -->` replaced."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, found, rest = text.partition(start)
    if not found or end not in rest:
        raise ValueError(f"there is no {start} … {end}")
    return f"{before}{start}\n{part}\n{end}{rest.partition(end)[2]}"


def record(page: Path, name: str, part: str) -> None:
    """Puts the part into the page."""
    page.write_text(between(page.read_text(encoding="utf-8"), name, part), encoding="utf-8")

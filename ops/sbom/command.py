"""The bill of one stack, to a file or to the screen."""

from pathlib import Path

from ops.plan import run
from ops.plan.images import images
from ops.sbom.bill import bill


def written(stack: str, out: Path | None) -> str:
    """The bill, or where it now is. Raises as `plan` does."""
    requirements = (run.ROOT / "requirements.txt").read_text(encoding="utf-8")
    made = bill(stack, images(run.plan(stack).recording), requirements)
    if out is None:
        return made
    out.write_text(made, encoding="utf-8")
    return f"{out}\n"

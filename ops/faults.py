"""What a fault in the program itself reads like: facts that contradict each other, or a name that is not there."""

import traceback
from pathlib import Path

ROOT = Path(__file__).parent.parent
"""Of the checkout."""


def place(error: BaseException, root: Path = ROOT) -> str:
    """File and line of ours in which it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(root) and ".venv" not in frame.filename]
    return f"{Path(ours[-1].filename).relative_to(root)}:{ours[-1].lineno}" if ours else "the program"


def told(error: BaseException) -> str:
    """The same as a refusal. It is for faults in the facts, without which no refusal can be imported."""
    return (
        "the program is refused (1 problem):\n\n"
        f"  {place(error)}\n    {type(error).__name__}: {error}\n    → correct it, or run again with --debug for more"
    )

"""Makes the golden documents of both stacks anew: `python -m tests.support.golden`.

They are what `ops plan` writes, but for the definitions of kinds, which are upstream's.
"""

from pathlib import Path

from ops.plan.documents import Files
from ops.plan.folder import replace_folder
from ops.plan.run import plan, stacks

FOLDER = Path(__file__).parent.parent / "golden"


def reviewed(files: Files) -> Files:
    """The documents that a person reads in a pull request."""
    return {path: text for path, text in files.items() if "customresourcedefinition-" not in path}


if __name__ == "__main__":
    for stack in stacks():
        documents = reviewed(plan(stack).files)
        replace_folder(FOLDER / stack, documents)
        print(f"tests/golden/{stack}: {len(documents)} documents")

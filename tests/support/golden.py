"""Makes the golden documents of both stacks anew: `python -m tests.support.golden`.

They are what `ops plan` writes, but for the definitions of kinds, which are upstream's, and for the boards' ConfigMaps,
which hold on one line what is in grafana/.
"""

from pathlib import Path

from ops.plan.documents import Files
from ops.plan.folder import replace_folder
from ops.plan.run import plan, stacks

FOLDER = Path(__file__).parent.parent / "golden"


def reviewed(files: Files) -> Files:
    """The documents that a person reads in a pull request."""
    twice = ("customresourcedefinition-", "kubernetes/configmap-board-")
    return {path: text for path, text in files.items() if not any(part in path for part in twice)}


if __name__ == "__main__":
    for stack in stacks():
        documents = reviewed(plan(stack).files)
        replace_folder(FOLDER / stack, documents)
        print(f"tests/golden/{stack}: {len(documents)} documents")

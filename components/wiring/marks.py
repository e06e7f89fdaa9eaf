"""From when on pods are marked by what is in the Secrets that they read."""

import pulumi

from components.cluster import Cluster
from components.parts.marks import Marks, made_up_key


def begin(where: Cluster) -> None:
    """Marks the pods of every resource from here on, by a key that is made up once."""
    pulumi.runtime.register_stack_transformation(Marks(made_up_key(where)).transform)

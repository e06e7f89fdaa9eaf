"""Where the stack runs."""

from catalogue.model.ownership import Environment

DEV = Environment(name="dev", production=False)
PROD = Environment(name="prod", production=True)

ENVIRONMENTS = (DEV, PROD)

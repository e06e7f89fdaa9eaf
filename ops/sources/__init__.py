"""The servers that hold what happened, each asked for no more than is shown."""

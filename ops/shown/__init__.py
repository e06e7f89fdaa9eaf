"""How what was found is shown: on a terminal, on a page."""

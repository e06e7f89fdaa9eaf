"""From facts to documents: pure functions that return plain dicts."""

"""From facts to Kubernetes documents: pure functions that return plain dicts."""

"""A small OpenPolicy that emits everything, and that a person can break."""

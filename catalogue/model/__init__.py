"""The nouns: frozen values that cannot be wrong."""

"""What a stack costs in a month, from its settings and the catalogue alone."""

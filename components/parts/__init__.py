"""What several components are made of: no component itself, and no fact."""

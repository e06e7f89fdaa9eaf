"""What we run: one Pulumi component for each concern."""

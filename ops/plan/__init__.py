"""Plans a stack offline: the real program under a recorder in place of Pulumi's engine."""

"""What we promise: alerts, recording rules, and whom they reach."""

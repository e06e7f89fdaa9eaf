"""What exporters expose, as far as our rules and dashboards read it: one file for each system."""

"""Outages against error budgets: which policy pages when, and what is spent by then."""

"""Incidents: what alerts, metrics, logs and traces say about one time, on one line of time."""

"""Traces: which are slow, and where their time goes."""

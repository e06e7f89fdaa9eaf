"""Pulumi.<stack>.yaml as types, and its refusals."""

from components.settings.load import Stack, load, refuse, warn

__all__ = ["Stack", "load", "refuse", "warn"]

"""Graphs of other programs, and our own exports in their formats."""

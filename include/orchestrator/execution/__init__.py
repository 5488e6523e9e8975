"""Recorded actions made true on the platform: one executor, its preconditions, its reconciliation."""

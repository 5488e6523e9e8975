"""Recorded actions made true on the platform: executor, write guard, preflight, reconciliation."""

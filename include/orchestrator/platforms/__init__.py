"""Advertising platforms: each adapter in a package of its own."""

"""A Graph API for tests and demonstrations: Meta's Marketing API v26, simulated strictly."""

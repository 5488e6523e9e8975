"""The rules on a report that somebody exported from Ads Manager: no platform, no database."""

"""The proof: kill it, feed it faults, run it twice, take its database away, and count what went wrong."""

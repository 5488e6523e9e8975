"""Our rows and the platform's answer, made into one snapshot."""

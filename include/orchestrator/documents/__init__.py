"""The file format of snapshots and plans: encoded, checked, hashed."""

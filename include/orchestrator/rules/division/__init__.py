"""The day's budget divided: among the goals, among a goal's tests, among the scaling campaigns."""

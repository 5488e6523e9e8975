"""README.md and docs/demo.md show what the demo prints, README.md what its panel looks like."""

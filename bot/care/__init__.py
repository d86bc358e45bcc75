"""What members report, and who reviews it."""

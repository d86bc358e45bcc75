"""What members report, and who looks at it."""

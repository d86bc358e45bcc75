"""Questions, answers, helpers, and what of them is published."""

"""What points are, how members earn them, and what they buy."""

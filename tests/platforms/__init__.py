"""A platform that does not exist, whose adapter shows what one takes; it lies beside the real ones while tests run."""

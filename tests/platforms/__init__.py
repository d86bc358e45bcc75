"""A platform that does not exist, whose adapter shows what one needs; it is beside the real ones while tests run."""

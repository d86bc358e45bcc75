"""What Hearth promises, proven: each folder a way of asking."""
